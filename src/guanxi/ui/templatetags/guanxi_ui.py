"""Tags and filters for templates: icons, amounts, moments, charts, fields changed in place."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from guanxi.core.money import format_money
from guanxi.ui import charts, editing, html, settings_area
from guanxi.ui.cells import NOTHING, Context, draw_moment, format_date, format_moment, format_number
from guanxi.ui.countdown import draw_countdown
from guanxi.ui.listing_words import listed

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon."""
    return html.safe(html.icon(name, extra))


@register.simple_tag
def avatar(name: str, seed: int = 0, extra: str = "") -> SafeString:
    """A round sign with initials."""
    return html.safe(html.avatar(str(name), seed, extra))


@register.simple_tag
def badge(text: object, tone: str = "neutral", title: object = "") -> SafeString:
    """A small label."""
    return html.safe(html.badge(text, tone, title))


@register.simple_tag
def chart(declared: charts.Chart) -> SafeString:
    """A chart."""
    return charts.render(declared)


@register.filter
def money(minor: int | None, currency: str) -> str:
    """An amount in minor units as the reader writes it."""
    return format_money(minor, currency)


@register.filter(name="listed")
def listed_words(words: Iterable[object]) -> str:
    """Words beside one another as the reader's language parts them."""
    return listed(words)


@register.filter
def number(value: Any) -> str:
    """A number with thousands separated."""
    return format_number(value)


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A day as the reader writes it."""
    return format_date(value, Context())


@register.filter
def moment(value: datetime | None) -> SafeString:
    """A moment: relative words, exact time on hover."""
    return html.safe(draw_moment(value, Context()) if value else NOTHING)


@register.simple_tag
def countdown(due_at: datetime | None, warn_at: datetime | None = None, label: object = "") -> SafeString:
    """What is left until a moment, amber from another one on, red when it is past; the page goes on counting."""
    return html.safe(draw_countdown(due_at, Context(), warn_at=warn_at, label=label) if due_at else NOTHING)


@register.filter
def exactly(value: datetime | None) -> str:
    """A moment with its day and time, for what must prove when."""
    return format_moment(value, Context())


@register.filter
def language_tag(code: str) -> str:
    """A language code as HTML's lang wants it."""
    return {"zh-hans": "zh-Hans"}.get(code, code)


@register.simple_tag(takes_context=True)
def editable(context: RequestContext, kind: str, record: Any, key: str) -> SafeString:
    """A field of a record, to be changed where it stands by those who may."""
    actor = context["request"].actor
    declared = editing.kinds[kind]
    field = declared.field(key)
    if field is None:
        raise template.TemplateSyntaxError(f"{kind} has no editable field {key!r}")
    shown = field.draw(record, Context(actor=actor))
    if not editing.is_open(kind, key, actor):
        return html.safe(f"<span>{shown}</span>")
    address = f"/ui/edit/{kind}/{record.pk}/{key}"
    return html.safe(f'<span class="editable" tabindex="0" data-edit-url="{html.escape(address)}">{shown}</span>')


@register.simple_tag(takes_context=True)
def history_link(context: RequestContext, kind: str, number: int | str | None, is_short: bool = False) -> SafeString:
    """A link to what was done to a record, for those who read histories."""
    if not number or not context["request"].actor.can("history", "view"):
        return html.safe("")
    address = f"{reverse('people:history')}?kind={kind}&record={number}"
    words, sign = html.escape(gettext("History")), html.icon("history")
    if is_short:
        return html.safe(
            f'<a class="icon-button" href="{html.escape(address)}" title="{words}" aria-label="{words}">{sign}</a>'
        )
    return html.safe(f'<a class="btn" href="{html.escape(address)}">{sign}<span>{words}</span></a>')


@register.simple_tag(takes_context=True)
def settings_groups(context: RequestContext) -> dict[str, Any]:
    """The settings menu of the person who is signed in, and the page of it that is open or lies above the one open."""
    request = context["request"]
    groups = settings_area.groups_for(request.actor)
    return {
        "groups": groups,
        "here": settings_area.nearest((one for _label, all_ in groups for one in all_), request.path),
    }
