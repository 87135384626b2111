"""The examples in the documentation strings and in the reference pages give what they say."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from guanxi_methods import satisfaction

MODULES = [found.name for found in pkgutil.iter_modules(satisfaction.__path__) if not found.ispkg]
PAGES = sorted((Path(__file__).parents[4] / "docs/reference/methods/satisfaction").glob("*.md"))


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(import_module(f"guanxi_methods.satisfaction.{name}")).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_worked_examples_of_the_pages_hold(page):
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted > 0) == (0, True)
