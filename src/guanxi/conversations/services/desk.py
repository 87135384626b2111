"""What one person keeps at the desk: tabs, read marks, views of their own, senders whose images are shown. No journal."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.models import Conversation, DeskTab, DeskView, Seen, TrustedSender
from guanxi.conversations.services.dispatching import note_opened
from guanxi.conversations.services.signs import note_read
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.records import RecordRef
from guanxi.tasks.public import mark_read_about

MOST_TABS = 12
MOST_VIEWS = 30


def open_conversation(*, actor: Actor, conversation: Conversation) -> None:
    """Note that somebody has opened a conversation that is open to them: a tab, and read up to its last entry."""
    if actor.private_id is None:
        return
    mark_seen(actor=actor, conversation=conversation)
    rows = DeskTab.objects.filter(user=actor.private_id)
    places = dict(rows.values_list("conversation", "position"))
    if conversation.pk in places:
        return
    # The tabs that were opened first make room; one that another window opens at the same moment stays as it is.
    if beyond := sorted(places, key=lambda number: places[number])[: max(0, len(places) + 1 - MOST_TABS)]:
        rows.filter(conversation__in=beyond).delete()  # house: writes: tabs have no journal
    DeskTab.objects.bulk_create(  # house: writes: tabs have no journal
        [DeskTab(user_id=actor.private_id, conversation=conversation, position=max(places.values(), default=0) + 1)],
        ignore_conflicts=True,
    )


def close_tab(*, actor: Actor, conversation_id: int) -> None:
    """Close a tab; the conversation stays as it is."""
    DeskTab.objects.filter(
        user=actor.private_id, conversation=conversation_id
    ).delete()  # house: writes: tabs have no journal


def order_tabs(*, actor: Actor, conversation_ids: list[int]) -> None:
    """Bring one's tabs into an order; those not named stay behind the others as they were."""
    with transaction.atomic():
        rows = list(DeskTab.objects.select_for_update().filter(user=actor.private_id).order_by("position"))
        wanted = {number: place for place, number in enumerate(conversation_ids)}
        rows.sort(key=lambda row: (wanted.get(row.conversation_id, len(wanted)), row.position))
        for place, row in enumerate(rows, 1):
            row.position = place
        DeskTab.objects.bulk_update(rows, ["position"])  # house: writes: tabs have no journal


def mark_seen(*, actor: Actor, conversation: Conversation) -> None:
    """Note that somebody has read a conversation open to them up to now: mentions in it count as read, it as accepted."""
    if actor.private_id is not None:
        with transaction.atomic(savepoint=False):
            note_read(actor.private_id, conversation)
            note_opened(actor, conversation.pk)
            mark_read_about(actor=actor, about=RecordRef("conversation", conversation.pk))


def mark_seen_so_far(*, actor: Actor, conversation: Conversation, has_notes: bool) -> None:
    """The same of what came while somebody looks at it: only notes name colleagues, and accepted it was when opened."""
    if actor.private_id is not None:
        note_read(actor.private_id, conversation)
        if has_notes:
            mark_read_about(actor=actor, about=RecordRef("conversation", conversation.pk))


def mark_unread(*, actor: Actor, conversation_id: int) -> None:
    """Let a conversation stand as unread again."""
    Conversation.objects.get_visible(actor, pk=conversation_id)
    Seen.objects.filter(
        conversation=conversation_id, user=actor.private_id
    ).delete()  # house: writes: read marks have no journal


def keep_view(*, actor: Actor, name: str, view: str, text: str) -> DeskView:
    """Keep a narrowed list under a name; a name one has already is given to this one."""
    plain = " ".join(name.replace("\x00", "").split())[:60]
    if not plain:
        raise InvalidInput(_("Give the view a name."), column="name")
    if actor.private_id is None:
        raise NotFound(_("There is no such view."))
    rows = DeskView.objects.filter(user=actor.private_id)
    if rows.count() >= MOST_VIEWS and not rows.filter(name=plain).exists():
        raise Conflict(_("You have %(count)s views already; remove one first.") % {"count": MOST_VIEWS})
    row, _made = DeskView.objects.update_or_create(  # house: writes: one's own views have no journal
        user_id=actor.private_id, name=plain, defaults={"view": view[:60], "text": text[:200]}
    )
    return row


def drop_view(*, actor: Actor, view_id: int) -> None:
    """Remove a view of one's own."""
    row = DeskView.objects.filter(user=actor.private_id, pk=view_id).first()
    if row is None:
        raise NotFound(_("There is no such view."))
    row.delete()  # house: writes: one's own views have no journal


def digest_of(address: str) -> str:
    """A sender as they are kept: by a digest, so that no address lies there."""
    return hashlib.sha256(address.strip().casefold().encode("utf-8", "surrogatepass")).hexdigest()


def trust_sender(*, actor: Actor, address: str) -> None:
    """Always show one person the remote images of a sender."""
    if actor.private_id is not None and address.strip():
        TrustedSender.objects.get_or_create(  # house: writes: what one trusts has no journal
            user_id=actor.private_id, digest=digest_of(address)
        )


def is_trusted(actor: Actor, address: str) -> bool:
    """Whether remote images of a sender are shown by themselves."""
    return TrustedSender.objects.filter(user=actor.private_id, digest=digest_of(address)).exists()
