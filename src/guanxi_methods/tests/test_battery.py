"""Every method keeps the invariants: order, purity, repeatability, units, and clear words about input it cannot use."""

import copy
import inspect
import pickle
import pkgutil
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pytest

import guanxi_methods
from guanxi_methods.base import Method, NotFittedError
from guanxi_methods.tests.battery import SEED, has_nan, is_same, times

PACKAGES = [
    found.name
    for found in pkgutil.walk_packages(guanxi_methods.__path__, "guanxi_methods.")
    if found.ispkg and not found.name.endswith(".tests")
]
CASES = [
    case
    for name in PACKAGES
    if find_spec(f"{name}.tests") and find_spec(f"{name}.tests.cases")
    for case in import_module(f"{name}.tests.cases").CASES
]


def public_methods():
    """Every method that a package offers."""
    for name in PACKAGES:
        package = import_module(name)
        for offered in package.__all__:
            thing = getattr(package, offered)
            if inspect.isclass(thing) and issubclass(thing, Method):
                yield thing


def rows_of(case):
    return case.rows(np.random.default_rng(SEED))


def every_case(test):
    return pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])(test)


def test_every_method_has_a_case():
    tried = {type(case.make()) for case in CASES}
    assert [method.__name__ for method in public_methods() if method not in tried] == []


@every_case
def test_the_order_of_the_rows_does_not_matter(case):
    rows = rows_of(case)
    size = len(next(iter(rows.values())))
    order = np.random.default_rng(SEED + 1).permutation(size)
    straight = case.figures(case.fitted(rows))
    shuffled = case.figures(case.fitted({name: np.asarray(values)[order] for name, values in rows.items()}))
    for name in case.per_row:
        assert is_same(np.asarray(straight[name])[order], shuffled[name], case.tolerance), name
    for name in case.whole:
        assert is_same(straight[name], shuffled[name], case.tolerance), name


@every_case
def test_input_is_unchanged_and_refitting_gives_the_same(case):
    rows = rows_of(case)
    before = copy.deepcopy(rows)
    method = case.make()
    params = dict(method.get_params())
    assert method.fit(**rows, **case.fixed) is method
    first = copy.deepcopy(case.figures(method))
    method.fit(**rows, **case.fixed)
    assert is_same(first, case.figures(method), 0.0)
    assert is_same(first, case.figures(pickle.loads(pickle.dumps(method))), 0.0)
    for name, values in rows.items():
        assert is_same(before[name], values, 0.0), name
    for name, value in method.get_params().items():
        assert value is params[name], f"fit changed the parameter {name}"


@every_case
def test_units_scale_as_they_must(case):
    rows = rows_of(case)
    straight = case.fitted(rows)
    for argument, powers in case.units.items():
        scaled = case.fitted({**rows, argument: np.asarray(rows[argument]) * 8})
        for name, power in powers.items():
            assert is_same(times(getattr(straight, name), 8.0**power), getattr(scaled, name), case.tolerance), name


@every_case
def test_only_the_constructors_arguments_are_parameters_and_nothing_is_learned_before_fit(case):
    method = case.make()
    again = type(method)(**method.get_params())
    assert again.get_params() == method.get_params()
    learned = [name for name in vars(method) if name.endswith("_") and not name.startswith("_")]
    assert learned == []
    for name in (*case.per_row, *case.whole):
        with pytest.raises((AttributeError, NotFittedError)):
            getattr(method, name)


def outcome(case, rows):
    """A fitted method, or None where it refused in a sentence of its own."""
    try:
        return case.fitted(rows)
    except (ValueError, TypeError) as error:
        told = str(error)
        raised_in = inspect.trace()[-1].frame.f_globals["__name__"]
        assert raised_in.startswith("guanxi_methods"), f"not our own words, but {raised_in}'s: {told}"
        assert len(told) > 10, told
        return None


@every_case
@pytest.mark.parametrize("kind", ["empty", "one_row", "constant", "missing", "infinite"])
def test_input_that_cannot_be_used_is_refused_in_words_or_has_a_stated_result(case, kind):
    rows = rows_of(case)
    for argument in rows:
        tried = {name: np.array(values) for name, values in rows.items()}
        if kind in ("empty", "one_row"):
            size = 0 if kind == "empty" else 1
            tried = {name: values[:size] for name, values in tried.items()}
        elif kind == "constant":
            tried[argument][:] = tried[argument][0]
        else:
            if argument in case.words or (kind == "missing" and argument in case.keeps_missing):
                continue
            tried[argument] = tried[argument].astype(float)
            tried[argument].flat[0] = np.nan if kind == "missing" else np.inf
        method = outcome(case, tried)
        if kind in ("empty", "missing", "infinite"):
            assert method is None, f"{argument}: {kind} input was taken for good"
        if method is not None:
            figures = {name: value for name, value in case.figures(method).items() if name not in case.keeps_nan}
            assert not has_nan(figures), (
                f"{argument}: NaN without a word in {[k for k, v in figures.items() if has_nan(v)]}"
            )
