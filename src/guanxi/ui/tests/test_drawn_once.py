"""Markup that is drawn once: the same as drawn each time, never somebody else's, never a way in for scripts."""

import pytest
from django.template import engines
from django.utils import translation

from guanxi.ui import drawn_once as module
from guanxi.ui.drawn_once import drawn_once
from guanxi.ui.html import safe


@pytest.fixture
def draw(monkeypatch):
    """Draw a template given as text; counts how often it is really drawn."""
    drawings: list[str] = []
    source = '{% load i18n %}<b>{{ word }}</b>{{ rows }}<a href="{% url "ui:settings" %}?p={{ path }}">{% translate "Search" %}</a>{% csrf_token %}'

    class Counting:
        """A template that notes its drawings."""

        def render(self, context):
            """Draw."""
            drawings.append(context["word"])
            return engines["django"].from_string(source).template.render(module_context(context))

    def module_context(context):
        """The values as Django's own context."""
        from django.template import Context

        return Context(context)

    monkeypatch.setattr(module, "get_template", lambda name: Counting())
    monkeypatch.setattr(module, "_drawings", {})
    return drawings


def once(word="w", **differing):
    """The markup for a word."""
    given = {"rows": safe("<tr></tr>"), "path": "/x", "csrf_token": "t0ken"} | differing
    return drawn_once((word,), "a", lambda: {"word": word}, **given)


def test_what_differs_is_put_in_each_time(draw):
    assert "<tr></tr>" in once()
    second = once(rows=safe("<tr><td>2</td></tr>"), path="/y", csrf_token="other")
    assert "<tr><td>2</td></tr>" in second
    assert "?p=/y" in second
    assert 'value="other"' in second
    assert "t0ken" not in second
    assert draw == ["w"]


def test_another_key_or_another_language_is_another_drawing(draw):
    with translation.override("en"):
        assert "<b>w</b>" in once()
        assert "<b>v</b>" in once("v")
        english = once()
    with translation.override("zh-hans"):
        chinese = once()
    assert "Search" in english
    assert "搜索" in chinese
    assert draw == ["w", "v", "w"]


def test_text_that_differs_is_escaped_and_cannot_name_a_place(draw):
    once()
    drawn = once(
        path='/"><script>alert(1)</script>', rows=f"{module._MARK}csrf_token{module._MARK}", csrf_token="secret"
    )
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert drawn.count("secret") == 1


def test_drawings_do_not_pile_up(draw, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    for number in range(20):
        assert f"<b>{number}</b>" in once(str(number))
        assert len(module._drawings) <= 3
