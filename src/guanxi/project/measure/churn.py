"""Leaving on the command line: how long customers stay, who is about to leave, why they left."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from guanxi.core.errors import InvalidInput
from guanxi.project.measure.arguments import a_count, a_number, a_share, add_column, add_columns
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import MethodError

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns
    from guanxi_methods.churn import EarlyWarning, SurvivalCurve


def _stays(parser: argparse.ArgumentParser) -> None:
    """How long customers stayed and whether they left."""
    add_column(parser, "duration", "how long each customer stayed, or was last seen")
    add_column(parser, "event", "whether they left then: 1 or 0, or words (see --event-value)")
    parser.add_argument("--event-value", metavar="VALUE", help="which value of --event means that they left")


def _survival(parser: argparse.ArgumentParser) -> None:
    """The curve, by group if wanted."""
    _stays(parser)
    add_column(parser, "group", "curves by group, and the test whether they differ", required=False)
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the intervals (.95)")


def _hazard(parser: argparse.ArgumentParser) -> None:
    """The hazard by periods."""
    _stays(parser)
    add_columns(parser, "covariates", "what is known of each customer from the start", required=False)
    parser.add_argument(
        "--width", type=a_number, default=1.0, metavar="TIME", help="length of a period in the unit of --duration (1)"
    )
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the intervals (.95)")


def add_outcome(parser: argparse.ArgumentParser) -> None:
    """Which column is the outcome, and which others are used."""
    add_column(parser, "target", "the outcome: 1 or 0, or words (see --target-value)")
    parser.add_argument("--target-value", metavar="VALUE", help="which value of --target means that they left")
    add_columns(parser, "exclude", "columns that are not to be used", required=False)
    add_columns(parser, "known-before", "columns known before the outcome: never refused as leaks", required=False)
    parser.add_argument(
        "--model", choices=("choose", "logistic", "boosting"), default="choose", help="choose, logistic or boosting"
    )
    parser.add_argument("--random-state", type=int, default=0, metavar="N", help="another number, another hold-out (0)")


def _warn(parser: argparse.ArgumentParser) -> None:
    """The early warning."""
    add_outcome(parser)
    add_column(parser, "customer", "names the customers of --top", required=False)
    add_column(parser, "worth", "what each customer is worth: ranks --top by probability times worth", required=False)
    parser.add_argument(
        "--top", type=a_count, metavar="N", help="list the N customers with most at stake, with reasons"
    )


def survival(args: argparse.Namespace) -> dict[str, Any]:
    """The share still there after each time."""
    from guanxi_methods.churn import KaplanMeier  # scipy takes long to load

    columns = columns_of(args.file)
    group = columns.words(args.group) if args.group else None
    fitted = KaplanMeier(level=args.level).fit(*_stayed(columns, args), group)
    test = fitted.log_rank_
    return {
        **_curve(fitted.curve_),
        "customers": fitted.n_customers_,
        "events": fitted.n_events_,
        **({"groups": {name: _curve(curve) for name, curve in fitted.curves_.items()}} if args.group else {}),
        **({"log_rank": None if test is None else asdict(test)} if args.group else {}),
        "warnings": list(fitted.notes_),
    }


def hazard(args: argparse.Namespace) -> dict[str, Any]:
    """The chance of leaving in each period of those still there."""
    from guanxi_methods.churn import DiscreteTimeHazard  # scipy takes long to load

    columns = columns_of(args.file)
    if args.width <= 0:
        raise MethodError("width must be over 0, not {width!r}", width=args.width)
    lasted, left = _stayed(columns, args)
    covariates = columns.frame(columns.select(args.covariates)) if args.covariates else None
    fitted = DiscreteTimeHazard(level=args.level).fit(lasted / args.width, left, covariates)
    names = [_key(period) for period in fitted.periods_.tolist()]
    rows = zip(
        fitted.at_risk_, fitted.events_, fitted.hazard_, fitted.hazard_lower_, fitted.hazard_upper_, fitted.survival_,
        strict=True,
    )  # fmt: skip
    return {
        "hazard": dict(zip(names, fitted.hazard_, strict=True)),
        "survival": dict(zip(names, fitted.survival_, strict=True)),
        "periods": [
            {"period": int(name), "at_risk": n, "events": d, "hazard": h, "interval": [low, high], "survival": s}
            for name, (n, d, h, low, high, s) in zip(names, rows, strict=True)
        ],
        "coefficients": {name: asdict(one) for name, one in fitted.coefficients_.items()},
        "references": fitted.references_,
        "log_likelihood": fitted.log_likelihood_,
        "customers": fitted.n_customers_,
        "events": fitted.n_events_,
        "warnings": list(fitted.notes_),
    }


def warn(args: argparse.Namespace) -> dict[str, Any]:
    """Who is about to leave, measured on a hold-out."""
    from guanxi_methods.churn import EarlyWarning  # scipy takes long to load

    columns = columns_of(args.file)
    target = columns.resolve(args.target)
    aside = {target} | {columns.resolve(name) for name in (args.customer,) if name}
    frame = columns.frame([name for name in columns.names if name not in aside])
    model = EarlyWarning(**model_options(args, columns, aside)).fit(
        frame, columns.words(target), target_value=args.target_value
    )
    told = {**_figures(model), "warnings": list(model.notes_)}
    if args.top:
        worth = columns.numbers(args.worth) if args.worth else None
        names = columns.words(args.customer) if args.customer else None
        told["top"] = [
            {
                "customer": str(one.row + 1) if names is None else names[one.row],
                "probability": one.probability,
                "interval": list(one.interval),
                "worth": one.worth,
                "at_stake": one.at_stake,
                "reasons": [asdict(reason) for reason in one.reasons],
            }
            for one in model.warn(frame, worth=worth, most=args.top)
        ]
    return told


def model_options(args: argparse.Namespace, columns: Columns, aside: set[str]) -> dict[str, Any]:
    """The options of a model."""

    def chosen(asked: str | None) -> tuple[str, ...]:
        """The columns asked for, less those that are no predictors anyway."""
        return tuple(name for name in columns.select(asked) if name not in aside) if asked else ()

    return {
        "model": args.model,
        "exclude": chosen(args.exclude),
        "known_before": chosen(args.known_before),
        "random_state": args.random_state,
    }


def _figures(model: EarlyWarning) -> dict[str, Any]:
    """What a model is worth on its hold-out."""
    fit = model.calibration_
    return {
        "auc": model.auc_.value,
        "auc_interval": list(model.auc_.interval),
        "lift_top_decile": model.lift_top_decile_,
        "lift_top_decile_interval": list(model.lift_top_decile_interval_),
        "lift": [part.lift for part in model.lift_],
        "calibration_error": fit.error,
        "calibration_error_by_chance": fit.error_by_chance,
        "calibration": [asdict(one) for one in fit.bins],
        "brier": fit.brier,
        "brier_standard_error": fit.brier_error,
        "base_rate": model.base_rate_,
        "base_rate_interval": list(model.base_rate_interval_),
        "refused_columns": [asdict(one) for one in model.refused_columns_],
        "used_columns": list(model.used_columns_),
        "model": model.model_.name,
        "customers": model.n_customers_,
        "events": model.n_events_,
        "held_out": int(model.hold_out_.sum()),
    }


def _stayed(columns: Columns, args: argparse.Namespace) -> tuple[Any, Any]:
    """How long customers stayed, and whether they left."""
    lasted = columns.numbers(args.duration)
    name = columns.resolve(args.event)
    words = columns.words(name)
    found = sorted(set(words.tolist()))
    if "" in found:
        raise MethodError(
            "{name} holds a missing value, first in row {row}", name=name, row=int(np.argmax(words == "")) + 1
        )
    if args.event_value is not None:
        if args.event_value not in found:
            raise MethodError(
                "no row of {name} holds {value!r}; there are: {found}",
                name=name,
                value=args.event_value,
                found=", ".join(found[:8]),
            )
        return lasted, words == args.event_value
    try:
        return lasted, columns.numbers(name)
    except (MethodError, InvalidInput):
        raise MethodError(
            "say which value of {name} means that they left (--event-value); there are: {found}",
            name=name,
            found=", ".join(found[:8]),
        ) from None


def _curve(curve: SurvivalCurve) -> dict[str, Any]:
    """One curve by its times."""
    names = [_key(time) for time in curve.times.tolist()]
    return {
        "survival": dict(zip(names, curve.survival, strict=True)),
        "standard_error": dict(zip(names, curve.standard_error, strict=True)),
        "interval": {name: [low, high] for name, low, high in zip(names, curve.lower, curve.upper, strict=True)},
        "at_risk": dict(zip(names, curve.at_risk, strict=True)),
        "median": curve.median,
        "median_interval": list(curve.median_interval),
    }


def _key(time: float) -> str:
    """A time as a key: whole numbers without decimals."""
    return str(int(time)) if float(time).is_integer() else str(time)


MEASURES = (
    Measure(
        name="churn.survival",
        summary="how long customers stay: the share still there after each time, by group if wanted",
        formula="""
S(t) = product over times ti <= t of (1 - di / ni), di leaving among ni at risk (Kaplan-Meier)
SE = S sqrt(sum of di / (ni (ni - di)))  (Greenwood);  interval S ^ exp(+- z SE / (S log S))  (log-log)
median = earliest time with S <= 1/2;  groups by the log-rank test
""",
        source="E. L. Kaplan and P. Meier, JASA 53, 1958; N. Mantel, Cancer Chemotherapy Reports 50, 1966; R. Brookmeyer "
        "and J. Crowley, Biometrics 38, 1982.",
        arguments=_survival,
        run=survival,
    ),
    Measure(
        name="churn.hazard",
        summary="the chance of leaving in each period of those still there, and what raises or lowers it",
        formula="""
h(t | x) = 1 / (1 + exp(-(alpha_t + x' beta))),  S(t | x) = product of (1 - h)
by maximum likelihood over customer-periods; without covariates h(t) = d / n, the life table.
Words stand against the most frequent one.
""",
        source="D. R. Cox, JRSS B 34, 1972, section 4; J. D. Singer and J. B. Willett, Applied Longitudinal Data Analysis, "
        "2003, chapters 10 to 12.",
        arguments=_hazard,
        run=hazard,
    ),
    Measure(
        name="churn.warn",
        summary="who is about to leave: calibrated probabilities, measured on a hold-out, leaks refused",
        formula="""
P = 1 / (1 + exp(-(a + b f(x)))), f a ridge logistic regression or boosted trees, chosen and calibrated out of fold.
AUC with DeLong's interval; lift = rate in the top tenth / rate of all; calibration error = sum over tenths of
n/N |mean stated - share that left|. Leaks: a column whose removal lowers the hold-out AUC by more than .10 is refused,
also when other columns that tell the same hide it; --known-before overrides. The hold-out is drawn from what stands in
the rows: their order does not matter.
""",
        source="J. Platt 1999 (calibration); E. R. DeLong et al., Biometrics 44, 1988; S. Kaufman et al., ACM TKDD 6(4), 2012 "
        "(what a leak is; the search is Guanxi's own definition).",
        arguments=_warn,
        run=warn,
    ),
)
