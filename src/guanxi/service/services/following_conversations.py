"""Cases go with their conversations: two that become one have one live case, and whose a conversation is, their case is too.

Written into the operation of the act on the conversation, so that an undo gives the cases back as well.
"""

from guanxi.conversations.choices import Direction
from guanxi.conversations.following import joined, parted, settled
from guanxi.conversations.models import Conversation, Message
from guanxi.core.actor import system_actor
from guanxi.core.changes import OperationInHand
from guanxi.core.events import publish
from guanxi.search.public import refresh
from guanxi.service import closing
from guanxi.service.choices import CaseState, CaseType
from guanxi.service.events import CaseChanged
from guanxi.service.models import Case
from guanxi.service.services.cases import prepared_case, write_case, write_fields
from guanxi.service.services.following_talk import WAITED_IN, what_was_said
from guanxi.service.services.locking import live_cases
from guanxi.service.services.states import move
from guanxi.workflow.models import Rule

# The rule that ships with Guanxi and opens a case for what needs an answer.
OPENING_RULE = "service.open_case"


def join_cases(op: OperationInHand, keep: Conversation, absorbed: Conversation) -> None:
    """The live case of both: a complaint before others, else that of the conversation that stands. The other is part of it.

    It closes where nothing stands against that, so that one matter counts once; a second complaint goes on.
    """
    found = live_cases([keep.pk, absorbed.pk])
    standing, other = found.get(keep.pk), found.get(absorbed.pk)
    if standing is not None and other is not None:
        if other.case_type == CaseType.COMPLAINT != standing.case_type:
            standing, other = other, standing
        _become_part(op, other, standing, absorbed)
    elif other is not None:
        standing = other
    if standing is None:
        return
    op.update(standing, conversation=keep, waiting_since=keep.waiting_since, came_back_count=_came_back(standing, keep))
    if keep.waiting_since is not None and standing.state in WAITED_IN:
        move(op, standing, CaseState.OPEN)
    op.touch(standing)
    publish(CaseChanged(case_id=standing.pk, fields=("conversation",)))


def _came_back(case: Case, conversation: Conversation) -> int:
    """How often the customer spoke again after our first answer, with what came along."""
    if case.first_answered_at is None:
        return case.came_back_count
    rows = Message.objects.filter(conversation=conversation, direction=Direction.IN, needs_answer=True)
    return rows.filter(at__gt=case.first_answered_at).count()


def _become_part(op: OperationInHand, part: Case, whole: Case, absorbed: Conversation) -> None:
    """One case is part of the other from now on, and closed where that may be."""
    is_free = part.parent_id is None and whole.parent_id != part.pk
    if not closing.missing(part):
        move(op, part, CaseState.CLOSED)
    op.update(part, conversation=absorbed, **({"parent": whole} if is_free else {}))
    publish(CaseChanged(case_id=part.pk, fields=("conversation", "parent")))


def part_cases(op: OperationInHand, old: Conversation, new: Conversation) -> None:
    """What is unanswered in the later part of a conversation is a case of its own, while the rule that opens cases holds."""
    standing = live_cases([old.pk]).get(old.pk)
    if standing is not None and standing.waiting_since != old.waiting_since:
        op.update(standing, waiting_since=old.waiting_since)
        publish(CaseChanged(case_id=standing.pk, fields=("conversation",)))
    waits = Message.objects.filter(conversation=new, needs_answer=True)
    said = waits.filter(at=new.waiting_since).first() if new.waiting_since is not None else None
    if said is None or not Rule.objects.filter(key=OPENING_RULE, is_active=True).exists():
        return
    values = {**what_was_said(said, new), "tags": standing.tag_names() if standing is not None else []}
    actor = system_actor(means="service")
    case, tags = prepared_case(actor=actor, values=values, conversation=new, opened_at=said.at)
    write_case(op, case, tags)


def follow_customer(op: OperationInHand, conversation: Conversation, before_id: int | None) -> None:
    """The live case of a conversation that turned out to be somebody else's is theirs too, unless it had another customer."""
    case = live_cases([conversation.pk]).get(conversation.pk)
    if case is None or case.customer_id != before_id or case.customer_id == conversation.customer_id:
        return
    changed = write_fields(op, case, {"customer": conversation.customer})
    refresh("case", [case.pk])
    publish(CaseChanged(case_id=case.pk, fields=tuple(changed)))


joined.add("cases", join_cases)
parted.add("cases", part_cases)
settled.add("cases", follow_customer)
