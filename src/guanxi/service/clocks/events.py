"""What happens to clocks."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class ClockWarned(Event):
    """A clock turned amber; `sort` is what it waits for."""

    clock_id: int
    case_id: int
    sort: str


@dataclass(frozen=True)
class ClockBroken(Event):
    """A clock ran out before what it waits for had come."""

    clock_id: int
    case_id: int
    sort: str
