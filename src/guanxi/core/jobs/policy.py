"""How a job is tried again, and the exceptions by which it speaks to its worker."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

LONGEST_PAUSE_SECONDS = 3600.0

F = TypeVar("F", bound=Callable[..., Any])


class GiveUp(Exception):
    """Raised by a job that would fail again however often it were tried."""


class WorkerLost(Exception):
    """Recorded on a job whose worker died in it once too often."""


class HandBack(Exception):
    """Raised inside a job whose worker must stop or has lost the job: let it pass, another worker goes on."""


@dataclass(frozen=True)
class Policy:
    """How often and how soon a failed job is tried again, and whether it is one transaction."""

    max_tries: int = 5
    first_pause_seconds: float = 5.0
    is_atomic: bool = False

    def pause_before_try(self, tries: int) -> timedelta:
        """How long to wait after that many tries: twice as long each time, with some chance in it."""
        seconds = min(LONGEST_PAUSE_SECONDS, self.first_pause_seconds * 2 ** max(0, tries - 1))
        return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


DEFAULT = Policy()


def policy(*, max_tries: int = 5, first_pause_seconds: float = 5.0, is_atomic: bool = False) -> Callable[[F], F]:
    """Set the policy of a job; stands below `@task`."""

    def mark(function: F) -> F:
        """Keep the policy on the function."""
        function.job_policy = Policy(max_tries, first_pause_seconds, is_atomic)  # type: ignore[attr-defined]
        return function

    return mark


def policy_of(function: Callable[..., Any]) -> Policy:
    """The policy of a job's function."""
    found: Policy = getattr(function, "job_policy", DEFAULT)
    return found
