"""The examples in the documentation strings and in the reference pages give what they say."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from guanxi_methods import loyalty

MODULES = [found.name for found in pkgutil.iter_modules(loyalty.__path__) if found.name != "tests"]
PAGES = Path(__file__).parents[4] / "docs/reference/methods/loyalty"
NAMES = sorted(page.name for page in PAGES.glob("*.md"))


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(import_module(f"guanxi_methods.loyalty.{name}")).failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_the_pages_hold(name):
    blocks = (PAGES / name).read_text(encoding="utf-8").split("```python\n")[1:]
    shown = "\n".join(block.split("```")[0] for block in blocks)
    test = doctest.DocTestParser().get_doctest(shown, {}, name, name, 0)
    assert test.examples, "the page shows no example"
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_every_page_is_there_in_both_languages():
    english = {name.removesuffix(".md") for name in NAMES if not name.endswith(".zh-CN.md")}
    chinese = {name.removesuffix(".zh-CN.md") for name in NAMES if name.endswith(".zh-CN.md")}
    assert english == chinese != set()
