"""What the talk in a conversation does to its case: opens one, notes the first answer, makes it wait or opens it again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from guanxi.conversations.choices import Direction, MessageKind
from guanxi.conversations.models import Conversation, Message
from guanxi.core import changes
from guanxi.core.actor import Actor, system_actor
from guanxi.core.models import User
from guanxi.service.choices import CaseState, CaseType
from guanxi.service.models import Case
from guanxi.service.services.cases import live_case_of, open_case, update_case
from guanxi.service.services.states import move

TEXT_TAKEN = 20_000


def open_for_message(*, actor: Actor, message_id: int) -> Case | None:
    """The live case of an inbound message's conversation, opened if there is none; None where no answer is wanted."""
    message = Message.objects.select_related("conversation").filter(pk=message_id).first()
    if message is None or not message.needs_answer:
        return None
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=message.conversation_id)
        standing = live_case_of(conversation.pk)
        if standing is not None:
            return standing
        return open_case(
            actor=actor,
            values=what_was_said(message, conversation),
            conversation_id=conversation.pk,
            opened_at=message.at,
            first_answered_at=first_answer_after(message.conversation_id, message.at),
        )


def what_was_said(message: Message, conversation: Conversation) -> dict[str, Any]:
    """The fields of a case that a message opens."""
    return {
        "case_type": CaseType.ENQUIRY,
        "subject": (message.subject or conversation.subject or message.new_text)[:255].strip() or str(conversation),
        "description": message.new_text[:TEXT_TAKEN],
        "owner": conversation.assignee_id,
    }


def note_heard(message_id: int) -> None:
    """The customer said something: the case no longer waits for it, and somebody waits for us."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None or not message.needs_answer:
        return
    with transaction.atomic():
        case = _locked_live_case(message.conversation_id)
        if case is None:
            return
        with changes.operation(actor=system_actor(means="service"), name="service.note_heard") as op:
            waiting = Conversation.objects.values_list("waiting_since", flat=True).get(pk=message.conversation_id)
            if case.state == CaseState.SOLVED and case.solved_at is not None and message.at <= case.solved_at:
                waiting = None  # said before it was solved, heard of later
            elif case.state == CaseState.SOLVED or (case.state == CaseState.WAITING and waiting is not None):
                move(op, case, CaseState.OPEN)
            values: dict[str, Any] = {"waiting_since": waiting}
            if case.first_answered_at is not None and message.at > case.first_answered_at:
                values["came_back_count"] = case.came_back_count + 1
            if not op.update(case, **values) and not op.pending:
                op.row.delete()


def note_answered(message_id: int) -> None:
    """We said something: a first answer is noted, nobody waits any more, a new case is in hand."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None or message.details.get("automatic"):
        return
    with transaction.atomic():
        case = _locked_live_case(message.conversation_id)
        if case is None:
            return
        with changes.operation(actor=system_actor(means="service"), name="service.note_answered") as op:
            answered: dict[str, Any] = {"waiting_since": None}
            if case.first_answered_at is None and message.at >= case.opened_at:
                answered["first_answered_at"] = message.at
            if case.state == CaseState.NEW:
                move(op, case, CaseState.OPEN)
            if not op.update(case, **answered) and not op.pending:
                op.row.delete()


def note_assigned(conversation_id: int) -> None:
    """Somebody has the conversation now: a case that nobody answers for is theirs."""
    with transaction.atomic():
        case = _locked_live_case(conversation_id)
        if case is None or case.owner_id is not None:
            return
        owner = Conversation.objects.values_list("assignee_id", flat=True).get(pk=conversation_id)
        if owner is not None:
            values = {"owner": owner}
            if case.department_id is None:
                values["department"] = User.objects.values_list("department_id", flat=True).get(pk=owner)
            update_case(actor=system_actor(means="service"), case_id=case.pk, values=values)


def _locked_live_case(conversation_id: int) -> Case | None:
    """The live case of a conversation, locked."""
    found = live_case_of(conversation_id)
    return Case.everything.select_for_update(of=("self",)).get(pk=found.pk) if found is not None else None


def first_answer_after(conversation_id: int, at: datetime) -> datetime | None:
    """When a person first answered after a moment, if anybody has."""
    later = Message.objects.filter(
        conversation=conversation_id, kind=MessageKind.MESSAGE, direction=Direction.OUT, at__gt=at
    )
    return next((row.at for row in later.order_by("at")[:20] if not row.details.get("automatic")), None)
