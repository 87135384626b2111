"""One thing that was found: how bad it is, what is so, why it matters, what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


ORDER = (Level.PROBLEM, Level.WARNING, Level.OK)


@dataclass(frozen=True)
class Finding:
    """What one look found; `page` names the address where it is put right, '' where a command does it."""

    check: str
    level: Level
    text: str
    why: str = ""
    remedy: str = ""
    page: str = ""


def worst(findings: list[Finding]) -> Level:
    """The highest level among some findings."""
    return min((finding.level for finding in findings), key=ORDER.index, default=Level.OK)
