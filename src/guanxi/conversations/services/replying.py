"""Answering, noting, taking back: what we say in a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations import jobs
from guanxi.conversations.adapters import Prepared, adapters
from guanxi.conversations.choices import DeliveryState, Direction, DraftKind, MessageKind
from guanxi.conversations.events import MessageSent, MessageTakenBack, NoteWritten
from guanxi.conversations.models import Channel, Conversation, Draft, Message
from guanxi.conversations.services import dispatching
from guanxi.conversations.services.channels import reply_channel_of
from guanxi.conversations.services.figures import recount
from guanxi.conversations.services.intake import locked, locked_for, next_place, write_figures
from guanxi.conversations.services.threads import announce, key_of_message_id
from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import publish
from guanxi.core.ids import public_id
from guanxi.core.records import RecordRef
from guanxi.customers.public import note_contact
from guanxi.files.models import StoredFile
from guanxi.files.public import attach, files_of
from guanxi.tasks.public import tell_mentioned

TEXT_LIMIT = 200_000
HOLD_SECONDS = 8
# What a message set besides when it went: pairs of key and value, by which its draft sets it again.
SETS = "sets"


@dataclass(frozen=True)
class Outgoing:
    """What somebody says: text, perhaps as HTML too, to whom, by which channel, with which stored files."""

    text: str
    html: str = ""
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    subject: str = ""
    channel_id: int | None = None
    file_ids: Sequence[int] = ()
    in_reply_to: str = ""
    # Written by a program (an acknowledgement, an automatic answer): it does not end the waiting.
    is_automatic: bool = False
    # Under which it is sent once, however often a page that lost its connection asks.
    key: str = ""
    details: Mapping[str, Any] | None = None


def send_message(
    *, actor: Actor, conversation_id: int, outgoing: Outgoing, hold_seconds: int = HOLD_SECONDS
) -> Message:
    """Say something to the other side; for `hold_seconds` it can be taken back, where the channel is no live talk."""
    text = _text(outgoing.text)
    if not text and not outgoing.html and not outgoing.file_ids:
        raise InvalidInput(_("There is nothing to send yet."), column="text")
    with transaction.atomic():
        conversation = locked_for(actor, "change", conversation_id)
        sent = _sent_before(conversation, outgoing.key)
        if sent is not None:
            return sent
        channel = _channel(conversation, outgoing.channel_id)
        adapter = adapters.get(channel.kind)
        if adapter is None or not adapter.can_send:
            raise InvalidInput(_("Nothing can be sent by this channel."), column="channel")
        given = Prepared(tuple(outgoing.to), tuple(outgoing.cc), outgoing.subject, in_reply_to=outgoing.in_reply_to)
        ready = adapter.prepare(channel, conversation, given)
        is_held = not adapter.is_instant
        at = next_place(conversation)
        with changes.operation(actor=actor, name="conversations.send_message") as op:
            message: Message = op.create(
                Message(
                    conversation=conversation,
                    customer_id=conversation.customer_id,
                    channel=channel,
                    channel_kind=channel.kind,
                    kind=MessageKind.MESSAGE,
                    direction=Direction.OUT,
                    author_id=actor.user_id,
                    author_name=actor.name[:200],
                    from_address=channel.address,
                    to=list(ready.to),
                    cc=list(ready.cc),
                    subject=ready.subject[:255],
                    text=text,
                    new_text=text,
                    html=outgoing.html,
                    details={**(outgoing.details or {}), **({"automatic": True} if outgoing.is_automatic else {})},
                    at=at,
                    external_key=outgoing.key or None,
                    message_id=key_of_message_id(ready.message_id),
                    in_reply_to=key_of_message_id(ready.in_reply_to),
                    delivery=DeliveryState.HELD if is_held else DeliveryState.SENT,
                    held_until=clock.now() + timedelta(seconds=max(hold_seconds, 0)) if is_held else None,
                )
            )
            _attach(actor, outgoing.file_ids, message)
            _write_sent(conversation, message, ends_waiting=not outgoing.is_automatic)
            Draft.objects.filter(
                conversation=conversation, user=actor.user_id, kind=_draft_kind(message)
            ).delete()  # house: writes: the draft has become the message
            publish(
                MessageSent(
                    message_id=message.pk, conversation_id=conversation.pk, channel=channel.kind, by_id=actor.user_id
                )
            )
            announce(conversation, message)
        if is_held:
            jobs.deliver.using(run_after=message.held_until).enqueue(message_id=message.pk)
        else:
            _deliver_now(message)
    return message


def take_back(*, actor: Actor, message_id: int) -> Message:
    """Take a message back that is still held; it becomes a draft of its author again."""
    Message.objects.get_visible(actor, "change", pk=message_id)
    with transaction.atomic():
        conversation = locked(Message.objects.values_list("conversation_id", flat=True).get(pk=message_id))
        message = Message.objects.select_for_update(no_key=True).get(pk=message_id)
        if message.delivery != DeliveryState.HELD:
            raise Conflict(_("It is on its way already and cannot be taken back."))
        with changes.operation(actor=actor, name="conversations.take_back") as op:
            _as_draft_again(actor, op, conversation, message)
            # While it still stands, so that who hears of it in this transaction finds what hangs on it.
            publish(MessageTakenBack(message_id=message_id, conversation_id=conversation.pk))
            op.delete(message)
            recount(conversation)
            if conversation.waiting_since is not None:
                dispatching.enter(conversation)
            announce(conversation, message)
    return message


def write_note(
    *, actor: Actor, conversation_id: int, text: str, file_ids: Sequence[int] = (), key: str = ""
) -> Message:
    """Note something that only colleagues see; those who are mentioned are told."""
    plain = _text(text)
    if not plain and not file_ids:
        raise InvalidInput(_("There is nothing to note yet."), column="text")
    with transaction.atomic():
        conversation = locked_for(actor, "change", conversation_id)
        noted = _sent_before(conversation, key)
        if noted is not None:
            return noted
        with changes.operation(actor=actor, name="conversations.write_note") as op:
            message: Message = op.create(
                Message(
                    conversation=conversation,
                    customer_id=conversation.customer_id,
                    kind=MessageKind.NOTE,
                    direction=Direction.INTERNAL,
                    author_id=actor.user_id,
                    author_name=actor.name[:200],
                    text=plain,
                    new_text=plain,
                    at=next_place(conversation),
                    external_key=key or None,
                    delivery=DeliveryState.RECEIVED,
                )
            )
            _attach(actor, file_ids, message)
            write_figures(conversation, message_count=conversation.message_count + 1, last_message_at=message.at)
            Draft.objects.filter(
                conversation=conversation, user=actor.user_id, kind=DraftKind.NOTE
            ).delete()  # house: writes: the draft has become the note
            publish(NoteWritten(message_id=message.pk, conversation_id=conversation.pk))
            announce(conversation, message)
        tell_mentioned(actor=actor, text=plain, about=RecordRef("conversation", conversation.pk))
    return message


def save_draft(
    *, actor: Actor, conversation_id: int, kind: str, text: str, details: Mapping[str, Any] | None = None
) -> Draft | None:
    """Keep what somebody is writing; what holds nothing takes the draft away."""
    conversation = Conversation.objects.get_visible(actor, "change", pk=conversation_id)
    return keep_draft(actor, conversation, kind=kind, text=text, details=details or {})


def keep_draft(
    actor: Actor, conversation: Conversation, *, kind: str, text: str, details: Mapping[str, Any]
) -> Draft | None:
    """The same in a conversation that is theirs to change."""
    access.require(actor, "conversation", "change")
    if actor.private_id is None or kind not in DraftKind.values:
        raise InvalidInput(_("This cannot be kept as a draft."), column="kind")
    plain = str(text or "").replace("\x00", "")[:TEXT_LIMIT]
    if not plain.strip() and not details.get("files") and not details.get("actions"):
        Draft.objects.filter(
            conversation=conversation, user=actor.private_id, kind=kind
        ).delete()  # house: writes: drafts have no journal
        return None
    draft = Draft(
        conversation=conversation, user_id=actor.private_id, kind=kind, text=plain, details=dict(details),
        updated_at=clock.now(),
    )  # fmt: skip
    Draft.objects.bulk_create(  # house: writes: drafts have no journal
        [draft],
        update_conflicts=True,
        unique_fields=["conversation", "user", "kind"],
        update_fields=["text", "details", "updated_at"],
    )
    return draft


def _text(value: Any) -> str:
    """What is said, within its limit."""
    text = str(value or "").replace("\x00", "").strip()
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(
            _("At most %(limit)s characters can be sent at once.") % {"limit": TEXT_LIMIT}, column="text"
        )
    return text


_CHANNEL = CompiledRecords(Channel, lambda number: Channel.objects.filter(pk=number), int)


def _channel(conversation: Conversation, channel_id: int | None) -> Channel:
    """The channel that was chosen, else the one of the conversation."""
    row = _CHANNEL.first(channel_id) if channel_id else reply_channel_of(conversation)
    if row is None and not channel_id:
        row = conversation.channel
    if row is None:
        raise InvalidInput(_("Choose by which channel it is to go."), column="channel")
    if not row.is_active:
        raise InvalidInput(_("The channel “%(name)s” is not in use.") % {"name": row.name}, column="channel")
    return row


def _attach(actor: Actor, file_ids: Sequence[int], message: Message) -> None:
    """Let uploaded files go with a message: only those that the actor uploaded and that belong to nothing yet."""
    if not file_ids:
        return
    rows = list(StoredFile.objects.filter(pk__in=file_ids, record_kind="", by=actor.user_id))
    if len(rows) != len(set(file_ids)):
        raise InvalidInput(_("A file is no longer there; add it again."), column="files")
    for row in rows:
        attach(actor=actor, stored=row, kind="message", record_id=message.pk)


def _write_sent(conversation: Conversation, message: Message, *, ends_waiting: bool) -> None:
    """The figures of the conversation after an answer."""
    figures: dict[str, Any] = {"message_count": conversation.message_count + 1, "last_message_at": message.at}
    if ends_waiting:
        figures.update(last_outbound_at=message.at, waiting_since=None)
    if ends_waiting and message.channel_id != conversation.channel_id:
        figures.update(channel_id=message.channel_id, channel_kind=message.channel_kind)
    write_figures(conversation, **figures)
    if ends_waiting:
        dispatching.note_answered(conversation)
    if conversation.customer_id is not None and ends_waiting:
        note_contact(conversation.customer_id, message.at)


_SENT = Compiled(
    lambda talk, key: Message.objects.filter(conversation=talk, external_key=key).values_list("pk")[:1], int, str
)


def _sent_before(conversation: Conversation, key: str) -> Message | None:
    """What was written under the same key already: a page asked twice."""
    row = _SENT.first(conversation.pk, key) if key else None
    return Message.objects.get(pk=row[0]) if row is not None else None


def _draft_kind(message: Message) -> DraftKind:
    """Which draft a message was, and becomes again."""
    return DraftKind.FORWARD if "forward_of" in message.details else DraftKind.REPLY


def _as_draft_again(actor: Actor, op: changes.OperationInHand, conversation: Conversation, message: Message) -> None:
    """Let a message be a draft of its author again, before what they may have begun to write since; its files with it."""
    files = []
    for stored in files_of("message", message.pk):
        op.update(stored, record_kind="", record_id=None)
        files.append({"id": stored.public_id, "name": stored.name, "size": stored.size})
    key: dict[str, Any] = {
        "conversation": conversation,
        "user_id": message.author_id or actor.user_id or 0,
        "kind": _draft_kind(message),
    }
    begun = Draft.objects.filter(**key).first()
    known: list[Any] = begun.details.get("actions", []) if begun is not None else []
    sets = {one["key"]: one for one in [*({"key": k, "value": v} for k, v in message.details.get(SETS, ())), *known]}
    details = {
        "to": ", ".join(message.to),
        "cc": ", ".join(message.cc),
        "subject": message.subject,
        "channel": public_id("chn", message.channel_id) if message.channel_id else "",
        "files": files + list(begun.details.get("files", []) if begun is not None else []),
        "actions": list(sets.values()),
        **({"forward_of": message.details["forward_of"]} if "forward_of" in message.details else {}),
    }
    text = "\n\n".join(part for part in (message.text, begun.text if begun is not None else "") if part.strip())
    Draft.objects.update_or_create(  # house: writes: drafts have no journal
        **key, defaults={"text": text, "details": details, "updated_at": clock.now()}
    )


def _deliver_now(message: Message) -> None:
    """Hand a message over by a channel that is a live talk."""
    state = adapters[message.channel_kind].deliver(message)
    if state != message.delivery:
        message.delivery = state
        message.save(update_fields=["delivery"])  # house: writes: how far the message just written has come
