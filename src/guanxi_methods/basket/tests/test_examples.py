"""The examples in the documentation strings and on the pages, in both languages, give what they say."""

import pytest

from guanxi_methods import basket
from guanxi_methods.tests import pages

FOUND = pages.pages_of("basket")


@pytest.mark.parametrize("name", pages.modules_of(basket))
def test_examples_hold(name):
    assert pages.failures_in_module(name) == 0


@pytest.mark.parametrize("page", FOUND, ids=[page.name for page in FOUND])
def test_examples_on_the_pages_hold(page):
    assert pages.failures_on_page(page) == 0


def test_every_page_is_there_in_both_languages():
    assert FOUND
    assert pages.languages_that_miss("basket") == []


@pytest.mark.parametrize("name", ["guanxi_methods.correction", "guanxi_methods.proportion"])
def test_examples_of_what_is_shared_hold(name):
    assert pages.failures_in_module(name) == 0
