"""Addresses of counterparts as the reader may see them: in full, masked or not at all."""

from collections.abc import Iterable

from guanxi.conversations.models import Message
from guanxi.core import masking
from guanxi.core.actor import SHOWN, Actor


def are_shown(actor: Actor) -> bool:
    """Whether the reader sees addresses in full."""
    return actor.sees("contactpoint", "value") == SHOWN


def shown(actor: Actor, value: str, kind: str = "email") -> str:
    """One address, '' where it is hidden."""
    return str(masking.shown(actor, "contactpoint", "value", value, kind) or "") if value else ""


def author(actor: Actor, message: Message) -> str:
    """Who wrote a message: the name; of somebody without one the address."""
    name = message.author_name
    return shown(actor, name) if name == message.from_address else name


def all_shown(actor: Actor, values: Iterable[str]) -> list[str]:
    """Several addresses; hidden ones are left out."""
    return [told for value in values if (told := shown(actor, value))]
