"""Files in their masked form by choice, for those who see everything too; that a file was taken is on record."""

import csv
import io

import pytest
from django.test import Client

from guanxi.core.models import Change, CustomField, Operation, User
from guanxi.customers.privacy import access_log
from guanxi.importing.exporting import export_to

NAME, PHONE, MAIL, TAX, NOTE, STREET = (
    "欧阳澄湖",
    "13912345678",
    "chenghu@example.cn",
    "11010519491231002X",
    "喜欢大闸蟹",
    "平江路十八号",
)
SECRETS = (NAME, "欧阳", PHONE[3:], "chenghu@", TAX[3:14], NOTE, STREET, "暗号芝麻", "WEB-778812345")
COLUMNS = "name,phone,email,city,custom_word"


@pytest.fixture
def person(owner, enter):
    """Somebody of whom everything in the list is filled."""
    CustomField.objects.create(kind="customer", key="word", label_en="Word", label_zh="暗号", type="text")
    points = (("phone", PHONE), ("email", MAIL), ("address", STREET))
    return enter(
        NAME,
        city="苏州",
        tax_id=TAX,
        note=NOTE,
        contact_points=[{"kind": kind, "value": value} for kind, value in points],
        external_ids=[("shop", "WEB-778812345")],
        custom_word="暗号芝麻",
    )


@pytest.fixture
def web(owner):
    """The owner's browser."""
    client = Client()
    client.force_login(User.objects.get(pk=owner.user_id))
    return client


def fetched(web, **more):
    """The list as CSV."""
    answer = web.get("/ui/list/customers/export", {"format": "csv", "cols": COLUMNS, **more})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode("utf-8-sig"), answer


def test_a_list_is_taken_masked_by_whoever_sees_it_in_full(web, person):
    whole, _answer = fetched(web)
    assert all(word in whole for word in (NAME, PHONE, MAIL, "暗号芝麻"))
    masked, answer = fetched(web, masked="1")
    assert [word for word in SECRETS if word in masked] == []
    row = list(csv.reader(io.StringIO(masked)))[1]
    assert row[:4] == ["欧***", "139****5678", "c***@example.cn", "苏州"]
    assert "masked" in answer["Content-Disposition"]


def test_the_ticked_rows_and_workbooks_too(web, person, enter):
    other = enter("李雷")
    masked, _answer = fetched(web, masked="1", ids=str(person.pk))
    assert "欧***" in masked
    assert other.name[0] not in masked.split("\n", 1)[1]
    book = web.get("/ui/list/customers/export", {"format": "xlsx", "cols": COLUMNS, "masked": "1"})
    from openpyxl import load_workbook

    cells = str([list(row) for row in load_workbook(io.BytesIO(b"".join(book.streaming_content))).active.values])
    assert "欧***" in cells
    assert [word for word in SECRETS if word in cells] == []


def test_that_it_was_taken_and_how_is_on_record(web, owner, person):
    fetched(web)
    fetched(web, masked="1")
    names = Operation.objects.filter(name__startswith="ui.export").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["ui.export_in_full", "ui.export_masked"]
    told = [look.what for look in access_log.looks(owner)]
    assert len(told) == 2
    assert told[0] != told[1]
    assert "masked" in web.get("/history/").content.decode()
    assert not Change.objects.filter(kind="export", customer_id__isnull=False).exists()


def test_whoever_may_not_export_gets_neither(make_seller, person):
    other = Client()
    other.force_login(make_seller("li"))
    for masked in ("", "1"):
        assert other.get("/ui/list/customers/export", {"format": "csv", "masked": masked}).status_code == 404
    assert not Operation.objects.filter(name__startswith="ui.export").exists()


@pytest.mark.parametrize("form", ["csv", "csv.gz", "xlsx", "parquet"])
def test_the_whole_archive_is_written_masked_at_the_console(owner, person, tmp_path, form):
    import gzip

    path = tmp_path / f"all.{form}"
    assert export_to(path, actor=owner, key="customers", is_masked=True) == 1
    content = path.read_bytes()
    if form == "xlsx":
        from openpyxl import load_workbook

        text = str([list(row) for row in load_workbook(path).active.values])
    elif form == "parquet":
        import pyarrow.parquet as pq

        text = str(pq.read_table(path).to_pylist())
    else:
        text = (gzip.decompress(content) if form == "csv.gz" else content).decode("utf-8-sig")
    assert "139****5678" in text
    assert [word for word in SECRETS if word in text] == []
    assert Operation.objects.filter(name="ui.export_masked").exists()
