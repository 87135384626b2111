"""Bringing the demo company's front desk: arranged first, then its months told side by side up to this moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.demo.desk import talks_en, talks_zh
from guanxi.demo.desk.buyers import Buyers
from guanxi.demo.desk.company import arrange
from guanxi.demo.desk.complaining import tell_complaint
from guanxi.demo.desk.pending import PENDING
from guanxi.demo.desk.presences import tell_presence
from guanxi.demo.desk.settled import SETTLED
from guanxi.demo.desk.stories import World, tell_matter
from guanxi.demo.desk.telling import tell
from guanxi.demo.desk.times import Times

# The desk was arranged before anybody wrote.
ARRANGED = timedelta(days=150)
TALKS = {"zh-hans": talks_zh.TALKS, "en": talks_en.TALKS}
COMPLAINTS = (*SETTLED, *PENDING)


def bring_desk(actor: Actor) -> None:
    """Arrange the desk and tell what happened at it."""
    now = clock.now().replace(second=0, microsecond=0)
    with clock.at(now - ARRANGED):
        company = arrange(actor)
    matters = [one for talks in TALKS.values() for one in talks]
    products = {one.product for one in matters} | {one.product for one in COMPLAINTS}
    buyers = Buyers.of(products, {one.who for one in matters})
    world = World(company, buyers, Times(now, company.calendar))
    tell(_stories(world), until=now)


def _stories(world: World) -> Iterator[Iterator[datetime]]:
    """Every story, numbered from one so that its messages have names of their own."""
    yield from tell_presence(world)
    number = 0
    for language, talks in TALKS.items():
        for matter in talks:
            for when in matter.whens:
                number += 1
                yield tell_matter(world, number, matter, when, language)
    for told in COMPLAINTS:
        number += 1
        yield tell_complaint(world, number, told)
