"""Filling the fields of a prepared text: {{customer.name}} becomes the name; what is missing stays and is named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.conversations.desk.registries import reply_fields
from guanxi.conversations.models import Conversation
from guanxi.core.actor import Actor

FIELD = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")


@dataclass(frozen=True)
class Filled:
    """A text with its fields filled in, and those for which there is nothing."""

    text: str
    missing: Sequence[str]


def unknown_fields(text: str) -> list[str]:
    """The fields of a text that nobody knows, as they are written."""
    return [found[0] for found in FIELD.finditer(text) if found[1] not in reply_fields]


def fill(actor: Actor, conversation: Conversation, text: str) -> Filled:
    """Put values in the place of fields, each once and as plain text: what a value holds is never read as a field."""
    missing: list[str] = []

    def value(found: re.Match[str]) -> str:
        """The value of one field, or the field as it stands."""
        field = reply_fields.get(found[1])
        known = field.value(actor, conversation) if field is not None else ""
        # A name that somebody chose for its braces is no field.
        plain = " ".join(known.split()).replace("{{", "{ {").replace("}}", "} }")
        if not plain:
            missing.append(found[0])
            return found[0]
        return plain

    return Filled(FIELD.sub(value, text), list(dict.fromkeys(missing)))


def fields_named(text: str) -> str:
    """The text with its fields by what they are called, for whoever chooses it."""

    def named(found: re.Match[str]) -> str:
        """The name of one field, or the field as it stands."""
        field = reply_fields.get(found[1])
        return f"[{field.label}]" if field is not None else found[0]

    return FIELD.sub(named, text)


def text_for(texts: dict[str, str], language: str) -> str:
    """The text in the language of a conversation, else in the one it was written in."""
    wanted = "zh-hans" if language.startswith("zh") else "en"
    return texts.get(wanted) or next(iter(texts.values()), "")
