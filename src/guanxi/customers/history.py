"""The journal in words: what an operation did to a customer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import custom_fields, masking, money, records
from guanxi.core.actor import HIDDEN, Actor
from guanxi.core.ids import public_id
from guanxi.core.models import Change
from guanxi.customers import archive, identifiers
from guanxi.customers.choices import ContactKind
from guanxi.ui.cells import Context, format_date
from guanxi.ui.html import escape

OPERATIONS: dict[str, Promise] = {
    "customers.create_customer": gettext_lazy("Customer entered"),
    "customers.update_customer": gettext_lazy("Details changed"),
    "customers.bulk_update": gettext_lazy("Changed together with others"),
    "customers.bulk_tag": gettext_lazy("Tags changed together with others"),
    "customers.update_profile": gettext_lazy("Archive changed"),
    "customers.add_contact_point": gettext_lazy("Contact point added"),
    "customers.update_contact_point": gettext_lazy("Contact point changed"),
    "customers.remove_contact_point": gettext_lazy("Contact point removed"),
    "customers.add_external_id": gettext_lazy("External id added"),
    "customers.remove_external_id": gettext_lazy("External id removed"),
    "customers.relate": gettext_lazy("Relation added"),
    "customers.update_relation": gettext_lazy("Relation changed"),
    "customers.remove_relation": gettext_lazy("Relation removed"),
    "customers.record_visit": gettext_lazy("Visit recorded"),
    "customers.update_visit": gettext_lazy("Visit record changed"),
    "customers.remove_visit": gettext_lazy("Visit record removed"),
    "customers.add_note": gettext_lazy("Note written"),
    "customers.update_note": gettext_lazy("Note changed"),
    "customers.remove_note": gettext_lazy("Note removed"),
    "customers.open_core_card": gettext_lazy("Core-customer card opened"),
    "customers.save_core_card": gettext_lazy("Core-customer card brought up to date"),
    "customers.remove_core_card": gettext_lazy("Core-customer card removed"),
    "customers.merge": gettext_lazy("Customers merged"),
    "customers.merge_several": gettext_lazy("Several customers merged"),
    "customers.unmerge": gettext_lazy("Merge taken back"),
    "customers.settle": gettext_lazy("Carried over after a merge"),
    "customers.reveal": gettext_lazy("Value shown in full"),
    "customers.reveal_tax_id": gettext_lazy("Number shown in full"),
    "customers.record_consent": gettext_lazy("Consent recorded"),
    "customers.download_pack": gettext_lazy("Pack downloaded"),
    "customers.order_pack": gettext_lazy("Pack ordered"),
    "customers.make_pack": gettext_lazy("Pack made"),
    "customers.drop_pack": gettext_lazy("Pack gone"),
    "customers.erase": gettext_lazy("Person erased"),
    "customers.read_core_card": gettext_lazy("Core-customer card read"),
    "undo": gettext_lazy("Taken back"),
}
# What other kinds of the stream show in full; their journal rows would say it twice.
SHOWN_ELSEWHERE = frozenset({"customers.add_note", "customers.record_visit"})
DERIVED = frozenset(
    {
        "id", "sort_key", "initials", "stroke_key", "normalised", "created_at", "updated_at", "customer_id", "import_run_id", "subject_id",
        "position_in_list", "author_id", "author_name", "at", "last_contact_at", "reviewed_on", "merged_into_id",
    }
)  # fmt: skip
# What a core card says is for those who may open the card.
MERGES = frozenset({"merge", "split"})
SECRET_KINDS = frozenset({"corecard"})


@dataclass(frozen=True)
class Line:
    """One field before and after, as safe HTML."""

    label: str
    before: str
    after: str


def operation_label(name: str) -> str:
    """What an operation is called."""
    return str(OPERATIONS.get(name) or _("Changed"))


Names = dict[tuple[type[models.Model], Any], str]


def names_in(changes: Iterable[Change]) -> Names:
    """What the records are called that some changes point at: one query for each kind of record."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for change in changes:
        model = records.model_of(change.kind)
        if model is None or change.kind in SECRET_KINDS:
            continue
        if change.act in MERGES:
            wanted.setdefault(model, set()).add(_merged(change))
        for attname, values in _pointed_at(change):
            column = _column(model, attname)
            if column is not None and column.is_relation and attname not in DERIVED - {"subject_id"}:
                wanted.setdefault(column.related_model, set()).update(value for value in values if value is not None)
    return {
        (model, pk): str(row) for model, keys in wanted.items() for pk, row in model._base_manager.in_bulk(keys).items()
    }


def _merged(change: Change) -> Any:
    """The customer that a merge, or its undo, is about."""
    told = change.after if change.act == "merge" else change.before
    return next(iter((told or {}).values()), None)


def _pointed_at(change: Change) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Column names with the values before and after."""
    if change.act == "update":
        yield change.field, (change.before, change.after)
        return
    if change.act not in {"create", "delete"}:
        return
    row = (change.after if change.act == "create" else change.before) or {}
    for attname, value in row.items():
        yield attname, (value,)


def as_seen(actor: Actor, change: Change) -> Change | None:
    """A journal row as the actor may see it, not to be saved; None when its field is hidden."""
    if not actor.fields:
        return change
    if change.act == "update":
        if actor.sees(change.kind, change.field) == HIDDEN:
            return None
        change.before, change.after = (
            masking.shown(actor, change.kind, change.field, value) for value in (change.before, change.after)
        )
        return change
    for side in ("before", "after"):
        row = getattr(change, side)
        if isinstance(row, dict):
            setattr(change, side, masking.shown_row(actor, change.kind, row, str(row.get("kind", ""))))
    return change


def lines(changes: Iterable[Change], names: Names, actor: Actor) -> list[Line]:
    """What changed, field by field, in words, as the actor may see it."""
    found: list[Line] = []
    for change in filter(None, (as_seen(actor, change) for change in changes)):
        model = records.model_of(change.kind)
        if model is None or change.kind in SECRET_KINDS:
            continue
        if change.act == "update":
            if change.field not in DERIVED:
                found.extend(_updated(model, change, names))
        elif change.act in MERGES and (number := _merged(change)) is not None:
            name = escape(names.get((model, number), public_id("cus", number)))
            label = escape(_("Merged") if change.act == "merge" else _("Parted"))
            found.append(Line(label, "", f"{name} ({public_id('cus', number)})"))
        elif change.act in {"create", "delete"} and change.kind not in {"customer", "merge"}:
            found.append(_whole(model, change, names))
    return found


def _updated(model: type[models.Model], change: Change, names: Names) -> list[Line]:
    """The lines of one changed field; added fields of the company's own are taken apart."""
    if change.field == "custom":
        before, after = change.before or {}, change.after or {}
        definitions = {d.key: d for d in custom_fields.definitions("customer")}
        keys = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
        return [
            Line(
                escape(definitions[key].label if key in definitions else key),
                _custom(definitions.get(key), before.get(key)),
                _custom(definitions.get(key), after.get(key)),
            )
            for key in keys
        ]
    if change.field.startswith("custom."):
        key = change.field.removeprefix("custom.")
        definition = next((d for d in custom_fields.definitions("customer") if d.key == key), None)
        return [
            Line(
                escape(definition.label if definition else key),
                _custom(definition, change.before),
                _custom(definition, change.after),
            )
        ]
    column = _column(model, change.field)
    label = escape(capfirst(column.verbose_name) if column is not None else change.field)
    return [Line(label, shown(column, change.before, names), shown(column, change.after, names))]


def _custom(definition: Any, value: Any) -> str:
    """A value of an added field."""
    if value is None:
        return ""
    return escape(custom_fields.display(definition, value) if definition else value)


def _column(model: type[models.Model], attname: str) -> Any:
    """The column behind a name in the journal."""
    return next((f for f in model._meta.concrete_fields if f.attname == attname), None)


def _whole(model: type[models.Model], change: Change, names: Names) -> Line:
    """A record that came or went, in one line."""
    row = change.after if change.act == "create" else change.before
    text = _told(change.kind, model, row or {}, names)
    label = escape(capfirst(model._meta.verbose_name))
    return Line(label, "", text) if change.act == "create" else Line(label, text, "")


def _told(kind: str, model: type[models.Model], row: dict[str, Any], names: Names) -> str:
    """What a record that came or went was about."""
    if kind == "contactpoint":
        if "value" not in row:
            return ""
        return escape(
            identifiers.masked(row.get("kind") or ContactKind.ADDRESS, row.get("normalised", ""), row.get("value", ""))
        )
    if kind == "externalid":
        return escape(f"{row.get('source', '')}: {row.get('value', '')}")
    if kind == "customertag":
        return shown(_column(model, "tag_id"), row.get("tag_id"), names)
    if kind == "relation":
        return " ".join(
            (
                shown(_column(model, "subject_id"), row.get("subject_id"), names),
                shown(_column(model, "kind"), row.get("kind"), names),
                shown(_column(model, "object_id"), row.get("object_id"), names),
            )
        )
    for name in ("text", "purpose", "name", "title"):
        if row.get(name):
            return escape(str(row[name])[:200])
    filled = [shown(_column(model, name), value, names) for name, value in row.items() if value and name not in DERIVED]
    return ", ".join(filled[:5])


def shown(column: Any, value: Any, names: Names) -> str:
    """A journal value in words, as safe HTML; numbers of the state stay masked."""
    if value in (None, ""):
        return ""
    if column is None:
        return escape(value)
    if column.name == "tax_id":
        return escape(identifiers.mask_number(str(value)))
    if column.is_relation:
        return escape(names.get((column.related_model, value), value))
    if column.choices:
        return escape(dict(column.flatchoices).get(value, value))
    if archive.is_money(column.name):
        return escape(money.format_money(int(value), money.reporting_currency()))
    if archive.is_ratio(column.name):
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return escape(format_date(value, Context()))
    if isinstance(value, bool):
        return escape(_("Yes") if value else _("No"))
    return escape(value)


def changes_of(operation_ids: Sequence[int], customer_id: int) -> dict[int, list[Change]]:
    """The journal rows of some operations that belong to a customer."""
    found: dict[int, list[Change]] = {number: [] for number in operation_ids}
    rows = Change.objects.filter(customer_id=customer_id, operation_id__in=operation_ids).order_by("id")
    for change in rows:
        found[change.operation_id].append(change)
    return found
