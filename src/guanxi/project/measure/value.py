"""Customer value at first sight on the command line: ABC, pyramid, RFM."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import numpy as np

from guanxi.project.measure.arguments import a_day, add_column
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import Note, TooFewError

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns


def _spending(parser: argparse.ArgumentParser) -> None:
    """Who paid how much."""
    add_column(parser, "customer", "who bought; rows without a customer are left out")
    add_column(parser, "amount", "what was paid; returns are negative")


def _purchases(parser: argparse.ArgumentParser) -> None:
    """Who paid how much, and when."""
    add_column(parser, "customer", "who bought; rows without a customer are left out")
    add_column(parser, "date", "when")
    add_column(parser, "amount", "what was paid; returns are negative")
    parser.add_argument(
        "--at",
        type=a_day,
        required=True,
        metavar="DATE",
        help="the day recency is counted to; later rows are left out",
    )
    add_column(
        parser,
        "transaction",
        "rows with the same value are one purchase; without it rows of one customer at one time of day are, "
        "and where dates have no time every row is one",
        required=False,
    )


def abc(args: argparse.Namespace) -> dict[str, Any]:
    """ABC classes."""
    from guanxi_methods.value import ABCAnalysis  # numpy alone, but other measures need it not

    return _classes(args, ABCAnalysis())


def pyramid(args: argparse.Namespace) -> dict[str, Any]:
    """The tiers of the pyramid."""
    from guanxi_methods.value import CustomerPyramid  # as above

    return _classes(args, CustomerPyramid())


def _classes(args: argparse.Namespace, method: Any) -> dict[str, Any]:
    """The classes of a ranking with what they bring."""
    from guanxi_methods.value import total_by_customer  # as above

    columns = columns_of(args.file)
    customers, is_known, warnings = _known(columns, args.customer)
    amounts, parts = columns.amounts(args.amount)
    ids, totals = total_by_customer(customers[is_known], amounts[is_known])
    fitted = method.fit(totals, ids=np.arange(ids.size))
    whole = fitted.totals_
    amount = sum(whole) / parts
    return {
        "classes": [
            {
                "class": name,
                "customers": int(count),
                "amount": total / parts,
                "share": total / parts / amount + 0.0 if amount else None,  # never -0.0
            }
            for name, count, total in zip(fitted.names, fitted.counts_, whole, strict=True)
        ],
        "customers": int(ids.size),
        "amount": amount,
        "warnings": warnings,
    }


def rfm(args: argparse.Namespace) -> dict[str, Any]:
    """Recency, frequency, monetary value."""
    from guanxi_methods.value import RFM, summarise_purchases  # as above

    columns = columns_of(args.file)
    customers, is_used, warnings = _known(columns, args.customer)
    amounts, parts = columns.amounts(args.amount)
    moments = columns.moments(args.date)
    is_later = moments.astype("datetime64[D]") > args.at
    if (is_later & is_used).any():
        count = int((is_later & is_used).sum())
        warnings.append(Note("{count} rows after {day} are left out", count=count, day=str(args.at)))
        is_used &= ~is_later
    if not is_used.any():
        raise TooFewError("no purchase of a known customer lies on {day} or before", day=str(args.at))
    transactions = None
    if args.transaction:
        transactions = columns.codes(args.transaction)[0][is_used]
    elif (moments != moments.astype("datetime64[D]")).any():
        transactions = moments[is_used]
    found = summarise_purchases(
        customers[is_used], moments[is_used].astype("datetime64[D]"), amounts[is_used], transactions=transactions
    )
    fitted = RFM().fit(found.last, found.frequency, found.monetary, as_of=args.at)
    names, counts = np.unique(fitted.segments_, return_counts=True)
    return {
        "customers": fitted.n_customers_,
        "recency_mean": fitted.means_["r"],
        "recency_median": float(np.median(fitted.recency_days_)),
        "frequency_mean": fitted.means_["f"],
        "monetary_mean": fitted.means_["m"] / parts,
        "monetary_median": np.median(found.monetary) / parts,
        "segments": dict(zip(names.tolist(), counts.tolist(), strict=True)),
        "warnings": warnings,
    }


def _known(columns: Columns, asked: str) -> tuple[Any, Any, list[Note]]:
    """The numbers of the customers, which rows have one, and what to say of those that have none."""
    codes, _ids = columns.codes(asked)
    is_known = codes >= 0
    if not is_known.any():
        raise TooFewError("no row has a customer in the column {name!r}", name=columns.resolve(asked))
    missing = int((~is_known).sum())
    return codes, is_known, [Note("{count} rows without a customer are left out", count=missing)] if missing else []


MEASURES = (
    Measure(
        name="value.abc",
        summary="ABC classes: how few customers bring most of the money",
        formula="""
Customers ranked by value v(1) >= v(2) >= ..., T = their sum.
Customer k is in A if the customers above it bring less than 80% of T, in B if less than 95%, else in C.
A customer worth nothing or less is always in C.
""",
        source='H. F. Dickie, "ABC inventory analysis shoots for dollars, not pennies", Factory Management and '
        "Maintenance 109(7), 1951.",
        arguments=_spending,
        run=abc,
    ),
    Measure(
        name="value.pyramid",
        summary="the customer pyramid: the top 1%, the next 4%, the next 15%, the rest, and what they bring",
        formula="""
Customers ranked by value; the first ceil(1% n) are vip, up to ceil(5% n) major, up to ceil(20% n) ordinary,
the rest small. A customer worth nothing or less is always small.
""",
        source="J. Curry with W. Wurtz and G. Thys, The Customer Marketing Method, Free Press 2000, ch. 2.",
        arguments=_spending,
        run=pyramid,
    ),
    Measure(
        name="value.rfm",
        summary="recency, frequency and monetary value, and the segments read off them",
        formula="""
R = days from the last purchase to --at, F = number of purchases, M = sum of amounts, returns taken off.
score(x) = 1 + floor(5 w(x) / n), w = how many of the n customers are strictly worse; segments by R and F scores.
""",
        source="A. M. Hughes, Strategic Database Marketing, Probus 1994; equal scores for equal values are Guanxi's own "
        "definition.",
        arguments=_purchases,
        run=rfm,
    ),
)
