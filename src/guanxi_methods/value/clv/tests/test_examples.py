"""The examples in the documentation strings give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from guanxi_methods.value import clv

MODULES = [found.name for found in pkgutil.iter_modules(clv.__path__) if found.name != "tests"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(import_module(f"{clv.__name__}.{name}")).failed == 0
