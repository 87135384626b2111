"""The examples in the documentation strings and on the pages give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from guanxi_methods.tests.pages import PAGES, failures_on_page
from guanxi_methods.value import standing

MODULES = [found.name for found in pkgutil.iter_modules(standing.__path__) if found.name != "tests"]
NAMES = ("delivered-value", "cost-to-serve", "loyalty-profit", "compatibility", "typology", "customer-equity")


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(import_module(f"{standing.__name__}.{name}")).failed == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"])
def test_pages_hold(name, ending):
    assert failures_on_page(PAGES / f"value/{name}{ending}") == 0
