"""Telling people from robots without asking anybody else: a sealed moment, work for the machine, a field nobody sees.

A form carries a token, sealed by us: which channel, when it was drawn, a number used once. It is taken back at the
earliest a few seconds and at the latest a day later, once. The browser finds a number whose digest begins with so many
zero bits, which costs a person nothing and a flood much; without scripts a person waits a little longer instead.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.core import signing

from guanxi.conversations.models import Channel
from guanxi.core import clock

SALT = "guanxi.conversations.form"
YOUNGEST = timedelta(seconds=2)
WITHOUT_WORK = timedelta(seconds=15)
OLDEST = timedelta(hours=24)
BITS = 15
TRAP = "website"
LINKS_AT_MOST = 6
_LINK = re.compile(r"https?://|\[url|<a\s", re.IGNORECASE)


class Finding(StrEnum):
    """What is to be done with a form that was sent."""

    FINE = "fine"
    EARLY = "early"  # a person waits and sends again
    OLD = "old"  # a person sends again with a new token
    ROBOT = "robot"  # kept aside where nobody is disturbed


@dataclass(frozen=True)
class Sealed:
    """What a token says."""

    channel_id: int
    drawn_at: float
    nonce: str


def new_token(channel: Channel) -> str:
    """A token for a form that is drawn now."""
    told = [channel.pk, round(clock.now().timestamp(), 1), secrets.token_urlsafe(12)]
    return signing.dumps(told, salt=SALT)


def opened(token: str, channel: Channel) -> Sealed | None:
    """What a token of ours for this channel says, None for anything else."""
    try:
        number, drawn_at, nonce = signing.loads(token[:400], salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Sealed(number, drawn_at, nonce) if number == channel.pk else None


def look_at(sealed: Sealed, *, work: str, token: str, trap: str, text: str) -> Finding:
    """What a form that was sent is."""
    age = clock.now().timestamp() - sealed.drawn_at
    if age > OLDEST.total_seconds():
        return Finding.OLD
    if trap.strip() or len(_LINK.findall(text)) > LINKS_AT_MOST:
        return Finding.ROBOT
    least = YOUNGEST if is_done(token, work) else WITHOUT_WORK
    return Finding.EARLY if age < least.total_seconds() else Finding.FINE


def is_done(token: str, work: str) -> bool:
    """Whether the work that a token asks for was done: a number with which its digest begins with zero bits."""
    if not work.isdecimal() or len(work) > 12:
        return False
    digest = hashlib.sha256(f"{token}:{work}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def number_of(sender: str) -> int:
    """A number that stands for whoever sends, for counting how often."""
    return int.from_bytes(hashlib.blake2b(b"form " + sender.encode(), digest_size=8).digest(), "big") >> 2
