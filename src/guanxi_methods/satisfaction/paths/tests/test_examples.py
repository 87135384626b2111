"""The examples in the documentation strings and in the pages give what they say."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from guanxi_methods.satisfaction import paths

MODULES = [found.name for found in pkgutil.iter_modules(paths.__path__) if found.name != "tests"]
PAGES = Path(__file__).resolve().parents[5] / "docs" / "reference" / "methods" / "satisfaction"


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = import_module(f"guanxi_methods.satisfaction.paths.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("page", ["sem.md", "sem.zh-CN.md", "csi.md", "csi.zh-CN.md"])
def test_the_worked_examples_of_the_pages_hold(page):
    found = doctest.testfile(str(PAGES / page), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted > 5) == (0, True)
