"""The examples in the documentation strings and on the pages give what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

from guanxi_methods.tests.pages import PAGES, failures_on_page
from guanxi_methods.value import lifetime

MODULES = [found.name for found in pkgutil.iter_modules(lifetime.__path__) if found.name != "tests"]
PAGES_OF_MODELS = ("bgnbd", "paretonbd", "bgbb", "gammagamma", "sbg")


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = import_module(f"guanxi_methods.value.lifetime.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", PAGES_OF_MODELS)
@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"])
def test_pages_hold(name, ending):
    assert failures_on_page(PAGES / f"value/{name}{ending}") == 0
