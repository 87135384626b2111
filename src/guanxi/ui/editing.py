"""Changing one field of a record where it stands."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext

from guanxi.core import custom_fields, masking
from guanxi.core.actor import HIDDEN, MASKED, SHOWN, Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import CustomField
from guanxi.core.registry import Registry
from guanxi.ui import cells
from guanxi.ui.html import escape
from guanxi.ui.html import link as draw_link
from guanxi.ui.listing_words import listed

Options = Sequence[tuple[Any, str | Promise]]


@dataclass(frozen=True)
class Field:
    """One field that can be changed in place."""

    key: str
    label: str | Promise
    type: str = "text"
    choices: Options = ()
    options: Callable[[Actor], Options] | None = None
    required: bool = False
    read: Callable[[Any], Any] | None = None
    show: Callable[[Any, cells.Context], str] | None = None
    hint: str | Promise = ""
    permission: tuple[str, str] | None = None
    custom: CustomField | None = None
    # The guarded field (kind, field) whose value it shows: a role may see it masked or not at all.
    guard: tuple[str, str] | None = None
    # Asked before the input is shown and before it is saved: an answer that stands in the way, or None.
    first: Callable[[HttpRequest], HttpResponse | None] | None = None

    def options_for(self, actor: Actor) -> Options:
        """What may be chosen."""
        return self.options(actor) if self.options else self.choices

    def value(self, record: Any) -> Any:
        """The value now."""
        if self.custom is not None:
            return (record.custom or {}).get(self.custom.key)
        if self.read is not None:
            return self.read(record)
        if self.type == "choice" and hasattr(record, f"{self.key}_id"):
            return getattr(record, f"{self.key}_id")
        return getattr(record, self.key)

    def is_masked(self, record: Any, actor: Actor) -> bool:
        """Whether there is a value of which the actor sees only a part."""
        has_value = self.value(record) not in (None, "", [], False)
        return has_value and self.guard is not None and actor.sees(*self.guard) == MASKED

    def is_hidden(self, actor: Actor) -> bool:
        """Whether the field is as if it were not there."""
        return self.guard is not None and actor.sees(*self.guard) == HIDDEN

    def draw(self, record: Any, context: cells.Context) -> str:
        """The value as safe HTML."""
        if self.guard is not None and context.actor is not None:
            how = context.actor.sees(*self.guard)
            if how != SHOWN:
                value = self.value(record)
                is_empty = how == HIDDEN or value in (None, "", [], False)
                return cells.NOTHING if is_empty else escape(masking.masked(*self.guard, value))
        if self.show is not None:
            return self.show(record, context)
        value = self.value(record)
        if self.custom is not None:
            return cells.draw_custom(str(self.custom.type), value, {}, context)
        if value in (None, "", []):
            return cells.NOTHING
        if self.type in {"choice", "multi_choice"}:
            labels = {str(key): str(words) for key, words in self.options_for(context.actor)} if context.actor else {}
            values = value if isinstance(value, list | tuple) else [value]
            return escape(listed(labels.get(str(item), str(item)) for item in values))
        if isinstance(value, bool):
            return escape(gettext("Yes") if value else gettext("No"))
        if isinstance(value, date):
            return escape(cells.format_date(value, context))
        if self.type == "link":
            return draw_link(str(value), str(value))
        return escape(value)


@dataclass(frozen=True)
class EditableRecord:
    """A kind of record whose fields can be changed in place.

    `load(actor, record_id)` gives the record or raises NotFound; `save(*, actor, record_id, field, value)` changes
    one field and gives the operation; `save_many(*, actor, queryset, field, value)` changes it on many.
    """

    kind: str
    load: Callable[[Actor, int], Any]
    save: Callable[..., Any]
    fields: Sequence[Field]
    has_custom_fields: bool = False
    save_many: Callable[..., Any] | None = None

    def change(self, *, actor: Actor, record_id: int, field: str, value: Any) -> Any:
        """Let the module's service change the field."""
        return self.save(actor=actor, record_id=record_id, field=field, value=value)

    def every_field(self) -> dict[str, Field]:
        """All fields by key, custom ones as `custom_<key>`."""
        own = {item.key: item for item in self.fields}
        if self.has_custom_fields:
            own.update({f"custom_{d.key}": custom_field(d) for d in custom_fields.definitions(self.kind)})
        return own

    def field(self, key: str) -> Field | None:
        """One of the fields."""
        for item in self.fields:
            if item.key == key:
                return item
        return self.every_field().get(key) if key.startswith("custom_") else None


def custom_field(definition: CustomField) -> Field:
    """The field of a custom field's definition."""
    choices = tuple((choice, choice) for choice in definition.choices)
    return Field(
        f"custom_{definition.key}",
        definition.label,
        str(definition.type),
        choices,
        custom=definition,
        guard=(str(definition.kind), masking.OWN + definition.key),
    )


kinds: Registry[EditableRecord] = Registry("editable records")


def register(record: EditableRecord) -> EditableRecord:
    """Make a kind of record editable in place."""
    return kinds.add(record.kind, record)


def is_open(kind: str, field: str, actor: Actor) -> bool:
    """Whether the actor may change this field of at least some records."""
    record = kinds.get(kind)
    if record is None or actor.scope(kind, "change") is None:
        return False
    if field.startswith("custom_"):
        return record.has_custom_fields and masking.sees_own(actor, kind, field.removeprefix("custom_")) == SHOWN
    found = record.field(field)
    if found is None or (found.guard is not None and actor.sees(*found.guard) != SHOWN):
        return False
    return found.permission is None or actor.scope(*found.permission) is not None


def find(kind: str, field: str, actor: Actor) -> tuple[EditableRecord, Field]:
    """The declaration of a field, or NotFound when it is not open to the actor."""
    record = kinds.get(kind)
    found = record.field(field) if record is not None else None
    if record is None or found is None or not is_open(kind, field, actor):
        raise NotFound(gettext("There is no such field, or it is not open to you."))
    return record, found


def value_from(field: Field, given: list[str]) -> Any:
    """What a form sent, as the service takes it: text stripped, '' as None, several choices as a list."""
    if field.type == "multi_choice":
        return [text for text in given if text]
    text = (given[-1] if given else "").replace("\x00", "")
    text = text.strip() if field.type != "long_text" else text.replace("\r\n", "\n").strip()
    if field.required and not text:
        raise InvalidInput(gettext("%(field)s must not be empty.") % {"field": field.label}, column=field.key)
    if field.type == "boolean":
        return text == "yes"
    if field.type == "date" and text:
        return _date(field, text)
    return text


def _date(field: Field, text: str) -> date:
    """A day out of a form."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            gettext("“%(value)s” is not a date (YYYY-MM-DD)") % {"value": text[:40]}, column=field.key
        ) from None


def _option(value: Any, words: object, is_on: bool) -> str:
    """One option of a list."""
    return f'<option value="{escape(value)}"{" selected" if is_on else ""}>{escape(words)}</option>'


def draw_input(field: Field, value: Any, actor: Actor) -> str:
    """The input for a field, as safe HTML, its value in it."""
    label = f' name="value" aria-label="{escape(field.label)}"'
    required = " required" if field.required else ""
    if field.type in {"choice", "multi_choice", "boolean"}:
        options = list(field.options_for(actor))
        if field.type == "boolean":
            options, value = [("yes", gettext("Yes")), ("no", gettext("No"))], "yes" if value else "no"
        chosen = (
            {str(item) for item in value} if isinstance(value, list | tuple) else {"" if value is None else str(value)}
        )
        rows = [_option(key, words, str(key) in chosen) for key, words in options]
        if field.type == "choice" and not field.required and not any(str(key) == "" for key, _words in options):
            rows.insert(0, _option("", "–", "" in chosen))
        several = " multiple size=6" if field.type == "multi_choice" else ""
        return f'<select class="form-select"{label}{several}>{"".join(rows)}</select>'
    text = input_text(field, value)
    if field.type == "long_text":
        return f'<textarea class="form-control" rows="5"{label}{required}>{escape(text)}</textarea>'
    kind = {"date": "date", "link": "url"}.get(field.type, "text")
    mode = ' inputmode="decimal"' if field.type in {"number", "money"} else ""
    hint = f' placeholder="{escape(field.hint)}"' if field.hint else ""
    return f'<input class="form-control" type="{kind}" value="{escape(text)}" autocomplete="off"{label}{required}{mode}{hint}>'


def input_text(field: Field, value: Any) -> str:
    """The value as it stands in an input."""
    if value is None:
        return ""
    if field.custom is not None and not isinstance(value, str):
        return custom_fields.display(field.custom, value)
    if isinstance(value, date):
        return value.isoformat()[:10]
    return json.dumps(value) if isinstance(value, dict) else str(value)
