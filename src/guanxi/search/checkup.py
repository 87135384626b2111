"""Whether what is found is what there is: entries of the index against their records, in samples."""

import random
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import jobs
from guanxi.core.checkup import Check, Finding, Level, register
from guanxi.core.checkup.registry import Facts
from guanxi.search.kinds import SearchKind, kinds
from guanxi.search.models import SearchEntry
from guanxi.search.services import is_behind

WINDOW = 250
WINDOWS = 6
MANY = 0.02


def look_at_index() -> Facts:
    """How many of the records looked at are not found as they are."""
    found = {}
    for kind in kinds:
        if kind.is_indexed and kind.ids is not None:
            numbers = _sample(kind)
            found[kind.key] = {"looked_at": len(numbers), "behind": len(is_behind(kind.key, numbers))}
            jobs.check()
    return {"kinds": found}


def _sample(kind: SearchKind) -> list[int]:
    """The newest records, those that came after the newest entry, and some from anywhere."""
    assert kind.ids is not None
    highest = SearchEntry.objects.filter(kind=kind.key).aggregate(last=Max("record_id"))["last"] or 0
    starts = [highest, max(highest - WINDOW, 0), *(random.randint(0, highest) for _each in range(WINDOWS))]
    return sorted({number for start in starts for number in kind.ids(start, WINDOW)})


def tell_of_index(facts: Facts) -> Iterator[Finding]:
    """Is everything found that is there?"""
    is_fine = True
    for key, seen in facts["kinds"].items():
        kind = kinds.get(key)
        if not seen["behind"] or kind is None:
            continue
        is_fine = False
        text = _(
            "Search is behind: of %(looked_at)d records looked at (%(kind)s), %(behind)d are not found as they are."
        )
        level = Level.PROBLEM if seen["behind"] > seen["looked_at"] * MANY else Level.WARNING
        why = _("People take what they do not find for new, and enter it twice.")
        yield Finding("search", level, text % {**seen, "kind": kind.label}, why, "guanxi search rebuild")
    if is_fine:
        yield Finding("search", Level.OK, _("Search finds what there is."))


register(
    Check(
        "search", gettext_lazy("Search index"), look_at_index, tell_of_index, queue="long", every=timedelta(hours=12)
    ),
    order=120,
)
