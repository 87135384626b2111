"""The examples in the docstrings and on the pages run and print what they say."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import guanxi_methods.forecasting

MODULES = [
    found.name
    for found in pkgutil.iter_modules(guanxi_methods.forecasting.__path__, "guanxi_methods.forecasting.")
    if not found.ispkg
]
PAGES = sorted((Path(__file__).parents[4] / "docs/reference/methods/forecasting").glob("*.md"))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module(name: str) -> None:
    """Those of its docstrings."""
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_examples_of_a_page(page: Path) -> None:
    """Those of its code blocks."""
    found = doctest.testfile(str(page), module_relative=False)
    assert found.attempted > 0
    assert found.failed == 0
