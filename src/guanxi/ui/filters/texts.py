"""Filter by a piece of text."""

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext

from guanxi.core.actor import Actor
from guanxi.ui.filters.base import EMPTY, Filter, empty_words

LIMIT = 200


class Text(Filter):
    """The field contains (or, with `lookup`, starts with or is) a text."""

    def __init__(
        self, key: str, label: str | Promise, field: str = "", *, lookup: str = "icontains", **rest: object
    ) -> None:
        """Keep the look-up."""
        super().__init__(key, label, field, **rest)  # type: ignore[arg-type]
        self.lookup = lookup

    def clean(self, raw: list[str]) -> str:
        """The text without NUL and surrounding space."""
        return raw[-1].replace("\x00", "").strip()[:LIMIT] if raw else ""

    def condition(self, text: str) -> Q:
        """Rows whose field has the text."""
        if text == EMPTY:
            return Q(**{self.field: ""}) | self.absent()
        return Q(**{f"{self.field}__{self.lookup}": text})

    def describe(self, text: str, actor: Actor) -> str:
        """The text in quotation marks."""
        return empty_words() if text == EMPTY else gettext("“%(text)s”") % {"text": text}

    def inputs(self, text: str, actor: Actor) -> str:
        """One line to write in."""
        label = {"icontains": gettext("contains"), "istartswith": gettext("starts with")}.get(
            self.lookup, gettext("is")
        )
        return self.input("text", self.key, text, label, ' autofocus autocomplete="off"')
