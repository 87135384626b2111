"""The examples in the documentation strings and on the pages, in both languages, give what they say."""

import pytest

from guanxi_methods import optimisation
from guanxi_methods.tests import pages

FOUND = pages.pages_of("optimisation")


@pytest.mark.parametrize("name", pages.modules_of(optimisation))
def test_examples_hold(name):
    assert pages.failures_in_module(name) == 0


@pytest.mark.parametrize("page", FOUND, ids=[page.name for page in FOUND])
def test_examples_on_the_pages_hold(page):
    assert pages.failures_on_page(page) == 0


def test_every_page_is_there_in_both_languages():
    assert FOUND
    assert pages.languages_that_miss("optimisation") == []
