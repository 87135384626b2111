"""One stream out of many kinds: merged by key, nothing lost or shown twice on any page."""

from datetime import timedelta

import pytest

from guanxi.core import clock
from guanxi.core.actor import actor_of
from guanxi.core.errors import InvalidInput
from guanxi.customers import timeline
from guanxi.customers.models import Note, VisitRecord


def read_all(actor, customer, limit, **rest):
    """Every entry, page by page."""
    seen, after = [], ""
    while True:
        stream = timeline.read(actor, customer.pk, limit=limit, after=after, **rest)
        assert len(stream.items) <= limit
        seen += [(item.kind.key, item.entry.id, item.entry.at) for item in stream.items]
        after = stream.following
        if not after:
            return seen


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_entries_of_the_same_moment_are_neither_lost_nor_doubled(owner, enter, limit):
    made = enter("李雷")
    at = clock.now() - timedelta(days=1)
    for number in range(9):
        moment = at - timedelta(seconds=number // 3)
        Note.objects.create(customer=made, author_name="x", at=moment, text=f"备注{number}")
        VisitRecord.objects.create(customer=made, visited_at=moment, purpose=f"拜访{number}", created_at=moment)
    seen = read_all(owner, made, limit)
    assert len(seen) == len(set(seen)) == 19
    assert [entry[2] for entry in seen] == sorted((entry[2] for entry in seen), reverse=True)
    only = read_all(owner, made, limit, only=["visit"])
    assert {entry[0] for entry in only} == {"visit"}
    assert len(only) == 9


def test_kinds_are_open_by_right(owner, enter, make_seller):
    anna = actor_of(make_seller("anna"))
    keys = {kind.key for kind in timeline.open_kinds(anna)}
    assert "note" in keys
    assert "origin" not in keys
    assert "origin" in {kind.key for kind in timeline.open_kinds(owner)}


@pytest.mark.parametrize("after", ["nonsense", "W10", "eyJhIjoxfQ", "bnVsbA"])
def test_a_broken_place_is_said(owner, enter, after):
    with pytest.raises(InvalidInput):
        timeline.read(owner, enter("李雷").pk, after=after)
