"""Lifetime value on the command line: retention, migration, expected events, margin multiple."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from guanxi.project.measure.arguments import a_count, a_day, a_number, add_column, numbers
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.opening import columns_of
from guanxi_methods.errors import MethodError, Note

if TYPE_CHECKING:
    from guanxi_methods.value.clv import MigrationModel


def _retention_arguments(parser: argparse.ArgumentParser) -> None:
    """The retention model."""
    parser.add_argument("--gc", type=a_number, required=True, help="gross contribution of a cycle of buying")
    parser.add_argument("--m", type=a_number, default=0.0, help="promotion for a customer and cycle (0)")
    parser.add_argument("--n", type=a_count, required=True, help="years looked ahead")
    parser.add_argument("--d", type=a_number, required=True, help="discount rate of a year: .2")
    parser.add_argument(
        "--r", type=a_number, help="share retained from one cycle to the next: .75; else counted on FILE"
    )
    add_column(parser, "retained", "1 where a customer stayed, 0 where it left", required=False)
    parser.add_argument(
        "--cycles-per-year", type=a_count, default=1, metavar="N", help="where people buy more often (1)"
    )
    parser.add_argument("--years-per-cycle", type=a_count, default=1, metavar="N", help="where they buy less often (1)")


def retention(args: argparse.Namespace) -> dict[str, Any]:
    """Value by the retention model."""
    from guanxi_methods.value.clv import RetentionModel, retention_value  # scipy takes long to load

    if args.r is not None:
        worth = retention_value(
            gc=args.gc, m=args.m, n=args.n, r=args.r, d=args.d,
            cycles_per_year=args.cycles_per_year, years_per_cycle=args.years_per_cycle,
        )  # fmt: skip
        return {"clv": worth}
    if args.file is None or args.retained is None:
        raise MethodError("give the share retained (--r), or a FILE and its column (--retained) to count it on")
    if args.cycles_per_year != 1 or args.years_per_cycle != 1:
        raise MethodError("a share counted on a file is that of yearly cycles: give --r for shorter or longer ones")
    found = RetentionModel(gc=args.gc, m=args.m, n=args.n, d=args.d).fit(columns_of(args.file).numbers(args.retained))
    return {
        "clv": found.clv_,
        "interval": found.clv_interval_,
        "standard_error": found.clv_standard_error_,
        "r": found.r_,
        "r_interval": found.r_interval_,
        "customers": found.n_customers_,
        "warnings": found.notes_,
    }


def _migration_arguments(parser: argparse.ArgumentParser) -> None:
    """The migration model."""
    parser.add_argument(
        "--probabilities", type=numbers, metavar="P1,P2,...", help="of buying, by periods since the last purchase"
    )
    parser.add_argument("--margin", type=a_number, help="of a purchase; learned from --amount unless given")
    parser.add_argument("--cost", type=a_number, default=0.0, help="of keeping up with a customer for a period (0)")
    parser.add_argument("--rate", type=a_number, required=True, help="discount rate of a period, not of a year: .2")
    parser.add_argument(
        "--periods",
        type=a_count,
        required=True,
        metavar="N",
        help="periods that follow the present one: 4 adds t = 0..4",
    )
    parser.add_argument("--buyers", type=a_number, help="also tell how many of so many buy in each period")
    add_column(parser, "customer", "who bought; rows without a customer are left out", required=False)
    add_column(parser, "date", "when", required=False)
    add_column(parser, "amount", "what was paid; rows of 0 or less are no purchases", required=False)
    parser.add_argument(
        "--states", type=a_count, default=4, metavar="J", help="periods without a purchase until a customer is lost (4)"
    )
    parser.add_argument("--period-days", type=a_count, default=30, metavar="DAYS", help="length of a period (30)")
    parser.add_argument(
        "--end", type=a_day, metavar="DATE", help="last day on record; that of the newest row unless given"
    )
    parser.add_argument(
        "--margin-rate", type=a_number, default=1.0, metavar="SHARE", help="of the amounts, is margin (1)"
    )


def migration(args: argparse.Namespace) -> dict[str, Any]:
    """Value by the migration model."""
    from guanxi_methods.value.clv import migration_buyers, migration_value  # scipy takes long to load

    if args.probabilities is not None:
        if args.margin is None:
            raise MethodError("give the margin of a purchase (--margin)")
        worth = migration_value(
            args.probabilities, margin=args.margin, cost=args.cost, rate=args.rate, periods=args.periods
        )
        found = {"finite": worth.finite, "infinite": worth.infinite}
        probabilities = args.probabilities
    else:
        if args.file is None or args.customer is None or args.date is None:
            raise MethodError("give --probabilities, or a FILE with --customer and --date to count them on")
        model, unnamed = _counted(args)
        probabilities, found = model.probabilities_, _learned(model, unnamed)
    if args.buyers is not None:
        found["buyers"] = migration_buyers(probabilities, buyers=args.buyers, periods=args.periods)
    return found


def _counted(args: argparse.Namespace) -> tuple[MigrationModel, int]:
    """The model counted on a file, and how many rows had no customer."""
    from guanxi_methods.value.clv import MigrationModel  # as above

    columns = columns_of(args.file)
    codes, _customers = columns.codes(args.customer)
    is_known = codes >= 0
    if not is_known.any():
        raise MethodError("no row has a customer in the column {name!r}", name=columns.resolve(args.customer))
    amounts = columns.numbers(args.amount)[is_known] if args.amount else None
    model = MigrationModel(
        n_states=args.states, period_days=args.period_days, cost=args.cost, rate=args.rate, periods=args.periods,
        margin=args.margin, margin_rate=args.margin_rate,
    )  # fmt: skip
    days = columns.moments(args.date)[is_known].astype("datetime64[D]")
    return model.fit(codes[is_known], days, amounts, end=args.end), int((~is_known).sum())


def _learned(model: MigrationModel, unnamed: int) -> dict[str, Any]:
    """What the model learned."""
    left_out = [Note("{count} rows without a customer are left out", count=unnamed)] if unnamed else []
    states = [str(state + 1) for state in range(model.n_states)] + ["lost"]
    return {
        "finite": model.finite_,
        "infinite": model.infinite_,
        "finite_intervals": model.finite_intervals_,
        "infinite_intervals": model.infinite_intervals_,
        "probabilities": model.probabilities_,
        "standard_errors": model.standard_errors_,
        "intervals": model.intervals_,
        "trials": model.trials_,
        "margin": model.margin_,
        "margin_standard_error": model.margin_standard_error_,
        "share_returned": model.share_returned_,
        "customers": model.n_customers_,
        "expected_buyers": model.expected_buyers(model.periods),
        "customers_by_state": {name: int((model.states_ == place + 1).sum()) for place, name in enumerate(states)},
        "warnings": [*left_out, *model.notes_],
    }


def _event_arguments(parser: argparse.ArgumentParser) -> None:
    """Expected events."""
    add_column(parser, "probability", "that the event happens, 0 to 1")
    add_column(parser, "revenue", "what it brings if it happens")
    add_column(parser, "cost", "what it takes if it happens")
    add_column(parser, "time", "when, from now, in the unit of --rate: years for a yearly rate")
    add_column(parser, "customer", "of whom it is expected", required=False)
    add_column(parser, "event", "what kind it is", required=False)
    parser.add_argument("--rate", type=a_number, required=True, help="discount rate: .1")


def events(args: argparse.Namespace) -> dict[str, Any]:
    """Value as a sum of expected events."""
    from guanxi_methods.value.clv import EventForecast  # scipy takes long to load

    columns = columns_of(args.file)
    figures = [columns.numbers(name) for name in (args.probability, args.revenue, args.cost, args.time)]
    found = EventForecast(rate=args.rate).fit(
        *figures,
        customer=columns.words(args.customer) if args.customer else None,
        event=columns.words(args.event) if args.event else None,
    )
    answer: dict[str, Any] = {
        "clv": found.value_,
        "interval": found.interval_,
        "standard_deviation": found.spread_,
        "n": found.n_events_,
    }
    if args.event:
        answer["events"] = [{"event": name, "value": value} for name, value in found.by_event_.items()]
    if args.customer:
        answer["customers"] = [
            {"customer": name, "clv": value, "standard_deviation": found.spread_by_customer_[name]}
            for name, value in found.by_customer_.items()
        ]
    return {**answer, "warnings": found.notes_}


def _multiple_arguments(parser: argparse.ArgumentParser) -> None:
    """The margin multiple."""
    parser.add_argument("--r", type=a_number, required=True, help="share retained from one period to the next: .8")
    parser.add_argument("--i", type=a_number, required=True, help="discount rate of a period: .12")
    parser.add_argument("--g", type=a_number, default=0.0, help="growth of the margin from one period to the next (0)")
    parser.add_argument("--n", type=a_count, help="periods; without end unless given")
    parser.add_argument("--margin", type=a_number, default=1.0, help="of a period (1)")


def multiple(args: argparse.Namespace) -> dict[str, Any]:
    """The margin multiple, and the three readings of the first margin."""
    from guanxi_methods.value.clv import FIRST_MARGINS, margin_multiple, perpetual_value  # scipy takes long to load

    found = margin_multiple(r=args.r, i=args.i, g=args.g, n=args.n)
    answer: dict[str, Any] = {"multiple": found, "clv": args.margin * found}
    if args.g == 0 and args.n is None:
        answer["by_first_margin"] = {
            name: perpetual_value(margin=args.margin, r=args.r, d=args.i, first_margin=name) for name in FIRST_MARGINS
        }
    return answer


MEASURES = (
    Measure(
        name="value.clv-retention",
        summary="lifetime value of a customer who, once gone, is lost for good (retention model)",
        formula="""
CLV = GC sum(i = 0..n) r^i / (1+d)^i  -  M sum(i = 1..n) r^(i-1) / (1+d)^(i-.5)
The first contribution comes at once; promotion is paid in the middle of a cycle.
With FILE and --retained, r = share of customers that stayed, with Wilson's interval; CLV by its derivative.
""",
        source='F. R. Dwyer, "Customer lifetime valuation to support marketing decision making", Journal of Direct '
        'Marketing 11(4), 1997; P. D. Berger, N. I. Nasr, "Customer lifetime value: marketing models and applications", '
        "Journal of Interactive Marketing 12(1), 1998, cases 1, 2a and 2b.",
        arguments=_retention_arguments,
        run=retention,
        file="optional",
    ),
    Measure(
        name="value.clv-migration",
        summary="lifetime value by periods since the last purchase, where customers come and go (migration model)",
        formula="""
P: from state j (last bought j periods ago) to state 1 with probability p(j), else to j + 1; the last state is lost.
R = (margin - cost, -cost, ..., -cost, 0)
finite = sum(t = 0..periods) [P / (1+rate)]^t R,  infinite = [I - P / (1+rate)]^-1 R
With FILE, p(j) = purchases / periods of customers who were in state j; standard errors by customers, delta method.
""",
        source='P. E. Pfeifer, R. L. Carraway, "Modeling customer relationships as Markov chains", Journal of Interactive '
        "Marketing 14(2), 2000, 43-55.",
        arguments=_migration_arguments,
        run=migration,
        file="optional",
    ),
    Measure(
        name="value.clv-events",
        summary="lifetime value as the sum of expected events: probability, revenue, cost and time of each",
        formula="""
V = sum over events of probability (revenue - cost) (1+rate)^-time
variance of what comes true, events being independent = sum of probability (1 - probability) [(revenue - cost) (1+rate)^-time]^2
""",
        source="Guanxi's own definition: the event method is described in textbooks without a formula.",
        arguments=_event_arguments,
        run=events,
    ),
    Measure(
        name="value.margin-multiple",
        summary="lifetime value in units of one margin, and the three readings of when the first margin comes",
        formula="""
multiple = r / (1 + i - r (1 + g))
by_first_margin: at_once m (1+i) / (1+i-r), if_retained m r / (1+i-r), after_one_period m / (1+i-r)
""",
        source='S. Gupta, D. R. Lehmann, "Customers as assets", Journal of Interactive Marketing 17(1), 2003; the same, '
        "Managing Customers as Investments, Wharton School Publishing 2005, ch. 2.",
        arguments=_multiple_arguments,
        run=multiple,
        file="none",
    ),
)
