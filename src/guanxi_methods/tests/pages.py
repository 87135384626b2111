"""Examples of a package: those in its documentation strings, and those on its pages in both languages."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

PAGES = Path(__file__).resolve().parents[3] / "docs/reference/methods"


def modules_of(package):
    """Names of all modules of a package but its tests."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [module.name for module in found if ".tests" not in module.name]


def pages_of(folder):
    """Pages of a folder below the methods' reference."""
    return sorted((PAGES / folder).glob("*.md"))


def failures_in_module(name):
    """How many examples of a module's documentation strings do not hold."""
    return doctest.testmod(import_module(name)).failed


def failures_on_page(page):
    """How many examples of a page do not hold; a page without any counts as a failure."""
    # The fence that closes a block would be read as what the last example must print.
    text = "\n".join("" if line.startswith("```") else line for line in page.read_text(encoding="utf-8").splitlines())
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    return doctest.DocTestRunner().run(test).failed if test.examples else 1


def languages_that_miss(folder):
    """Pages of a folder that lack their other language."""
    names = {page.name for page in pages_of(folder)}
    english = {name for name in names if not name.endswith(".zh-CN.md")}
    return sorted(english ^ {name.replace(".zh-CN", "") for name in names - english})
