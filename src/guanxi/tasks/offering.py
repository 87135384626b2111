"""People offered while somebody types @: found by name, by sign-in name and by pinyin, and only who may see the record."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from guanxi.core.actor import Actor
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks.about import subjects
from guanxi.tasks.services.following import may_see

MOST = 8
MOST_READ = 5_000
# How many of those found are asked for their rights; whoever types on narrows the rest down.
MOST_ASKED = 40
_WORD = re.compile(r"[\w.+-]{1,60}")


def offered(actor: Actor, text: str, about: RecordRef | None = None) -> list[dict[str, str]]:
    """The people whom a beginning may mean, the likeliest first, each with the word that names them."""
    if about is not None and about not in subjects(actor, [about]):
        return []
    everybody = list(User.objects.filter(is_active=True).order_by("name", "username")[:MOST_READ])
    ranked = sorted(
        ((rank, place) for place, user in enumerate(everybody) if (rank := _rank(user, text.casefold())) is not None)
    )
    shared = Counter(name.casefold() for user in everybody for name in {user.name, user.username} if name)
    found: list[dict[str, str]] = []
    for _likely, place in ranked[:MOST_ASKED]:
        user = everybody[place]
        if about is None or may_see(user, about):
            found.append({"name": user.display_name, "user": user.username, "mark": _mark(user, shared)})
        if len(found) == MOST:
            break
    return found


def _mark(user: User, shared: Counter[str]) -> str:
    """What stands after the @: the name where it is one word and only theirs, else the name they sign in with."""
    is_own = _WORD.fullmatch(user.name) is not None and shared[user.name.casefold()] == 1
    return user.name if is_own else user.username


def _rank(user: User, text: str) -> int | None:
    """How likely a beginning means a user, 0 first; None when it does not."""
    name, sign_in = user.name.casefold(), user.username.casefold()
    if not text or name.startswith(text) or sign_in.startswith(text):
        return 0
    if text.isascii() and not name.isascii() and sounds_like(name, text):
        return 1
    if any(word.startswith(text) for word in name.split()):
        return 2
    return 3 if text in name or text in sign_in else None


def sounds_like(name: str, text: str) -> bool:
    """Whether Latin letters are the beginning of a Chinese name in pinyin: whole (liwei), cut short (liw) or mixed (lwei)."""
    return any(_fits(_readings(name[start:]), text) for start in range(min(len(name), 4)))


def _fits(readings: Sequence[tuple[str, ...]], text: str) -> bool:
    """Whether a text can be read off the syllables from the first on."""
    if not text:
        return True
    if not readings:
        return False
    for reading in readings[0]:
        length = 0
        while length < min(len(reading), len(text)) and reading[length] == text[length]:
            length += 1
        # The whole syllable, any beginning of it: the next one goes on with the rest.
        if any(_fits(readings[1:], text[taken:]) for taken in range(length, 0, -1)):
            return True
    return False


def _as_written(text: str) -> Any:
    """What no table knows stands for itself, letter by letter."""
    return list(text)


@lru_cache(maxsize=20_000)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Every reading of each character, without tones and spaces; ü as people type it."""
    from pypinyin import Style, pinyin  # takes 0.2 s to load

    found = pinyin(name.replace(" ", ""), style=Style.NORMAL, heteronym=True, errors=_as_written)
    return tuple(tuple(dict.fromkeys(reading.replace("ü", "v") for reading in syllable)) for syllable in found)
