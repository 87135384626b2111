"""Somebody as a provider describes them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guanxi.people.models.signing_in import Outcome

LONGEST_SUBJECT = 255


@dataclass(frozen=True)
class Begun:
    """What somebody went to a provider for: where they go on, and whether they were sent there for proof alone."""

    target: str
    is_proof: bool


class ProviderError(Exception):
    """The provider cannot be reached, or what it says cannot be believed; for the log, not for the visitor.

    `outcome`: what the history says of it. `begun`: what came to nothing thereby, where that is known.
    """

    def __init__(self, text: str, outcome: Outcome = Outcome.BAD_ANSWER) -> None:
        """Keep why."""
        super().__init__(text)
        self.outcome = outcome
        self.begun: Begun | None = None


@dataclass(frozen=True)
class Returned:
    """Somebody who comes back from a provider: who, where to, and how the provider knows that it is them.

    `at`: when they showed it who they are, as far as it says so. `is_proof`: whether they were sent there for proof alone.
    `entry`: what it calls their session there.
    """

    person: "Person"
    target: str
    at: datetime | None
    is_proof: bool = False
    entry: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """What a provider says of somebody."""

    subject: str
    email: str = ""
    is_email_verified: bool = False
    name: str = ""
    username: str = ""
    claims: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A subject that cannot be kept cannot be known again."""
        if not self.subject or len(self.subject) > LONGEST_SUBJECT or "\x00" in self.subject:
            raise ProviderError("the subject cannot be kept")
