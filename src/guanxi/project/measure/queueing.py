"""Waiting lines on the command line."""

import argparse
from dataclasses import asdict
from typing import Any

from guanxi.project.measure.arguments import a_count, a_number, a_share
from guanxi.project.measure.definition import Measure


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


def _patience(parser: argparse.ArgumentParser) -> None:
    """A line whose callers hang up."""
    _load(parser)
    parser.add_argument(
        "--patience", type=a_number, required=True, metavar="SECONDS", help="mean time after which a caller hangs up"
    )


def erlang_c(args: argparse.Namespace) -> dict[str, Any]:
    """Callers who wait as long as it takes."""
    from guanxi_methods import queueing  # scipy takes long to load

    def fares(agents: int) -> queueing.QueuePerformance:
        """How they fare with so many agents."""
        return queueing.erlang_c(
            calls=args.calls, interval=args.interval, aht=args.aht, target_seconds=args.target_seconds, agents=agents
        )

    found = asdict(fares(args.agents) if args.agents else queueing.agents_needed(fares, args.service_level))
    del found["abandonment"]
    return found


def erlang_a(args: argparse.Namespace) -> dict[str, Any]:
    """Callers who hang up after a while."""
    from guanxi_methods import queueing  # scipy takes long to load

    def fares(agents: int) -> queueing.QueuePerformance:
        """How they fare with so many agents."""
        return queueing.erlang_a(
            calls=args.calls,
            interval=args.interval,
            aht=args.aht,
            target_seconds=args.target_seconds,
            patience=args.patience,
            agents=agents,
        )

    return asdict(fares(args.agents) if args.agents else queueing.agents_needed(fares, args.service_level))


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
)
