"""Paging by key: every row once, in order, whatever the order and whatever has no value."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.ui import keyset
from guanxi.ui.keyset import SortKey


def all_pages(keys: list[SortKey], limit: int) -> list[int]:
    """The ids of all rows, fetched page by page, the place passed on as text as an address does."""
    found: list[int] = []
    after = ""
    while True:
        rows = keyset.fetch(
            User.objects.filter(username__startswith="row-"), keys, ["id"], keyset.decode(after, len(keys)), limit
        )
        found += [row["id"] for row in rows]
        if len(rows) < limit:
            return found
        after = keyset.encode(keyset.place(rows[-1], keys))


def naive(rows: list[User], keys: list[SortKey]) -> list[int]:
    """The ids as plain sorting has them: stable, last key first; rows without a value at the end either way."""
    ordered = list(rows)
    for key in reversed(keys):
        present = [row for row in ordered if getattr(row, key.path) is not None]
        absent = [row for row in ordered if getattr(row, key.path) is None]
        present.sort(key=lambda row: getattr(row, key.path), reverse=key.is_descending)
        # A reversed sort of Python keeps equal rows in place only when it is told to sort downwards, as here.
        ordered = present + absent
    return [row.pk for row in ordered]


ORDERS = [
    [SortKey("name"), SortKey("id")],
    [SortKey("name", True), SortKey("id", True)],
    [SortKey("last_login", False, True), SortKey("id")],
    [SortKey("last_login", True, True), SortKey("id", True)],
    [SortKey("email"), SortKey("last_login", True, True), SortKey("id", True)],
    [SortKey("last_login", True, True), SortKey("name"), SortKey("id")],
]


@pytest.mark.parametrize(
    "keys", ORDERS, ids=lambda keys: ",".join(f"{'-' if k.is_descending else ''}{k.path}" for k in keys)
)
def test_every_row_once_and_in_order(make_rows: Any, keys: list[SortKey]) -> None:
    pick = random.Random(7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = make_rows(
        [
            {
                "name": pick.choice("abcde"),
                "email": pick.choice("xyz"),
                "last_login": pick.choice([None, start + timedelta(hours=pick.randrange(6))]),
            }
            for _ in range(57)
        ]
    )
    expected = naive(made, keys)
    for limit in (1, 7, 100):
        assert all_pages(keys, limit) == expected


def test_a_place_that_was_tampered_with_is_refused() -> None:
    for text in ("@@", keyset.encode([1]), keyset.encode([[1], 2]), "e30"):
        with pytest.raises(InvalidInput):
            keyset.decode(text, 2)


@pytest.mark.django_db
def test_a_place_with_a_value_of_another_type_is_refused() -> None:
    for keys, text in (
        ([SortKey("date_joined", True), SortKey("id")], keyset.encode(["not a date", 1])),
        ([SortKey("last_login", False, True), SortKey("id")], keyset.encode([5, 1])),
        ([SortKey("username"), SortKey("id")], keyset.encode(["x", "y"])),
    ):
        with pytest.raises(InvalidInput):
            keyset.fetch(User.objects.all(), keys, ["id"], keyset.decode(text, 2), 10)
