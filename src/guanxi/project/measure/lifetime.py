"""Lifetime of customers on the command line: BG/NBD and its kin, Gamma-Gamma, retention under contract."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import numpy as np

from guanxi.project.measure.arguments import a_count, a_day, add_column
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import MethodError, Note, TooFewError

if TYPE_CHECKING:
    from guanxi_methods.value.lifetime import BuyingHistory
    from guanxi_methods.value.lifetime.transactions import Unit


def _log_arguments(parser: argparse.ArgumentParser, *, is_priced: bool) -> None:
    """A log of purchases."""
    add_column(parser, "customer", "a log: who bought; rows without a customer are left out", required=False)
    add_column(parser, "date", "a log: when; rows of one customer on one day are one transaction", required=False)
    why = "a log: what was paid" if is_priced else "a log: what was paid; rows with a negative amount are no purchases"
    add_column(parser, "amount", why, required=False)
    parser.add_argument(
        "--calibration-end",
        type=a_day,
        metavar="DATE",
        help="a log: the last day to learn from (default: the last of the file); what follows is the hold-out",
    )


def _buying(parser: argparse.ArgumentParser) -> None:
    """A log, or a summary of x, t_x and T."""
    _log_arguments(parser, is_priced=False)
    parser.add_argument(
        "--unit", choices=("day", "week"), default="week", help="a log: what time is counted in (default: week)"
    )
    add_column(parser, "x", "a summary: repeat purchases", required=False)
    add_column(parser, "tx", "a summary: time from the first purchase to the last; 0 where x is", required=False)
    add_column(parser, "t", "a summary: time from the first purchase to the end of observation", required=False)
    add_column(parser, "count", "a summary: how many customers a row stands for", required=False)


def _occasions(parser: argparse.ArgumentParser) -> None:
    """A summary of x, t_x and n."""
    add_column(parser, "x", "purchases at the occasions observed")
    add_column(parser, "tx", "number of the occasion of the last purchase; 0 where x is")
    add_column(parser, "n", "occasions observed")
    add_column(parser, "count", "how many customers a row stands for", required=False)


def _spending(parser: argparse.ArgumentParser) -> None:
    """A summary of x and mean values, or a log."""
    add_column(parser, "x", "a summary: repeat purchases; rows with 0 are passed over", required=False)
    add_column(parser, "mean-value", "a summary: mean value of those purchases", required=False)
    _log_arguments(parser, is_priced=True)


def _renewals(parser: argparse.ArgumentParser) -> None:
    """Renewals row by row, or the survivors of one cohort."""
    add_column(
        parser, "survivors", "customers at the start and after each renewal, in the order of the rows", required=False
    )
    add_column(
        parser,
        "renewal",
        "instead: which renewal it was, 1 for the first (several cohorts may stand together)",
        required=False,
    )
    add_column(parser, "due", "with --renewal: customers whose contract ended", required=False)
    add_column(parser, "renewed", "with --renewal: those of them who stayed", required=False)
    parser.add_argument(
        "--periods", type=a_count, metavar="N", help="renewals to project (default: five more than were seen)"
    )


def _history(args: argparse.Namespace, *, unit: Unit, is_priced: bool) -> tuple[BuyingHistory, list[Note]]:
    """The customers of a log, and what to say of rows that were left out."""
    from guanxi_methods.value.lifetime import buying_history  # needed only here

    columns = columns_of(args.file)
    codes, _names = columns.codes(args.customer)
    is_known = codes >= 0
    if not is_known.any():
        raise TooFewError("no row has a customer in the column {name!r}", name=columns.resolve(args.customer))
    notes = []
    missing = int((~is_known).sum())
    if missing:
        notes.append(Note("{count} rows without a customer are left out", count=missing))
    days = columns.days(args.date)
    amounts = columns.numbers(args.amount)[is_known] if args.amount else None
    if is_priced and amounts is None:
        raise MethodError("give --amount too: what was paid is what is to be learned")
    history = buying_history(
        codes[is_known],
        days[is_known],
        amounts,
        unit=unit,
        calibration_end=args.calibration_end,
    )
    last = days[is_known].max()
    if args.calibration_end is not None and args.calibration_end > last:
        notes.append(
            Note(
                "the calibration ends on {end}, but the file on {last}: the days between count as silence",
                end=str(args.calibration_end),
                last=str(last),
            )
        )
    return history, [*notes, *history.notes]


def _is_log(args: argparse.Namespace, summary: tuple[str, ...]) -> bool:
    """Whether a log was given, once it is clear that it is either that or a summary."""
    has_log, has_summary = (
        [getattr(args, name) is not None for name in names] for names in (("customer", "date"), summary)
    )
    if all(has_log) and not any(has_summary):
        return True
    if all(has_summary) and not any(has_log):
        return False
    raise MethodError(
        "give either a log (--customer and --date) or a summary ({summary}), not both and not half of one",
        summary=", ".join(f"--{name.replace('_', '-')}" for name in summary),
    )


def _fitted(model: Any, notes: list[Note]) -> dict[str, Any]:
    """What every model says of itself."""
    return {
        "params": model.params_,
        "log_likelihood": model.log_likelihood_,
        "standard_errors": model.standard_errors_,
        "intervals": model.intervals_,
        "at_edge": list(model.at_edge_),
        "warnings": [*notes, *model.notes_],
    }


def _buy(args: argparse.Namespace, model: Any) -> dict[str, Any]:
    """A model in continuous time."""
    holdout: dict[str, Any] = {"actual": None, "expected": None, "interval": None}
    if _is_log(args, ("x", "tx", "t")):
        if args.count:
            raise MethodError("--count belongs to a summary: in a log every row is one")
        history, notes = _history(args, unit=args.unit, is_priced=False)
        lines: tuple[Any, ...] = (history.x, history.t_x, history.T)
        model.fit(*lines)
        weights = np.ones(history.x.size)
        if history.holdout_t:
            found = model.holdout(history.holdout_x, history.holdout_t, *lines)
            holdout = {
                "actual": int(found.actual),
                "expected": found.expected,
                "interval": None if np.isnan(found.low) else [found.low, found.high],
                "time": history.holdout_t,
            }
    else:
        columns, notes = columns_of(args.file), []
        lines = (columns.numbers(args.x), columns.numbers(args.tx), columns.numbers(args.t))
        weights = columns.numbers(args.count) if args.count else np.ones(len(columns))
        model.fit(*lines, weights)
    return {
        **_fitted(model, notes),
        "customers": int(model.n_customers_) if model.n_customers_.is_integer() else model.n_customers_,
        "alive": float(weights @ model.p_alive(*lines)),
        "holdout": holdout,
    }


def bgnbd(args: argparse.Namespace) -> dict[str, Any]:
    """BG/NBD."""
    from guanxi_methods.value.lifetime import BGNBD  # needed only here

    return _buy(args, BGNBD())


def mbgnbd(args: argparse.Namespace) -> dict[str, Any]:
    """MBG/NBD."""
    from guanxi_methods.value.lifetime import MBGNBD  # as above

    return _buy(args, MBGNBD())


def paretonbd(args: argparse.Namespace) -> dict[str, Any]:
    """Pareto/NBD."""
    from guanxi_methods.value.lifetime import ParetoNBD  # as above

    return _buy(args, ParetoNBD())


def bgbb(args: argparse.Namespace) -> dict[str, Any]:
    """BG/BB."""
    from guanxi_methods.value.lifetime import BGBB  # as above

    columns = columns_of(args.file)
    count = columns.numbers(args.count) if args.count else None
    model = BGBB().fit(columns.numbers(args.x), columns.numbers(args.tx), columns.numbers(args.n), count)
    return {**_fitted(model, []), "customers": int(model.n_customers_)}


def gammagamma(args: argparse.Namespace) -> dict[str, Any]:
    """Gamma-Gamma."""
    from guanxi_methods.value.lifetime import GammaGamma  # as above

    if _is_log(args, ("x", "mean_value")):
        history, notes = _history(args, unit="day", is_priced=True)
        x, value = history.x.astype(float), history.mean_value
    else:
        columns, notes = columns_of(args.file), []
        x, value = columns.numbers(args.x), columns.numbers(args.mean_value, missing="keep")
    model = GammaGamma().fit(x, value)
    buys = (x > 0) & (value > 0)
    varies = buys.sum() > 2 and np.ptp(x[buys]) > 0
    correlation = float(np.corrcoef(x[buys], value[buys])[0, 1]) if varies else None
    return {
        **_fitted(model, notes),
        "customers": int(model.n_customers_),
        "population_mean": model.population_mean(),
        "correlation": correlation,
    }


def sbg(args: argparse.Namespace) -> dict[str, Any]:
    """Shifted-beta-geometric retention."""
    from guanxi_methods.value.lifetime import ShiftedBetaGeometric, renewals_of  # as above

    columns = columns_of(args.file)
    names = (args.renewal, args.due, args.renewed)
    if args.survivors and not any(names):
        rows: Any = renewals_of(columns.numbers(args.survivors))
    elif all(names) and not args.survivors:
        rows = dict(zip(("renewal", "due", "renewed"), (columns.numbers(name) for name in names), strict=True))
    else:
        raise MethodError("give either --survivors, or --renewal with --due and --renewed")
    model = ShiftedBetaGeometric().fit(**rows)
    times = np.arange(1, (args.periods or model.n_renewals_ + 5) + 1)
    bounds = model.survival_interval(times)
    return {
        **_fitted(model, []),
        "projection": [
            {"renewal": int(t), "retention": rate, "survival": share, "low": low, "high": high}
            for t, rate, share, low, high in zip(
                times, model.retention(times).tolist(), model.survival(times).tolist(), *bounds, strict=True
            )
        ],
    }


HISTORY = """
x = repeat purchases up to the end of observation, t_x = time from the first purchase to the last, T = to the end.
From a log: a transaction is a customer's day; customers are those whose first is on or before --calibration-end;
times in units (days / 7 for weeks), not rounded. A row with a negative amount is no purchase, one worth 0 is; a day on which all that was bought was given back is none.
holdout: transactions of those customers after --calibration-end up to the file's last day, actual and expected.
"""

MEASURES = (
    Measure(
        name="value.bgnbd",
        summary="BG/NBD: how often customers will buy and who is still there, leaving only after a purchase",
        formula="""
L = G(r+x) alpha^r / G(r) * [ B(a, b+x) / B(a, b) (alpha+T)^-(r+x) + (x > 0) B(a+1, b+x-1) / B(a, b) (alpha+t_x)^-(r+x) ]
"""
        + HISTORY.lstrip("\n"),
        source='P. S. Fader, B. G. S. Hardie and K. L. Lee, "Counting your customers the easy way: an alternative to the '
        'Pareto/NBD model", Marketing Science 24, 2005; conditional expectation eq. 10.',
        arguments=_buying,
        run=bgnbd,
    ),
    Measure(
        name="value.mbgnbd",
        summary="MBG/NBD: as BG/NBD, but a customer may leave right after the first purchase too",
        formula="""
L = G(r+x) alpha^r / G(r) * [ B(a, b+x+1) / B(a, b) (alpha+T)^-(r+x) + B(a+1, b+x) / B(a, b) (alpha+t_x)^-(r+x) ]
"""
        + HISTORY.lstrip("\n"),
        source='E. P. Batislam, M. Denizel and A. Filiztekin, "Empirical validation and comparison of models for customer '
        'base analysis", International Journal of Research in Marketing 24, 2007.',
        arguments=_buying,
        run=mbgnbd,
    ),
    Measure(
        name="value.paretonbd",
        summary="Pareto/NBD: how often customers will buy and who is still there, leaving at any moment",
        formula="""
L = G(r+x) alpha^r beta^s / G(r) * [ (alpha+T)^-(r+x) (beta+T)^-s
    + s * integral from t_x to T of (alpha+u)^-(r+x) (beta+u)^-(s+1) du ]
"""
        + HISTORY.lstrip("\n"),
        source='D. C. Schmittlein, D. G. Morrison and R. Colombo, "Counting your customers: who are they and what will '
        'they do next?", Management Science 33, 1987; P. S. Fader and B. G. S. Hardie, "A note on deriving the '
        'Pareto/NBD model and related expressions", 2005.',
        arguments=_buying,
        run=paretonbd,
    ),
    Measure(
        name="value.bgbb",
        summary="BG/BB: customers who may buy at given occasions (a year, a campaign) until they silently leave",
        formula="""
L = B(alpha+x, beta+n-x) / B(alpha, beta) * B(gamma, delta+n) / B(gamma, delta)
    + sum over i = 0 .. n-t_x-1 of B(alpha+x, beta+t_x-x+i) / B(alpha, beta) * B(gamma+1, delta+t_x+i) / B(gamma, delta)
""",
        source='P. S. Fader, B. G. S. Hardie and J. Shang, "Customer-base analysis in a discrete-time noncontractual '
        'setting", Marketing Science 29, 2010.',
        arguments=_occasions,
        run=bgbb,
    ),
    Measure(
        name="value.gammagamma",
        summary="Gamma-Gamma: what a customer's purchases are worth, drawn towards what all customers spend",
        formula="""
f(z | x) = G(p x + q) / (G(p x) G(q)) * v^q z^(p x - 1) x^(p x) / (v + x z)^(p x + q),   z = mean of x repeat purchases
E(M | x, z) = p (v + x z) / (p x + q - 1)
correlation: of x and z, which the model takes for 0.
""",
        source='P. S. Fader and B. G. S. Hardie, "The Gamma-Gamma model of monetary value", 2013, eq. 1a and 5.',
        arguments=_spending,
        run=gammagamma,
    ),
    Measure(
        name="value.sbg",
        summary="shifted-beta-geometric retention: how many of those under contract will renew, again and again",
        formula="""
retention at renewal t: r(t) = (beta + t - 1) / (alpha + beta + t - 1); survival S(t) = r(1) r(2) ... r(t)
ln L = sum over t of renewed(t) ln r(t) + (due(t) - renewed(t)) ln (1 - r(t))
""",
        source='P. S. Fader and B. G. S. Hardie, "How to project customer retention", Journal of Interactive Marketing '
        "21, 2007, eq. B3.",
        arguments=_renewals,
        run=sbg,
    ),
)
