"""Passing a message on to somebody else: it goes out of the same conversation and answers nobody."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.adapters import adapters
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel, Message
from guanxi.conversations.services.replying import Outgoing, send_message
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.files.models import StoredFile
from guanxi.files.public import Received, files_of, path_of, store


def channels_to_forward() -> list[Channel]:
    """The mailboxes from which a message can be passed on."""
    adapter = adapters.get(ChannelKind.EMAIL)
    if adapter is None or not adapter.can_send:
        return []
    return list(Channel.objects.filter(is_active=True, kind=ChannelKind.EMAIL).order_by("name"))


def forward_message(
    *, actor: Actor, message_id: int, to: Sequence[str], text: str, channel_id: int, file_ids: Sequence[int] = ()
) -> Message:
    """Pass a message on with the files that are chosen of it; it can be taken back for a moment."""
    message: Message = Message.objects.select_related("conversation").get_visible(actor, "change", pk=message_id)
    if not to:
        raise InvalidInput(_("Say to whom it is to go."), column="to")
    if channel_id not in {channel.pk for channel in channels_to_forward()}:
        raise InvalidInput(_("Choose by which channel it is to go."), column="channel")
    subject = message.subject or message.conversation.subject
    with transaction.atomic():
        copies = [_copy(actor, stored) for stored in _chosen(message, file_ids)]
        outgoing = Outgoing(
            text=text,
            to=to,
            subject=subject if subject.lower().startswith(("fwd:", "fw:")) else f"Fwd: {subject}".strip(),
            channel_id=channel_id,
            file_ids=[one.pk for one in copies],
            is_automatic=True,
            details={"forward_of": message.public_id},
        )
        return send_message(actor=actor, conversation_id=message.conversation_id, outgoing=outgoing)


def _chosen(message: Message, file_ids: Sequence[int]) -> list[StoredFile]:
    """The files of the message that are to go along."""
    found = [stored for stored in files_of("message", message.pk) if stored.pk in set(file_ids)]
    if len(found) != len(set(file_ids)):
        raise NotFound(_("A file is no longer there; add it again."))
    return found


def _copy(actor: Actor, stored: StoredFile) -> StoredFile:
    """The same content once more, as a file of the message that passes it on."""
    if not path_of(stored).is_file():
        raise NotFound(_("A file is no longer there; add it again."))
    return store(actor=actor, name=stored.name, source=Received(stored.sha256, stored.size, stored.media_type))
