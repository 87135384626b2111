"""Plans on the command line: whom to contact by which channel, and what to offer to whom."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from guanxi.project.measure.arguments import a_count, a_number, add_column, add_columns, numbers
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import MethodError

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns

NO_LIMIT = ("any", "none", "-", "")


def limits(text: str) -> list[float | None]:
    """A limit for each, in order: `100,any,250`."""
    return [None if word.strip().lower() in NO_LIMIT else a_number(word) for word in text.split(",")]


def _within(parser: argparse.ArgumentParser) -> None:
    """Costs and limits, which both plans have."""
    parser.add_argument("--cost", type=numbers, metavar="C1,C2", help="of each, in the order of the columns (0)")
    add_columns(parser, "cost-columns", "costs of each customer, where they differ", required=False)
    parser.add_argument("--budget", type=a_number, help="that all together must not cost more than")
    parser.add_argument("--capacity", type=limits, metavar="N1,N2", help="most of each; “any” for no limit")
    parser.add_argument("--minimum", type=limits, metavar="N1,N2", help="fewest of each; “any” for none")
    add_column(parser, "customer", "names the customers of the plan", required=False)
    add_column(parser, "limit", "most for each customer; 0 for who must be left alone", required=False)
    add_columns(parser, "allowed", "columns of 0 and 1: whether it is allowed", required=False)
    parser.add_argument("--plan", action="store_true", help="tell the plan of every customer, not the sums alone")
    parser.add_argument("--seconds", type=a_number, default=10.0, help="for the best plan of few customers (10)")


def _contacts(parser: argparse.ArgumentParser) -> None:
    """What a contact by each channel brings."""
    add_columns(parser, "value", "columns, one for each channel: what a contact is expected to bring")
    _within(parser)
    parser.add_argument("--max-contacts", type=a_count, default=1, metavar="N", help="most for one customer (1)")


def _offers(parser: argparse.ArgumentParser) -> None:
    """How likely each offer is taken."""
    add_columns(parser, "probability", "columns, one for each offer: that it is taken because it is made")
    parser.add_argument("--margin", type=numbers, metavar="M1,M2", help="what each brings then (1)")
    parser.add_argument("--groups", metavar="G1,G2", help="offers of the same group exclude each other")
    _within(parser)
    parser.add_argument("--max-offers", type=a_count, default=1, metavar="N", help="most for one customer (1)")


def contacts(args: argparse.Namespace) -> dict[str, Any]:
    """Whom to contact by which channel."""
    from guanxi_methods.optimisation import ContactPlan  # scipy takes long to load

    columns = columns_of(args.file)
    names = columns.select(args.value)
    method = ContactPlan(
        budget=args.budget, capacity=args.capacity, minimum=args.minimum, max_contacts=args.max_contacts,
        time_limit=args.seconds,
    )  # fmt: skip
    method.fit(_table(columns, names), **_words(columns, args, names))
    return _told(columns, args, method, "channel")


def offers(args: argparse.Namespace) -> dict[str, Any]:
    """What to offer to whom."""
    from guanxi_methods.optimisation import NextBestOffer  # as above
    from guanxi_methods.optimisation.plans import check_probabilities

    columns = columns_of(args.file)
    names = columns.select(args.probability)
    groups = [word.strip() or None for word in args.groups.split(",")] if args.groups else None
    method = NextBestOffer(
        groups, max_offers=args.max_offers, budget=args.budget, capacity=args.capacity, minimum=args.minimum,
        time_limit=args.seconds,
    )  # fmt: skip
    check_probabilities(columns.matrix(names, missing="refuse"), names)
    method.fit(_table(columns, names), args.margin, **_words(columns, args, names))
    return _told(columns, args, method, "offer")


def _table(columns: Columns, names: list[str]) -> dict[str, Any]:
    """Columns of numbers by name."""
    return {name: columns.numbers(name) for name in names}


def _words(columns: Columns, args: argparse.Namespace, names: list[str]) -> dict[str, Any]:
    """Costs and limits as the methods take them."""
    if args.cost and args.cost_columns:
        raise MethodError("give --cost or --cost-columns, not both")
    cost: Any = args.cost
    if args.cost_columns:
        cost = columns.matrix(columns.select(args.cost_columns), missing="refuse")
    allowed = columns.matrix(columns.select(args.allowed), missing="refuse") if args.allowed else None
    for label, table in (("--cost-columns", cost if args.cost_columns else None), ("--allowed", allowed)):
        if table is not None and table.shape[1] != len(names):
            raise MethodError(
                "{label} names {found} columns where {needed} are needed", label=label, found=table.shape[1],
                needed=len(names),
            )  # fmt: skip
    return {"cost": cost, "limits": columns.numbers(args.limit) if args.limit else None, "allowed": allowed}


def _told(columns: Columns, args: argparse.Namespace, method: Any, what: str) -> dict[str, Any]:
    """A plan as plain data."""
    chosen = method.chosen_
    told: dict[str, Any] = {
        "value": method.value_,
        "bound": method.bound_,
        "gap": method.gap_,
        "cost": method.cost_,
        f"{what}s": [
            {what: name, "count": method.counts_[place], "price": method.prices_[name]}
            for place, name in enumerate(method.names_)
        ],
        "contacted": int(chosen.any(axis=1).sum()),
        "customers": len(chosen),
        "budget_price": method.budget_price_,
        "warnings": method.notes_,
    }
    if args.plan:
        labels = columns.words(args.customer).tolist() if args.customer else range(1, len(chosen) + 1)
        told["plan"] = [
            {"customer": label, f"{what}s": [method.names_[place] for place in row.nonzero()[0]]}
            for label, row in zip(labels, chosen, strict=True)
            if row.any()
        ]
    return told


_FORMULA = """
maximise sum of v_ij x_ij, x_ij 0 or 1
sum of c_ij x_ij <= budget;  minimum_j <= sum over i of x_ij <= capacity_j;  sum over j of x_ij <= limit_i
Up to 20,000 pairs by integer programming; beyond by prices on budget and capacities (Lagrange), brought into the limits.
bound: what no plan can exceed;  gap = (bound - value) / bound
price: what one more of the capacity, or of the budget, would bring at the margin
"""

MEASURES = (
    Measure(
        name="optimisation.contacts",
        summary="whom to contact by which channel within budget, capacities and contact limits, with the gap to the bound",
        formula=_FORMULA,
        source="G. B. Dantzig, Operations Research 5, 1957; A. M. Geoffrion, Mathematical Programming Study 2, 1974; "
        "Q. Huangfu & J. A. J. Hall, Mathematical Programming Computation 10, 2018 (HiGHS).",
        arguments=_contacts,
        run=contacts,
    ),
    Measure(
        name="optimisation.offers",
        summary="what to offer to whom, at most one of a group to each, within stock and budget",
        formula=_FORMULA + "v_ij = probability_ij x margin_j;  of a group at most one offer to a customer\n",
        source="M.-D. Cohen, Information Systems 29, 2004; A. M. Geoffrion, Mathematical Programming Study 2, 1974.",
        arguments=_offers,
        run=offers,
    ),
)
