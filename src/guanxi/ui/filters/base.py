"""What every filter of a list can do."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext

from guanxi.core.actor import HIDDEN, Actor
from guanxi.ui.html import escape

EMPTY = "-"


class Filter(ABC):
    """One filter: a key in the address, a label, the field it reads or a function of its own."""

    kind = "text"

    def __init__(
        self,
        key: str,
        label: str | Promise,
        field: str = "",
        *,
        apply: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None,
        permission: tuple[str, str] | None = None,
        guard: tuple[str, str] | None = None,
    ) -> None:
        """Keep what the declaration says."""
        self.key = key
        self.label = label
        self.field = field
        self.apply = apply
        self.permission = permission
        # The guarded field (kind, field) of which it tells whether it is filled, for those from whom it is not hidden.
        self.guard = guard

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the actor may narrow a list by it."""
        if self.guard is not None and actor.sees(*self.guard) == HIDDEN:
            return False
        return self.permission is None or actor.scope(*self.permission) is not None

    @abstractmethod
    def clean(self, raw: list[str]) -> str:
        """The canonical text of what an address or form gave."""

    @abstractmethod
    def condition(self, text: str) -> Q:
        """The rows that a canonical text asks for."""

    @abstractmethod
    def describe(self, text: str, actor: Actor) -> str:
        """The words on the chip."""

    @abstractmethod
    def inputs(self, text: str, actor: Actor) -> str:
        """The inputs to change it, as safe HTML."""

    def value(self, text: str) -> Any:
        """What a function of the declaration receives."""
        return text

    def narrow(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Only the rows that the text asks for."""
        if self.apply is not None:
            return self.apply(queryset, self.value(text))
        return queryset.filter(self.condition(text))

    def absent(self) -> Q:
        """The rows without a value."""
        return Q(**{f"{self.field}__isnull": True})

    def check(self, name: str, value: str, label: object, is_on: bool, kind: str = "checkbox") -> str:
        """One box to tick."""
        on = " checked" if is_on else ""
        return (
            f'<label class="form-check"><input class="form-check-input" type="{kind}" name="{escape(name)}"'
            f' value="{escape(value)}"{on}><span class="form-check-label">{escape(label)}</span></label>'
        )

    def input(self, kind: str, name: str, value: str, label: object, extra: str = "") -> str:
        """One labelled input."""
        return (
            f'<label class="form-label">{escape(label)}<input class="form-control" type="{kind}" name="{escape(name)}"'
            f' value="{escape(value)}"{extra}></label>'
        )


def empty_words() -> str:
    """The words for the choice of rows without a value."""
    return gettext("(empty)")
