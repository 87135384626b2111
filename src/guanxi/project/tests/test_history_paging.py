"""The history of many acts is read by its indexes, whatever is asked, and finds what was done long ago."""

import pytest

from guanxi.core.actor import system_actor
from guanxi.core.models import Operation
from guanxi.people.history import filters, reading
from guanxi.project.bench import journal

pytestmark = [pytest.mark.full, pytest.mark.django_db]
COUNT = 60_000


def test_no_filter_goes_through_the_journal() -> None:
    first = journal.fill(COUNT)
    actor = system_actor()
    for question in journal.questions(first):
        told = journal.ask(actor, question)
        assert told["scans"] == [], question.what
    every = [question.what for question in journal.questions(first)]
    assert len(every) > 10


def test_what_no_index_knows_is_found_however_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten acts of an address, the oldest of all, come whole and in order, page after page; so do those of a week."""
    monkeypatch.setattr(reading, "WINDOW", 1_000)
    first = journal.fill(20_000)
    actor = system_actor()
    asked = filters.parse({"address": journal.RARE_ADDRESS})
    found: list[int] = []
    below: int | None = reading.END
    while below is not None:
        page = reading.read(actor, asked, below=below, limit=3)
        found += [act.row.pk for act in page.acts]
        below = page.after
    assert found == list(range(first + 9, first - 1, -1))
    day = Operation.objects.get(pk=first + 5_000).at.date()
    asked = filters.parse({"since": str(day), "until": str(day)})
    page = reading.read(actor, asked, limit=200)
    fitting = asked.narrowed(Operation.objects.all()).order_by("-pk").values_list("pk", flat=True)
    assert [act.row.pk for act in page.acts] == list(fitting)
    assert len(page.acts) > 5
    for extreme in ({"since": "0001-01-01"}, {"until": "9999-12-30"}, {"since": "9999-12-30"}):
        reading.read(actor, filters.parse(extreme), limit=3)
