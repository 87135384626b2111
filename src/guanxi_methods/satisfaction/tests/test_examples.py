"""The examples in the documentation strings and in the reference pages give what they say."""

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from guanxi_methods import satisfaction

MODULES = [found.name for found in pkgutil.iter_modules(satisfaction.__path__) if not found.ispkg]
PAGES = Path(__file__).parents[4] / "docs/reference/methods/satisfaction"
OURS = (
    "five-gaps", "importance-performance", "indices", "kano", "layers-and-indicators", "reliability", "servqual",
    "two-factor", "weighting",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    assert doctest.testmod(import_module(f"guanxi_methods.satisfaction.{name}")).failed == 0


@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"])
@pytest.mark.parametrize("name", OURS)
def test_the_worked_examples_of_the_pages_hold(name, ending):
    text = (PAGES / f"{name}{ending}").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
    runner = doctest.DocTestRunner()
    runner.run(doctest.DocTestParser().get_doctest(blocks, {}, name, None, None))
    assert (runner.failures, runner.tries > 3) == (0, True)
