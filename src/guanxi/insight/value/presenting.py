"""The figures of a measurement, made ready for the Value page: rows, shares, links, charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.customers.choices import AbcClass, Level, Tier
from guanxi.insight.models import StandingRun
from guanxi.insight.value.words import DEFINITIONS, SEGMENT_ADVICE, SEGMENT_LABELS, SEGMENT_SCORES
from guanxi.ui import charts, lists
from guanxi.ui.cells import Context, format_amount, format_date, format_number
from guanxi.ui.home import Tile

LABELS: dict[str, dict[str, str | Promise]] = {
    "tier": dict(Tier.choices),
    "abc": dict(AbcClass.choices),
    "level": dict(Level.choices),
}
SCORES = range(1, 6)


@dataclass(frozen=True)
class ClassRow:
    """One class of a classification."""

    key: str
    label: str | Promise
    tone: str
    url: str
    customers: int
    customer_share: float
    net_minor: int
    net_share: float | None
    average_minor: int | None
    lowest_minor: int | None


def share(part: int, whole: int) -> float | None:
    """A part of a whole that is positive, else None."""
    return part / whole if whole > 0 else None


def percent(value: float | None) -> str:
    """A share in words."""
    return "–" if value is None else f"{value * 100:.1f}%"


def class_rows(run: StandingRun, figure: str, key: str) -> list[ClassRow]:
    """The rows of the pyramid (tier), the ABC classes (abc) or the levels (level)."""
    return [
        ClassRow(
            key=entry[key],
            label=LABELS[key][entry[key]],
            tone=entry[key].lower() if key != "level" else "neutral",
            url=lists.url("customers", **{key: entry[key]}),
            customers=entry["customers"],
            customer_share=entry["customers"] / run.customer_count,
            net_minor=entry["net_minor"],
            net_share=share(entry["net_minor"], run.net_revenue_minor),
            average_minor=round(Decimal(entry["net_minor"]) / entry["customers"]) if entry["customers"] else None,
            lowest_minor=entry["lowest_minor"],
        )
        for entry in run.figures[figure]
    ]


def _since(before: StandingRun | None, difference: float | int | None, shown: str) -> str:
    """A change against an earlier date in words, '' where there is nothing to compare with."""
    if before is None or difference is None:
        return ""
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    day = format_date(before.period_to, Context())
    return _("%(change)s since %(day)s") % {"change": f"{sign}{shown}", "day": day}


def kpis(run: StandingRun, before: StandingRun | None, language: str) -> list[Tile]:
    """The headline figures, each leading to the customers behind it, with the change since an earlier date."""
    if before is not None and not before.customer_count:
        before = None
    revenue = run.net_revenue_minor - before.net_revenue_minor if before else None
    customers = run.customer_count - before.customer_count if before else None
    standing = {"tier": ",".join(Tier.values)}
    found = [
        Tile(
            _("Net revenue"),
            format_amount(run.net_revenue_minor, run.currency, language),
            url=lists.url("customers", sort="-net_revenue", **standing),
            icon="banknote",
            change=_since(before, revenue, "\u2060" + format_amount(abs(revenue or 0), run.currency, language)),
            definition=DEFINITIONS["net_revenue"],
        ),
        Tile(
            _("Customers"),
            format_number(run.customer_count),
            url=lists.url("customers", **standing),
            icon="users",
            change=_since(before, customers, format_number(abs(customers or 0))),
            definition=DEFINITIONS["customers"],
        ),
    ]
    return found + _concentration_tiles(run, before, standing)


def _concentration_tiles(run: StandingRun, before: StandingRun | None, standing: dict[str, str]) -> list[Tile]:
    """How unevenly net revenue is spread."""
    spread = run.figures["concentration"]
    earlier = before.figures["concentration"] if before else {}
    found: list[Tile] = []

    def change(key: str, scale: int, digits: int, unit: str = "") -> str:
        """The change of one figure since the earlier date."""
        if spread[key] is None or earlier.get(key) is None:
            return ""
        difference = round((spread[key] - earlier[key]) * scale, digits)
        return _since(before, difference, f"{abs(difference):,.{digits}f}{unit}")

    if spread["to_80"] is not None:
        best = -(-run.customer_count // 5)
        found += [
            Tile(
                _("Best 20% bring"),
                percent(spread["top20_share"]),
                hint=_("of net revenue; %(count)s customers") % {"count": format_number(best)},
                url=lists.url("customers", rank=f"..{best}"),
                icon="crown",
                change=change("top20_share", 100, 1, " " + _("points")),
                definition=DEFINITIONS["top20"],
            ),
            Tile(
                _("80% comes from"),
                format_number(spread["to_80"]),
                hint=_("customers, %(share)s of all") % {"share": percent(spread["to_80"] / run.customer_count)},
                url=lists.url("customers", abc="A"),
                icon="chart-pie",
                change=change("to_80", 1, 0),
                definition=DEFINITIONS["to_80"],
            ),
        ]
    if spread["gini"] is not None:
        left_out = format_number(spread["gini_left_out"])
        found.append(
            Tile(
                _("Gini coefficient"),
                f"{spread['gini']:.3f}",
                hint=_("%(count)s customers below zero left out") % {"count": left_out},
                icon="scale",
                change=change("gini", 1, 3),
                definition=DEFINITIONS["gini"],
            )
        )
    found.append(
        Tile(
            _("Bring nothing or less"),
            format_number(spread["worthless"]),
            url=lists.url("customers", net_revenue="..0", **standing),
            icon="trending-down",
            change=change("worthless", 1, 0),
            definition=DEFINITIONS["worthless"],
        )
    )
    return found


def pyramid_chart(rows: Sequence[ClassRow]) -> charts.Chart:
    """Shares of customers and of money by tier, side by side."""
    urls = [row.url for row in rows]
    return charts.bar(
        _("Share of customers and of net revenue by tier"),
        [row.label for row in rows],
        [
            charts.Series(_("Share of customers"), [row.customer_share for row in rows], urls),
            charts.Series(_("Share of net revenue"), [row.net_share for row in rows], urls),
        ],
        horizontal=True,
        format="percent",
    )


def abc_chart(rows: Sequence[ClassRow]) -> charts.Chart:
    """Shares of customers and of money by class."""
    urls = [row.url for row in rows]
    return charts.bar(
        _("Share of customers and of net revenue by class"),
        [row.label for row in rows],
        [
            charts.Series(_("Share of customers"), [row.customer_share for row in rows], urls),
            charts.Series(_("Share of net revenue"), [row.net_share for row in rows], urls),
        ],
        format="percent",
    )


def whale_chart(run: StandingRun) -> charts.Chart:
    """Cumulative money against customers, best first."""
    whale = run.figures["whale"]
    heights = [charts.whole_units(amount, run.currency) for amount in whale["amounts"]]
    is_margin = run.level_basis == "margin"
    return charts.line(
        _("Cumulative margin, best customers first")
        if is_margin
        else _("Cumulative net revenue, best customers first"),
        [format_number(count) for count in whale["customers"]],
        [
            charts.Series(
                _("Margin") if is_margin else _("Net revenue"),
                heights,
                ["" if is_margin else lists.url("customers", rank=f"..{count}") for count in whale["customers"]],
            )
        ],
        area=True,
        format="money",
        currency=run.currency,
        x_label=_("customers"),
        marks=[(_("All together"), charts.whole_units(whale["total"], run.currency) or 0.0)],
    )


def rfm_chart(run: StandingRun, measure: str) -> charts.Chart:
    """The grid of recency by frequency: how many customers, or what they bring."""
    figures = run.figures["rfm"]
    is_money = measure == "net_revenue"
    grid: Any = figures["grid_minor"] if is_money else figures["grid"]
    if is_money:
        grid = [[charts.whole_units(value, run.currency) for value in row] for row in grid]
    top_down = list(reversed(SCORES))
    return charts.heatmap(
        _("Net revenue by recency and frequency") if is_money else _("Customers by recency and frequency"),
        [_("F %(score)d") % {"score": score} for score in SCORES],
        [_("R %(score)d") % {"score": score} for score in top_down],
        [grid[r - 1] for r in top_down],
        [[lists.url("customers", r=str(r), f=str(f)) for f in SCORES] for r in top_down],
        format="money" if is_money else "number",
        currency=run.currency if is_money else "",
        x_label=_("frequency score"),
        y_label=_("recency score"),
    )


def segment_rows(run: StandingRun) -> list[dict[str, Any]]:
    """The ten segments with what to do about each."""
    rows = []
    for entry in run.figures["rfm"]["segments"]:
        recency, frequency = SEGMENT_SCORES[entry["segment"]]
        rows.append(
            {
                "label": SEGMENT_LABELS[entry["segment"]],
                "advice": SEGMENT_ADVICE[entry["segment"]],
                "customers": entry["customers"],
                "net_minor": entry["net_minor"],
                "net_share": share(entry["net_minor"], run.net_revenue_minor),
                "url": lists.url("customers", r=recency, f=frequency),
            }
        )
    return rows


def score_rows(run: StandingRun) -> list[dict[str, Any]]:
    """What it takes to get each score: days, orders, money."""
    cuts = run.figures["rfm"]["cuts"]
    rows = []
    for score in reversed(SCORES):
        at = score - 2
        rows.append(
            {
                "score": score,
                "days": cuts["r"][at] - 1 if score > 1 else None,
                "orders": cuts["f"][at] + 1 if score > 1 else None,
                "minor": cuts["m"][at] + 1 if score > 1 else None,
            }
        )
    return rows
