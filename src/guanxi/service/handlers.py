"""What service does when somebody speaks in a conversation."""

import guanxi.service.complaints.handlers  # noqa: F401 - complaints hear of cases too
from guanxi.conversations.events import (
    ConversationChanged,
    MessageFailed,
    MessageReceived,
    MessageSent,
    MessageTakenBack,
    MessageTriedAgain,
)
from guanxi.core.changes import OperationUndone
from guanxi.core.events import subscribe
from guanxi.core.models import Change
from guanxi.customers.events import CustomersMerged, CustomersUnmerged, StandingsRecorded
from guanxi.service.clocks import handlers as clock_handlers
from guanxi.service.events import CaseStateChanged
from guanxi.service.jobs import follow_tiers
from guanxi.service.models import Case
from guanxi.service.services import following_talk, moments

__all__ = ["clock_handlers"]


@subscribe(MessageReceived)
def follow_what_was_heard(event: MessageReceived) -> None:
    """The case of the conversation goes on, and so do its clocks: somebody waits for an answer."""
    if event.needs_answer:
        case = following_talk.note_heard(event.message_id)
        clock_handlers.follow_talk(event.conversation_id, {"event": "heard"}, case)


@subscribe(MessageSent)
def follow_what_was_said(event: MessageSent) -> None:
    """The first answer is noted, and nobody waits any more, which clocks are told."""
    case = following_talk.note_answered(event.message_id)
    clock_handlers.follow_talk(event.conversation_id, {"event": "answered"}, case)


@subscribe(MessageTriedAgain)
def follow_what_is_tried_again(event: MessageTriedAgain) -> None:
    """What may arrive after all answers again."""
    case = following_talk.note_answered(event.message_id)
    clock_handlers.follow_talk(event.conversation_id, {"event": "answered"}, case)
    moments.note_said(event.message_id)


@subscribe(MessageTakenBack)
def follow_what_was_taken_back(event: MessageTakenBack) -> None:
    """An answer that nobody got is none, in the case as in its clocks."""
    following_talk.note_unsaid(event.conversation_id, event.message_id)
    moments.note_unsaid(event.conversation_id)


@subscribe(MessageFailed)
def follow_what_failed(event: MessageFailed) -> None:
    """An answer that did not arrive is none either."""
    following_talk.note_unsaid(event.conversation_id, event.message_id)
    moments.note_unsaid(event.conversation_id)


@subscribe(ConversationChanged)
def follow_who_has_it(event: ConversationChanged) -> None:
    """Whoever takes a conversation answers for its case, if nobody does."""
    if "assignee" in event.fields:
        following_talk.note_assigned(event.conversation_id)


@subscribe(MessageSent)
def follow_what_was_said_afterwards(event: MessageSent) -> None:
    """A word of ours long after the solution is the follow-through."""
    moments.note_said(event.message_id)


@subscribe(CaseStateChanged)
def follow_the_follow_up(event: CaseStateChanged) -> None:
    """A follow-up case that ended is the follow-through of its case."""
    moments.note_follow_up_ended(event.case_id)


@subscribe(StandingsRecorded)
def follow_standings(event: StandingsRecorded) -> None:
    """Customers who are worth more or less have other priorities and promises from now on."""
    follow_tiers.using(unique_key="service.follow_tiers").enqueue()  # type: ignore[call-arg]


@subscribe(CustomersMerged)
def follow_merged(event: CustomersMerged) -> None:
    """The cases of several customers are those of one of them."""
    follow_tiers.enqueue([event.survivor_id, *event.absorbed_ids])


@subscribe(CustomersUnmerged)
def follow_parted(event: CustomersUnmerged) -> None:
    """Each has its own cases again."""
    follow_tiers.enqueue([event.survivor_id, event.absorbed_id])


@subscribe(OperationUndone)
def follow_undone(event: OperationUndone) -> None:
    """A case whose customer or state of before came back has the tier of that customer as it is now."""
    rows = Change.objects.filter(operation=event.operation_id, kind="case")
    numbers = rows.filter(field__in=("customer_id", "tier", "state")).values("record_id")
    owners = Case.objects.filter(pk__in=numbers, customer__isnull=False).values_list("customer", flat=True).distinct()
    if found := sorted(owners):
        follow_tiers.enqueue(found)
