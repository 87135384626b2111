"""The examples in the documentation strings give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from guanxi_methods.value import standing

MODULES = [found.name for found in pkgutil.iter_modules(standing.__path__) if found.name != "tests"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(import_module(f"{standing.__name__}.{name}")).failed == 0
