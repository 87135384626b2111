"""Addresses of counterparts as the reader may see them: in full, masked or not at all."""

from collections.abc import Iterable

from guanxi.conversations.choices import Direction
from guanxi.conversations.counterparts import is_address, name_alone
from guanxi.conversations.models import Message
from guanxi.core import masking
from guanxi.core.actor import SHOWN, Actor


def are_shown(actor: Actor) -> bool:
    """Whether the reader sees addresses in full."""
    return actor.sees("contactpoint", "value") == SHOWN


def shown(actor: Actor, value: str, kind: str = "email") -> str:
    """One address, '' where it is hidden."""
    return str(masking.shown(actor, "contactpoint", "value", value, kind) or "") if value else ""


def named(actor: Actor, name: str, value: str, kind: str = "email") -> str:
    """Whom it is with or from: the name; of somebody without one the address as the reader may see it."""
    if name and not is_address(name):
        return name if are_shown(actor) else name_alone(name)
    return shown(actor, value or name, kind)


def author(actor: Actor, message: Message) -> str:
    """Who wrote a message."""
    is_theirs = message.direction == Direction.IN
    return named(actor, message.author_name, message.from_address) if is_theirs else message.author_name


def all_shown(actor: Actor, values: Iterable[str]) -> list[str]:
    """Several addresses; hidden ones are left out."""
    return [told for value in values if (told := shown(actor, value))]
