"""In which conversation a case is settled, where that was not known when it was opened."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.public import hold_work, set_due
from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import publish
from guanxi.service.choices import LIVE_STATES
from guanxi.service.events import CaseChanged
from guanxi.service.services.cases import free_conversation, locked_case, write_fields
from guanxi.service.services.following_talk import first_answer_after


def settle_in(*, actor: Actor, case_id: int, conversation_id: int | None) -> int | None:
    """Let a live case be settled in a conversation that has none, or in none; the operation's number, None when it is so.

    From then on what is said there is said in the case: clocks, waiting and first answer follow.
    """
    with transaction.atomic():
        case = locked_case(actor, case_id, besides=[conversation_id] if conversation_id is not None else [])
        if case.conversation_id == conversation_id:
            return None
        if case.state not in LIVE_STATES:
            raise Conflict(_("This case is closed; open it again first."))
        values: dict[str, Any] = {"conversation": None, "waiting_since": None}
        further: dict[str, Any] = {}
        if conversation_id is not None:
            row = free_conversation(actor, conversation_id)
            if case.customer_id is None and row.customer is not None:
                further["customer"] = row.customer
            elif row.customer_id not in {None, case.customer_id}:
                raise InvalidInput(_("This conversation is with another customer."), column="conversation")
            values = {"conversation": row, "waiting_since": row.waiting_since}
            values["channel_kind"] = case.channel_kind or row.channel_kind
            if case.first_answered_at is None:
                values["first_answered_at"] = first_answer_after(row.pk, case.opened_at)
        with changes.operation(actor=actor, name="service.settle_in") as op:
            if case.conversation_id is not None:
                hold_work([case.conversation_id, *([conversation_id] if conversation_id is not None else [])])
                set_due(conversation_id=case.conversation_id, due_at=None)
            changed = [*write_fields(op, case, further), *op.update(case, **values)]
            publish(CaseChanged(case_id=case.pk, fields=("conversation", *changed)))
        return op.id
