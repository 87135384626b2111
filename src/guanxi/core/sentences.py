"""Sentences that are kept and told later in the language of whoever reads them.

`from guanxi.core.sentences import gettext as _`: what it gives is a text like any other, in the language of now, that
remembers its code (the English sentence) and what it was filled with. `kept(text)` is what a row or a file holds,
`told(kept)` says it anew. A text that was made otherwise is kept as it is and told as it is.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import ngettext as _several_now

from guanxi.core.errors import GuanxiError

LONGEST = 2_000


class Sentence(str):
    """A sentence in the language of now that remembers how to say itself in another."""

    code: str
    several: str
    filled: Mapping[str, Any] | None

    def __new__(cls, text: str, code: str, several: str = "", filled: Mapping[str, Any] | None = None) -> Self:
        """Keep the code beside the words."""
        made = super().__new__(cls, text)
        made.code, made.several, made.filled = code, several, filled
        return made

    def __mod__(self, filled: Any) -> "Sentence":
        """Fill the gaps, by name."""
        return Sentence(str.__mod__(self, filled), self.code, self.several, filled)


def gettext(code: str) -> Sentence:
    """A sentence that may be kept."""
    return Sentence(_now(code), code)


def ngettext(one: str, several: str, count: int) -> Sentence:
    """A sentence about one or several, which must be filled with `count`."""
    return Sentence(_several_now(one, several, count), one, several)


def kept(said: str | Promise | GuanxiError) -> dict[str, Any]:
    """What is kept of a sentence: its code and what it is filled with, else its words."""
    message = said.message if isinstance(said, GuanxiError) else said
    if not isinstance(message, Sentence):
        return {"text": str(message)[:LONGEST]}
    found: dict[str, Any] = {"code": message.code}
    if message.several:
        found["several"] = message.several
    if isinstance(message.filled, Mapping):
        found["with"] = {name: _kept_part(part) for name, part in message.filled.items()}
    return found


def _kept_part(part: Any) -> Any:
    """What a gap is filled with: numbers, words, or a sentence of its own."""
    if isinstance(part, Sentence):
        return kept(part)
    if part is None or isinstance(part, bool | int | float):
        return part
    return part.isoformat() if isinstance(part, date) else str(part)[:LONGEST]


def of(error: Exception) -> str:
    """The sentence of an error, with its code where it has one."""
    message = error.message if isinstance(error, GuanxiError) else error.args[0] if error.args else ""
    return message if isinstance(message, Sentence) else str(error)


def told(held: Mapping[str, Any] | None) -> str:
    """A kept sentence in the language of now; nothing for nothing."""
    if not held:
        return ""
    if "code" not in held:
        return str(held.get("text", ""))
    filled = {name: told(part) if isinstance(part, dict) else part for name, part in held.get("with", {}).items()}
    several = held.get("several")
    words = _several_now(held["code"], several, int(filled.get("count", 2))) if several else _now(held["code"])
    return words % filled if "with" in held else words
