"""The test of a mailbox's settings: both servers asked once, and what came of it in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.conversations.adapters.email import servers
from guanxi.conversations.adapters.email.configuration import Configuration
from guanxi.conversations.adapters.email.servers import MailError
from guanxi.conversations.models import Channel

TEST_SECONDS = 8


@dataclass(frozen=True)
class Tried:
    """What came of asking one server."""

    what: str
    is_fine: bool
    words: str | Promise
    detail: str = ""


def tried(channel: Channel) -> list[Tried]:
    """Sign in to both servers and open every folder."""
    held = Configuration.of(channel)
    results = []
    if held.receives:
        results.append(_mailbox(channel, held))
    if held.sends:
        results.append(_outbox(channel))
    return results or [Tried(_("Servers"), is_fine=False, words=servers.WORDS["not_set_up"])]


def _mailbox(channel: Channel, held: Configuration) -> Tried:
    """The mailbox: signed in, each folder opened."""
    what = _("Mail that comes in")
    try:
        with servers.mailbox(channel, timeout=TEST_SECONDS) as client:
            counts = []
            for name in held.folders:
                try:
                    state = client.select_folder(name, readonly=True)
                except client.Error as error:
                    raise MailError("no_folder", f"{name}: {error}") from error
                counts.append(_("%(folder)s: %(count)s mails") % {"folder": name, "count": state.get(b"EXISTS", 0)})
            waits = _("told of new mail at once") if client.has_capability("IDLE") else _("asked every half minute")
    except MailError as error:
        return Tried(what, is_fine=False, words=servers.WORDS.get(error.code, error.code), detail=error.detail)
    return Tried(what, is_fine=True, words=_("works"), detail="; ".join([*counts, waits]))


def _outbox(channel: Channel) -> Tried:
    """The server that sends: signed in."""
    what = _("Mail that goes out")
    try:
        with servers.outbox(channel, timeout=TEST_SECONDS) as server:
            server.noop()
    except MailError as error:
        return Tried(what, is_fine=False, words=servers.WORDS.get(error.code, error.code), detail=error.detail)
    return Tried(what, is_fine=True, words=_("works"))
