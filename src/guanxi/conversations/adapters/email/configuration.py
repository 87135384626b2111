"""What an e-mail channel needs to know, as it lies in its settings; and what all of them share."""

import hashlib
import hmac
from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters.email.reading.addresses import normalised
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel


class Security(TextChoices):
    """How a connection is kept secret."""

    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("none (only in a network of your own)")


class SignIn(TextChoices):
    """How we sign in to the servers."""

    PASSWORD = "password", _("user name and password")
    OAUTH2 = "oauth2", _("OAuth 2 with a refresh token")
    NONE = "none", _("without signing in")


class Existing(TextChoices):
    """What becomes of mails that lie in the mailbox when it is joined."""

    NEW = "new", _("only mails that come from now on")
    ALL = "all", _("also those that are there already")


@dataclass(frozen=True)
class Configuration:
    """The settings of a mailbox; passwords and tokens lie apart, sealed."""

    sender_name: str = ""
    aliases: tuple[str, ...] = ()
    has_plus_addresses: bool = False
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = Security.TLS
    imap_user: str = ""
    folders: tuple[str, ...] = ("INBOX",)
    existing: str = Existing.NEW
    sign_in: str = SignIn.PASSWORD
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: str = Security.TLS
    smtp_user: str = ""
    token_url: str = ""
    client_id: str = ""
    token_scope: str = ""

    @classmethod
    def of(cls, channel: Channel) -> "Configuration":
        """The settings of a channel; what is missing is as it is at first."""
        held = dict(channel.settings or {})
        known = {each.name for each in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in held.items() if name in known
        }
        return cls(**values)

    @property
    def receives(self) -> bool:
        """Whether there is a mailbox to read."""
        return bool(self.imap_host)

    @property
    def sends(self) -> bool:
        """Whether answers can be sent."""
        return bool(self.smtp_host)


def own_addresses() -> frozenset[str]:
    """Every address that is ours: those of all mailboxes and their aliases."""
    found: set[str] = set()
    for channel in Channel.objects.filter(kind=ChannelKind.EMAIL):
        found.update(normalised(each) for each in (channel.address, *Configuration.of(channel).aliases) if each)
    return frozenset(found)


def token_key() -> bytes:
    """The key by which tokens in addresses are signed."""
    return _derived("guanxi mail tokens 1")


def own_mark() -> str:
    """The mark of this installation on the mails that it sends."""
    return _derived("guanxi mail mark 1").hex()[:24]


def _derived(purpose: str) -> bytes:
    """A secret of this installation for one purpose."""
    return hmac.new(settings.SECRET_KEY.encode(), purpose.encode(), hashlib.sha256).digest()
