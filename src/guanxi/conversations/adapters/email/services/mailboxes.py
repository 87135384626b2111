"""The mailboxes: found by their address or made, and how far each folder was read."""

from django.utils.translation import gettext as _

from guanxi.conversations.adapters.email.models import MailFolder
from guanxi.conversations.adapters.email.reading.addresses import ADDRESS, normalised
from guanxi.conversations.adapters.email.services.taking_in import Mailbox
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import create_channel
from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput


def mailbox_for(*, actor: Actor, address: str) -> Mailbox:
    """The mailbox with this address; one that is not known yet is set up without servers, so that mails have their place."""
    wanted = normalised(address)
    if not ADDRESS.fullmatch(wanted):
        raise InvalidInput(_("“%(text)s” is no e-mail address.") % {"text": address[:100]}, column="mailbox")
    channels = Channel.objects.filter(kind=ChannelKind.EMAIL)
    channel = channels.filter(address__iexact=wanted).order_by("pk").first()
    if channel is None:
        name = wanted[:80]
        channel = create_channel(actor=actor, kind=ChannelKind.EMAIL, name=name, address=wanted)
    return Mailbox.of(channel)


def folder_of(channel_id: int, name: str) -> MailFolder:
    """How far a folder was read; kept by the program itself, so it has no journal."""
    row, _made = MailFolder.objects.get_or_create(channel_id=channel_id, name=name[:200])
    return row


def begin_anew(folder: MailFolder, *, uid_validity: int, last_uid: int = 0) -> None:
    """The server counts anew: read from the first mail on; what is known already stays as it is."""
    folder.uid_validity, folder.last_uid = uid_validity, last_uid
    folder.save(update_fields=["uid_validity", "last_uid"])


def note_read(folder: MailFolder, uid: int) -> None:
    """Acknowledge: everything up to this mail is stored."""
    folder.last_uid, folder.read_at = uid, clock.now()
    folder.save(update_fields=["last_uid", "read_at"])


def note_left(folder: MailFolder, count: int) -> None:
    """How many mails are still to be read, so that a page can say it."""
    if folder.left_count != count:
        folder.left_count = count
        folder.save(update_fields=["left_count"])
