"""Statements of personal data: nothing that could hold any is left out; copies keep forms and tell nothing."""

from django.db import models
from django.utils import translation

from guanxi.core import personal_data
from guanxi.core.models import Change, User
from guanxi.core.personal_data import Form, Whose, held, masked_row, masked_value
from guanxi.core.pseudonyms import Pseudonyms


def test_every_model_and_every_column_of_text_is_stated():
    assert personal_data.gaps() == []


def test_a_column_nobody_stated_is_told(monkeypatch):
    label = "customers.Note"
    statement = personal_data.statements[label]
    short = personal_data.Statement(label, statement.why, held=(held("author_name", Whose.USER),))
    monkeypatch.setitem(personal_data.statements._items, label, (100, short))
    assert personal_data.gaps() == ["customers.Note.text: holds text and is not stated"]
    monkeypatch.delitem(personal_data.statements._items, label)
    assert personal_data.gaps() == ["customers.Note: no statement of personal data"]


def test_what_is_kept_says_why_and_what_is_stated_says_what_for():
    for statement in personal_data.statements:
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert str(statement.why).strip(), statement.label
        if statement.customer and statement.erasing in {"keep", "pseudonym", "blank"}:
            assert str(statement.kept_because).strip(), statement.label
        for path in statement.customer.split():
            statement.model._default_manager.filter(**{path: 0})


def test_pseudonyms_are_the_same_for_the_same_and_keep_the_form():
    writer = Pseudonyms(b"k" * 32)
    assert writer.phone("138 1234 5678")[:3] == "138"
    digits = "".join(c for c in writer.phone("138 1234 5678") if c.isdigit())
    assert writer.phone("+8613812345678").endswith(digits[3:])
    assert digits != "13812345678"
    assert writer.phone("+442079460000;ext=12").startswith("+44")
    assert writer.email("A@b.cn") == writer.email("a@B.CN") != "a@b.cn"
    assert len(writer.name("王小明")) == 3
    assert writer.name("王小明") != "王小明"
    assert " " in writer.name("Ann Smith")
    assert writer.number("91310000MA1K35A21X")[:2].isdigit()
    assert len(writer.number("91310000MA1K35A21X")) == 18
    assert writer.text("喜欢 tea, 3 次") == "某某 xxx, 0 某"
    assert writer.write("date", "1980-05-06")[:4] == "1980"
    assert writer.document({"size": "XL", "n": 3}) == {"size": "xx", "n": 3}
    assert Pseudonyms(b"j" * 32).email("a@b.cn") != writer.email("a@b.cn")
    for form in Form:
        assert writer.write(form, None) is None


def test_a_copy_holds_no_secret_and_no_column_unstated():
    user = User._meta.model
    row = {"id": 1, "username": "ann", "name": "Ann", "email": "ann@firm.cn", "password": "pbkdf2$x", "role_id": 1}
    masked = masked_row(user, row)
    assert masked is not None
    assert masked["password"] == "!"
    assert "ann" not in masked["email"]
    assert masked["id"] == 1
    change = {"id": 5, "kind": "note", "field": "text", "before": "rang 13812345678", "after": None, "act": "update"}
    assert masked_row(Change, change)["before"] == "xxxx 00000000000"  # type: ignore[index]
    whole = {"id": 5, "kind": "contactpoint", "field": "", "before": None, "act": "create"}
    whole["after"] = {"id": 3, "kind": "phone", "value": "138 1234 5678", "normalised": "+8613812345678"}
    after = masked_row(Change, whole)["after"]  # type: ignore[index]
    assert after["normalised"].startswith("+86138")
    assert "1234 5678" not in after["value"]
    assert masked_value("nothing", "x", "secret") is None


def test_a_model_without_a_statement_is_not_copied():
    class Stray(models.Model):
        """Not ours."""

        text = models.TextField()

        class Meta:
            app_label = "stray"
            managed = False

    assert masked_row(Stray, {"text": "x"}) is None
