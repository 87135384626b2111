"""The fast methods give what the definitions give, on random customers full of ties, losses and zeros."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi_methods.value import RFM, ABCAnalysis, CustomerPyramid, ProfitabilityLevels, gini, rank_by_value
from guanxi_methods.value.tests import plain

amounts = st.lists(st.one_of(st.integers(-300, 300), st.integers(-(10**12), 10**12)), min_size=1, max_size=160)


@st.composite
def customers(draw):
    """Values with days of the last order and shuffled ids."""
    values = draw(amounts)
    last = draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
    return values, last, draw(st.permutations(range(len(values))))


@given(customers())
@settings(max_examples=150, deadline=None)
def test_classes_equal_the_plain_reading_of_their_definitions(given_customers):
    values, last, ids = given_customers
    assert ABCAnalysis().fit(values, last=last, ids=ids).labels_.tolist() == plain.abc(values, last=last, ids=ids)
    assert CustomerPyramid().fit(values, last=last, ids=ids).labels_.tolist() == plain.tiers(values, last, ids)
    assert ProfitabilityLevels(floor=25).fit(values).labels_.tolist() == plain.levels(values, floor=25)
    expected = plain.ranked(values, last, ids)
    assert np.argsort(rank_by_value(values, last=last, ids=ids)).tolist() == expected


@given(customers())
@settings(max_examples=100, deadline=None)
def test_scores_equal_the_share_of_customers_who_do_worse(given_customers):
    values, last, _ = given_customers
    rfm = RFM().fit(last, [abs(v) % 7 for v in values], values, as_of=10)
    assert rfm.r_.tolist() == plain.scores(last)
    assert rfm.f_.tolist() == plain.scores([abs(v) % 7 for v in values])
    assert rfm.m_.tolist() == plain.scores(values)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60).filter(any))
@settings(max_examples=100, deadline=None)
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    assert gini(values) == plain.gini(values)
    assert gini(np.array(values, dtype=float)) == pytest.approx(plain.gini(values), abs=1e-12)
