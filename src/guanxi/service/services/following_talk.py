"""What the talk in a conversation does to its case: opens one, notes the first answer, makes it wait or opens it again."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from guanxi.conversations.choices import DeliveryState, Direction, MessageKind
from guanxi.conversations.models import Conversation, Message
from guanxi.core import changes, clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.compiled import Compiled
from guanxi.core.models import Change, User
from guanxi.service.choices import CaseState, CaseType
from guanxi.service.models import Case
from guanxi.service.services.cases import live_case_of, open_case, update_case
from guanxi.service.services.locking import lock_live_case
from guanxi.service.services.states import move

TEXT_TAKEN = 20_000
# States that end when the customer waits for us.
WAITED_IN = frozenset({CaseState.WAITING, CaseState.SOLVED})
# What a case took on by itself so short a while before an answer was taken back, it took on with that answer.
WITH_THE_ANSWER = timedelta(minutes=1)


def open_for_message(*, actor: Actor, message_id: int) -> Case | None:
    """The live case of an inbound message's conversation, opened if there is none; None where no answer is wanted."""
    said = _SAID.first(message_id)
    if said is None or not said[2]:
        return None
    with transaction.atomic(savepoint=False):
        live = lock_live_case(said[0])
        if live is not None:
            return live.case
        message = Message.objects.get(pk=message_id)
        conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=message.conversation_id)
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


_SAID = Compiled(
    lambda number: Message.objects.filter(pk=number).values_list("conversation", "at", "needs_answer", "details"), int
)


def note_heard(message_id: int) -> Case | None:
    """The customer said something: the case no longer waits for it, and somebody waits for us; see `_written`."""
    said = _SAID.first(message_id)
    if said is None or not said[2]:
        return None
    conversation_id, at = said[:2]
    with transaction.atomic(savepoint=False):
        live = lock_live_case(conversation_id)
        if live is None:
            return None
        case, waiting = live
        state = None
        if case.state == CaseState.SOLVED and case.solved_at is not None and at <= case.solved_at:
            waiting = None  # said before it was solved, heard of later
        elif case.state == CaseState.SOLVED or (case.state == CaseState.WAITING and waiting is not None):
            state = CaseState.OPEN
        values: dict[str, Any] = {"waiting_since": waiting}
        if case.first_answered_at is not None and at > case.first_answered_at:
            values["came_back_count"] = case.came_back_count + 1
        return _written("service.note_heard", case, at, state, values)


def note_answered(message_id: int) -> Case | None:
    """We said something: a first answer is noted, nobody waits any more, a new case is in hand; see `_written`."""
    said = _SAID.first(message_id)
    if said is None or said[3].get("automatic"):
        return None
    conversation_id, at = said[:2]
    with transaction.atomic(savepoint=False):
        live = lock_live_case(conversation_id)
        if live is None:
            return None
        case = live.case
        answered: dict[str, Any] = {"waiting_since": None}
        if case.first_answered_at is None and at >= case.opened_at:
            answered["first_answered_at"] = at
        state = CaseState.OPEN if case.state == CaseState.NEW else None
        return _written("service.note_answered", case, at, state, answered)


def _written(name: str, case: Case, said_at: datetime, state: CaseState | None, values: dict[str, Any]) -> Case | None:
    """Write what differs of a locked case, and nothing where nothing does.

    The case as it stands then; None where what follows must look for itself: it moved, or began after this was said.
    """
    if state is None and all(getattr(case, field) == value for field, value in values.items()):
        return case if said_at >= case.opened_at else None
    with changes.operation(actor=system_actor(means="service"), name=name) as op:
        if state is not None:
            move(op, case, state)
        op.update(case, **values)
    return case if state is None and said_at >= case.opened_at else None


def note_unsaid(conversation_id: int, message_id: int) -> None:
    """What we said reached nobody (taken back, or failed): the first answer and all that follows from it are told anew.

    What was solved with it is not solved; what was said after the solution takes nothing from that. Taken back, the case is
    new and nobody's again where it was so before.
    """
    with transaction.atomic(savepoint=False):
        live = lock_live_case(conversation_id)
        if live is None:
            return
        case, waiting = live
        first = first_answer_after(conversation_id, case.opened_at)
        values = {"first_answered_at": first, "came_back_count": _came_back(case, first), "waiting_since": waiting}
        state = None
        said_at = Message.objects.filter(pk=message_id).values_list("at", flat=True).first()
        if said_at is None:
            _give_back(case)
            if first is None and case.state == CaseState.OPEN and _was_just_taken_on(case, "state"):
                state = CaseState.NEW
        if case.state in WAITED_IN:
            if waiting is not None and said_at is not None and said_at <= (case.solved_at or said_at):
                state = CaseState.OPEN
            else:
                values["waiting_since"] = None
        _written("service.note_unsaid", case, case.opened_at, state, values)


def _give_back(case: Case) -> None:
    """Let a locked case be nobody's again that was given to whoever had its conversation for a moment."""
    talk = Conversation.objects.filter(pk=case.conversation_id or 0, assignee__isnull=True)
    if case.owner_id is None or not _was_just_taken_on(case, "owner_id") or not talk.exists():
        return
    values: dict[str, Any] = {"owner": None}
    if _was_just_taken_on(case, "department_id"):
        values["department"] = None
    update_case(actor=system_actor(means="service"), case_id=case.pk, values=values)


def _was_just_taken_on(case: Case, field: str) -> bool:
    """Whether the last word on a field of a case was its own, a moment ago, and not anybody's."""
    rows = Change.objects.filter(kind="case", record_id=case.pk, field=field).select_related("operation")
    last = rows.order_by("-pk").first()
    return last is not None and last.operation.means == "service" and last.operation.at > clock.now() - WITH_THE_ANSWER


def _came_back(case: Case, first: datetime | None) -> int:
    """How often the customer spoke again after our first answer."""
    if first is None:
        return 0
    rows = Message.objects.filter(conversation=case.conversation_id, direction=Direction.IN, needs_answer=True)
    return rows.filter(at__gt=first).count()


def note_assigned(conversation_id: int) -> None:
    """Somebody has the conversation now: a case that nobody answers for is theirs."""
    with transaction.atomic():
        live = lock_live_case(conversation_id)
        if live is None or live.case.owner_id is not None:
            return
        case = live.case
        owner = Conversation.objects.values_list("assignee_id", flat=True).get(pk=conversation_id)
        if owner is not None:
            values = {"owner": owner}
            if case.department_id is None:
                values["department"] = User.objects.values_list("department_id", flat=True).get(pk=owner)
            update_case(actor=system_actor(means="service"), case_id=case.pk, values=values)


def first_answer_after(conversation_id: int, at: datetime) -> datetime | None:
    """When a person first answered after a moment, if anybody has; what reached nobody is no answer."""
    later = Message.objects.filter(
        conversation=conversation_id, kind=MessageKind.MESSAGE, direction=Direction.OUT, at__gt=at
    ).exclude(delivery=DeliveryState.FAILED)
    return next((row.at for row in later.order_by("at")[:20] if not row.details.get("automatic")), None)
