"""The examples in the documentation strings and in the reference pages give what they say."""

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from guanxi_methods import churn

MODULES = [found.name for found in pkgutil.iter_modules(churn.__path__) if found.name != "tests"]
PAGES = Path(__file__).parents[4] / "docs/reference/methods/churn"
OURS = ("back-test", "drift", "early-warning", "hazard", "kinds", "model-quality", "survival")


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = import_module(f"guanxi_methods.churn.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"])
@pytest.mark.parametrize("name", OURS)
def test_the_worked_examples_of_the_pages_hold(name, ending):
    text = (PAGES / f"{name}{ending}").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
    runner = doctest.DocTestRunner()
    runner.run(doctest.DocTestParser().get_doctest(blocks, {}, name, None, None))
    assert (runner.failures, runner.tries > 3) == (0, True)


def test_every_page_has_its_test_and_both_languages():
    assert {page.name for page in PAGES.iterdir()} == {
        f"{name}{ending}" for name in OURS for ending in (".md", ".zh-CN.md")
    }
