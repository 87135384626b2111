"""The examples in the documentation strings and in the reference page give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from guanxi_methods import value
from guanxi_methods.value import ABCAnalysis, CustomerPyramid, ProfitabilityLevels

MODULES = [found.name for found in pkgutil.iter_modules(value.__path__) if found.name != "tests"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = import_module(f"guanxi_methods.value.{name}")
    assert doctest.testmod(module).failed == 0


def test_the_worked_example_of_the_reference_page():
    fen = [500000, 150000, 150000, 90000, 50000, 30000, 20000, 10000, 0, -25000]
    last = [0, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    assert "".join(ABCAnalysis().fit(fen, last=last).labels_) == "AAABBCCCCC"
    assert CustomerPyramid().fit(fen, last=last).labels_.tolist() == ["vip", "ordinary"] + ["small"] * 8
    assert ProfitabilityLevels().fit(fen).labels_.tolist() == ["platinum"] + ["gold"] * 2 + ["iron"] * 5 + ["lead"] * 2
