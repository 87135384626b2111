"""What a case can be linked to: found by words or number, named as `kind:id` in forms and addresses."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.conversations.models import Conversation
from guanxi.core import access, ids, records
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.search.public import kinds, search
from guanxi.service import queries
from guanxi.service.models import Case
from guanxi.service.services.parts import LINKABLE
from guanxi.ui.cells import Context, format_moment

SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """One record to choose."""

    value: str
    title: str
    hint: str
    icon: str


def parse(text: str) -> RecordRef | None:
    """The record that `order:ord_...` names; None for anything else."""
    kind, _colon, number = text.partition(":")
    known = records.kinds.get(kind)
    if kind not in LINKABLE or known is None:
        return None
    found = ids.parse(known.prefix, number)
    return RecordRef(kind, found) if found else None


def named(actor: Actor, text: str) -> Choice | None:
    """The record that a form names, as far as the actor may see it."""
    about = parse(text)
    if about is None or not access.may_see(actor, about.kind, about.id):
        return None
    kind = records.kinds[about.kind]
    row = kind.model._default_manager.filter(pk=about.id).first()
    return Choice(text, kind.title(row), str(kind.label), kind.icon) if row is not None else None


def found(actor: Actor, case: Case, text: str) -> list[Choice]:
    """What the actor may see and a text finds."""
    only = [kind for kind in LINKABLE if kind in kinds and kind in records.kinds]
    hits = search(actor=actor, text=text, only=only, limit=SHOWN + 1)
    return [
        Choice(_value(hit.kind, hit.record_id), hit.title, hit.subtitle or str(records.kinds[hit.kind].label),
               records.kinds[hit.kind].icon)
        for hit in hits if (hit.kind, hit.record_id) != ("case", case.pk)
    ][:SHOWN]  # fmt: skip


def suggested(actor: Actor, case: Case) -> list[Choice]:
    """The latest other cases of the same customer."""
    if case.customer_id is None:
        return []
    rows = queries.cases_of_customer(actor, case.customer_id).exclude(pk=case.pk)[:SHOWN]
    return [Choice(_value("case", row.pk), str(row), str(row.get_state_display()), "ticket") for row in rows]


def conversation_words(row: Conversation) -> str:
    """A conversation to choose."""
    at = format_moment(row.last_message_at, Context())
    return f"{row.subject or _('Without a subject')} · {row.get_state_display()} · {at}"


def _value(kind: str, number: int) -> str:
    """A record as forms name it."""
    return f"{kind}:{ids.public_id(records.kinds[kind].prefix, number)}"
