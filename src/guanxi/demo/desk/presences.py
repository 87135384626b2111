"""When the colleagues of the demo company were at the desk during the last days."""

from collections.abc import Iterator
from datetime import datetime

from guanxi.demo.desk.stories import World
from guanxi.routing.services.presence import set_presence

# Who, and in which states from which hours on.
DAYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("agent", (("09:02", "online"), ("12:30", "break"), ("13:28", "online"), ("16:00", "busy"), ("18:05", "offline"))),
    ("agent2", (("08:55", "online"), ("12:45", "break"), ("13:40", "online"), ("17:58", "offline"))),
    ("manager", (("09:30", "busy"), ("11:00", "online"), ("15:00", "away"), ("17:30", "offline"))),
)
LAST_DAYS = 2


def tell_presence(world: World) -> Iterator[Iterator[datetime]]:
    """A story for each colleague."""
    for name, day in DAYS:
        yield _day_by_day(world, name, day)


def _day_by_day(world: World, name: str, day: tuple[tuple[str, str], ...]) -> Iterator[datetime]:
    """The same on each of the last working days."""
    for back in range(LAST_DAYS, 0, -1):
        for clock, state in day:
            yield world.times.moment(f"-{back}d {clock}")
            set_presence(actor=world.company.actor(name), state=state)
