"""What rules can hear, ask and do about messages and conversations."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.conversations.choices import (
    ChannelKind,
    ConversationState,
    DeliveryState,
    Direction,
    Match,
    MessageClass,
    MessageKind,
)
from guanxi.conversations.events import ConversationChanged, ConversationStarted, MessageFailed, MessageReceived
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services.conversations import assign_conversation, finish_conversation, move_to_queue
from guanxi.conversations.services.replying import Outgoing, send_message, write_note
from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.core.sentences import gettext as _
from guanxi.routing.models import Queue
from guanxi.tasks.queries import people
from guanxi.workflow.public import (
    Action,
    Done,
    Fact,
    FactType,
    Link,
    Parameter,
    ParameterType,
    Trigger,
    read_column,
    read_key,
    register_action,
    register_fact,
    register_link,
    register_trigger,
)

# Two programs that answer each other must not go on for ever.
ANSWERED_ONCE_IN = timedelta(hours=24)
TEXT_READ = 20_000

_FIELDS = {
    "state": gettext_lazy("State"),
    "assignee": pgettext_lazy("desk", "Who answers"),
    "queue": gettext_lazy("Queue"),
    "customer": gettext_lazy("Customer"),
}


def _channels() -> list[tuple[int, str]]:
    """The channels to choose from."""
    return list(Channel.objects.filter(is_active=True).values_list("pk", "name"))


def _queues() -> list[tuple[int, str]]:
    """The queues to choose from."""
    return list(Queue.objects.filter(is_active=True).values_list("pk", "name"))


def _new_texts(ids: Sequence[int]) -> dict[int, str]:
    """What messages say, without what they quote."""
    rows = Message.objects.filter(pk__in=list(ids)).values_list("pk", "new_text")
    return {number: text[:TEXT_READ] for number, text in rows}


def _conversation_of(record: RecordRef) -> int:
    """The conversation that an act is about: its own number, or that of the message's conversation."""
    if record.kind == "conversation":
        return record.id
    return Message.objects.values_list("conversation_id", flat=True).get(pk=record.id)


def _assign(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Let somebody answer."""
    number = _conversation_of(record)
    done = assign_conversation(actor=actor, conversation_id=number, user_id=int(parameters["user"]))
    return Done(_("The conversation was assigned."), RecordRef("conversation", number), has_changed=done is not None)


def _move(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Let it wait in another queue."""
    number = _conversation_of(record)
    done = move_to_queue(actor=actor, conversation_id=number, queue_id=int(parameters["queue"]))
    return Done(
        _("The conversation waits in another queue."), RecordRef("conversation", number), has_changed=done is not None
    )


def _finish(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Nothing more is to be said."""
    number = _conversation_of(record)
    done = finish_conversation(actor=actor, conversation_id=number)
    return Done(_("The conversation is done."), RecordRef("conversation", number), has_changed=done is not None)


def _note(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Write something that only colleagues see."""
    number = _conversation_of(record)
    write_note(actor=actor, conversation_id=number, text=parameters["text"])
    return Done(_("A note was written."), RecordRef("conversation", number))


def _acknowledge(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Answer a message by itself: never what was no normal message, never the same conversation again within a day."""
    message = Message.objects.filter(pk=record.id).first()
    if message is None or message.message_class != MessageClass.NORMAL or message.direction != Direction.IN:
        return Done(_("No automatic answer: only normal messages get one."), has_changed=False)
    recent = Message.objects.filter(
        conversation=message.conversation_id,
        kind=MessageKind.MESSAGE,
        direction=Direction.OUT,
        at__gt=clock.now() - ANSWERED_ONCE_IN,
    )
    if any(row.details.get("automatic") for row in recent.exclude(delivery=DeliveryState.FAILED)[:50]):
        return Done(_("No automatic answer: this conversation got one within a day."), has_changed=False)
    outgoing = Outgoing(text=parameters["text"], is_automatic=True, details={"rule": key})
    send_message(actor=actor, conversation_id=message.conversation_id, outgoing=outgoing, hold_seconds=0)
    return Done(_("An automatic answer was sent."), RecordRef("conversation", message.conversation_id))


register_trigger(
    Trigger(
        "message.received",
        gettext_lazy("a message comes in"),
        "message",
        {MessageReceived: lambda event: (event.message_id,)},
        icon="inbox",
    ),
    order=20,
)
register_trigger(
    Trigger(
        "message.failed",
        gettext_lazy("a message could not be delivered"),
        "message",
        {MessageFailed: lambda event: (event.message_id,)},
        icon="mail-x",
    ),
    order=21,
)
register_trigger(
    Trigger(
        "conversation.started",
        gettext_lazy("a conversation begins"),
        "conversation",
        {ConversationStarted: lambda event: (event.conversation_id,)},
        icon="messages",
    ),
    order=22,
)
register_trigger(
    Trigger(
        "conversation.changed",
        gettext_lazy("a conversation is assigned, done or opened again"),
        "conversation",
        {ConversationChanged: lambda event: (event.conversation_id,)},
        fields={ConversationChanged: lambda event: event.fields},
        field_labels=_FIELDS,
        icon="messages",
    ),
    order=23,
)
register_link(
    Link("message.conversation", "message", "conversation", gettext_lazy("the conversation"),
         read_key(Message, "conversation_id"))
)  # fmt: skip
register_link(
    Link("message.customer", "message", "customer", gettext_lazy("the customer"),
         read_key(Message, "customer_id"))
)  # fmt: skip
register_link(
    Link("conversation.customer", "conversation", "customer", gettext_lazy("the customer"),
         read_key(Conversation, "customer_id"))
)  # fmt: skip
for _order, _fact in enumerate(
    (
        Fact("message.needs_answer", "message", gettext_lazy("needs an answer"), FactType.BOOL,
             read_column(Message, "needs_answer")),
        Fact("message.channel_kind", "message", gettext_lazy("kind of channel"), FactType.CHOICE,
             read_column(Message, "channel_kind"), choices=tuple(ChannelKind.choices)),
        Fact("message.channel", "message", pgettext_lazy("rule", "channel"), FactType.CHOICE,
             read_column(Message, "channel_id"), choices=_channels),
        Fact("message.class", "message", gettext_lazy("sort of message"), FactType.CHOICE,
             read_column(Message, "message_class"), choices=tuple(MessageClass.choices)),
        Fact("message.subject", "message", gettext_lazy("subject line"), FactType.TEXT, read_column(Message, "subject")),
        Fact("message.text", "message", gettext_lazy("what it says"), FactType.TEXT, _new_texts),
        Fact("message.from", "message", gettext_lazy("address of the sender"), FactType.TEXT,
             read_column(Message, "from_address"), guard=("contactpoint", "value")),
        Fact("conversation.state", "conversation", _FIELDS["state"], FactType.CHOICE,
             read_column(Conversation, "state"), choices=tuple(ConversationState.choices), column="state"),
        Fact("conversation.assignee", "conversation", _FIELDS["assignee"], FactType.USER,
             read_column(Conversation, "assignee_id"), choices=people, column="assignee_id"),
        Fact("conversation.queue", "conversation", _FIELDS["queue"], FactType.CHOICE,
             read_column(Conversation, "queue_id"), choices=_queues, column="queue_id"),
        Fact("conversation.channel_kind", "conversation", gettext_lazy("kind of channel"), FactType.CHOICE,
             read_column(Conversation, "channel_kind"), choices=tuple(ChannelKind.choices)),
        Fact("conversation.match", "conversation", gettext_lazy("how surely the customer is known"), FactType.CHOICE,
             read_column(Conversation, "match"), choices=tuple(Match.choices), column="match"),
        Fact("conversation.language", "conversation", gettext_lazy("language of the conversation"), FactType.TEXT,
             read_column(Conversation, "language"), is_code=True),
        Fact("conversation.waiting_since", "conversation", gettext_lazy("waiting for an answer since"), FactType.DATE,
             read_column(Conversation, "waiting_since")),
    )
):  # fmt: skip
    register_fact(_fact, order=30 + _order)

for _prefix in ("message", "conversation"):
    register_action(
        Action(f"{_prefix}.assign", gettext_lazy("assign the conversation"), _assign, kind=_prefix,
               parameters=(Parameter("user", _FIELDS["assignee"], ParameterType.USER, is_required=True, choices=people),),
               needs=("conversation", "change"), icon="user-check"),
        order=30,
    )  # fmt: skip
    register_action(
        Action(f"{_prefix}.move", gettext_lazy("move the conversation to a queue"), _move, kind=_prefix,
               parameters=(Parameter("queue", _FIELDS["queue"], ParameterType.CHOICE, is_required=True, choices=_queues),),
               needs=("conversation", "change"), icon="arrows-right-left"),
        order=31,
    )  # fmt: skip
    register_action(
        Action(f"{_prefix}.finish", gettext_lazy("note that the conversation is done"), _finish, kind=_prefix,
               needs=("conversation", "change"), icon="check"),
        order=32,
    )  # fmt: skip
    register_action(
        Action(f"{_prefix}.note", gettext_lazy("write a note in the conversation"), _note, kind=_prefix,
               parameters=(Parameter("text", gettext_lazy("Text"), ParameterType.LONG_TEXT, is_required=True, longest=5000),),
               needs=("conversation", "change"), icon="note"),
        order=33,
    )  # fmt: skip
register_action(
    Action("message.acknowledge", gettext_lazy("send an automatic answer"), _acknowledge, kind="message",
           parameters=(Parameter("text", gettext_lazy("Text"), ParameterType.LONG_TEXT, is_required=True, longest=5000),),
           needs=("conversation", "change"), icon="robot"),
    order=34,
)  # fmt: skip
