"""Conditions as pure functions: against a second, naive reading, and with the laws that must hold."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.core import masking
from guanxi.core.errors import InvalidInput
from guanxi.core.money import Money
from guanxi.workflow import conditions
from guanxi.workflow.conditions import UNKNOWN, Group, Question
from guanxi.workflow.operators import OPERATORS
from guanxi.workflow.registries.facts import Fact, FactType, Reachable

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
COLOURS = (("red", "Red"), ("blue", "Blue"))


def fact(kind: FactType, **values: Any) -> Reachable:
    """A fact of a type, called by it."""
    return Reachable(str(kind), Fact(str(kind), "thing", str(kind), kind, lambda _ids: {}, **values))


FACTS = {
    str(kind): fact(kind, choices=COLOURS if kind in (FactType.CHOICE, FactType.USER) else ()) for kind in FactType
}
leaf = st.builds(
    Question,
    fact=st.just("number"),
    operator=st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "empty", "filled"]),
    value=st.integers(-2, 2),
) | st.builds(
    Question, fact=st.just("choice"), operator=st.sampled_from(["is", "is_not"]), value=st.sampled_from(["red", "blue"])
)
trees = st.recursive(
    leaf,
    lambda parts: st.builds(
        Group, st.sampled_from(["all", "any", "not"]), st.lists(parts, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=8,
)
found = st.fixed_dictionaries(
    {
        "number": st.one_of(st.none(), st.integers(-2, 2), st.just(UNKNOWN)),
        "choice": st.one_of(st.none(), st.sampled_from(["red", "blue"]), st.just(UNKNOWN)),
    }
)


def naive(node: Any, values: dict[str, Any]) -> bool | None:
    """A second reading, by three values counted as 0, 1 and 2."""
    if isinstance(node, Group):
        parts = [{False: 0, None: 1, True: 2}[naive(part, values)] for part in node.parts]
        count = {"all": min(parts), "any": max(parts), "not": 2 - max(parts)}[node.sort]
        return (False, None, True)[count]
    value = values[node.fact]
    if value is UNKNOWN:
        return None
    if node.operator in ("empty", "filled"):
        return (value is None) == (node.operator == "empty")
    if value is None:
        return node.operator in ("ne", "is_not")
    order = (value > node.value) - (value < node.value)
    return {
        "eq": order == 0, "is": order == 0, "ne": order != 0, "is_not": order != 0,
        "lt": order < 0, "le": order <= 0, "gt": order > 0, "ge": order >= 0,
    }[node.operator]  # fmt: skip


def check_tree(node: Any, values: dict[str, Any]) -> None:
    """What must hold of any tree and any values."""
    met, why = conditions.evaluate(node, values, NOW, FACTS)
    assert met is (naive(node, values) is True)
    assert why["met"] is naive(node, values)
    opposite = Group("not", (node,))
    assert not (met and conditions.evaluate(opposite, values, NOW, FACTS)[0])
    assert conditions.evaluate(Group("not", (opposite,)), values, NOW, FACTS)[1]["met"] is why["met"]
    assert conditions.stored(conditions.as_json(node)) == (node if isinstance(node, Group) else Group("all", (node,)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(trees, found)
def test_trees_against_a_second_reading(node: Any, values: dict[str, Any]) -> None:
    """Three-valued logic, its opposite, its text and back."""
    check_tree(node, values)


@pytest.mark.full
@settings(max_examples=3000, deadline=None)
@given(trees, found)
def test_many_trees_against_a_second_reading(node: Any, values: dict[str, Any]) -> None:
    """The same with many more."""
    check_tree(node, values)


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.text(max_size=4)
    | st.sampled_from(["all", "number", "eq", "red"]),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(st.sampled_from(["all", "any", "not", "fact", "is", "value", "x"]), parts, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(json_like)
def test_whatever_is_sent_is_a_tree_or_one_sentence(raw: Any) -> None:
    """Nothing else ever comes of it, and what is taken is taken again."""
    with suppress(InvalidInput):
        node = conditions.parsed(raw, FACTS)
        assert conditions.parsed(conditions.as_json(node), FACTS) == node


@pytest.mark.parametrize(
    ("kind", "operator", "value", "given_value", "answer"),
    [
        ("text", "contains", "Straße", "Bahnhofstrasse 3", True),
        ("text", "contains", "ａｂｃ", "xABCx", True),
        ("text", "is_not", "a", None, True),
        ("text", "begins", "re", "Re: x", True),
        ("money", "gt", {"minor": 100, "currency": "CNY"}, Money(101, "CNY"), True),
        ("money", "gt", {"minor": 100, "currency": "CNY"}, Money(101, "EUR"), None),
        ("money", "gt", {"minor": 100, "currency": "CNY"}, None, False),
        ("date", "past", None, NOW - timedelta(seconds=1), True),
        ("date", "last", 7, NOW - timedelta(days=8), False),
        ("date", "older", 7, NOW - timedelta(days=8), True),
        ("date", "next", 7, (NOW + timedelta(days=2)).date(), True),
        ("date", "before", "2026-12-01", datetime(2026, 11, 30, 15, 59, tzinfo=UTC), True),
        ("date", "before", "2026-12-01", datetime(2026, 11, 30, 16, 0, tzinfo=UTC), False),
        ("date", "past", None, "yesterday", None),
        ("bool", "no", None, None, True),
        ("tag", "has", "VIP", ["vip", "x"], True),
        ("tag", "has_any", ["a", "b"], [], False),
        ("user", "in", ["1", "2"], 2, True),
        ("number", "lt", 3, "2", None),
    ],
)
def test_questions(kind: str, operator: str, value: Any, given_value: Any, answer: bool | None) -> None:
    """Single questions where it is easy to be wrong: letters, currencies, days of the company, empty values."""
    _met, why = conditions.evaluate(Question(kind, operator, value), {kind: given_value}, NOW, FACTS)
    assert why["met"] is answer


def test_a_fact_that_is_gone_is_not_met_either_way() -> None:
    """Rules outlive the facts that they ask."""
    node = Question("gone", "is", 1)
    for tree in (node, Group("not", (node,))):
        assert conditions.evaluate(tree, {}, NOW, FACTS)[0] is False


def test_guarded_values_and_texts_do_not_stand_in_the_log() -> None:
    """The answer does; the value not."""
    masking.guard("thing", "secret", "Secret", masking.number)
    try:
        facts = {**FACTS, "number": fact(FactType.NUMBER, guard=("thing", "secret"))}
        for key, value in (("number", 5), ("text", "王先生")):
            _met, why = conditions.evaluate(Question(key, "filled"), {key: value}, NOW, facts)
            assert why["met"] is True
            assert "found" not in why
    finally:
        masking.guarded._items.pop("thing.secret")
        masking._by_any_name.pop(("thing", "secret"))


def test_every_type_has_questions() -> None:
    """None is forgotten, and each asks whether anything is there or is a question of yes or no."""
    assert set(OPERATORS) == set(FactType)
    assert all("filled" in row or "yes" in row for row in OPERATORS.values())
