"""What happened to a conversation besides words, read from the journal: who took it, who finished it, what was undone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.conversations.models import Conversation
from guanxi.core.compiled import CompiledRecords
from guanxi.core.models import Change, User
from guanxi.customers.models import Customer

MOST = 200
FIELDS = ("assignee_id", "state", "customer_id", "language", "subject")
LANGUAGES = {"en": "English", "zh-hans": "中文"}


@dataclass(frozen=True)
class Happening:
    """One thing that somebody did with a conversation, in words."""

    at: datetime
    words: str


def _told(number: int) -> QuerySet[Change]:
    """What the journal tells of a conversation, but for what a message says itself."""
    rows = Change.objects.filter(kind="conversation", record_id=number, act="update", field__in=FIELDS)
    return rows.exclude(operation__name="conversations.receive_message", field="state", after="done")


_ALL = CompiledRecords(Change, lambda number: _told(number).order_by("-id")[:MOST], int, related=("operation",))
_SINCE = CompiledRecords(
    Change,
    lambda number, since: _told(number).filter(operation__at__gte=since).order_by("-id")[:MOST],
    int, datetime, related=("operation",),
)  # fmt: skip


def happenings(conversation: Conversation, since: datetime | None, until: datetime | None) -> list[Happening]:
    """What was done in a stretch of time, the oldest first."""
    if until is not None:
        rows = _told(conversation.pk).filter(operation__at__lt=until)
        rows = rows.filter(operation__at__gte=since) if since is not None else rows
        found = list(rows.select_related("operation").order_by("-id")[:MOST])
    else:
        found = _ALL.all(conversation.pk) if since is None else _SINCE.all(conversation.pk, since)
    users = User.objects.in_bulk({n for c in found if c.field == "assignee_id" for n in (c.before, c.after) if n})
    customers = Customer.objects.in_bulk({c.after for c in found if c.field == "customer_id" and c.after})
    names = {number: user.display_name for number, user in users.items()}
    names_of = {number: customer.name for number, customer in customers.items()}
    return [Happening(one.operation.at, _words(one, names, names_of)) for one in reversed(found)]


def _words(change: Change, people: dict[int, str], customers: dict[int, str]) -> str:
    """One change in words."""
    who = change.operation.actor_name or _("The system")
    if change.operation.undoes_id is not None:
        return _("%(who)s took back the last act") % {"who": who}
    telling = {"assignee_id": _assigned, "state": _stated, "customer_id": _settled}.get(change.field)
    return telling(change, who, people, customers) if telling is not None else _other(change, who)


def _assigned(change: Change, who: str, people: dict[int, str], _customers: dict[int, str]) -> str:
    """Who has it now."""
    if change.after is None:
        return _("%(who)s gave it back to everybody") % {"who": who}
    if change.after == change.operation.actor_id:
        return _("%(who)s took it") % {"who": who}
    return _("%(who)s gave it to %(to)s") % {"who": who, "to": people.get(change.after, "?")}


def _stated(change: Change, who: str, _people: dict[int, str], _customers: dict[int, str]) -> str:
    """Done or open."""
    if change.after == "done":
        return _("%(who)s finished the conversation") % {"who": who}
    if change.operation.name == "conversations.receive_message":
        return _("The conversation is open again: somebody wrote")
    return _("%(who)s opened the conversation again") % {"who": who}


def _settled(change: Change, who: str, _people: dict[int, str], customers: dict[int, str]) -> str:
    """Whose it is."""
    if change.after is None:
        return _("%(who)s settled that it belongs to no customer") % {"who": who}
    return _("%(who)s settled that it belongs to %(customer)s") % {
        "who": who,
        "customer": customers.get(change.after, "?"),
    }


def _other(change: Change, who: str) -> str:
    """Subject and language."""
    if change.field == "language":
        return _("%(who)s set the language to %(language)s") % {
            "who": who,
            "language": LANGUAGES.get(str(change.after), str(change.after)),
        }
    return _("%(who)s changed the subject to “%(subject)s”") % {"who": who, "subject": change.after}
