"""Waiting lines: how many agents a load of calls needs, and how long people wait (Erlang B, C and A).

Needs scipy. Times are in seconds; a load is in erlangs, the mean number of agents who would be busy.
"""

from guanxi_methods.queueing.capacity import (
    agents_needed,
    agents_table,
    calls_possible,
    lines_needed,
    load_possible,
    paid_staff,
)
from guanxi_methods.queueing.erlang import QueuePerformance, erlang_a, erlang_b, erlang_c

__all__ = [
    "QueuePerformance",
    "agents_needed",
    "agents_table",
    "calls_possible",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "lines_needed",
    "load_possible",
    "paid_staff",
]
