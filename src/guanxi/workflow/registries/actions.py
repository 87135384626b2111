"""What a rule can do: named acts with typed parameters, each over the services of the module that owns it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.utils.functional import Promise

from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.core.registry import Registry
from guanxi.workflow.registries.facts import Choices


class ParameterType(StrEnum):
    """What sort of value a parameter takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    BOOL = "bool"
    USER = "user"  # the number of a user
    ROLE = "role"  # the key of a role
    MINUTES = "minutes"
    TAGS = "tags"  # names, a list


@dataclass(frozen=True)
class Parameter:
    """One value that an action needs, given with the rule."""

    key: str
    label: str | Promise
    type: ParameterType
    is_required: bool = False
    choices: Choices | Callable[[], Choices] = ()
    default: Any = None
    hint: str | Promise = ""
    longest: int = 200
    least: int = 0
    most: int = 1_000_000

    def options(self) -> list[tuple[Any, str]]:
        """The choices as they are now, with their words."""
        given = self.choices() if callable(self.choices) else self.choices
        return [(value, str(label)) for value, label in given]


@dataclass(frozen=True)
class Done:
    """What an action did: a sentence (`core.sentences.gettext`) without personal data, and what it made or touched."""

    words: str
    record: RecordRef | None = None
    has_changed: bool = True


class Run(Protocol):
    """Does the act through the owner's services; raises GuanxiError where they refuse.

    `key` names this act of this rule on this happening: the same act is never run twice in the database, but what an
    action sends outside should carry the key.
    """

    def __call__(self, *, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
        """Act."""
        ...


@dataclass(frozen=True)
class Action:
    """One act that rules may do to records of a kind ('' for any kind).

    `label` is an imperative: "put a tag on". `needs` is the right (kind, act) without which nobody may write the act
    into a rule. `check(parameters)` raises InvalidInput for what could never work, when the rule is saved.
    """

    key: str
    label: str | Promise
    run: Run
    kind: str = ""
    parameters: Sequence[Parameter] = ()
    needs: tuple[str, str] | None = None
    check: Callable[[Mapping[str, Any]], None] | None = None
    icon: str = "player-play"


actions: Registry[Action] = Registry("actions")


def register_action(action: Action, *, order: int = 100) -> Action:
    """Offer an act to rules."""
    return actions.add(action.key, action, order=order)
