"""What a merge would do, before it is done; and which merges a customer stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.text import capfirst

from guanxi.core import access, custom_fields, masking, references
from guanxi.core.actor import HIDDEN, Actor
from guanxi.core.compiled import Compiled
from guanxi.core.errors import GuanxiError
from guanxi.core.ids import public_id
from guanxi.core.models import Department, User
from guanxi.customers.models import CoreCard, Customer, Merge
from guanxi.customers.privacy.withholding import withheld_from
from guanxi.customers.queries.parts import not_there
from guanxi.customers.services.merging import Parted, checking, fields
from guanxi.customers.services.merging.rows import survivor_of
from guanxi.ui.history import Reader, value_in_words, words_of
from guanxi.ui.html import escape

MOST_COLUMNS = 5
_ABSORBED = Compiled(lambda number: Customer.everything.filter(merged_into=number).values_list("pk"), int)


@dataclass
class Cell:
    """What one customer holds in a field, as safe HTML."""

    customer_id: int
    html: str
    is_empty: bool
    is_chosen: bool = False


@dataclass
class Row:
    """One field of all customers side by side."""

    key: str
    label: str
    cells: list[Cell]
    differs: bool
    can_join: bool
    is_joined: bool = False


@dataclass
class Preview:
    """Everything the page shows before a merge."""

    keep: Customer
    customers: list[Customer]
    rows: list[Row] = field(default_factory=list)
    counts: list[tuple[str, list[int]]] = field(default_factory=list)
    set_aside: list[tuple[str, int]] = field(default_factory=list)
    refusal: str = ""


def preview(actor: Actor, keep_id: int, numbers: Sequence[int], choices: Mapping[str, Any]) -> Preview:
    """Compare customers field by field, count what hangs on each, and say what stands in the way."""
    access.require(actor, "customer", "merge")
    wanted = list(dict.fromkeys((keep_id, *numbers)))[:MOST_COLUMNS]
    seen = Customer.objects.visible_to(actor).select_related("standing", "owner").in_bulk(wanted)
    if any(number not in seen for number in wanted):
        raise not_there()
    customers = [seen[number] for number in wanted]
    found = Preview(customers[0], customers, refusal=_refusal(actor, wanted))
    if len({customer.kind for customer in customers}) == 1:
        found.rows = _rows(actor, customers, choices)
    found.counts = _counts(wanted)
    found.set_aside = _set_aside(wanted)
    return found


def _refusal(actor: Actor, numbers: Sequence[int]) -> str:
    """Why these cannot be merged; '' when they can."""
    if len(numbers) < 2:
        return ""
    everyone = {customer.pk: customer for customer in Customer.everything.filter(pk__in=numbers)}
    try:
        checking.check_open(actor, everyone, numbers)
    except GuanxiError as error:
        return str(error)
    return checking.kinds_differ(everyone.values()) or checking.cards_closed(actor, numbers)


def _rows(actor: Actor, customers: Sequence[Customer], choices: Mapping[str, Any]) -> list[Row]:
    """The fields that any of them holds, those that differ first."""
    parts = [fields.Parts(customer) for customer in customers]
    open_cards = CoreCard.objects.visible_to(actor).filter(pk__in=[customer.pk for customer in customers])
    with_card = open_cards.count() == sum(part.card is not None for part in parts)
    keys = [key for customer in customers for key in customer.custom]
    reader = Reader(actor)
    reader.names.update({(User, user.pk): user.display_name for user in User.objects.all()})
    reader.names.update({(Department, one.pk): one.name for one in Department.objects.all()})
    kept_back = withheld_from(actor, [customer.pk for customer in customers])
    found = []
    for item in fields.fields_of(customers[0].kind, keys, with_card=with_card):
        values = [part.value(item) for part in parts]
        if item.section == "archive" and any(
            item.name in kept_back[customer.pk] and not fields.is_empty(value)
            for customer, value in zip(customers, values, strict=True)
        ):
            continue
        if all(fields.is_empty(value) for value in values) or actor.sees(item.kind, item.guarded_as) == HIDDEN:
            continue
        row = _row(reader, item, customers, values, choices.get(item.key))
        found.append(row)
    return sorted(found, key=lambda row: not row.differs)


def _row(
    reader: Reader,
    item: fields.MergeField,
    customers: Sequence[Customer],
    values: Sequence[Any],
    choice: Any,
) -> Row:
    """One field: what each holds, and whose value would count."""
    filled = [value for value in values if not fields.is_empty(value)]
    differs = any(value != values[0] for value in values)
    joined = choice == fields.ALL or (choice is None and item.key == "note" and len({*map(str, filled)}) > 1)
    place = next((index for index, value in enumerate(values) if not fields.is_empty(value)), 0)
    chosen = choice if isinstance(choice, int) else customers[place].pk
    cells = [
        Cell(
            customer.pk,
            _drawn(reader, item, value),
            fields.is_empty(value),
            not joined and customer.pk == chosen,
        )
        for customer, value in zip(customers, values, strict=True)
    ]
    return Row(item.key, str(item.label), cells, differs, item.can_join and differs, joined)


def _drawn(reader: Reader, item: fields.MergeField, value: Any) -> str:
    """A value in words, masked where the actor sees it so."""
    if value in (None, ""):
        return ""
    seen = masking.shown(reader.actor, item.kind, item.guarded_as, value)
    if seen != value:
        return escape(str(seen))
    if item.section == "custom":
        definition = next((d for d in custom_fields.definitions("customer") if d.key == item.name), None)
        return escape(custom_fields.display(definition, value) if definition else value)
    return value_in_words(reader, words_of(item.kind), item.column, item.name, value)


def _counts(numbers: Sequence[int]) -> list[tuple[str, list[int]]]:
    """How many rows of each kind hang on each customer."""
    found: dict[str, list[int]] = {}
    for reference in references.moving("customer").values():
        rows = reference.rows(*numbers).order_by().values(reference.column).annotate(count=Count("pk"))
        counted = dict(rows.values_list(reference.column, "count"))
        if counted:
            label = str(capfirst(reference.model._meta.verbose_name_plural))
            told = found.setdefault(label, [0] * len(numbers))
            for index, number in enumerate(numbers):
                told[index] += counted.get(number, 0)
    return sorted(found.items())


def _set_aside(numbers: Sequence[int]) -> list[tuple[str, int]]:
    """How many rows of each kind the survivor has already in the same form."""
    found: dict[str, int] = {}
    for reference in references.moving("customer").values():
        count = sum(len(reference.set_aside(number, numbers[0])) for number in numbers[1:])
        if count:
            label = str(capfirst(reference.model._meta.verbose_name_plural))
            found[label] = found.get(label, 0) + count
    return sorted(found.items())


def merges_into(actor: Actor, customer_id: int) -> list[Merge]:
    """The merges that stand by which others are part of this customer, the newest first."""
    family = [number for (number,) in _ABSORBED.rows(customer_id)]
    if not family:
        return []
    standing = Merge.objects.filter(absorbed__in=family, undone_at__isnull=True)
    return list(standing.select_related("absorbed", "keep").order_by("-pk"))


def open_survivor(actor: Actor, customer_id: int) -> Customer | None:
    """Who stands for a customer that was absorbed, if that one is open to the actor."""
    survivor = survivor_of(customer_id)
    if survivor == customer_id:
        return None
    return Customer.objects.visible_to(actor).filter(pk=survivor).first()


def told(merge: Merge) -> dict[str, Any]:
    """A merge as plain data."""
    return {
        "id": merge.public_id,
        "survivor": merge.keep.public_id,
        "absorbed": merge.absorbed.public_id,
        "at": merge.at.isoformat(),
        "by": merge.by_name,
        "moved": sum(pair[0] for pair in merge.counts.values()),
        "set_aside": sum(pair[1] for pair in merge.counts.values()),
        "undone_at": merge.undone_at.isoformat() if merge.undone_at else None,
    }


def page_of(merge_id: int) -> str:
    """The page of the customer that kept the rows of a merge."""
    merge = Merge.objects.select_related("keep").filter(pk=merge_id).first()
    return merge.keep.get_absolute_url() if merge is not None else "/customers/"


def told_parted(parted: Parted) -> dict[str, Any]:
    """What taking a merge back did, as plain data."""
    merge = Merge.objects.select_related("keep", "absorbed").get(pk=parted.merge.pk)
    return {
        "merge": told(merge),
        "survivor": public_id("cus", parted.survivor_id),
        "rows_back": sum(one.back for one in parted.rows.values()),
        "rows_stayed": sum(one.stayed for one in parted.rows.values()),
        "rows_gone": sum(one.gone for one in parted.rows.values()),
        "kept_fields": parted.kept_fields,
    }
