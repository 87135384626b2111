"""What is looked at; each module brings the checks of what it owns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise

from guanxi.core.checkup.findings import Finding
from guanxi.core.registry import Registry

# Plain values: what was seen, as JSON can keep it.
Facts = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    `look()` gathers facts, `tell(facts)` says them in the reader's language. `queue`: the queue of the job that looks
    and `every`: how often, for what takes long; '' for what is quick. `needs_database` is false for what can be
    looked at while the database is away.
    """

    key: str
    label: str | Promise
    look: Callable[[], Facts]
    tell: Callable[[Facts], Iterable[Finding]]
    queue: str = ""
    every: timedelta = timedelta(0)
    needs_database: bool = True


checks: Registry[Check] = Registry("checks of the installation")


def register(check: Check, *, order: int = 100) -> Check:
    """Add a check."""
    return checks.add(check.key, check, order=order)
