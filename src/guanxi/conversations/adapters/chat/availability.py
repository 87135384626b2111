"""Whether somebody is there to answer: the channel in use, within its working hours, a colleague present."""

import time
from functools import lru_cache

from guanxi.conversations.adapters.chat.configuration import Configuration
from guanxi.conversations.models import Channel
from guanxi.core import calendars, clock
from guanxi.routing.public import somebody_is_there

# Visitors ask every few seconds; hours and presence of some seconds ago serve as well.
HELD_SECONDS = 10


def is_open(channel: Channel) -> bool:
    """Whether a visitor may expect an answer now."""
    if not channel.is_active:
        return False
    return _is_open(Configuration.of(channel).calendar_id, int(time.monotonic() // HELD_SECONDS))


@lru_cache(maxsize=64)
def _is_open(calendar_id: int | None, _turn: int) -> bool:
    """The same, asked once in a few seconds."""
    if not calendars.load(calendar_id).is_working_at(clock.now()):
        return False
    # Where nobody keeps a presence the hours alone say it.
    return somebody_is_there() is not False


def forget() -> None:
    """Ask anew at once."""
    _is_open.cache_clear()
