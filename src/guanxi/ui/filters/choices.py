"""Filters by choice: listed values, yes or no, records of another kind."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext

from guanxi.core.actor import Actor
from guanxi.ui.filters.base import EMPTY, Filter, empty_words
from guanxi.ui.html import escape
from guanxi.ui.listing_words import listed

Options = Sequence[tuple[Any, str | Promise]]


def _split(raw: Iterable[str]) -> list[str]:
    """The parts of `a,b` and of repeated parameters, each once."""
    return list(dict.fromkeys(part.strip() for text in raw for part in text.split(",") if part.strip()))


class Choice(Filter):
    """The field is one of the values chosen."""

    kind = "choice"

    def __init__(
        self,
        key: str,
        label: str | Promise,
        field: str = "",
        *,
        choices: Options | Callable[[], Options] = (),
        has_empty: bool = True,
        **rest: object,
    ) -> None:
        """Keep the choices."""
        super().__init__(key, label, field, **rest)  # type: ignore[arg-type]
        self.choices = choices
        self.has_empty = has_empty

    def options(self) -> dict[str, str]:
        """The choices, value to words."""
        listed = self.choices() if callable(self.choices) else self.choices
        return {str(value): str(words) for value, words in listed}

    def clean(self, raw: list[str]) -> str:
        """The values that are among the choices, in their order."""
        given = set(_split(raw))
        kept = [value for value in self.options() if value in given]
        return ",".join([*kept, *([EMPTY] if EMPTY in given else [])])

    def absent(self) -> Q:
        """The rows without a value; text that is empty counts as none."""
        choices = self.choices() if callable(self.choices) else self.choices
        is_text = bool(choices) and all(isinstance(value, str) for value, _words in choices)
        return super().absent() | Q(**{self.field: ""}) if is_text else super().absent()

    def value(self, text: str) -> list[str]:
        """The values chosen."""
        return text.split(",")

    def condition(self, text: str) -> Q:
        """Rows with any of the values."""
        values = text.split(",")
        named = [value for value in values if value != EMPTY]
        condition = Q(**{f"{self.field}__in": named}) if len(named) != 1 else Q(**{self.field: named[0]})
        if EMPTY not in values:
            return condition
        absent = self.absent()
        return condition | absent if named else absent

    def describe(self, text: str, actor: Actor) -> str:
        """The words of the values."""
        options = self.options()
        shown = [empty_words() if value == EMPTY else options.get(value, value) for value in text.split(",")]
        if len(shown) > 3:
            return gettext("%(first)s and %(count)d more") % {"first": listed(shown[:2]), "count": len(shown) - 2}
        return listed(shown)

    def inputs(self, text: str, actor: Actor) -> str:
        """A box for each choice."""
        chosen = set(text.split(","))
        boxes = [self.check(self.key, value, words, value in chosen) for value, words in self.options().items()]
        if self.has_empty:
            boxes.append(self.check(self.key, EMPTY, empty_words(), EMPTY in chosen))
        return f'<div class="filter-choices">{"".join(boxes)}</div>'


class Boolean(Filter):
    """Yes or no."""

    kind = "boolean"

    def clean(self, raw: list[str]) -> str:
        """`yes`, `no` or nothing."""
        last = raw[-1].strip().lower() if raw else ""
        return {"yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no"}.get(last, "")

    def value(self, text: str) -> bool:
        """True for yes."""
        return text == "yes"

    def condition(self, text: str) -> Q:
        """Rows where it is so."""
        return Q(**{self.field: text == "yes"})

    def describe(self, text: str, actor: Actor) -> str:
        """The word."""
        return gettext("Yes") if text == "yes" else gettext("No")

    def inputs(self, text: str, actor: Actor) -> str:
        """Two of which one holds."""
        yes = self.check(self.key, "yes", gettext("Yes"), text == "yes", "radio")
        return yes + self.check(self.key, "no", gettext("No"), text == "no", "radio")


class Relation(Filter):
    """The field points at one of the records chosen; options are looked up as the reader types."""

    kind = "relation"

    def __init__(
        self,
        key: str,
        label: str | Promise,
        field: str = "",
        *,
        options: Callable[[Actor, str], Options],
        labels: Callable[[Actor, list[int]], Options] | None = None,
        **rest: object,
    ) -> None:
        """Keep where the options come from; `labels` names given ids when the options are too many to list."""
        super().__init__(key, label, field, **rest)  # type: ignore[arg-type]
        self.options = options
        self.labels = labels

    def clean(self, raw: list[str]) -> str:
        """The ids, and `-` for none."""
        return ",".join(part for part in _split(raw) if part == EMPTY or part.isdigit())

    def condition(self, text: str) -> Q:
        """Rows that point at any of them."""
        values = text.split(",")
        numbers = [int(value) for value in values if value.isdigit()]
        condition = Q(**{f"{self.field}__in": numbers})
        return condition | self.absent() if EMPTY in values else condition

    def names(self, text: str, actor: Actor) -> dict[str, str]:
        """What the chosen ids are called."""
        numbers = [int(value) for value in text.split(",") if value.isdigit()]
        found = self.labels(actor, numbers) if self.labels else self.options(actor, "")
        return {str(value): str(words) for value, words in found}

    def describe(self, text: str, actor: Actor) -> str:
        """The names."""
        names = self.names(text, actor)
        return listed(empty_words() if v == EMPTY else names.get(v, v) for v in text.split(","))

    def inputs(self, text: str, actor: Actor) -> str:
        """A list that narrows as one types."""
        chosen = text.split(",") if text else []
        names = {str(value): str(words) for value, words in self.options(actor, "")}
        names.update(self.names(text, actor) if text else {})
        rows = [
            f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>{escape(words)}</option>'
            for value, words in {**names, EMPTY: empty_words()}.items()
        ]
        return f'<select class="form-select" name="{self.key}" multiple size="8" data-pick>{"".join(rows)}</select>'
