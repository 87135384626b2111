"""Three states of the same fields: as opened, as they stand now, as sent; which are asked."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from guanxi.ui.together.who import Hand

MINE, THEIRS = "mine", "theirs"
OPENED, ASKED, NAMED, CHOICE = "_opened", "_asked", "_named", "_choice_"
LONGEST = 200_000


@dataclass(frozen=True)
class Question:
    """One field that two people gave different values."""

    name: str
    label: str | Promise
    mine: str
    theirs: str
    hand: Hand | None = None
    chosen: str = ""

    @property
    def input_name(self) -> str:
        """The name of the choice in the form."""
        return CHOICE + self.name


@dataclass(frozen=True)
class Settled:
    """What becomes of the fields of a form: those that take the value of now, and those that are asked."""

    left_alone: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


def plain(values: Sequence[str]) -> list[str]:
    """Values as they are compared: whatever a browser does to line ends and edges is no change."""
    return [text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in values]


def digest(values: Sequence[str]) -> str:
    """A short mark of the values; the form carries it instead of the values themselves."""
    told = json.dumps(plain(values), ensure_ascii=False)
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def read_opened(text: str) -> dict[str, str]:
    """The marks that a form carries, by field; anything else than such marks counts as none."""
    try:
        told: Any = json.loads(text) if 0 < len(text) <= LONGEST else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {name: mark for name, mark in told.items() if isinstance(mark, str)}


def settle(
    *,
    opened: Mapping[str, str],
    now: Mapping[str, Sequence[str]],
    mine: Mapping[str, Sequence[str]],
    chosen: Mapping[str, str],
    asked: frozenset[str] = frozenset(),
) -> Settled:
    """Decide field by field; a field that the form did not carry when it was opened is written as sent.

    `asked`: fields about which the page has asked already, `chosen`: the answers (`mine` or `theirs`).
    """
    left_alone, open_questions = set(), set()
    for name, values in now.items():
        if name not in opened or name not in mine:
            continue
        sent, stands = digest(mine[name]), digest(values)
        if sent in {opened[name], stands} or chosen.get(name) == THEIRS:
            left_alone.add(name)
        elif stands != opened[name] or (name in asked and chosen.get(name) != MINE):
            open_questions.add(name)
    return Settled(frozenset(left_alone), frozenset(open_questions))
