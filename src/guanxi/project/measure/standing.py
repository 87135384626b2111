"""What we and customers get from one another, on the command line: delivered value, cost to serve, loyal profit."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from guanxi.core.sentences import gettext as _
from guanxi.project.measure.arguments import a_number, add_column, add_columns
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import MethodError

SHOWN = 10
CURVE_POINTS = 21


def named_numbers(text: str) -> dict[str, float]:
    """Figures with names: `order=100,visit=80`."""
    found = {}
    for word in text.split(","):
        name, equals, figure = word.rpartition("=")
        if not equals or not name.strip():
            raise argparse.ArgumentTypeError(
                _("“%(text)s” is no figure with a name, such as visit=80") % {"text": word}
            )
        found[name.strip()] = a_number(figure)
    return found


def _delivered_arguments(parser: argparse.ArgumentParser) -> None:
    """Delivered value."""
    add_column(parser, "supplier", "on whom the row is; a row is what one respondent says of one supplier")
    parser.add_argument("--us", required=True, metavar="NAME", help="which of the suppliers we are")
    add_columns(parser, "value", "answers on product, service, personnel, image ...")
    add_columns(parser, "cost", "answers on money, time, energy, psychic cost ...: high is dear")
    add_column(parser, "respondent", "who answered; each row is somebody else unless given", required=False)
    add_columns(parser, "importance", "importance of the values and then of the costs, by order", required=False)


def delivered(args: argparse.Namespace) -> dict[str, Any]:
    """Delivered value of us and of others."""
    from guanxi_methods.value.standing import DeliveredValue  # scipy takes long to load

    columns = columns_of(args.file)
    values, costs = columns.select(args.value), columns.select(args.cost)
    items = [*values, *costs]
    importance = None
    if args.importance:
        asked = columns.select(args.importance)
        if len(asked) != len(items):
            raise MethodError(
                "{importances} columns of importance were given for {items} columns of value and cost",
                importances=len(asked),
                items=len(items),
            )
        importance = dict(zip(items, columns.matrix(asked).T, strict=True))
    found = DeliveredValue(args.us, values, costs).fit(
        dict(zip(items, columns.matrix(items).T, strict=True)),
        columns.words(args.supplier),
        respondent=columns.words(args.respondent) if args.respondent else None,
        importance=importance,
    )
    return {
        "suppliers": [
            {
                "supplier": name,
                "n": found.n_[place],
                "total_value": found.total_value_[place],
                "total_cost": found.total_cost_[place],
                "delivered_value": found.delivered_value_[place],
                "interval": found.intervals_[place],
                "ratio": found.ratio_[place],
            }
            for place, name in enumerate(found.suppliers_)
        ],
        "advantages": [
            {
                "over": name,
                "advantage": gap,
                "interval": found.advantage_intervals_[name],
                "items": found.item_advantages_[name],
            }
            for name, gap in found.advantages_.items()
        ],
        "weights": found.weights_,
        "respondents": found.n_respondents_,
        "warnings": found.notes_,
    }


def _cost_arguments(parser: argparse.ArgumentParser) -> None:
    """Cost to serve."""
    add_column(parser, "customer", "whom; rows of one customer are added up, rows without one are left out")
    add_column(parser, "margin", "margin before cost to serve")
    parser.add_argument(
        "--rates", type=named_numbers, metavar="ACTIVITY=COST,...", help="cost of one unit; columns hold the volumes"
    )
    parser.add_argument(
        "--pools", type=named_numbers, metavar="ACTIVITY=COST,...", help="cost of the whole activity, shared by volume"
    )
    parser.add_argument(
        "--capacity", type=named_numbers, metavar="ACTIVITY=UNITS,...", help="of pools: what could have been done"
    )
    parser.add_argument("--each", action="store_true", help="list every customer, not the worst and the best ten alone")


def cost_to_serve(args: argparse.Namespace) -> dict[str, Any]:
    """Cost to serve and the profit left."""
    from guanxi_methods.value.standing import CostToServe  # scipy takes long to load

    columns = columns_of(args.file)
    codes, ids = columns.codes(args.customer)
    is_known = codes >= 0
    activities = [*(args.rates or {}), *(args.pools or {})]
    volumes = {
        name: np.bincount(codes[is_known], weights=columns.numbers(name)[is_known], minlength=ids.size)
        for name in activities
    }
    margin = np.bincount(codes[is_known], weights=columns.numbers(args.margin)[is_known], minlength=ids.size)
    found = CostToServe(args.rates, args.pools, args.capacity).fit(volumes, margin)
    order = np.argsort(found.profit_, kind="stable")
    rows = [
        {
            "customer": str(ids[place]),
            "margin": margin[place],
            "cost_to_serve": found.cost_to_serve_[place],
            "profit": found.profit_[place],
        }
        for place in (order if args.each else order[list(_ends(order.size))])
    ]
    curve = found.whale_curve(CURVE_POINTS)
    return {
        "customers": ids.size,
        "margin": found.total_margin_,
        "cost_to_serve": found.total_cost_,
        "profit": found.total_profit_,
        "unprofitable": found.n_unprofitable_,
        "loss": found.loss_,
        "activities": [
            {"activity": name, "rate": found.rates_[name], "cost": cost, "unused": found.unused_.get(name)}
            for name, cost in found.by_activity_.items()
        ],
        "whale_curve": {
            "customers": curve.customers,
            "profit": curve.amounts,
            "peak_customers": curve.peak_customers,
            "peak_profit": curve.peak_amount,
        },
        "each" if args.each else "worst_and_best": rows,
        "warnings": found.notes_,
    }


def _ends(size: int) -> list[int]:
    """Places of the first and the last ten, or all where there are fewer."""
    return sorted({*range(min(SHOWN, size)), *range(max(0, size - SHOWN), size)})


def _loyalty_arguments(parser: argparse.ArgumentParser) -> None:
    """Profit of loyal customers."""
    add_column(parser, "tenure", "year of the relationship, 1 the first; a row is a customer in a year")
    add_column(parser, "list-revenue", "what its purchases cost at list price")
    add_column(parser, "paid-revenue", "what it paid")
    add_column(parser, "goods-cost", "what the goods cost")
    add_column(parser, "service-cost", "what serving it cost")
    add_column(parser, "referral-margin", "margin in that year on customers it brought")


def loyalty_profit(args: argparse.Namespace) -> dict[str, Any]:
    """Profit by tenure and its five sources."""
    from guanxi_methods.value.standing import LoyaltyProfit  # scipy takes long to load

    columns = columns_of(args.file)
    asked = (
        args.tenure, args.list_revenue, args.paid_revenue, args.goods_cost, args.service_cost, args.referral_margin,
    )  # fmt: skip
    found = LoyaltyProfit().fit(*(columns.numbers(name) for name in asked))
    return {
        "years": [
            {
                "tenure": tenure,
                "n": found.n_[place],
                **{name: part[place] for name, part in found.sources_.items()},
                "profit": found.profit_[place],
                "interval": found.intervals_[place],
            }
            for place, tenure in enumerate(found.tenures_)
        ]
    }


MEASURES = (
    Measure(
        name="value.delivered",
        summary="customer delivered value: what customers get from us and from competitors, less what it costs them",
        formula="""
D = total customer value - total customer cost, the mean over respondents of sum w x (values) - sum w x (costs)
Without --importance all w = 1; with it w = mean importance, made to sum to 1 over the values and over the costs.
Intervals by respondents; the weights' own uncertainty counts.
""",
        source="P. Kotler, Marketing Management, 8th ed., Prentice-Hall 1994, ch. 2; weights and intervals are Guanxi's own "
        "definition.",
        arguments=_delivered_arguments,
        run=delivered,
    ),
    Measure(
        name="value.cost-to-serve",
        summary="cost to serve by activities, profit of each customer after it, and the whale curve",
        formula="""
cost(i) = sum over activities of rate x volume(i),  profit(i) = margin(i) - cost(i)
rate = given, or pool / volume of all, or pool / capacity (unused = rate x (capacity - volume), charged to nobody)
""",
        source='R. Cooper, R. S. Kaplan, "Profit priorities from activity-based costing", Harvard Business Review 69(3), '
        '1991; R. S. Kaplan, S. R. Anderson, "Time-driven activity-based costing", Harvard Business Review 82(11), 2004.',
        arguments=_cost_arguments,
        run=cost_to_serve,
    ),
    Measure(
        name="value.loyalty-profit",
        summary="profit of customers by year of tenure, split into base, growth, saved cost, referral and price",
        formula="""
L list revenue, P paid, G goods, S service, F referral, means of a tenure year; year 1 is the start
base L1 - G1 - S1;  growth (L - G) - (L1 - G1) - (S1 / L1) (L - L1);  saved_cost (S1 / L1) L - S;  referral F;  price P - L
""",
        source='F. F. Reichheld, W. E. Sasser, "Zero defections: quality comes to services", Harvard Business Review 68(5), '
        "1990, names the sources; the split is Guanxi's own definition.",
        arguments=_loyalty_arguments,
        run=loyalty_profit,
    ),
)
