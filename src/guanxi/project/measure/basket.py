"""What is bought together, on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from guanxi.project.measure.arguments import a_count, a_share, add_column
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import lists_or_columns_of
from guanxi_methods.errors import MethodError, Note, TooFewError

TOP = 10


def _rules(parser: argparse.ArgumentParser) -> None:
    """Baskets and the two thresholds, which stay text: .001 is one in a thousand and nothing near it."""
    add_column(parser, "transaction", "what belongs together: an order, a visit, a customer", required=False)
    add_column(parser, "item", "what lies in it; a line each", required=False)
    parser.add_argument("--support", required=True, metavar="SHARE", help="least share of baskets with all items")
    parser.add_argument(
        "--confidence", required=True, metavar="SHARE", help="least share of those with the left that have the right"
    )
    parser.add_argument("--max-length", type=a_count, metavar="N", help="most items of a set")
    parser.add_argument("--top", type=a_count, default=TOP, metavar="N", help=f"so many rules are shown ({TOP})")
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the intervals (.95)")


def rules(args: argparse.Namespace) -> dict[str, Any]:
    """Frequent itemsets and the rules within them."""
    from guanxi_methods.basket import AssociationRules  # scipy takes long to load

    method = AssociationRules(args.support, args.confidence, max_length=args.max_length, level=args.level)
    found = lists_or_columns_of(args.file)
    warnings: list[Note] = []
    if isinstance(found, list):
        if args.transaction or args.item:
            raise MethodError("the file has a list on every line: leave --transaction and --item out")
        method.fit_baskets(found)
    else:
        if not args.transaction or not args.item:
            raise MethodError("name the columns by --transaction and --item, or give a file with a JSON list a line")
        codes, _names = found.codes(args.transaction)
        items = found.words(args.item)
        is_used = (codes >= 0) & (items != "")
        if not is_used.any():
            raise TooFewError("no row has both a transaction and an item")
        if not is_used.all():
            missing = int((~is_used).sum())
            warnings.append(Note("{count} rows without a transaction or an item are left out", count=missing))
        method.fit(codes[is_used], items[is_used])
    return {
        "itemsets": method.n_itemsets_,
        "rules": method.n_rules_,
        "top": _first(method, args.top),
        "baskets": method.n_baskets_,
        "items": method.n_items_,
        "density": method.density_,
        "itemsets_by_length": method.itemsets_by_length_,
        "redundant": int(method.is_redundant_.sum()),
        "warnings": [*warnings, *method.notes_],
    }


def _first(method: Any, most: int) -> list[dict[str, Any]]:
    """The rules of highest lift, with their measures."""
    columns = {
        "if": method.antecedents_,
        "then": [right for (right,) in method.consequents_],
        "support": method.support_,
        "confidence": method.confidence_,
        "lift": method.lift_,
        "count": method.counts_,
        "confidence_interval": method.confidence_interval_,
        "lift_interval": method.lift_interval_,
        "leverage": method.leverage_,
        "conviction": method.conviction_,
        "p_value": method.p_values_,
        "adjusted_p_value": method.adjusted_p_values_,
        "redundant": method.is_redundant_,
    }
    return [
        {name: list(column[row]) if name == "if" else column[row] for name, column in columns.items()}
        for row in range(min(most, method.n_rules_))
    ]


MEASURES = (
    Measure(
        name="basket.rules",
        summary="what lies in a basket when something else does: frequent itemsets and association rules",
        formula="""
n baskets, n(X) of them with all items of X
X is frequent if n(X) / n >= support;  X -> y is a rule if X with y is frequent and n(Xy) / n(X) >= confidence
lift = n n(Xy) / (n(X) n(y)),  leverage = n(Xy) / n - n(X) n(y) / n^2
conviction = (1 - n(y) / n) / (1 - n(Xy) / n(X)), none for a rule that never fails
Whole numbers are compared, the thresholds read as the fractions they are written as. X is never empty.
Order: lift, highest first; then support, highest first; then fewer items on the left; then the alphabet.
Redundant: a rule with the same right side and fewer items on the left is at least as confident.
p: Fisher's exact test, adjusted by Holm for all rules within the frequent sets.
""",
        source="R. Agrawal, T. Imielinski & A. Swami, SIGMOD 1993; S. Brin et al., SIGMOD 1997 (lift, conviction); "
        "R. Bayardo, R. Agrawal & D. Gunopulos, Data Mining and Knowledge Discovery 4, 2000; G. I. Webb, Machine "
        "Learning 68, 2007.",
        arguments=_rules,
        run=rules,
    ),
)
