"""Centres with several skills on the command line."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from guanxi.project.measure.arguments import a_count, a_number, a_share
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.paths import model_in
from guanxi_methods.errors import MethodError

if TYPE_CHECKING:
    from guanxi_methods.queueing import CallFigures, Centre, Estimate, Simulation, Staffing


def _options(parser: argparse.ArgumentParser) -> None:
    """How it is simulated; a line of one kind needs no file."""
    parser.add_argument("--calls", type=a_number, help="without FILE: calls that come in an interval")
    parser.add_argument(
        "--interval", type=a_number, metavar="SECONDS", help="without FILE: length of the interval (1800)"
    )
    parser.add_argument("--intervals", type=a_count, metavar="N", help="without FILE: how many intervals (336)")
    parser.add_argument("--aht", type=a_number, metavar="SECONDS", help="without FILE: mean handling time")
    parser.add_argument("--patience", type=a_number, metavar="SECONDS", help="without FILE: mean patience (endless)")
    parser.add_argument("--target-seconds", type=a_number, metavar="SECONDS", help="without FILE: wait aimed at (20)")
    parser.add_argument("--agents", type=a_count, metavar="N", help="without FILE: agents who are there all the time")
    parser.add_argument("--replications", type=a_count, default=10, metavar="N", help="independent repetitions (10)")
    parser.add_argument(
        "--warm-up", type=int, default=0, metavar="N", help="intervals at the beginning that are not counted (0)"
    )
    parser.add_argument(
        "--batches", type=a_count, default=1, metavar="N", help="stretches of a replication that count as one each (1)"
    )
    parser.add_argument("--level", type=a_share, default=0.95, metavar="SHARE", help="of the intervals (.95)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the same gives the same callers (0)")
    parser.add_argument("--by-interval", action="store_true", help="adds the figures of every interval")
    parser.add_argument(
        "--staff",
        action="store_true",
        help="search the fewest agents that reach the service levels of FILE, or --service-level",
    )
    parser.add_argument("--service-level", type=a_share, metavar="SHARE", help="of all calls together, for --staff")
    parser.add_argument("--most-runs", type=a_count, default=400, metavar="N", help="staffings tried at most (400)")


def simulation(args: argparse.Namespace) -> dict[str, Any]:
    """Simulate, or search the staff."""
    from guanxi_methods import queueing  # scipy takes long to load

    centre, costs = _centre(args)
    if not args.staff:
        found = queueing.simulate(
            centre,
            replications=args.replications,
            warm_up=args.warm_up,
            batches=args.batches,
            level=args.level,
            random_state=_seed(args),
        )
        return _told(found, args.by_interval)
    staffed = queueing.fewest_agents(
        centre,
        service_level=args.service_level,
        costs=costs,
        replications=args.replications,
        warm_up=args.warm_up,
        most_runs=args.most_runs,
        random_state=_seed(args),
    )
    return _staff(staffed, args.by_interval)


def _seed(args: argparse.Namespace) -> int:
    """A number that can be one."""
    if args.seed < 0:
        raise MethodError("the seed must be a whole number of at least 0, not {seed}", seed=args.seed)
    return int(args.seed)


def _centre(args: argparse.Namespace) -> tuple[Centre, dict[str, float]]:
    """The centre, and what its agents cost."""
    from guanxi_methods.queueing import AgentGroup, CallType, Centre, centre_from  # as above

    if args.file is not None:
        data = model_in(args.file, has_numbers=True)
        costs = data.get("costs") if isinstance(data, dict) else None
        if costs is not None and not isinstance(costs, dict):
            raise MethodError("costs must be names of groups with a number under each")
        return centre_from(data), {str(name): cost for name, cost in (costs or {}).items()}
    if args.calls is None or args.aht is None or (args.agents is None and not args.staff):
        raise MethodError("give a FILE that describes the centre, or calls, aht and agents of a line of one kind")
    kind = CallType(
        "calls",
        args.calls,
        args.aht,
        patience=args.patience,
        target_seconds=20.0 if args.target_seconds is None else args.target_seconds,
    )
    group = AgentGroup("agents", ["calls"], args.agents or 0)
    return Centre([kind], [group], interval=args.interval or 1800.0, n_intervals=args.intervals or 336), {}


def _range(estimate: Estimate) -> list[float]:
    """The bounds of an interval."""
    return [estimate.low, estimate.high]


def _calls(figures: CallFigures) -> dict[str, Any]:
    """Figures of one kind of call, or all."""
    return {
        "calls": figures.calls,
        "service_level": figures.service_level.value,
        "service_level_interval": _range(figures.service_level),
        "service_level_without_early": figures.service_level_without_early.value,
        "answered": figures.answered.value,
        "wait_probability": figures.wait_probability.value,
        "wait_probability_interval": _range(figures.wait_probability),
        "abandonment": figures.abandonment.value,
        "abandonment_interval": _range(figures.abandonment),
        "asa_seconds": figures.asa_seconds.value,
        "asa_seconds_interval": _range(figures.asa_seconds),
        "asa_answered_seconds": figures.asa_answered_seconds.value,
        "blocked": figures.blocked.value,
        "unserved": figures.unserved.value,
    }


def _told(found: Simulation, by_interval: bool) -> dict[str, Any]:
    """What came out of a simulation."""
    told = {
        **_calls(found.overall),
        "call_types": [{"call_type": kind.name, **_calls(kind)} for kind in found.call_types],
        "groups": [
            {
                "group": group.name,
                "agent_hours": group.agent_hours,
                "occupancy": group.occupancy.value,
                "occupancy_interval": _range(group.occupancy),
                "answered": group.calls,
            }
            for group in found.groups
        ],
        "replications": found.replications,
        "level": found.level,
        "warnings": list(found.notes),
    }
    if by_interval:
        told["intervals"] = [
            {
                "interval": place + 1,
                "call_type": kind.name,
                "calls": found.calls_by_interval[row, place],
                "service_level": found.service_level_by_interval[row, place],
                "half_width": found.half_width_by_interval[row, place],
                "abandonment": found.abandonment_by_interval[row, place],
            }
            for row, kind in enumerate(found.call_types)
            for place in range(found.calls_by_interval.shape[1])
        ]
    return told


def _staff(found: Staffing, by_interval: bool) -> dict[str, Any]:
    """The staff that was found, and how callers other than those met in the search fare with it."""
    checked = _told(found.checked, by_interval)
    return {
        "staff": [
            {"group": group, "shift": shift or None, "agents": number}
            for (group, shift), number in found.agents.items()
        ],
        "agents": found.total,
        "cost": found.cost,
        "bound": found.bound,
        "gap": found.gap,
        "runs": found.runs,
        **checked,
        "warnings": [*found.notes, *found.checked.notes],
    }


MEASURES = (
    Measure(
        name="queueing.simulate",
        summary="how callers of several kinds fare with agents of several skills, or the fewest agents they need",
        formula="""
FILE (YAML): {interval: 1800, intervals: 336, call_types: {NAME: {calls: 30, aht: 240, patience: 120,
  handling: exponential|lognormal|constant, cv: .8, target_seconds: 20, service_level: .8, priority: 1}},
  groups: {NAME: {skills: {NAME: 1}, agents: 5, shifts: [{days: mon-fri, from: "08:00", to: "16:00", agents: 4}]}},
  choose_call: longest-waiting|priority|skill-priority, choose_agent: skill-priority|longest-idle, lines: 60,
  busyness_cv: .1, costs: {GROUP: 1.2}};  calls: a number, one for each interval, or [{days: mon-fri, from: "08:00", calls: [20, 30]}]
Calls: Poisson, rate by interval; a ratio R = sum Y / sum X over n replications, with
R +- t(n-1) sqrt(sum (Y - R X)^2 / (n (n-1))) / mean X
--staff: all staffings meet the same callers; gap = (cost - bound) / cost, bound: the cheapest numbers with which every
set of call types could reach its mean target if all who know one of them knew all.
""",
        source="A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015, sections 9.4-9.5; R. B. Wallace & W. Whitt, "
        "Manufacturing & Service Operations Management 7(4), 2005; M. T. Cezik & P. L'Ecuyer, Management Science 54(2), 2008. "
        "Search and bound are Guanxi's own.",
        arguments=_options,
        run=simulation,
        file="optional",
    ),
)
