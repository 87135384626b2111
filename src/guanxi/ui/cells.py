"""Cells: how one value of a row is drawn in a list, as safe HTML, quickly."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext

from guanxi.core.actor import Actor
from guanxi.core.money import exponent, format_money
from guanxi.ui.html import badge as draw_badge
from guanxi.ui.html import escape
from guanxi.ui.html import link as draw_link

Row = dict[str, Any]
NOTHING = '<span class="nothing">–</span>'


@dataclass
class Context:
    """What all cells of one page share; made once for each page."""

    actor: Actor | None = None
    language: str = field(default_factory=lambda: get_language() or "en")
    zone: ZoneInfo = field(default_factory=lambda: _current_zone())
    now: datetime = field(default_factory=timezone.now)
    currency: str = ""
    url: Callable[[int], str] = lambda record_id: ""
    memo: dict[Any, Any] = field(default_factory=dict)

    @property
    def is_chinese(self) -> bool:
        """Whether the reader reads Chinese."""
        return self.language.startswith("zh")


Cell = Callable[[Row, Context], str]


def _current_zone() -> ZoneInfo:
    """The reader's time zone."""
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")


@lru_cache(maxsize=2048)
def currency_sign(currency: str, language: str) -> tuple[str, int]:
    """What stands before an amount, and the decimals of the currency."""
    sample = format_money(0, currency, language)
    return sample[: sample.index("0")], exponent(currency)


def format_amount(minor: int | None, currency: str, language: str) -> str:
    """An amount as the reader writes it; the same text as `core.money.format_money`, about ten times as fast."""
    if minor is None:
        return "–"
    symbol, digits = currency_sign(str(currency or "XXX"), language)
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(int(minor)), 10**digits)
    return f"{sign}{symbol}{whole:,}.{part:0{digits}d}" if digits else f"{sign}{symbol}{whole:,}"


def format_number(value: int | float | Decimal | None, digits: int = 0) -> str:
    """A number with thousands separated (the same in both languages)."""
    if value is None:
        return "–"
    return f"{value:,.{digits}f}" if digits else f"{value:,.0f}" if not isinstance(value, int) else f"{value:,}"


def format_date(value: date | str | None, context: Context) -> str:
    """A day as the reader writes it: 9 Dec 2011 or 2011年12月9日."""
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        try:
            return format_date(date.fromisoformat(value[:10]), context)
        except ValueError:
            return value
    if context.is_chinese:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_moment(value: datetime | None, context: Context) -> str:
    """A moment in the reader's time zone, to the minute."""
    if value is None:
        return "–"
    local = value.astimezone(context.zone)
    return f"{format_date(local.date(), context)} {local:%H:%M}"


def ago(value: datetime, context: Context) -> str:
    """How long ago (or ahead) a moment is, in the reader's words; a date beyond a month."""
    seconds = (context.now - value).total_seconds()
    if seconds < 0:
        return format_moment(value, context)
    if seconds < 60:
        return gettext("just now")
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if hours < 1:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if days < 1:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    if days < 30:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return format_date(value.astimezone(context.zone).date(), context)


def text(name: str) -> Cell:
    """The value as it stands."""

    def draw(row: Row, context: Context) -> str:
        value = row[name]
        return escape(value) if value not in (None, "") else NOTHING

    return draw


def link(name: str) -> Cell:
    """The value, leading to the record."""

    def draw(row: Row, context: Context) -> str:
        return f'<a href="{context.url(row["id"])}">{escape(row[name]) or NOTHING}</a>'

    return draw


def badge(name: str, choices: Iterable[tuple[Any, str | Promise]], tones: dict[Any, str] | None = None) -> Cell:
    """A choice as a badge; the tone is given, else the value itself when it names one."""
    labels = dict(choices)
    given = tones or {}

    def draw(row: Row, context: Context) -> str:
        value = row[name]
        if value in (None, ""):
            return NOTHING
        drawn = context.memo.get((name, value))
        if drawn is None:
            tone = given.get(value, str(value).lower())
            drawn = context.memo[(name, value)] = draw_badge(labels.get(value, value), tone)
        return str(drawn)

    return draw


def money(minor: str, currency: str = "") -> Cell:
    """An amount in minor units; negative ones stand out."""

    def draw(row: Row, context: Context) -> str:
        value = row[minor]
        if value is None:
            return NOTHING
        shown = format_amount(value, (row[currency] if currency else "") or context.currency, context.language)
        return f'<span class="negative">{shown}</span>' if value < 0 else shown

    return draw


def number(name: str, digits: int = 0) -> Cell:
    """A number with thousands separated."""

    def draw(row: Row, context: Context) -> str:
        value = row[name]
        return NOTHING if value is None else format_number(value, digits)

    return draw


def percent(name: str, digits: int = 1) -> Cell:
    """A ratio from 0 to 1 as a percentage."""

    def draw(row: Row, context: Context) -> str:
        value = row[name]
        return NOTHING if value is None else f"{value * 100:.{digits}f}%"

    return draw


def day(name: str) -> Cell:
    """A date."""

    def draw(row: Row, context: Context) -> str:
        value = row[name]
        if value is None:
            return NOTHING
        drawn = context.memo.get((day, value))
        if drawn is None:
            drawn = context.memo[(day, value)] = escape(format_date(value, context))
        return str(drawn)

    return draw


def moment(name: str) -> Cell:
    """A moment: how long ago, the exact time on hover."""

    def draw(row: Row, context: Context) -> str:
        value = row[name]
        if value is None:
            return NOTHING
        return draw_moment(value, context)

    return draw


def draw_moment(value: datetime, context: Context) -> str:
    """A `<time>`: relative words, exact time on hover."""
    exact = escape(format_moment(value, context))
    return f'<time datetime="{value.isoformat()}" title="{exact}">{escape(ago(value, context))}</time>'


def boolean(name: str) -> Cell:
    """Yes or no."""

    def draw(row: Row, context: Context) -> str:
        value = row[name]
        return NOTHING if value is None else escape(gettext("Yes") if value else gettext("No"))

    return draw


def draw_custom(kind: str, value: Any, choices: dict[str, str], context: Context) -> str:
    """The value of a custom field, by its type."""
    if value in (None, "", []):
        return NOTHING
    if kind == "choice":
        return draw_badge(choices.get(str(value), str(value)))
    if kind == "multi_choice":
        return " ".join(draw_badge(choices.get(str(item), str(item))) for item in value)
    if kind == "money":
        return escape(_money_text(value, context))
    if kind == "date":
        return escape(format_date(value, context))
    if kind == "number":
        return escape(f"{Decimal(str(value)):,}")
    if kind == "link":
        return draw_link(str(value), str(value))
    return escape(value)


def _money_text(value: Any, context: Context) -> str:
    """A custom amount: minor units with their currency, or a plain number in the company's."""
    if isinstance(value, dict):
        return format_amount(int(value.get("minor", 0)), str(value.get("currency", "")), context.language)
    return f"{Decimal(str(value)):,.2f}"


def custom(key: str, kind: str, choices: dict[str, str]) -> Cell:
    """A custom field's value out of the row's `custom` JSON."""

    def draw(row: Row, context: Context) -> str:
        return draw_custom(kind, (row.get("custom") or {}).get(key), choices, context)

    return draw
