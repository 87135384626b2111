"""Satisfaction indices on the command line: simple, dual, improved dual, regression; Kano, SERVQUAL, the map."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from guanxi.core.sentences import gettext as _
from guanxi.project.measure.arguments import a_scale, a_share, add_column, add_columns, numbers
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import Note

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns

OWN = "Guanxi's own definition: no formula was found in print."
GROEMPING = (
    'U. Groemping, "Relative importance for linear regression in R: the package relaimpo", Journal of Statistical '
    "Software 17(1), 2006, for the derived importance"
)
INTERVAL = "interval: delta method over respondents, Student's t with n - 1 degrees of freedom, cut at the scale."
IMPORTANCE = "how important each item is; pairs go by order"
SCALE = "the lowest and the highest answer, such as 1,7; answers off it are refused"


def answers(columns: Columns, asked: str) -> Any:
    """The columns asked for, as one table of answers."""
    return columns.frame(columns.select(asked))


def add_scale(parser: argparse.ArgumentParser, help: str = SCALE) -> None:
    """The scale of the answers, and how sure intervals are."""
    parser.add_argument("--scale", type=a_scale, metavar="LO,HI", help=help)
    add_confidence(parser)


def add_confidence(parser: argparse.ArgumentParser) -> None:
    """How sure intervals are."""
    parser.add_argument("--level", type=a_share, default=0.95, metavar="P", help="of the intervals (.95)")


def _add_index(parser: argparse.ArgumentParser, *, importance: bool = False, overall: bool = False) -> None:
    """The options of an index: all four take the same ones, so that one call can be tried with each method."""
    unused = "not used by this method"
    add_columns(parser, "satisfaction", "how satisfied respondents are with each item: names, or a pattern with *")
    add_columns(parser, "importance", IMPORTANCE if importance else unused, required=importance)
    if importance:
        parser.add_argument(
            "--importance-scale", type=a_scale, metavar="LO,HI", help="the scale of the importance, if another"
        )
    add_columns(parser, "overall", "the overall answer; several are averaged" if overall else unused, required=overall)
    parser.set_defaults(unused=[name for name, used in (("importance", importance), ("overall", overall)) if not used])
    add_column(parser, "weights", "how many people each respondent stands for", required=False)
    add_scale(parser, f"{SCALE}, and the index is told as 0 to 100 too")


def _weights(columns: Columns, args: argparse.Namespace) -> Any:
    """The weights of the respondents, if asked for."""
    return columns.numbers(args.weights) if args.weights else None


def _index(args: argparse.Namespace, fitted: Any, **more: Any) -> dict[str, Any]:
    """What every index tells."""
    unused = [Note("--{option} is not used by this method", option=name) for name in args.unused if getattr(args, name)]
    return {
        "index": fitted.index_,
        "index_100": fitted.index_100_,
        "interval": fitted.interval_,
        "interval_100": fitted.interval_100_,
        "standard_error": fitted.standard_error_,
        "n": fitted.n_,
        **more,
        "weights": fitted.weights_,
        "means": fitted.means_,
        "warnings": [*fitted.notes_, *unused],
    }


def simple(args: argparse.Namespace) -> dict[str, Any]:
    """Simple evaluation."""
    from guanxi_methods.satisfaction import SimpleEvaluation  # scipy, which other measures need not

    columns = columns_of(args.file)
    method = SimpleEvaluation(args.scale, args.level)
    return _index(args, method.fit(answers(columns, args.satisfaction), weights=_weights(columns, args)))


def dual(args: argparse.Namespace) -> dict[str, Any]:
    """Dual evaluation."""
    from guanxi_methods.satisfaction import DualEvaluation  # as above

    columns = columns_of(args.file)
    fitted = DualEvaluation(args.scale, args.importance_scale, args.level).fit(
        answers(columns, args.satisfaction), answers(columns, args.importance), weights=_weights(columns, args)
    )
    return _index(args, fitted, importance=fitted.importance_)


def dual_improved(args: argparse.Namespace) -> dict[str, Any]:
    """Improved dual evaluation."""
    from guanxi_methods.satisfaction import ImprovedDualEvaluation  # as above

    columns = columns_of(args.file)
    fitted = ImprovedDualEvaluation(args.scale, args.importance_scale, args.level).fit(
        answers(columns, args.satisfaction),
        answers(columns, args.importance),
        answers(columns, args.overall),
        weights=_weights(columns, args),
    )
    return _index(args, fitted, r2=fitted.r2_, importance=fitted.importance_, derived=fitted.derived_)


def regression(args: argparse.Namespace) -> dict[str, Any]:
    """Evaluation by linear regression."""
    from guanxi_methods.satisfaction import RegressionEvaluation  # as above

    columns = columns_of(args.file)
    fitted = RegressionEvaluation(args.scale, args.level).fit(
        answers(columns, args.satisfaction), answers(columns, args.overall), weights=_weights(columns, args)
    )
    return _index(
        args,
        fitted,
        n_complete=fitted.n_complete_,
        r2=fitted.r2_,
        coefficients=fitted.coefficients_,
        monte_carlo_error=fitted.monte_carlo_error_,
    )


def _add_kano(parser: argparse.ArgumentParser) -> None:
    """The options of Kano's method."""
    add_columns(parser, "functional", "answers to: if the feature is there; names, or a pattern with *")
    add_columns(parser, "dysfunctional", "answers to: if it is not; pairs go by order")
    parser.add_argument(
        "--like", type=int, choices=(1, 5), default=1, help="code of the best answer, 1 (like ... dislike) or 5"
    )
    add_confidence(parser)


def kano(args: argparse.Namespace) -> dict[str, Any]:
    """Kano's categories."""
    from guanxi_methods.satisfaction import Kano  # as above

    columns = columns_of(args.file)
    fitted = Kano(args.like, args.level).fit(answers(columns, args.functional), answers(columns, args.dysfunctional))
    return {
        "items": [
            {
                "item": one.item,
                "number": one.number,
                "counts": one.counts,
                "class": one.category,
                "better": one.better,
                "worse": one.worse,
                "better_interval": one.better_interval,
                "worse_interval": one.worse_interval,
                "category_strength": one.category_strength,
                "total_strength": one.total_strength,
                "is_mixed": one.is_mixed,
                "is_significant": one.is_significant,
                "p_value": one.p_value,
            }
            for one in fitted.items_
        ],
        "n": fitted.n_,
        "warnings": fitted.notes_,
    }


def dimensions(text: str) -> dict[str, list[int | str]]:
    """Dimensions with their items: `tangibles=1-4;reliability=5-8,11`; items by number from 1, or by name."""
    found: dict[str, list[int | str]] = {}
    for part in text.split(";"):
        name, sign, items = part.partition("=")
        if not sign or not name.strip() or not items.strip():
            raise argparse.ArgumentTypeError(
                _("“%(text)s” is no dimension; write tangibles=1-4;reliability=5-9") % {"text": part}
            )
        places: list[int | str] = []
        for item in items.split(","):
            first, dash, last = item.strip().partition("-")
            if first.isdecimal() and last.isdecimal() and dash:
                places += range(int(first), int(last) + 1)
            else:
                places.append(int(item) if item.strip().isdecimal() else item.strip())
        found[name.strip()] = places
    return found


def _add_servqual(parser: argparse.ArgumentParser) -> None:
    """The options of SERVQUAL."""
    add_columns(parser, "expectation", "what respondents expect of an excellent service; names, or a pattern with *")
    add_columns(parser, "perception", "what they perceive; pairs go by order")
    parser.add_argument(
        "--dimensions",
        type=dimensions,
        metavar="NAME=ITEMS;...",
        help="items of each dimension by number, such as tangibles=1-4;reliability=5-9 "
        "(with 22 pairs the published ones unless given)",
    )
    parser.add_argument(
        "--points", type=numbers, metavar="N,N,...", help="importance of the dimensions, in their order"
    )
    add_column(parser, "weights", "how many people each respondent stands for", required=False)
    add_scale(parser)


def servqual(args: argparse.Namespace) -> dict[str, Any]:
    """SERVQUAL gaps."""
    from guanxi_methods.errors import MethodError  # as above
    from guanxi_methods.satisfaction import STANDARD_DIMENSIONS, Servqual  # as above

    columns = columns_of(args.file)
    points = None
    if args.points:
        names = list(args.dimensions or STANDARD_DIMENSIONS)
        if len(names) != len(args.points):
            raise MethodError(
                "{points} points were given for {dimensions} dimensions", points=len(args.points), dimensions=len(names)
            )
        points = dict(zip(names, args.points, strict=True))
    fitted = Servqual(args.dimensions, points, args.scale, args.level).fit(
        answers(columns, args.expectation), answers(columns, args.perception), weights=_weights(columns, args)
    )
    return {
        "mean_gap": fitted.mean_gap_,
        "interval": fitted.interval_,
        "weighted_gap": fitted.weighted_gap_,
        "n": fitted.n_,
        "items": [vars(one) for one in fitted.items_],
        "dimensions": {name: vars(one) for name, one in fitted.dimensions_.items()},
        "warnings": fitted.notes_,
    }


def crosshairs(text: str) -> str | list[float]:
    """A rule, or the importance and the performance at which the lines stand."""
    if text in {"mean", "median", "midpoint"}:
        return text
    try:
        found = numbers(text)
    except argparse.ArgumentTypeError:
        found = []
    if len(found) != 2:
        raise argparse.ArgumentTypeError(
            _("“%(text)s” must be mean, median, midpoint, or two numbers such as 5.5,4") % {"text": text}
        )
    return found


def _add_map(parser: argparse.ArgumentParser) -> None:
    """The options of the map."""
    add_columns(parser, "importance", IMPORTANCE)
    add_columns(parser, "satisfaction", "how satisfied respondents are with each item: names, or a pattern with *")
    parser.add_argument(
        "--crosshairs",
        type=crosshairs,
        default="mean",
        metavar="RULE",
        help="where the lines stand: mean, median, midpoint (of the scale), or importance,performance",
    )
    parser.add_argument(
        "--importance-scale", type=a_scale, metavar="LO,HI", help="the scale of the importance, if another"
    )
    add_column(parser, "weights", "how many people each respondent stands for", required=False)
    add_scale(parser)


def importance_performance(args: argparse.Namespace) -> dict[str, Any]:
    """The importance-performance map."""
    from guanxi_methods.satisfaction import ImportancePerformance  # as above

    columns = columns_of(args.file)
    fitted = ImportancePerformance(args.crosshairs, args.scale, args.importance_scale, args.level).fit(
        answers(columns, args.importance), answers(columns, args.satisfaction), weights=_weights(columns, args)
    )
    return {
        "items": [vars(one) for one in fitted.items_],
        "crosshairs": {"importance": fitted.crosshairs_[0], "performance": fitted.crosshairs_[1]},
        "n": fitted.n_,
        "warnings": fitted.notes_,
    }


MEASURES = (
    Measure(
        name="satisfaction.simple",
        summary="satisfaction index, every item weighing alike",
        formula=f"""
CSI = (1/p) sum over items j of mean(S_j); a mean is over those who answered the item.
0-100 = 100 (CSI - lo) / (hi - lo).
{INTERVAL}
""",
        source='C. Fornell et al., "The American Customer Satisfaction Index", Journal of Marketing 60(4), 1996, for the '
        "conversion to 0-100.",
        arguments=_add_index,
        run=simple,
    ),
    Measure(
        name="satisfaction.dual",
        summary="satisfaction index, items weighing as respondents say they are important (双重评价法)",
        formula=f"""
CSI = sum of mean(I_j) mean(S_j) / sum of mean(I_j)
{INTERVAL}
""",
        source=OWN,
        arguments=lambda parser: _add_index(parser, importance=True),
        run=dual,
    ),
    Measure(
        name="satisfaction.dual-improved",
        summary="satisfaction index, stated importance corrected by what the overall answer responds to (双重评价改进法)",
        formula=f"""
g_j = sqrt(mean(I_j) D_j), CSI = sum of g_j mean(S_j) / sum of g_j
D_j >= 0: what item j adds to R squared of the overall answer, averaged over all orders of the items (LMG, Shapley).
{INTERVAL}
""",
        source=f"{OWN} {GROEMPING}.",
        arguments=lambda parser: _add_index(parser, importance=True, overall=True),
        run=dual_improved,
    ),
    Measure(
        name="satisfaction.regression",
        summary="satisfaction index, items weighing as the overall answer responds to them, never negative",
        formula=f"""
CSI = sum of w_j mean(S_j), w_j = D_j / R squared
D_j >= 0: what item j adds to R squared of the overall answer, averaged over all orders of the items (LMG, Shapley);
exact up to 22 items, beyond from sampled orders with their Monte Carlo error.
{INTERVAL}
""",
        source=f"{GROEMPING}; the index made of it is Guanxi's own definition.",
        arguments=lambda parser: _add_index(parser, overall=True),
        run=regression,
    ),
    Measure(
        name="satisfaction.kano",
        summary="Kano's categories: what delights, what is taken for granted, what nobody needs",
        formula="""
functional down, dysfunctional across (like, must-be, neutral, live-with, dislike):
  Q A A A O / R I I I M / R I I I M / R I I I M / R R R R Q
class = the most frequent, ties M > O > A > I > R > Q
better = (A+O)/(A+O+M+I), worse = -(O+M)/(A+O+M+I), Wilson intervals
is_significant (Fong): a - b >= 1.65 sqrt((a+b)(2n-a-b)/(2n)), a and b the two most frequent; p_value: sign test of a, b
category_strength = (a-b)/n, total_strength = (A+O+M)/n; is_mixed: category_strength < .06
""",
        source="N. Kano et al., Hinshitsu 14(2), 1984; C. Berger et al., Center for Quality Management Journal 2(4), 1993; "
        "D. Fong, same journal 5(3), 1996; M. C. Lee, J. F. Newcomb, Quality Management Journal 4(3), 1997.",
        arguments=_add_kano,
        run=kano,
    ),
    Measure(
        name="satisfaction.servqual",
        summary="SERVQUAL: how far the service perceived falls short of the service expected",
        formula="""
gap_j = mean(P_j - E_j) over those who answered both; a dimension's gap is the mean of its items' gaps.
Published dimensions of the 22 items: tangibles 1-4, reliability 5-9, responsiveness 10-13, assurance 14-17,
empathy 18-22. Intervals and p values: paired t test; delta method for dimensions and the mean.
""",
        source='A. Parasuraman, V. A. Zeithaml, L. L. Berry, "SERVQUAL: a multiple-item scale for measuring consumer '
        'perceptions of service quality", Journal of Retailing 64(1), 1988.',
        arguments=_add_servqual,
        run=servqual,
    ),
    Measure(
        name="satisfaction.importance-performance",
        summary="importance-performance map: what to improve, keep up, leave, or spend less on",
        formula="""
x = mean importance, y = mean satisfaction; lines at the means of the items' means unless --crosshairs says otherwise.
important and weak: concentrate here; important and strong: keep up the good work;
unimportant and weak: low priority; unimportant and strong: possible overkill. On a line counts as high.
is_settled: both distances to the lines are beyond chance.
""",
        source='J. A. Martilla, J. C. James, "Importance-performance analysis", Journal of Marketing 41(1), 1977.',
        arguments=_add_map,
        run=importance_performance,
    ),
)
