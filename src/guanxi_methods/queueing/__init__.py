"""Waiting lines: how many agents a load of calls needs, and how long people wait.

Erlang's formulas (B, C and A) for one kind of call and one kind of agent; simulation, and a search for the fewest agents,
for centres with several skills and shifts. Needs scipy. Times are in seconds; a load is in erlangs, the mean number of
agents who would be busy.
"""

from guanxi_methods.queueing.capacity import (
    agents_needed,
    agents_table,
    calls_possible,
    lines_needed,
    load_possible,
    paid_staff,
)
from guanxi_methods.queueing.centre import AgentGroup, CallType, Centre, Shift
from guanxi_methods.queueing.description import centre_from
from guanxi_methods.queueing.erlang import QueuePerformance, erlang_a, erlang_b, erlang_c
from guanxi_methods.queueing.estimates import Estimate
from guanxi_methods.queueing.simulation import CallFigures, GroupFigures, Simulation, simulate
from guanxi_methods.queueing.staffing import Staffing, fewest_agents

__all__ = [
    "AgentGroup",
    "CallFigures",
    "CallType",
    "Centre",
    "Estimate",
    "GroupFigures",
    "QueuePerformance",
    "Shift",
    "Simulation",
    "Staffing",
    "agents_needed",
    "agents_table",
    "calls_possible",
    "centre_from",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "fewest_agents",
    "lines_needed",
    "load_possible",
    "paid_staff",
    "simulate",
]
