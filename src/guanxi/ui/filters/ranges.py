"""Filters from one bound to another: numbers, amounts, dates."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.money import format_money, to_minor
from guanxi.ui.cells import Context, format_date
from guanxi.ui.filters.base import EMPTY, Filter, empty_words
from guanxi.ui.html import escape


def _bounds(raw: list[str]) -> tuple[str, str]:
    """Both ends of `low..high`, or of a form's two inputs `low` and `high`."""
    if len(raw) >= 2:
        return raw[0].strip(), raw[1].strip()
    low, dots, high = (raw[0] if raw else "").partition("..")
    return low.strip(), (high.strip() if dots else low.strip())


class Number(Filter):
    """The field lies between two numbers, both included."""

    kind = "number"

    def _number(self, text: str) -> str:
        """A number in its shortest form, '' for anything else."""
        try:
            number = Decimal(text.replace(",", "").replace("，", ""))
        except InvalidOperation:
            return ""
        return f"{number.normalize():f}" if number.is_finite() and abs(number) < Decimal(10) ** 18 else ""

    def clean(self, raw: list[str]) -> str:
        """`low..high`, either end open."""
        if raw and raw[0].strip() == EMPTY:
            return EMPTY
        low, high = (self._number(part) for part in _bounds(raw))
        return f"{low}..{high}" if low or high else ""

    def stored(self, text: str) -> Any:
        """A bound as the database holds it."""
        return Decimal(text)

    def condition(self, text: str) -> Q:
        """Rows between the bounds."""
        if text == EMPTY:
            return self.absent()
        low, _dots, high = text.partition("..")
        condition = Q()
        if low:
            condition &= Q(**{f"{self.field}__gte": self.stored(low)})
        if high:
            condition &= Q(**{f"{self.field}__lte": self.stored(high)})
        return condition

    def value(self, text: str) -> tuple[Decimal | None, Decimal | None]:
        """Both bounds."""
        low, _dots, high = text.partition("..")
        return (Decimal(low) if low else None), (Decimal(high) if high else None)

    def show(self, text: str) -> str:
        """A bound in words."""
        return f"{Decimal(text):,}"

    def describe(self, text: str, actor: Actor) -> str:
        """The range in words."""
        if text == EMPTY:
            return empty_words()
        low, _dots, high = text.partition("..")
        if low == high:
            return self.show(low)
        if low and high:
            return f"{self.show(low)} – {self.show(high)}"
        return f"≥ {self.show(low)}" if low else f"≤ {self.show(high)}"

    def inputs(self, text: str, actor: Actor) -> str:
        """Two lines, from and to."""
        low, _dots, high = ("", "", "") if text == EMPTY else text.partition("..")
        first = self.input("text", self.key, low, gettext("from"), ' inputmode="decimal" autofocus autocomplete="off"')
        second = self.input("text", self.key, high, gettext("to"), ' inputmode="decimal" autocomplete="off"')
        return f'<div class="filter-range">{first}{second}</div>'


class Money(Number):
    """An amount between two, written in whole units, stored in minor ones."""

    kind = "money"

    def __init__(
        self, key: str, label: str | Promise, field: str = "", *, currency: str | Callable[[], str], **rest: object
    ) -> None:
        """Keep the currency of the field."""
        super().__init__(key, label, field, **rest)  # type: ignore[arg-type]
        self.currency = currency

    def code(self) -> str:
        """The currency now."""
        return self.currency() if callable(self.currency) else self.currency

    def stored(self, text: str) -> int:
        """A bound in minor units."""
        return to_minor(Decimal(text), self.code())

    def show(self, text: str) -> str:
        """A bound with its currency."""
        return format_money(self.stored(text), self.code())


def _month(year: int, month: int) -> tuple[date, date]:
    """The first and last day of a month; months beyond 12 or below 1 roll over."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def relative_days(name: str, today: date) -> tuple[date, date] | None:
    """The days that a relative name means today (`last30d`, `this_month`), None for an unknown name."""
    if name.startswith("last") and name.endswith("d") and name[4:-1].isdigit():
        return today - timedelta(days=min(int(name[4:-1]), 36500) - 1), today
    quarter = (today.month - 1) // 3 * 3 + 1
    names: dict[str, Callable[[], tuple[date, date]]] = {
        "today": lambda: (today, today),
        "yesterday": lambda: (today - timedelta(days=1), today - timedelta(days=1)),
        "this_month": lambda: _month(today.year, today.month),
        "last_month": lambda: _month(today.year, today.month - 1),
        "this_quarter": lambda: (date(today.year, quarter, 1), _month(today.year, quarter + 2)[1]),
        "this_year": lambda: (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last_year": lambda: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    return names[name]() if name in names else None


PRESETS = (
    "today",
    "yesterday",
    "last7d",
    "last30d",
    "last90d",
    "this_month",
    "last_month",
    "this_quarter",
    "this_year",
    "last_year",
)


def preset_words(name: str) -> str:
    """A relative name in words."""
    if name.startswith("last") and name.endswith("d"):
        days = int(name[4:-1])
        return ngettext("last %(n)d day", "last %(n)d days", days) % {"n": days}
    return {
        "today": gettext("today"),
        "yesterday": gettext("yesterday"),
        "this_month": gettext("this month"),
        "last_month": gettext("last month"),
        "this_quarter": gettext("this quarter"),
        "this_year": gettext("this year"),
        "last_year": gettext("last year"),
    }[name]


def _midnight(day: date) -> datetime:
    """The first moment of a day in the reader's zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


class Date(Filter):
    """The field lies between two days, both included, or in a period named relative to today."""

    kind = "date"

    def __init__(
        self, key: str, label: str | Promise, field: str = "", *, is_moment: bool = False, **rest: object
    ) -> None:
        """Keep whether the field holds moments (compared by their day in the reader's zone)."""
        super().__init__(key, label, field, **rest)  # type: ignore[arg-type]
        self.is_moment = is_moment

    def _day(self, text: str) -> str:
        """A day in ISO form, '' for anything else."""
        day = clock.day_named(text)
        return day.isoformat() if day is not None else ""

    def clean(self, raw: list[str]) -> str:
        """A relative name, or `from..to` with either end open."""
        first = next((text.strip() for text in raw if text.strip()), "")
        if first == EMPTY or relative_days(first, date(2000, 1, 1)):
            return first
        low, high = (self._day(part) for part in _bounds(raw))
        return f"{low}..{high}" if low or high else ""

    def value(self, text: str) -> tuple[date | None, date | None]:
        """Both days."""
        days = relative_days(text, clock.today())
        if days:
            return days
        low, _dots, high = text.partition("..")
        return (date.fromisoformat(low) if low else None), (date.fromisoformat(high) if high else None)

    def condition(self, text: str) -> Q:
        """Rows between the days."""
        if text == EMPTY:
            return self.absent()
        low, high = self.value(text)
        condition = Q()
        if low:
            condition &= Q(**{f"{self.field}__gte": _midnight(low) if self.is_moment else low})
        if high and self.is_moment:
            # Up to the next midnight, as a bound that an index on the moments can use.
            condition &= Q(**{f"{self.field}__lt": _midnight(high + timedelta(days=1))})
        elif high:
            condition &= Q(**{f"{self.field}__lte": high})
        return condition

    def describe(self, text: str, actor: Actor) -> str:
        """The period in words."""
        if text == EMPTY:
            return empty_words()
        if ".." not in text:
            return preset_words(text)
        context = Context()
        low, high = self.value(text)
        if low and high:
            return (
                format_date(low, context)
                if low == high
                else f"{format_date(low, context)} – {format_date(high, context)}"
            )
        if low:
            return gettext("from %(day)s") % {"day": format_date(low, context)}
        return gettext("until %(day)s") % {"day": format_date(high, context)}

    def inputs(self, text: str, actor: Actor) -> str:
        """Names of periods, then two days."""
        low, _dots, high = text.partition("..") if ".." in text else ("", "", "")
        rows = [f'<option value="">{escape(gettext("between two days"))}</option>']
        for name in (*PRESETS, EMPTY):
            words = empty_words() if name == EMPTY else preset_words(name)
            rows.append(f'<option value="{name}"{" selected" if text == name else ""}>{escape(words)}</option>')
        pick = (
            f'<select class="form-select" name="{self.key}" aria-label="{escape(self.label)}">{"".join(rows)}</select>'
        )
        first = self.input("date", f"{self.key}.from", low, gettext("from"))
        second = self.input("date", f"{self.key}.to", high, gettext("to"))
        return f'{pick}<div class="filter-range">{first}{second}</div>'
