"""The channels: each kind is a small package that turns what comes in into `Inbound` and delivers what goes out.

An adapter registers itself in its `registrations.py`; conversations know no channel by name.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

from guanxi.conversations.choices import ChannelKind, DeliveryState
from guanxi.core.registry import Registry

if TYPE_CHECKING:
    from guanxi.conversations.models import Channel, Conversation, Message


class DeliveryError(Exception):
    """A message could not be handed over: `code` is one that the adapter knows in words, `detail` the other side's."""

    def __init__(
        self, code: str, detail: str = "", *, is_final: bool = False, is_unsure: bool = False, handed: Any = None
    ) -> None:
        """Keep what is known: a final one is not tried again, one that may have arrived only once or twice.

        `handed` is what the adapter wants to find in `message.details["handed"]` when it is tried again.
        """
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.is_final = code, detail, is_final
        self.is_unsure, self.handed = is_unsure, handed


@dataclass(frozen=True)
class Prepared:
    """What a message needs before it is stored: whom it goes to, and its Message-ID where the channel has such."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""


class Adapter(ABC):
    """One kind of channel."""

    kind: ClassVar[ChannelKind]
    label: ClassVar[Promise | str]
    icon: ClassVar[str]
    can_send: ClassVar[bool] = False
    # Handed over in the transaction that writes it (the other side reads our database): nothing to hold or to try.
    is_instant: ClassVar[bool] = False
    # Without a thread of its own it goes on in the customer's open conversation, once it is certain whose it is.
    joins_open: ClassVar[bool] = False
    # Codes of what can go wrong, in words.
    errors: ClassVar[dict[str, Promise | str]] = {}
    # The name of its part that sends, as its health is noted.
    way_out: ClassVar[str] = "\\out"
    # The page on which a channel of this kind is set up, '' for the plain form.
    create_url_name: ClassVar[str] = ""

    def prepare(self, channel: "Channel", conversation: "Conversation", given: Prepared) -> Prepared:
        """Complete what is given; InvalidInput when the counterpart cannot be reached by this channel."""
        return given

    def doubt(self, channel: "Channel") -> str:
        """Why nothing that is sent by this channel would arrive as it is set up now, '' where nothing stands against it."""
        return ""

    @abstractmethod
    def deliver(self, message: "Message") -> DeliveryState:
        """Hand a message over and say how far it is; DeliveryError when that failed. May be called again after a crash."""

    def on_typing(self, conversation: "Conversation") -> None:
        """A colleague is writing an answer: say so to the other side, where the channel can."""
        return

    def on_read(self, conversation: "Conversation", at: datetime) -> None:
        """A colleague has read the conversation: say so to the other side, where the channel can."""
        return

    def settings_url(self, channel: "Channel") -> str:
        """The page with the channel's settings, '' for the plain one."""
        return ""


adapters: Registry[Adapter] = Registry("channel adapters")


def register(adapter: Adapter, *, order: int = 100) -> Adapter:
    """Add a kind of channel."""
    return adapters.add(adapter.kind, adapter, order=order)
