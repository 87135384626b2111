"""Waiting lines: how many agents a load of calls needs, and how long people wait (Erlang B, C and A).

Needs scipy. Times are in seconds; a load is in erlangs, the mean number of agents who would be busy.
"""

from guanxi_methods.queueing.erlang import QueuePerformance, agents_needed, erlang_a, erlang_b, erlang_c

__all__ = ["QueuePerformance", "agents_needed", "erlang_a", "erlang_b", "erlang_c"]
