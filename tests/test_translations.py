"""Both languages are complete: every text people see stands in a catalogue, with the placeholders of its original."""

import re
from pathlib import Path

import pytest

from script import catalogues
from script.catalogues import Found, Key

APPS = catalogues.apps()


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_every_string_is_translated(app: Path) -> None:
    problems = list(catalogues.problems_of(app))
    assert not problems, f"script/messages update {app.name}, then translate:\n" + "\n".join(problems)


def test_one_message_has_one_translation() -> None:
    problems = list(catalogues.differing_translations())
    assert not problems, "give one of them a context (pgettext):\n" + "\n".join(problems)


MARK_BESIDE_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff”’）])[,;:?!]|(?<=\)s)[,;:?!](?=[\u4e00-\u9fff%])")


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_chinese_sentences_have_chinese_marks(app: Path) -> None:
    found = []
    for message in catalogues.load(app):
        first, *_plural = [message.id] if isinstance(message.id, str) else message.id
        texts = [message.string] if isinstance(message.string, str) else message.string
        # A mark that the original writes without a space is not one of a sentence: source:number.
        marks = {mark for text in texts for mark in MARK_BESIDE_CHINESE.findall(text) if mark + " " in first + " "}
        found += [f"{text} ({' '.join(marks)})" for text in texts if marks]
    assert not found, "\n".join(found)


TEMPLATES = sorted(path for app in APPS for path in app.glob("templates/**/*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(catalogues.PACKAGE).as_posix())
def test_templates_hold_no_text_of_their_own(template: Path) -> None:
    texts = catalogues.hard_coded_texts(template.read_text("utf-8"))
    assert not texts, "put it into a translate tag:\n" + "\n".join(f"{template}:{line}: {text}" for line, text in texts)


def test_catalogues_compile_to_what_they_say(tmp_path: Path) -> None:
    folder = tmp_path / "app" / "locale" / "zh_Hans" / "LC_MESSAGES"
    catalogue = catalogues.Catalog(locale=catalogues.LOCALE, header_comment="# test", fuzzy=False)
    catalogue.add("Save", "保存")
    catalogue.add(("%(n)s case", "%(n)s cases"), ("%(n)s 件工单",))
    catalogues.write(folder / "django.po", catalogue)
    assert catalogues.compile_all(tmp_path) == [folder / "django.mo"]
    import gettext

    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Save") == "保存"
    assert compiled.ngettext("%(n)s case", "%(n)s cases", 1) == "%(n)s 件工单"


def test_strings_are_found_in_python() -> None:
    found = Found()
    source = (
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext as p\n"
        "_('one')\n_('in ' 'parts')\nngettext('%(n)s row', '%(n)s rows', n)\np('verb', 'Close')\n_(name)\n_(f'a {name}')\n"
    )
    catalogues.scan_python(source, "x.py", found)
    assert set(found.places) == {
        Key("one"),
        Key("in parts"),
        Key("%(n)s row", "%(n)s rows"),
        Key("Close", context="verb"),
    }
    assert len(found.problems) == 1


def test_strings_are_found_in_templates() -> None:
    found = Found()
    source = (
        '{% load i18n %}{% translate "Save" %}{% translate "Open" context "state" %}'
        "{% blocktranslate trimmed count n=rows %}\n one row of {{ total }}\n{% plural %}{{ n }} rows{% endblocktranslate %}"
        '{% include "x.html" with label=_("100% sure") %}{% comment %}{% translate "never" %}{% endcomment %}'
    )
    catalogues.scan_template(source, "x.html", found)
    assert set(found.places) == {
        Key("Save"),
        Key("Open", context="state"),
        Key("one row of %(total)s", "%(n)s rows"),
        Key("100%% sure"),
    }


def test_text_outside_translate_tags_is_found() -> None:
    source = (
        '{% load i18n %}<p title="Close it">{% translate "fine" %} {{ name }} · 3</p>\n'
        "<p>Hello {{ name }}</p><kbd>Ctrl</kbd>\n"
        "{% blocktranslate %}fine too{% endblocktranslate %}<b>客户</b>"
    )
    assert catalogues.hard_coded_texts(source) == [(1, "Close it"), (2, "Hello"), (3, "客户")]
