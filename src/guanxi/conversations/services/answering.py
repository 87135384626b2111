"""An answer at the desk: the message, what it sets besides and what becomes of the conversation, together or not at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations import jobs
from guanxi.conversations.choices import DeliveryState, DraftKind
from guanxi.conversations.desk.registries import macro_actions, send_choices
from guanxi.conversations.events import MessageTriedAgain
from guanxi.conversations.models import Conversation, Draft, Macro, Message
from guanxi.conversations.services import delivering, dispatching
from guanxi.conversations.services.conversations import assign_locked
from guanxi.conversations.services.desk import mark_seen
from guanxi.conversations.services.figures import recount
from guanxi.conversations.services.intake import locked
from guanxi.conversations.services.macros import count_use
from guanxi.conversations.services.replying import SETS, Outgoing, send_message, take_back, write_note
from guanxi.conversations.services.threads import announce
from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, GuanxiError, InvalidInput
from guanxi.core.events import publish
from guanxi.core.holding import hold_operations
from guanxi.core.models import Operation

# What a prepared text left open: {{customer.name}}.
UNFILLED = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")
TAKEN_BACK_WITH = "together"


@dataclass(frozen=True)
class Further:
    """What goes with an answer or a note: macros' settings, what becomes of the conversation, the macros that were used."""

    actions: Sequence[tuple[str, str]] = ()
    then: str = ""
    macro_ids: Sequence[int] = ()


def answer(
    *, actor: Actor, conversation_id: int, outgoing: Outgoing, further: Further, hold_seconds: int | None = None
) -> Message:
    """Send an answer and do what goes with it; whoever answers what nobody had, has it from then on."""
    refuse_unfilled(outgoing.text)
    with transaction.atomic():
        held = {} if hold_seconds is None else {"hold_seconds": hold_seconds}
        message = send_message(actor=actor, conversation_id=conversation_id, outgoing=outgoing, **held)
        if TAKEN_BACK_WITH in message.details:
            return message  # sent before: the page asked twice
        operations = []
        conversation = message.conversation  # locked
        if conversation.assignee_id is None:
            operations.append(assign_locked(actor=actor, conversation=conversation, user_id=actor.user_id))
        operations += _do(actor, conversation_id, further)
        sets = {SETS: [list(pair) for pair in further.actions]} if further.actions else {}
        message.details = {**message.details, **sets, TAKEN_BACK_WITH: [number for number in operations if number]}
        message.save(update_fields=["details"])  # house: writes: parts of the message just written
    # By itself: a visitor of a chat, who is told, is locked before the conversation.
    mark_seen(actor=actor, conversation=conversation)
    return message


def note(
    *,
    actor: Actor,
    conversation_id: int,
    text: str,
    file_ids: Sequence[int] = (),
    further: Further | None = None,
    key: str = "",
) -> Message | None:
    """Write a note and do what goes with it; without words only the latter."""
    refuse_unfilled(text)
    wanted = further or Further()
    message = None
    with transaction.atomic():
        if text.strip() or file_ids or not (wanted.actions or wanted.then):
            message = write_note(actor=actor, conversation_id=conversation_id, text=text, file_ids=file_ids, key=key)
        _do(actor, conversation_id, wanted)
    rows = Conversation.objects.visible_to(actor).filter(pk=conversation_id)
    row = message.conversation if message is not None else rows.first()  # none: it was given out of their sight
    if row is not None:
        mark_seen(actor=actor, conversation=row)
    return message


def take_back_answer(*, actor: Actor, message_id: int) -> Message:
    """Take back an answer that is still held, with all that was done with it; it is a draft again."""
    found: Message = Message.objects.get_visible(actor, "change", pk=message_id)
    with transaction.atomic():
        # First what was done with it, so that whoever waited waits again in an open conversation.
        together = found.details.get(TAKEN_BACK_WITH, ())
        hold_operations(together)
        for number in reversed(together):
            _undo(actor, number)
        return take_back(actor=actor, message_id=message_id)


def forget_draft(*, actor: Actor, conversation_id: int, kind: str = DraftKind.FORWARD) -> None:
    """Take a draft away that has become something else."""
    Draft.objects.filter(
        conversation=conversation_id, user=actor.private_id, kind=kind
    ).delete()  # house: writes: drafts have no journal


def refuse_unfilled(text: str) -> None:
    """InvalidInput when a field of a prepared text is still open: nobody gets a letter with {{customer.name}} in it."""
    found = UNFILLED.search(text or "")
    if found is not None:
        raise InvalidInput(_("Fill in “%(field)s” first, or take it out.") % {"field": found[0]}, column="text")


def _do(actor: Actor, conversation_id: int, further: Further) -> list[int | None]:
    """What goes with an answer; the operations by which it can be taken back."""
    done: list[int | None] = []
    choice = send_choices.get(further.then) if further.then else None
    if further.then and choice is None:
        raise InvalidInput(_("Choose what becomes of the conversation."), column="then")
    for key, value in further.actions:
        if choice is not None and key in choice.instead_of:
            continue
        action = macro_actions.get(key)
        if action is None:
            raise InvalidInput(_("A macro sets something that is no longer there; take it out."), column="actions")
        done.append(action.apply(actor, conversation_id, value))
    for number in further.macro_ids:
        if Macro.objects.visible_to(actor).filter(pk=number).exists():
            count_use(number)
    if choice is not None:
        done.append(choice.apply(actor, conversation_id))
    return done


def _undo(actor: Actor, operation_id: int) -> None:
    """Take back what was done with an answer, unless somebody has changed it since."""
    row = Operation.objects.filter(pk=operation_id, undone_at__isnull=True).first()
    if row is None:
        return
    try:
        with transaction.atomic():
            changes.undo_operation(actor=actor, operation_id=operation_id)
    except GuanxiError:
        return  # changed since by somebody: it stays as they left it


def is_held(message: Message) -> bool:
    """Whether a message can still be taken back."""
    return message.delivery == DeliveryState.HELD


def try_again(*, actor: Actor, message_id: int) -> Message:
    """Hand a message over once more that did not get through."""
    found: Message = Message.objects.get_visible(actor, "change", pk=message_id)
    with transaction.atomic():
        conversation = locked(found.conversation_id)
        message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
        if message.delivery != DeliveryState.FAILED:
            raise Conflict(_("It did not fail, or is tried again already."))
        with changes.operation(actor=actor, name="conversations.try_again") as op:
            fresh = {"delivery": DeliveryState.QUEUED, "error": "", "error_detail": "", "tries": 0, "held_until": None}
            op.update(message, **fresh, details=delivering.begun_anew(message))
            recount(conversation)
            if conversation.waiting_since is None:
                dispatching.note_answered(conversation)
            publish(MessageTriedAgain(message_id=message_id, conversation_id=conversation.pk))
            announce(conversation, message)
        jobs.deliver.enqueue(message_id=message.pk)
    return message
