"""The queueing methods for the battery of invariants: Erlang's formulas take no rows."""

from guanxi_methods.tests.battery import Case

CASES: list[Case] = []
