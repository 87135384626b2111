"""Watching over a churn model, and the kinds of loss, on the command line."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from guanxi.core.errors import InvalidInput
from guanxi.project.measure.arguments import a_count, a_day, a_number, add_column, add_columns
from guanxi.project.measure.churn import add_outcome, model_options
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi.project.measure.paths import model_in
from guanxi_methods.errors import MethodError

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns


def _backtest(parser: argparse.ArgumentParser) -> None:
    """The warning at earlier dates."""
    add_outcome(parser)
    add_column(parser, "period", "when each row was taken: 1, 2, 3, or 2025-01, or a date (see --by)")
    parser.add_argument("--by", choices=("value", "month", "quarter", "year"), default="value", help="what a period is")
    parser.add_argument("--origins", type=a_count, default=6, metavar="N", help="test the latest N periods (6)")
    parser.add_argument("--gap", type=int, default=0, metavar="N", help="periods until an outcome is known (0)")


def _drift(parser: argparse.ArgumentParser) -> None:
    """Customers now against those of a reference."""
    add_column(parser, "by", "the column that tells the reference from now")
    parser.add_argument("--since", metavar="VALUE", help="rows of --by from this value or date on are now")
    parser.add_argument("--current", metavar="VALUE", help="rows of --by with this value are now")
    add_columns(parser, "columns", "what is compared; every other column unless given", required=False)
    parser.add_argument("--bins", type=a_count, default=10, metavar="N", help="cells of a number (10)")


def _kinds(parser: argparse.ArgumentParser) -> None:
    """Lost customers with the signs of why."""
    add_column(parser, "worth", "what each lost customer was worth", required=False)
    add_column(parser, "customer", "lists every customer with kind and evidence", required=False)
    add_column(parser, "reason", "the stated reason, if the column is not called reason", required=False)
    parser.add_argument("--rules", type=Path, metavar="FILE.yml", help="a table of rules in place of the product's own")
    parser.add_argument(
        "--rest",
        choices=("undetermined", "fault"),
        default="undetermined",
        help="what a loss without any sign is called",
    )


def backtest(args: argparse.Namespace) -> dict[str, Any]:
    """What the warning would have been worth at earlier dates."""
    from guanxi_methods.churn import RollingBackTest  # scipy takes long to load

    columns = columns_of(args.file)
    target, period = columns.resolve(args.target), columns.resolve(args.period)
    frame = columns.frame([name for name in columns.names if name not in (target, period)])
    options = model_options(args, columns, {target, period})
    fitted = RollingBackTest(origins=args.origins, gap=args.gap, **options).fit(
        frame, columns.words(target), _periods(columns, period, args.by), target_value=args.target_value
    )
    return {
        "origins": [
            {
                "period": one.period,
                "trained_on": one.trained_on,
                "customers": one.customers,
                "events": one.events,
                "base_rate": one.base_rate,
                "mean_stated": one.mean_stated,
                "auc": one.auc.value,
                "auc_interval": list(one.auc.interval),
                "lift_top_decile": one.lift_top_decile,
                "calibration_error": one.calibration.error,
                "brier": one.calibration.brier,
                "refused_columns": list(one.refused),
            }
            for one in fitted.origins_
        ],
        "auc": fitted.auc_.value,
        "auc_interval": list(fitted.auc_.interval),
        "auc_spread": fitted.auc_spread_,
        "lift_top_decile": fitted.lift_top_decile_,
        "calibration_error": fitted.calibration_.error,
        "brier": fitted.calibration_.brier,
        "warnings": list(fitted.notes_),
    }


def drift(args: argparse.Namespace) -> dict[str, Any]:
    """Whether customers are still those of the reference."""
    from guanxi_methods.churn import Drift  # scipy takes long to load

    columns = columns_of(args.file)
    by = columns.resolve(args.by)
    is_now = _is_now(columns, by, args)
    if not is_now.any():
        raise MethodError("no row of {name!r} comes from {value!r} on", name=by, value=args.since)
    if is_now.all():
        raise MethodError(
            "all rows of {name!r} come from {value!r} on: there is no reference", name=by, value=args.since
        )
    taken = columns.select(args.columns) if args.columns else [name for name in columns.names if name != by]
    frame = columns.frame(taken)
    before, now = (dict(zip(frame.names, (c[rows] for c in frame.columns), strict=True)) for rows in (~is_now, is_now))
    fitted = Drift(bins=args.bins).fit(before, now)
    return {
        "columns": [asdict(one) for one in fitted.columns_],
        "moved": list(fitted.moved_),
        "reference": fitted.n_reference_,
        "current": fitted.n_current_,
        "warnings": list(fitted.notes_),
    }


def kinds(args: argparse.Namespace) -> dict[str, Any]:
    """Of which kind each loss was."""
    from guanxi_methods.churn import ChurnKinds  # scipy takes long to load

    columns = columns_of(args.file)
    frame = columns.frame(columns.names)
    table = dict(zip(frame.names, frame.columns, strict=True))
    if args.reason:
        table["reason"] = columns.words(args.reason)
    worth = columns.numbers(args.worth) if args.worth else None
    fitted = ChurnKinds(_rules(args.rules) if args.rules else None, rest=args.rest).fit(table, worth)
    told: dict[str, Any] = {
        "kinds": [asdict(one) for one in fitted.shares_],
        "customers": len(fitted.kinds_),
        "rules": [rule.told() for rule in fitted.rules_],
        "warnings": list(fitted.notes_),
    }
    if args.customer:
        told["each"] = [
            {
                "customer": name,
                "kind": str(fitted.kinds_[row]),
                "certainty": fitted.certainty_[row],
                "evidence": fitted.evidence(row),
            }
            for row, name in enumerate(columns.words(args.customer).tolist())
        ]
    return told


def _rules(path: Path) -> list[Any]:
    """The rules of a file: a list of mappings with kind, column, at_least, at_most, says, points."""
    from guanxi_methods.churn import Rule

    try:
        found = model_in(path, has_numbers=True)
    except InvalidInput as error:
        raise MethodError("the rules {path} cannot be read: {reason}", path=str(path), reason=str(error)) from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise MethodError("the rules {path} must be a list, each with kind, column and a test", path=str(path))
    made = []
    for number, one in enumerate(found, 1):
        says = one.get("says", ())
        words = (says,) if isinstance(says, str) else tuple(str(word) for word in says)
        try:
            made.append(Rule(**{**one, "says": words}))
        except TypeError:
            raise MethodError(
                "rule {number} has {keys}; it takes kind, column, at_least, at_most, says, points",
                number=number,
                keys=", ".join(map(str, one)),
            ) from None
    return made


def _periods(columns: Columns, name: str, by: str) -> Any:
    """The period of each row, as a name that sorts by time."""
    if by == "value":
        return columns.words(name)
    days = columns.days(name)
    if by == "quarter":
        months = days.astype("datetime64[M]").astype(int)
        return np.array([f"{1970 + month // 12}-Q{month % 12 // 3 + 1}" for month in months.tolist()], dtype=object)
    return days.astype("datetime64[M]" if by == "month" else "datetime64[Y]").astype(str).astype(object)


def _is_now(columns: Columns, name: str, args: argparse.Namespace) -> Any:
    """Which rows are now."""
    if (args.since is None) == (args.current is None):
        raise MethodError("say which rows are now: either --since or --current")
    if args.current is not None:
        is_current = columns.words(name) == args.current
        if not is_current.any():
            raise MethodError("no row has {value!r} in the column {name!r}", value=args.current, name=name)
        if is_current.all():
            raise MethodError(
                "all rows have {value!r} in the column {name!r}: there is no reference", value=args.current, name=name
            )
        return is_current
    try:
        return columns.days(name) >= a_day(args.since)
    except (MethodError, InvalidInput, argparse.ArgumentTypeError):
        return columns.numbers(name) >= _number_of(args.since)


def _number_of(text: str) -> float:
    """A number from which rows are now."""
    try:
        return a_number(text)
    except argparse.ArgumentTypeError as error:
        raise MethodError("--since: {reason}", reason=str(error)) from None


MEASURES = (
    Measure(
        name="churn.backtest",
        summary="what the warning would have been worth at earlier dates, period by period",
        formula="""
For each of the last periods p a new model learns from the rows of periods before p - gap and is measured on p:
AUC, lift, calibration error and Brier score by period, and over all of them together.
""",
        source="L. J. Tashman, International Journal of Forecasting 16, 2000 (rolling origins); the model is churn.warn's.",
        arguments=_backtest,
        run=backtest,
    ),
    Measure(
        name="churn.drift",
        summary="whether customers are still those a model learned from, column by column",
        formula="""
PSI = sum over cells of (a - e) ln(a / e), a and e the shares now and in the reference (ten cells of equal count, words,
what is missing); under .10 stable, from .25 large. Kolmogorov-Smirnov for numbers, chi-square for words, p by Holm.
""",
        source="E. M. Lewis, An Introduction to Credit Scoring, 1994; B. Yurdakul and J. Naranjo, Journal of Risk Model "
        "Validation 14, 2020; S. Holm 1979.",
        arguments=_drift,
        run=drift,
    ),
    Measure(
        name="churn.kinds",
        summary="of which kind each loss was: natural, malicious, competitive, fault, with the evidence",
        formula="""
Every sign that a rule finds gives points to its kind; the kind with most points wins, in a tie the one with the strongest
single sign; without any sign the loss is undetermined.
""",
        source="The four kinds are taught in Chinese textbooks of customer relations; the rules are Guanxi's own definition.",
        arguments=_kinds,
        run=kinds,
    ),
)
