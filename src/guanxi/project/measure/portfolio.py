"""The mix of customers on the command line: compatibility, two-axis typologies, acquisition against retention."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from guanxi.project.measure.arguments import a_number, a_scale, add_column, add_columns, numbers
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi.project.measure.standing import named_numbers
from guanxi_methods.errors import MethodError

if TYPE_CHECKING:
    from guanxi_methods.value.standing import Grid

GRIDS = ("four-types", "service-portfolio", "relationship-levels")


def _portfolio_arguments(parser: argparse.ArgumentParser) -> None:
    """Compatibility."""
    add_column(parser, "rater", "segment of the customer who rated")
    add_column(parser, "met", "segment of those whose presence was rated")
    add_column(parser, "rating", "the higher the better liked")
    parser.add_argument("--neutral", type=a_number, required=True, help="the answer between liked and disliked: 3")
    parser.add_argument(
        "--mix", type=named_numbers, metavar="SEGMENT=SHARE,...", help="also tell how this mix bears itself"
    )


def portfolio(args: argparse.Namespace) -> dict[str, Any]:
    """Which segments bear one another."""
    from guanxi_methods.value.standing import CompatibilityMatrix  # scipy takes long to load

    columns = columns_of(args.file)
    found = CompatibilityMatrix(args.neutral).fit(
        columns.words(args.rater), columns.words(args.met), columns.numbers(args.rating)
    )
    place = {name: position for position, name in enumerate(found.segments_)}
    answer: dict[str, Any] = {
        "segments": found.segments_,
        "pairs": [
            {
                "a": a,
                "b": b,
                "verdict": verdict,
                "a_of_b": _side(found, place[a], place[b]),
                "b_of_a": _side(found, place[b], place[a]),
            }
            for (a, b), verdict in found.verdicts_.items()
        ],
        "conflicts": found.conflicts_,
        "groups": found.groups_,
        "warnings": found.notes_,
    }
    if args.mix:
        answer["mix_index"], answer["mix_standard_error"] = found.mix_index(args.mix)
    return answer


def _side(found: Any, rater: int, met: int) -> dict[str, Any]:
    """What one segment says of another."""
    return {
        "n": found.n_[rater, met],
        "mean": found.means_[rater, met],
        "interval": [found.lows_[rater, met], found.highs_[rater, met]],
    }


def _typology_arguments(parser: argparse.ArgumentParser) -> None:
    """Two axes."""
    add_columns(parser, "x", "first axis: a score, or the items it is the mean of (needs --scale)")
    add_columns(parser, "y", "second axis, likewise")
    parser.add_argument("--grid", choices=GRIDS, default="four-types", help="which typology (four-types)")
    parser.add_argument("--x-cuts", metavar="CUTS", help="cut points of x: 50, or 20,60, or median, or mean")
    parser.add_argument("--y-cuts", metavar="CUTS", help="cut points of y, likewise")
    parser.add_argument(
        "--cells", metavar="NAMES", help="names of your own: a row for each level of y from low to high: 'a,b;c,d'"
    )
    parser.add_argument("--scale", type=a_scale, metavar="LO,HI", help="of the items; scores become 0 to 100")
    add_columns(parser, "reversed", "items in which a high answer means little", required=False)
    add_column(parser, "customer", "list every customer by this column", required=False)


def typology(args: argparse.Namespace) -> dict[str, Any]:
    """The type of each customer."""
    from guanxi_methods.value.standing import TwoAxisTypology  # scipy takes long to load

    columns = columns_of(args.file)
    grid = _grid(args)
    (x, x_error), (y, y_error) = (_axis(columns, asked, args) for asked in (args.x, args.y))
    if x_error is None or y_error is None:
        x_error = y_error = None
    found = TwoAxisTypology(grid).fit(x, y, x_error=x_error, y_error=y_error)
    answer: dict[str, Any] = {
        "types": [
            {
                "type": name,
                "customers": count,
                "share": found.shares_[name],
                "interval": found.share_intervals_[name],
                "strategy": grid.strategies.get(name),
            }
            for name, count in found.counts_.items()
        ],
        "customers": found.n_customers_,
        "x_cuts": found.x_cuts_,
        "y_cuts": found.y_cuts_,
        "unsure": found.n_unsure_,
        "warnings": found.notes_,
    }
    if args.customer:
        named = columns.words(args.customer)
        answer["each"] = [
            {
                "customer": str(named[row]),
                "x": x[row],
                "y": y[row],
                "type": str(found.labels_[row]),
                "probability": None if found.probabilities_ is None else found.probabilities_[row, found.codes_[row]],
            }
            for row in range(found.n_customers_)
        ]
    return answer


def _grid(args: argparse.Namespace) -> Grid:
    """The typology asked for, with the cut points and names given."""
    from guanxi_methods.value import standing  # as above

    grids = dict(
        zip(GRIDS, (standing.FOUR_TYPES, standing.SERVICE_PORTFOLIO, standing.RELATIONSHIP_LEVELS), strict=True)
    )
    grid = grids[args.grid]
    if args.cells:
        rows = tuple(tuple(name.strip() for name in row.split(",")) for row in args.cells.split(";"))
        grid = replace(grid, cells=rows, strategies={})
    if args.x_cuts:
        grid = replace(grid, x_cuts=_cut_points(args.x_cuts))
    return replace(grid, y_cuts=_cut_points(args.y_cuts)) if args.y_cuts else grid


def _cut_points(text: str) -> Any:
    """Numbers separated by commas, or a word for what is worked out."""
    if text in ("median", "mean"):
        return text
    try:
        return tuple(numbers(text))
    except argparse.ArgumentTypeError:
        raise MethodError("{text!r} are no cut points: give numbers, median or mean", text=text) from None


def _axis(columns: Any, asked: str, args: argparse.Namespace) -> tuple[Any, Any]:
    """Scores of an axis, and their standard errors where items show them."""
    from guanxi_methods.value.standing import axis_score  # as above

    names = columns.select(asked)
    if args.scale is None:
        if args.reversed:
            raise MethodError("--reversed needs --scale, the lowest and the highest answer")
        if len(names) > 1:
            raise MethodError("give the scale of the items (--scale), or one column for an axis")
        return columns.numbers(names[0]), None
    turned = [name for name in (columns.select(args.reversed) if args.reversed else []) if name in names]
    items = dict(zip(names, columns.matrix(names).T, strict=True))
    scores, errors = axis_score(items, scale=args.scale, reversed_items=turned)
    return scores, None if np.isnan(errors).all() else errors


def _equity_arguments(parser: argparse.ArgumentParser) -> None:
    """Acquisition against retention."""
    parser.add_argument("--margin", type=a_number, required=True, help="of a customer and period")
    parser.add_argument("--d", type=a_number, required=True, help="discount rate of a period: .2")
    for what, whom in (("acquisition", "a prospect"), ("retention", "a customer and period")):
        parser.add_argument(f"--{what}-rate", type=a_number, required=True, metavar="SHARE", help="at present")
        parser.add_argument(
            f"--{what}-spend", type=a_number, required=True, metavar="MONEY", help=f"at present, for {whom}"
        )
        parser.add_argument(
            f"--{what}-ceiling", type=a_number, required=True, metavar="SHARE", help="that no spending would exceed"
        )


def customer_equity(args: argparse.Namespace) -> dict[str, Any]:
    """Customer equity at present and at the best."""
    from guanxi_methods.value.standing import acquisition_or_retention, response_speed  # scipy takes long to load

    responses = {
        what: (
            getattr(args, f"{what}_ceiling"),
            response_speed(
                rate=getattr(args, f"{what}_rate"),
                ceiling=getattr(args, f"{what}_ceiling"),
                spend=getattr(args, f"{what}_spend"),
            ),
        )
        for what in ("acquisition", "retention")
    }
    figures: dict[str, Any] = {"margin": args.margin, "d": args.d, **responses}
    present = acquisition_or_retention(
        **figures, acquisition_spend=args.acquisition_spend, retention_spend=args.retention_spend
    )
    return {"present": asdict(present), "best": asdict(acquisition_or_retention(**figures))}


MEASURES = (
    Measure(
        name="value.portfolio",
        summary="compatibility of the customer mix: which segments should not meet, and the fewest groups that keep them apart",
        formula="""
m(a, b) = mean rating by customers of a of the presence of customers of b, with its t-interval
conflict: an interval of either side under --neutral; compatible: both at or over it; open otherwise; unknown: not asked
groups: fewest groups without a conflicting pair (colouring);  mix_index = sum s(a) s(b) m(a, b) / sum s(a) s(b)
""",
        source='C. L. Martin, C. A. Pranter, "Compatibility management: customer-to-customer relationships in service '
        "environments\", Journal of Services Marketing 3(3), 1989, describes it; the measure is Guanxi's own definition.",
        arguments=_portfolio_arguments,
        run=portfolio,
    ),
    Measure(
        name="value.typology",
        summary="types of customers by two axes and cut points: the four types, service portfolio, relationship levels, or your own",
        formula="""
level on an axis = how many cut points lie at or under the score;  type = the cell of both levels
with items: score = mean answer on 0 to 100, error = standard error of measurement, probability of the type by the normal distribution
""",
        source="Guanxi's own definition for the four types (compliant, caring, adaptive, indifferent); B. P. Shapiro et al., "
        '"Manage customers for profits (not just sales)", Harvard Business Review 65(5), 1987 (service portfolio); '
        "P. Kotler, Marketing Management, 8th ed., 1994, ch. 2 (relationship levels).",
        arguments=_typology_arguments,
        run=typology,
    ),
    Measure(
        name="value.customer-equity",
        summary="acquisition against retention: what present spending on both brings, and the best",
        formula="""
a = c_a (1 - e^(-k_a A)), r = c_r (1 - e^(-k_r R)), k = -ln(1 - rate / ceiling) / spend at present
equity = a V - A,  V = m + (m r - R) / (1 + d - r)
""",
        source='R. C. Blattberg, J. Deighton, "Manage marketing by the customer equity test", Harvard Business Review '
        "74(4), 1996.",
        arguments=_equity_arguments,
        run=customer_equity,
        file="none",
    ),
)
