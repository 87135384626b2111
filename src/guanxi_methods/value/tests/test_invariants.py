"""One battery that every classification of the package must pass."""

import numpy as np
import pytest

from guanxi_methods.base import NotFittedError
from guanxi_methods.value import ABCAnalysis, CustomerPyramid, ProfitabilityLevels

METHODS = [ABCAnalysis, CustomerPyramid, ProfitabilityLevels]
BAD = [
    ([], ValueError, "empty"),
    ([[1, 2], [3, 4]], ValueError, "one dimension"),
    ([1.0, float("nan")], ValueError, "position 1"),
    ([float("inf"), 1.0], ValueError, "position 0"),
    ([5, None], ValueError, "missing value, first at position 1"),
    (["12", "3"], ValueError, "integers"),
    ([True, False], ValueError, "integers"),
    ([2**61, 2**61, 2**61], ValueError, "64-bit"),
    ([10**30], ValueError, "64-bit"),
]


@pytest.fixture
def values():
    """Two thousand customers, a few of them losing money."""
    return np.random.default_rng(7).integers(-2_000, 60_000, 2_000) ** 2 // 1_000


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("bad", "error", "words"), BAD)
def test_input_that_cannot_be_measured_is_refused_in_words(method, bad, error, words):
    with pytest.raises(error, match=words):
        method().fit(bad)


@pytest.mark.parametrize("method", METHODS)
def test_classes_add_up_to_all_customers_and_all_money(method, values):
    fitted = method().fit(values)
    assert fitted.counts_.sum() == values.size
    assert sum(fitted.totals_) == int(values.sum())
    assert sorted(fitted.rank_) == list(range(1, values.size + 1))


@pytest.mark.parametrize("method", METHODS)
def test_a_worse_customer_never_has_a_better_class(method, values):
    fitted = method().fit(values)
    codes = fitted.codes_[np.argsort(fitted.rank_)]
    assert (np.diff(codes) >= 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_order_and_the_unit_of_the_customers_do_not_matter(method, values):
    shuffled = np.random.default_rng(1).permutation(values.size)
    fitted = method().fit(values, ids=np.arange(values.size))
    again = method().fit(values[shuffled] * 100, ids=shuffled)
    assert (again.codes_ == fitted.codes_[shuffled]).all()
    assert (method().fit(values.astype(float)).codes_ == method().fit(values).codes_).all()


@pytest.mark.parametrize("method", METHODS)
def test_nobody_without_value_leaves_the_last_class(method):
    fitted = method().fit([0, 0, -5])
    assert fitted.labels_.tolist() == [fitted.names[-1]] * 3
    assert method().fit([0]).labels_.tolist() == [fitted.names[-1]]
    assert method().fit([1]).codes_.tolist() == [0]


@pytest.mark.parametrize("method", METHODS)
def test_equal_customers_are_parted_by_the_newer_order_then_by_id(method):
    fitted = method().fit([10] * 4, last=["2011-01-01", "2011-02-01", "2011-02-01", "2010-01-01"], ids=[4, 3, 2, 1])
    assert fitted.rank_.tolist() == [3, 2, 1, 4]


@pytest.mark.parametrize("method", METHODS)
def test_prediction_agrees_with_the_classes_where_no_values_tie(method, values):
    distinct = np.unique(values)
    fitted = method().fit(distinct)
    assert (fitted.predict(distinct) == fitted.codes_).all()
    assert fitted.predict([distinct[-1] * 2]).tolist() == [0]


@pytest.mark.parametrize("method", METHODS)
def test_the_step_up_is_exactly_what_it_takes(method, values):
    distinct = np.unique(values)
    fitted = method().fit(distinct)
    better = fitted.predict(distinct + fitted.step_up(distinct))
    assert (better[fitted.codes_ > 0] < fitted.codes_[fitted.codes_ > 0]).all()
    almost = fitted.predict(distinct + np.maximum(fitted.step_up(distinct) - 1, 0))
    assert (almost == fitted.codes_).all()


@pytest.mark.parametrize("method", METHODS)
def test_constructor_only_stores_and_fit_returns_itself(method):
    made = method()
    with pytest.raises(NotFittedError):
        made.predict([1])
    assert method(**made.get_params()).get_params() == made.get_params()
    assert made.fit([3, 2, 1]) is made
    with pytest.raises(ValueError, match="no parameter"):
        made.set_params(nonsense=1)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (ABCAnalysis(cuts=("0.95", "0.80")), "rise"),
        (ABCAnalysis(cuts=(0.8, 1.2)), "at most 1"),
        (ABCAnalysis(cuts=("eighty",)), "between 0 and 1"),
        (ABCAnalysis(cuts=()), "at least one"),
        (ABCAnalysis(base="median"), "base"),
        (ABCAnalysis(cuts=("0.5",)), "2 classes"),
        (CustomerPyramid(shares=(0.01, 0.01, 0.2)), "rise"),
        (ProfitabilityLevels(cuts=(0.5, 0.8, 0.9)), "5 classes"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(made, words):
    with pytest.raises(ValueError, match=words):
        made.fit([3, 2, 1])
