"""The examples in the documentation strings give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from guanxi_methods import churn

MODULES = [found.name for found in pkgutil.iter_modules(churn.__path__) if found.name != "tests"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = import_module(f"guanxi_methods.churn.{name}")
    assert doctest.testmod(module).failed == 0
