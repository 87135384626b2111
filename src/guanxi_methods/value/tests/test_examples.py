"""The examples in the documentation strings and in the reference page give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from guanxi_methods import value
from guanxi_methods.tests.pages import PAGES, failures_on_page

MODULES = [found.name for found in pkgutil.iter_modules(value.__path__) if found.name != "tests"]
NAMES = ("abc", "pyramid", "levels", "rfm", "whale-curve", "movements")


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = import_module(f"guanxi_methods.value.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"])
def test_pages_hold(name, ending):
    assert failures_on_page(PAGES / f"value/{name}{ending}") == 0
