"""A bulk act over what somebody else has just changed: it asks before it writes over that, and may leave it alone.

The page carries the moment at which its rows were drawn. What others wrote since then, in the fields that the act
writes, is told record by record; whoever acts says whether these stay as they are or are changed too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.changes import ERASE, LOOK
from guanxi.core.holding import hold_rows
from guanxi.core.models import Change
from guanxi.ui.cells import Context
from guanxi.ui.history.telling import Line, Reader, lines, record_names
from guanxi.ui.lists.spec import BulkAction

SEEN, CHOICE, ASKED, LEAVE, MINE = "seen", "_choice_meanwhile", "_asked_meanwhile", "theirs", "mine"
# An act of somebody else that was under way when the rows were drawn began before that moment.
MARGIN = timedelta(seconds=10)
MOST_TOLD = 8
MOST_READ = 20_000


@dataclass(frozen=True)
class News:
    """What one other hand did to one of the selected records."""

    title: str
    who: str
    at: datetime
    lines: Sequence[Line]


def stamp() -> str:
    """The moment that a list carries."""
    return clock.now().isoformat()


def _moment(text: str) -> datetime | None:
    """The moment at which the rows were drawn, None where a form does not tell."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


class Meanwhile:
    """What others did to the selected rows, as far as one act writes the same; `data`: what was sent."""

    def __init__(self, *, actor: Actor, kind: str, action: BulkAction, values: dict[str, Any], data: Any) -> None:
        """Read what the page tells of the moment it was drawn, and what was answered already."""
        self.actor, self.kind = actor, kind
        self.fields = list(action.writes(values)) if action.writes is not None else []
        self.since = _moment(data.get(SEEN, ""))
        self.choice = data.get(CHOICE, "") if data.get(CHOICE, "") in {LEAVE, MINE} else ""
        asked = data.get(ASKED, "")
        self.asked = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0

    @property
    def is_told(self) -> bool:
        """Whether the page tells when its rows were drawn, and the act writes what others may have written since."""
        return bool(self.fields) and self.since is not None

    @property
    def _number(self) -> str:
        """The column of the journal that names the record: that of the kind itself, or the one whose part it is."""
        return "record_id" if all(kind == self.kind for kind, _name in self.fields) else "customer_id"

    def _changes(self, above: int = 0) -> QuerySet[Change]:
        """What others wrote of these fields since, as far as it stands; above a number: after that was asked."""
        if self.since is None or not self.fields:
            return Change.objects.none()
        wanted = Q()
        for kind, name in self.fields:
            wanted |= Q(kind=kind, field=name) if name else Q(kind=kind)
        rows = Change.objects.filter(wanted, operation__at__gte=self.since - MARGIN, operation__undone_at__isnull=True)
        rows = rows.exclude(act__in=(LOOK, ERASE)).filter(pk__gt=above)
        own = self.actor.user_id
        return rows.exclude(operation__actor_id=own) if own is not None else rows

    def changed(self, queryset: QuerySet[Any], above: int = 0) -> QuerySet[Any]:
        """Those of the rows that somebody else has changed."""
        return queryset.filter(pk__in=self._changes(above).order_by().values(self._number))

    def asks(self, queryset: QuerySet[Any]) -> bool:
        """Whether there is something that the person has not been asked about."""
        return self.changed(queryset, self.asked if self.choice else 0).exists()

    def left(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows to leave as they are: all that were changed, but those that the person wants changed too."""
        return self.changed(queryset, self.asked if self.choice == MINE else 0)

    def question(self, queryset: QuerySet[Any]) -> dict[str, Any]:
        """What the dialog shows."""
        numbers = list(self.changed(queryset).order_by().values_list("pk", flat=True))
        told = self._latest(numbers)
        return {
            "changed_count": len(numbers),
            "news": self._news(dict(list(told.items())[:MOST_TOLD])),
            "further_count": max(0, len(numbers) - MOST_TOLD),
            "asked": max((change.pk for change in told.values()), default=0),
        }

    def _latest(self, numbers: Sequence[int]) -> dict[int, Change]:
        """The latest change of each of these records, the newest first."""
        wanted, latest = set(numbers), dict[int, Change]()
        for change in self._changes().select_related("operation").order_by("-id")[:MOST_READ]:
            number = getattr(change, self._number)
            if number in wanted:
                latest.setdefault(number, change)
        return latest

    def _news(self, latest: dict[int, Change]) -> list[News]:
        """In words, as far as the person may see."""
        told = list(latest.values())
        reader = Reader(self.actor, Context(actor=self.actor))
        reader.learn(told)
        names = record_names(told)
        return [
            News(
                names.get((self.kind, number), str(number)),
                change.operation.actor_name,
                change.operation.at,
                lines(reader, [change]),
            )
            for number, change in latest.items()
        ]


def hold(queryset: QuerySet[Any]) -> None:
    """Keep the rows from other writers until the transaction ends, in the order in which all lock them."""
    hold_rows(queryset.model, queryset.order_by().values_list("pk", flat=True))
    rows = queryset.model._base_manager.filter(pk__in=queryset.order_by().values("pk"))
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
