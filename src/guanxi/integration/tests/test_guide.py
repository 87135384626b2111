"""The description of the API for people: complete, in both languages, made of the document that programs read."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import translation

from guanxi.core.models import Role, User
from guanxi.integration.guide import reading, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Client:
    """Somebody who has signed in and may do nothing."""
    role = Role.objects.create(key="nothing", name_en="Nothing", name_zh="无")
    client = Client()
    client.force_login(User.objects.create(username="reader", password="!", role=role))
    return client


def test_every_operation_is_on_a_page_in_both_languages(web: Client) -> None:
    """With its address, its words, an example that can be copied; nothing is loaded from elsewhere."""
    found = reading.areas()
    assert set(found) <= set(words.AREAS)
    for language in ("en", "zh-hans"):
        web.cookies["guanxi_language"] = language
        overview = unescape(web.get("/settings/api").content.decode())
        with translation.override(language):
            for area, operations in found.items():
                page = web.get(f"/settings/api/{area}").content.decode()
                assert str(words.AREAS[area]).split("：")[0] in overview
                assert "style=" not in page
                for one in reading.operations(area, "http://testserver"):
                    assert f'id="{one.name}"' in page
                    assert one.example.startswith("curl")
                    assert "{" not in one.example.split("'http")[-1].split(" ")[-1], one.example
                for name, method, path, summary in operations:
                    assert f"#{name}" in overview
                    assert path in overview, (method, path)
                    words_seen = translation.gettext(summary)
                    assert words_seen in overview, summary
                    assert language == "en" or re.search(r"[\u4e00-\u9fff]|Webhook", words_seen), summary


def test_the_words_are_those_of_the_description() -> None:
    """An operation whose summary changes must get its 中文 anew."""
    said = {summary for operations in reading.areas().values() for *_rest, summary in operations}
    assert said == set(words.SUMMARIES)


def test_who_sees_it(web: Client) -> None:
    """Whoever has signed in; others the document for programs alone. The short address leads there."""
    assert web.get("/settings/api/nothing").status_code == 404
    assert Client().get("/settings/api").status_code == 302
    assert Client().get("/api/v1/openapi.json").status_code == 200
    assert Client().get("/api/v1/docs")["Location"] == "/settings/api"
