"""Waiting lines on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from guanxi.project.measure.arguments import a_count, a_number, a_share
from guanxi.project.measure.definition import Measure
from guanxi_methods.errors import MethodError

if TYPE_CHECKING:
    from guanxi_methods.queueing import QueuePerformance

LONGEST_TABLE = 1_000


def _load(parser: argparse.ArgumentParser) -> None:
    """What every line of callers has."""
    parser.add_argument("--calls", type=a_number, required=True, help="calls that come in an interval")
    parser.add_argument("--interval", type=a_number, required=True, metavar="SECONDS", help="length of the interval")
    parser.add_argument("--aht", type=a_number, required=True, metavar="SECONDS", help="mean handling time of a call")
    parser.add_argument(
        "--target-seconds",
        type=a_number,
        required=True,
        metavar="SECONDS",
        help="within which a call should be answered",
    )
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--agents", type=a_count, metavar="N", help="how callers fare with so many")
    wanted.add_argument(
        "--service-level", type=a_share, default=0.8, metavar="SHARE", help="fewest agents that reach it (.8)"
    )
    parser.add_argument("--max-occupancy", type=a_share, metavar="SHARE", help="nor may agents be busier than this")
    parser.add_argument("--max-asa", type=a_number, metavar="SECONDS", help="nor may the mean wait be longer than this")
    parser.add_argument(
        "--shrinkage",
        type=a_share,
        metavar="SHARE",
        help="of paid time not spent at the telephone: adds the paid staff",
    )
    parser.add_argument("--table", type=a_count, metavar="N", help="adds a table up to so many agents fewer and more")


def _patience(parser: argparse.ArgumentParser) -> None:
    """A line whose callers hang up."""
    _load(parser)
    parser.add_argument(
        "--patience", type=a_number, required=True, metavar="SECONDS", help="mean time after which a caller hangs up"
    )
    parser.add_argument("--max-abandonment", type=a_share, metavar="SHARE", help="nor may more callers hang up")


def _answer(args: argparse.Namespace, fares: Callable[[float, int], QueuePerformance]) -> dict[str, Any]:
    """The fewest agents or those given, how callers fare, and how many calls they could take."""
    from guanxi_methods import queueing  # scipy takes long to load

    def with_agents(agents: int) -> QueuePerformance:
        """How callers fare with so many agents."""
        return fares(args.calls, agents)

    found = (
        with_agents(args.agents)
        if args.agents
        else queueing.agents_needed(
            with_agents,
            args.service_level,
            max_occupancy=args.max_occupancy,
            max_asa_seconds=args.max_asa,
            max_abandonment=getattr(args, "max_abandonment", None),
        )
    )
    told = asdict(found)
    told["calls_possible"] = queueing.calls_possible(lambda calls: fares(calls, found.agents), args.service_level)
    if args.shrinkage is not None:
        told["paid_staff"] = queueing.paid_staff(found.agents, args.shrinkage)
    if args.table:
        if args.table > LONGEST_TABLE:
            raise MethodError(
                "a table has at most {most:,} rows to either side, not {rows:,}", most=LONGEST_TABLE, rows=args.table
            )
        around = range(max(1, found.agents - args.table), found.agents + args.table + 1)
        told["table"] = [asdict(row) for row in queueing.agents_table(with_agents, around)]
    return told


def erlang_c(args: argparse.Namespace) -> dict[str, Any]:
    """Callers who wait as long as it takes."""
    from guanxi_methods import queueing  # scipy takes long to load

    def fares(calls: float, agents: int) -> QueuePerformance:
        """How so many callers fare with so many agents."""
        return queueing.erlang_c(
            calls=calls, interval=args.interval, aht=args.aht, target_seconds=args.target_seconds, agents=agents
        )

    told = _answer(args, fares)
    for row in (told, *told.get("table", ())):
        del row["abandonment"]
    return told


def erlang_a(args: argparse.Namespace) -> dict[str, Any]:
    """Callers who hang up after a while."""
    from guanxi_methods import queueing  # scipy takes long to load

    def fares(calls: float, agents: int) -> QueuePerformance:
        """How so many callers fare with so many agents."""
        return queueing.erlang_a(
            calls=calls,
            interval=args.interval,
            aht=args.aht,
            target_seconds=args.target_seconds,
            patience=args.patience,
            agents=agents,
        )

    return _answer(args, fares)


def _lines(parser: argparse.ArgumentParser) -> None:
    """A load on lines."""
    parser.add_argument("--load", type=a_number, metavar="ERLANGS", help="or calls, interval and aht")
    parser.add_argument("--calls", type=a_number, help="calls that come in an interval")
    parser.add_argument("--interval", type=a_number, metavar="SECONDS", help="length of the interval")
    parser.add_argument("--aht", type=a_number, metavar="SECONDS", help="mean time a call holds a line")
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument("--lines", type=a_count, metavar="N", help="what is lost with so many")
    wanted.add_argument(
        "--blocking", type=a_share, default=0.01, metavar="SHARE", help="fewest lines that lose no more (.01)"
    )


def erlang_b(args: argparse.Namespace) -> dict[str, Any]:
    """Calls lost where all lines are taken."""
    from guanxi_methods import queueing  # scipy takes long to load

    load = args.load
    if load is None:
        if args.calls is None or not args.interval or args.aht is None:
            raise MethodError("give the load in erlangs, or calls with the seconds of an interval and of a call")
        load = args.calls / args.interval * args.aht
    lines = args.lines or queueing.lines_needed(load, args.blocking)
    blocking = queueing.erlang_b(load, lines)
    return {
        "lines": lines,
        "blocking": blocking,
        "load": load,
        "carried": load * (1 - blocking),
        "occupancy": load * (1 - blocking) / lines if lines else None,
        "load_possible": queueing.load_possible(lines, args.blocking) if lines else 0.0,
    }


MEASURES = (
    Measure(
        name="queueing.erlang-c",
        summary="agents for a service level, or how callers fare with so many agents, where nobody hangs up",
        formula="""
a = calls / interval x aht,  rho = a / n < 1
B(0) = 1,  B(k) = a B(k-1) / (k + a B(k-1))
P(wait) = B(n) / (1 - rho (1 - B(n)))
service level = 1 - P(wait) exp(-(n - a) target / aht)
ASA = P(wait) aht / (n - a),  occupancy = rho
With n <= a the line grows without end: service level 0, ASA none.
""",
        source="A. K. Erlang, Elektroteknikeren 13, 1917; N. Gans, G. Koole & A. Mandelbaum, Manufacturing & Service "
        "Operations Management 5(2), 2003, section 4.1.",
        arguments=_load,
        run=erlang_c,
        file="none",
    ),
    Measure(
        name="queueing.erlang-a",
        summary="the same where callers hang up after a while",
        formula="""
M/M/n+M: patience exponential with the given mean, theta = 1 / patience
P(V > t) = lambda J(t) / (E + lambda J(0)),  E = 1 / B(n-1)
J(t) = integral from t of exp(lambda/theta (1 - exp(-theta u)) - n mu u) du
abandonment = 1 - share answered;  mean wait = abandonment x patience
""",
        source="C. Palm, Tele 1, 1957; A. Mandelbaum & S. Zeltyn, Advances in Services Innovations, 2007.",
        arguments=_patience,
        run=erlang_a,
        file="none",
    ),
    Measure(
        name="queueing.erlang-b",
        summary="lines for a share of lost calls, or what is lost with so many lines",
        formula="""
B(0) = 1,  B(k) = a B(k-1) / (k + a B(k-1)),  a in erlangs = calls / interval x aht
carried = a (1 - B);  load possible = the a with B = the share asked for
""",
        source="A. K. Erlang, Elektroteknikeren 13, 1917.",
        arguments=_lines,
        run=erlang_b,
        file="none",
    ),
)
