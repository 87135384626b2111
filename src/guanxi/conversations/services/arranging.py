"""Split and merge: entries move between conversations, nothing is lost, and both can be undone.

The figures of a conversation are not journaled: whatever moves entries, an undo included, counts them anew.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from guanxi.conversations.choices import ConversationState, MessageKind
from guanxi.conversations.events import ConversationsMerged, ConversationSplit, ConversationStarted
from guanxi.conversations.following import joined, parted
from guanxi.conversations.models import Conversation, DeskTab, Draft, Message
from guanxi.conversations.services import dispatching
from guanxi.conversations.services.figures import recount
from guanxi.conversations.services.threads import announce_change
from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.changes import OperationInHand
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import publish
from guanxi.core.models import Change

MOST_MOVED = 5_000
# Fields of a conversation that the one made of its later part begins with.
TAKEN_ALONG = (
    "customer_id", "match", "contact_kind", "contact_value", "contact_name", "channel_id", "channel_kind", "language",
    "assignee_id", "department_id",
)  # fmt: skip
# Fields by which the counterpart is reached.
GOES_ON_BY = ("contact_kind", "contact_value", "contact_name", "channel_id", "channel_kind")


def split_conversation(*, actor: Actor, message_id: int, subject: str = "") -> tuple[Conversation, int]:
    """Make a conversation of a message and all that follows it; the new one and the operation's number."""
    message: Message = Message.objects.get_visible(actor, "change", pk=message_id)
    with transaction.atomic():
        old = _locked([message.conversation_id])[0]
        message = Message.objects.get(pk=message_id)
        if message.conversation_id != old.pk:
            raise Conflict(_("The conversation was arranged anew meanwhile; look at it again."))
        rows = Message.objects.filter(conversation=old)
        if not rows.filter(at__lt=message.at).exclude(kind=MessageKind.EVENT).exists():
            raise InvalidInput(_("Nothing comes before this message: the whole conversation begins with it."))
        moving = list(rows.filter(at__gte=message.at).order_by("at", "id")[: MOST_MOVED + 1])
        _refuse_too_many(moving)
        with changes.operation(actor=actor, name="conversations.split") as op:
            plain = " ".join(subject.replace("\x00", "").split())[:255]
            new: Conversation = op.create(
                Conversation(
                    subject=plain or message.subject or old.subject,
                    state=old.state,
                    done_at=old.done_at,
                    last_message_at=moving[-1].at,
                    secret=secrets.token_hex(16),
                    created_at=clock.now(),
                    **{name: getattr(old, name) for name in TAKEN_ALONG},
                )
            )
            _move(op, moving, new)
            recount(old)
            recount(new)
            for follow in parted:
                follow(op, old, new)
            publish(ConversationStarted(conversation_id=new.pk))
            publish(ConversationSplit(conversation_id=old.pk, new_id=new.pk))
            _place_among_work(old, new)
            announce_change(old)
            announce_change(new)
        return new, op.id


def merge_conversations(*, actor: Actor, keep_id: int, absorb_id: int) -> int:
    """Let one conversation stand for two of the same customer; the operation's number."""
    for number in (keep_id, absorb_id):
        Conversation.objects.get_visible(actor, "change", pk=number)
    if keep_id == absorb_id:
        raise InvalidInput(_("Choose two different conversations."))
    with transaction.atomic():
        rows = {row.pk: row for row in _locked([keep_id, absorb_id])}
        keep, absorbed = rows[keep_id], rows[absorb_id]
        _refuse_merge(keep, absorbed)
        with changes.operation(actor=actor, name="conversations.merge") as op:
            join(op, keep, absorbed)
        return op.id


def join(op: OperationInHand, keep: Conversation, absorbed: Conversation) -> None:
    """Within an operation: one locked conversation stands for both, and goes on by the channel that was heard of last."""
    is_talked = absorbed.state == ConversationState.OPEN
    moving = list(Message.objects.filter(conversation=absorbed).order_by("at", "id")[: MOST_MOVED + 1])
    _refuse_too_many(moving)
    _move(op, moving, keep)
    if absorbed.last_inbound_at is not None and (
        keep.last_inbound_at is None or keep.last_inbound_at < absorbed.last_inbound_at
    ):
        op.update(keep, **{name: getattr(absorbed, name) for name in GOES_ON_BY})
    gone = {"state": ConversationState.DONE, "done_at": clock.now(), "merged_into": keep}
    op.update(absorbed, **gone, waiting_since=None, due_at=None, queue=None)
    if is_talked and keep.state == ConversationState.DONE:
        op.update(keep, state=ConversationState.OPEN, done_at=None)
    recount(keep)
    recount(absorbed)
    _join_what_is_kept(keep, absorbed)
    for follow in joined:
        follow(op, keep, absorbed)
    publish(ConversationsMerged(keep_id=keep.pk, absorbed_id=absorbed.pk))
    dispatching.hold(keep, absorbed)
    dispatching.leave(absorbed)
    _place_among_work(keep)
    announce_change(keep)
    announce_change(absorbed)


def count_anew(op: OperationInHand, model: type[models.Model], keys: Sequence[Any]) -> None:
    """After an undo that moved entries back: the figures of the conversations they left and came to."""
    if model is Message:
        numbers = set(Message.objects.filter(pk__in=list(keys)).values_list("conversation", flat=True))
        if op.row.undoes_id is not None:
            moved = Change.objects.filter(operation=op.row.undoes_id, kind="message", field="conversation_id")
            numbers |= {int(number) for number in moved.values_list("after", flat=True) if number}
        rows = list(Conversation.objects.select_for_update(no_key=True).filter(pk__in=sorted(numbers)).order_by("pk"))
        dispatching.hold(*rows)
        for row in rows:
            recount(row)
            _place_among_work(row)
    if model in {Message, Conversation} and keys:
        announce_rows = Conversation.objects.filter(pk__in=list(keys)) if model is Conversation else ()
        for row in announce_rows:
            announce_change(row)


def _locked(numbers: Iterable[int]) -> list[Conversation]:
    """The conversations, locked in the order of their keys."""
    wanted = sorted(set(numbers))
    found = list(Conversation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise Conflict(_("The conversation was arranged anew meanwhile; look at it again."))
    return found


def _refuse_merge(keep: Conversation, absorbed: Conversation) -> None:
    """Only conversations of one customer are one, and only such as stand for themselves."""
    if keep.merged_into_id is not None or absorbed.merged_into_id is not None:
        raise Conflict(_("One of the conversations is part of another already."))
    if keep.customer_id is None or keep.customer_id != absorbed.customer_id:
        raise InvalidInput(_("Only conversations with the same customer can be merged."))


def _refuse_too_many(moving: Sequence[Message]) -> None:
    """What cannot be moved in one act."""
    if len(moving) > MOST_MOVED:
        raise InvalidInput(_("At most %(count)s messages can be moved at once.") % {"count": MOST_MOVED})


def _move(op: OperationInHand, messages: Iterable[Message], target: Conversation) -> None:
    """Let entries belong to another conversation."""
    for message in messages:
        op.update(message, conversation=target)


def _join_what_is_kept(keep: Conversation, absorbed: Conversation) -> None:
    """Tabs and drafts of the one that is absorbed go on in the other; a draft is put behind the one that is there."""
    for draft in Draft.objects.filter(conversation=absorbed):
        standing = Draft.objects.filter(conversation=keep, user=draft.user_id, kind=draft.kind).first()
        if standing is None:
            draft.conversation = keep
            draft.save(update_fields=["conversation"])  # house: writes: drafts have no journal
        else:
            standing.text = f"{standing.text}\n\n{draft.text}"
            standing.save(update_fields=["text"])  # house: writes: drafts have no journal
            draft.delete()
    known = set(DeskTab.objects.filter(conversation=keep).values_list("user", flat=True))
    tabs = DeskTab.objects.filter(conversation=absorbed)
    tabs.filter(user__in=known).delete()  # house: writes: tabs have no journal
    tabs.update(conversation=keep)  # house: writes: tabs have no journal


def _place_among_work(*conversations: Conversation) -> None:
    """What waits for an answer waits in a queue; what no longer does weighs nothing there."""
    for row in conversations:
        if row.state == ConversationState.OPEN and row.waiting_since is not None:
            dispatching.enter(row)
        else:
            dispatching.note_answered(row)


changes.restored.add("conversations.figures", count_anew)
