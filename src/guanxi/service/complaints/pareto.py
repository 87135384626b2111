"""What complaints come from: counts by cause, product, unit or month, the largest first, each with its share so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.core.actor import Actor
from guanxi.service.choices import CaseState
from guanxi.service.complaint_choices import RemedyState
from guanxi.service.complaints import queries
from guanxi.service.models import CaseCategory, Cause, RecurrenceCheck, Remedy, ResponsibleUnit
from guanxi.ui import lists

SHOWN = 20
MOST_CHOICES = 2_000
# Months without complaints stand between the others as long as all of them can be told apart.
MOST_MONTHS = 240
VITAL = 0.8
NOBODY = "-"


@dataclass(frozen=True)
class Dimension:
    """One way of sorting complaints: the column, the filter of the list that leads to them."""

    key: str
    label: Callable[[], str]
    column: str
    parameter: str
    names: Callable[[Sequence[Any]], dict[Any, str]]


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, how many complaints, their share and the share of all up to it."""

    label: str
    count: int
    share: float
    cumulative: float
    url: str
    is_vital: bool
    is_rest: bool = False
    # The causes of just these complaints, the largest first.
    causes_url: str = ""

    @property
    def share_words(self) -> str:
        """The share as the table writes it."""
        return f"{self.share * 100:.1f}%"

    @property
    def cumulative_words(self) -> str:
        """The share of all up to it."""
        return f"{self.cumulative * 100:.1f}%"


@dataclass(frozen=True)
class Asked:
    """What the page was asked: by what, of which days, within what, with those closed elsewhere or without."""

    by: str
    since: date | None = None
    until: date | None = None
    is_elsewhere_in: bool = True
    # Dimensions with the one value that counts: a number, or NOBODY for none.
    within: tuple[tuple[str, str], ...] = ()


def _unit_names(ids: Sequence[Any]) -> dict[Any, str]:
    """Units by their numbers."""
    rows = ResponsibleUnit.objects.filter(pk__in=ids).select_related("department")
    return {row.pk: str(row) for row in rows}


def _cause_names(ids: Sequence[Any]) -> dict[Any, str]:
    """Causes by their numbers, with the branch they stand on."""
    rows = Cause.objects.filter(pk__in=ids).select_related("parent")
    return {row.pk: f"{row.parent} › {row}" if row.parent else str(row) for row in rows}


def _category_names(ids: Sequence[Any]) -> dict[Any, str]:
    """Categories by their numbers, with the branch they stand on."""
    rows = CaseCategory.objects.filter(pk__in=ids).select_related("parent")
    return {row.pk: f"{row} ({row.parent})" if row.parent else str(row) for row in rows}


def _product_names(ids: Sequence[Any]) -> dict[Any, str]:
    """The first branches of categories by their numbers: what imports call the product."""
    return dict(CaseCategory.objects.filter(pk__in=ids).values_list("pk", "name"))


def _article_names(ids: Sequence[Any]) -> dict[Any, str]:
    """Products of the catalogue by their numbers."""
    return {row.pk: str(row) for row in Product.objects.filter(pk__in=ids)}


DIMENSIONS: dict[str, Dimension] = {
    "cause": Dimension("cause", lambda: _("Cause"), "complaint__cause_id", "cause", _cause_names),
    "product": Dimension("product", lambda: _("Product group"), "branch", "branch", _product_names),
    "article": Dimension("article", lambda: _("Product"), "product_id", "article", _article_names),
    "issue": Dimension("issue", lambda: _("Category"), "category_id", "category", _category_names),
    "unit": Dimension("unit", lambda: _("Responsible unit"), "complaint__unit_id", "unit", _unit_names),
    "month": Dimension("month", lambda: _("Month"), "month", "opened", lambda ids: {}),
}


# What a Pareto can be narrowed to.
NARROWING = ("product", "article", "unit", "cause")


def choices_within(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """The values that complaints have in the dimensions that the page can be narrowed to, by their names: one statement."""
    columns = ("category__path", "product_id", "complaint__unit_id", "complaint__cause_id")
    rows = queries.complaints(actor).order_by().values_list(*columns).distinct()
    found: dict[str, set[int]] = {key: set() for key in NARROWING}
    for path, article, unit, cause in rows:
        branch = _branch(path)
        for key, value in zip(NARROWING, (branch, article, unit, cause), strict=True):
            if value is not None:
                found[key].add(value)
    return {key: _named(DIMENSIONS[key], values) for key, values in found.items()}


def _named(dimension: Dimension, values: set[int]) -> list[tuple[str, str]]:
    """Values with their names, in their order."""
    names = dimension.names(sorted(values)[:MOST_CHOICES]) if values else {}
    return sorted(((str(value), name) for value, name in names.items()), key=lambda pair: pair[1].casefold())


def _branch(path: str | None) -> int | None:
    """The first branch of the tree on which a category stands."""
    first = (path or "").strip("/").split("/")[0]
    return int(first) if first else None


def _within(rows: QuerySet[Any], key: str, value: str) -> QuerySet[Any]:
    """Only the complaints that have this value."""
    if key == "product":
        return queries.in_branches(rows, [value])
    column = DIMENSIONS[key].column
    return rows.filter(**{f"{column}__isnull": True}) if value == NOBODY else rows.filter(**{column: int(value)})


def rows_of(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The complaints that are counted."""
    rows = queries.complaints(actor)
    for key, value in asked.within:
        rows = _within(rows, key, value)
    zone = timezone.get_current_timezone()
    if asked.since is not None:
        rows = rows.filter(opened_at__gte=datetime(asked.since.year, asked.since.month, asked.since.day, tzinfo=zone))
    if asked.until is not None:
        rows = rows.filter(opened_at__date__lte=asked.until)
    return rows if asked.is_elsewhere_in else rows.exclude(state=CaseState.CLOSED_ELSEWHERE)


@dataclass(frozen=True)
class Pareto:
    """The bars, and how many of all values make four fifths of the complaints."""

    bars: list[Bar]
    vital_count: int


def bars(actor: Actor, asked: Asked) -> list[Bar]:
    """The bars of a Pareto chart: the largest first, months in their order; the small ones together at the end."""
    return pareto(actor, asked).bars


def pareto(actor: Actor, asked: Asked) -> Pareto:
    """The bars, and how many values, those together at the end too, make four fifths."""
    counted = _counted(rows_of(actor, asked), DIMENSIONS[asked.by])
    if asked.by != "month":
        counted.sort(key=lambda pair: (-pair[1], str(pair[0])))
    total = sum(count for _value, count in counted)
    before = [0, *accumulate(count for _value, count in counted)]
    return Pareto(_bars(asked, counted, total), sum(one < total * VITAL for one in before[:-1]))


def _bars(asked: Asked, counted: list[tuple[Any, int]], total: int) -> list[Bar]:
    """The bars of what was counted."""
    dimension = DIMENSIONS[asked.by]
    shown = counted if asked.by == "month" else counted[:SHOWN]
    names = dimension.names([value for value, _count in shown if value is not None])
    found, so_far = [], 0
    for value, count in shown:
        was_vital = total > 0 and so_far / total < VITAL
        so_far += count
        found.append(
            Bar(
                _label(dimension, value, names), count, count / total, so_far / total,
                _url(asked, dimension, value), was_vital, causes_url=_causes_url(asked, dimension, value),
            )
        )  # fmt: skip
    rest = total - so_far
    if rest:
        more = len(counted) - len(shown)
        words = _("%(count)s more") % {"count": more}
        found.append(Bar(words, rest, rest / total, 1.0, list_url(asked), is_vital=False, is_rest=True))
    return found


def _counted(rows: QuerySet[Any], dimension: Dimension) -> list[tuple[Any, int]]:
    """Values with how many complaints have them."""
    if dimension.key == "month":
        months = rows.annotate(month=TruncMonth("opened_at")).values("month").annotate(n=Count("pk")).order_by("month")
        return _with_empty([(row["month"].date(), row["n"]) for row in months])
    if dimension.key == "product":
        by_category = rows.order_by().values("category_id", "category__path").annotate(n=Count("pk"))
        found: dict[int | None, int] = {}
        for row in by_category:
            branch = _branch(row["category__path"])
            found[branch] = found.get(branch, 0) + row["n"]
        return list(found.items())
    counted = rows.order_by().values(dimension.column).annotate(n=Count("pk"))
    return [(row[dimension.column], row["n"]) for row in counted]


def _with_empty(months: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """Months with those between them in which nobody complained, so that equal steps are equal times."""
    if not months:
        return []
    first, last = (month.year * 12 + month.month - 1 for month in (months[0][0], months[-1][0]))
    if last - first >= MOST_MONTHS:
        return months
    counts = dict(months)
    every = (date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1))
    return [(month, counts.get(month, 0)) for month in every]


def _label(dimension: Dimension, value: Any, names: dict[Any, str]) -> str:
    """What a bar is called."""
    if value is None:
        return _("not settled") if dimension.key in {"cause", "unit"} else _("without")
    return f"{value:%Y-%m}" if dimension.key == "month" else names.get(value, str(value))


def _days_of(asked: Asked, month: date) -> tuple[date, date]:
    """The days of a month that are counted."""
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return max(month, asked.since) if asked.since else month, min(last, asked.until) if asked.until else last


def _url(asked: Asked, dimension: Dimension, value: Any) -> str:
    """The list of just these complaints."""
    if dimension.key == "month":
        since, until = _days_of(asked, value)
        return list_url(asked, opened=f"{since}..{until}")
    return list_url(asked, **{dimension.parameter: NOBODY if value is None else str(value)})


def _causes_url(asked: Asked, dimension: Dimension, value: Any) -> str:
    """The page with the causes of just these complaints; '' where it would say the same again."""
    if dimension.key not in {*NARROWING, "month"} - {"cause"}:
        return ""
    since, until, within = asked.since, asked.until, dict(asked.within)
    if dimension.key == "month":
        since, until = _days_of(asked, value)
    else:
        within[dimension.key] = NOBODY if value is None else str(value)
    told = {"by": "cause", "since": since, "until": until, **within}
    told |= {} if asked.is_elsewhere_in else {"elsewhere": "no"}
    return "?" + urlencode({key: str(one) for key, one in told.items() if one})


def list_url(asked: Asked, **given: str) -> str:
    """The list of the complaints that are counted, narrowed further."""
    state: dict[str, str] = {DIMENSIONS[key].parameter: value for key, value in asked.within} | given
    if (asked.since or asked.until) and "opened" not in state:
        state["opened"] = f"{asked.since or ''}..{asked.until or ''}"
    if not asked.is_elsewhere_in:
        state["state"] = ",".join(one for one in CaseState.values if one != CaseState.CLOSED_ELSEWHERE)
    return lists.url("complaints", **state)


@dataclass(frozen=True)
class Totals:
    """What the page says above the chart."""

    count: int
    open_count: int
    closed_count: int
    elsewhere_count: int
    # In each currency, that of the company's figures first.
    costs: list[tuple[int, str]]
    looked_back: int
    recurred: int


def totals(actor: Actor, asked: Asked, currency: str) -> Totals:
    """All complaints counted, how they stand, what they cost, how often the like came again."""
    rows = rows_of(actor, asked)
    found = rows.aggregate(
        n=Count("pk"),
        closed=Count("pk", filter=Q(state=CaseState.CLOSED)),
        elsewhere=Count("pk", filter=Q(state=CaseState.CLOSED_ELSEWHERE)),
    )
    numbers = rows.order_by().values("pk")
    cost = _costly(numbers).values_list("currency").annotate(total=Sum("cost_minor"))
    sums = {currency: 0} | dict(cost.order_by("currency"))
    checks = RecurrenceCheck.objects.filter(complaint__in=numbers, looked_at__isnull=False)
    return Totals(
        count=found["n"],
        open_count=found["n"] - found["closed"] - found["elsewhere"],
        closed_count=found["closed"],
        elsewhere_count=found["elsewhere"],
        costs=[(minor, used) for used, minor in sums.items()],
        looked_back=checks.count(),
        recurred=checks.filter(found_count__gt=0).count(),
    )


def _costly(numbers: QuerySet[Any]) -> QuerySet[Remedy, Any]:
    """The remedies of complaints that were done and cost something."""
    return Remedy.objects.filter(complaint__in=numbers, state=RemedyState.DONE, cost_minor__gt=0)


def costs_by_unit(actor: Actor, asked: Asked) -> list[dict[str, Any]]:
    """What remedies cost, by the unit that bears it and the currency, the dearest first."""
    rows = (
        _costly(rows_of(actor, asked).order_by().values("pk"))
        .values("currency", number=F("unit_id"))
        .annotate(cost_minor=Sum("cost_minor"), n=Count("complaint", distinct=True))
        .order_by("currency", "-cost_minor")[:SHOWN]
    )
    found = list(rows)
    names = _unit_names([row["number"] for row in found])
    return [
        {
            "unit": names.get(row["number"], "–"),
            "cost_minor": row["cost_minor"],
            "currency": row["currency"],
            "count": row["n"],
            "url": list_url(asked, unit=str(row["number"])),
        }
        for row in found
    ]
