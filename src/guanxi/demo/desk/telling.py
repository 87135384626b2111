"""Telling stories side by side: each act at its moment, with what follows from it, as the months went by."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

from guanxi.core import clock, events
from guanxi.service.clocks.services.acting import act_on_due
from guanxi.service.complaints.periodic import look_at_promises, look_back_at_complaints
from guanxi.service.models import CaseClock

# A story gives the moment of its next act and is called again when that has come.
Story = Iterator[datetime]


def tell(stories: Iterable[Story], *, until: datetime) -> int:
    """Let the stories happen, in the order of their moments, up to now; how many acts there were."""
    waiting: list[tuple[datetime, int, Story]] = []
    passing = _Passing()
    for number, story in enumerate(stories):
        _wait(waiting, number, story)
    count = 0
    while waiting and waiting[0][0] <= until:
        moment, number, story = heapq.heappop(waiting)
        passing.up_to(moment)
        with clock.at(moment):
            _wait(waiting, number, story)
            events.deliver_pending()
        count += 1
    passing.up_to(until)
    return count


def _wait(waiting: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
    """Let a story go on to its next act, which waits for its moment."""
    following = next(story, None)
    if following is not None:
        heapq.heappush(waiting, (following, number, story))


class _Passing:
    """What time alone brings about: clocks that turn amber and run out, promises that break, looks back."""

    def __init__(self) -> None:
        """Nothing passed yet."""
        self.hour: datetime | None = None

    def up_to(self, moment: datetime) -> None:
        """Let what was due before a moment have happened when it was due; what is looked at by the hour, once an hour."""
        while True:
            rows = CaseClock.objects.filter(act_at__lte=moment).order_by("act_at")
            due = rows.values_list("act_at", flat=True).first()
            if due is None:
                break
            with clock.at(due):
                act_on_due()
                events.deliver_pending()
        hour = moment.replace(minute=0, second=0, microsecond=0)
        if hour == self.hour:
            return
        with clock.at(moment):
            look_at_promises.func()
            if self.hour is None or hour.date() != self.hour.date():
                look_back_at_complaints.func()
            events.deliver_pending()
        self.hour = hour
