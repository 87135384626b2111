"""Reading sessions and the history of signing in."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from guanxi.core import access, clock, signed_in
from guanxi.core.actor import Actor
from guanxi.core.models import Session
from guanxi.people.models import SignIn
from guanxi.people.models.signing_in import Means, Second
from guanxi.people.signing_in.digests import digest

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("WeChat", r"MicroMessenger/"),
    ("Opera", r"OPR/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|HeadlessChrome/"),
    ("Safari", r"Version/[\d.]+ .*Safari/"),
)
_SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)


@dataclass(frozen=True)
class Entry:
    """One session as lists show it."""

    number: str
    device: str
    agent: str
    means: str
    address: str
    signed_in_at: datetime | None
    last_seen_at: datetime | None
    is_this: bool
    is_handheld: bool


def device_of(agent: str) -> str:
    """A browser and its system in words, as far as it says them itself."""
    browser = next((name for name, pattern in _BROWSERS if re.search(pattern, agent)), "")
    system = next((name for name, pattern in _SYSTEMS if re.search(pattern, agent)), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or agent[:40] or gettext("Unknown browser")


def sessions_of(actor: Actor, user_id: int, this: str = "") -> list[Entry]:
    """The open sessions of a user, the latest used first; one's own, or anybody's for those who manage users."""
    if actor.user_id != user_id:
        access.require(actor, "user", "manage")
    found = signed_in.open_sessions(clock.now()).filter(user_id=user_id)
    entries = [_entry(session, this) for session in found]
    return sorted(entries, key=lambda entry: (not entry.is_this, -_seconds(entry.last_seen_at)))


def _seconds(moment: datetime | None) -> float:
    """A moment to sort by."""
    return moment.timestamp() if moment else 0.0


def _entry(session: Session, this: str) -> Entry:
    """One session for a list."""
    return Entry(
        number=digest(session.session_key),
        device=device_of(session.agent),
        agent=session.agent,
        means=means_words(session.means),
        address=session.address,
        signed_in_at=session.signed_in_at,
        last_seen_at=session.last_seen_at,
        is_this=session.session_key == this,
        is_handheld=bool(re.search(r"Android|iPhone|iPad|Mobile|HarmonyOS", session.agent)),
    )


def means_words(text: str) -> str:
    """How somebody signed in, in words."""
    first, _space, second = text.partition(" ")
    words = [str(dict(Means.choices).get(first, first))]
    if second:
        # The row holds as much of it as fits: "password recovery_co".
        words.append(next((str(label) for value, label in Second.choices if value.startswith(second)), second))
    return " + ".join(word for word in words if word)


def sign_ins(actor: Actor) -> QuerySet[Any]:
    """The whole company's history of signing in, for those who manage users."""
    return access.policy_of(SignIn).filter(SignIn.objects.all(), actor, "manage")


def latest_of(user_id: int, limit: int = 20) -> list[SignIn]:
    """The latest attempts in a user's name."""
    return list(SignIn.objects.filter(user_id=user_id).order_by("-at", "-id")[:limit])
