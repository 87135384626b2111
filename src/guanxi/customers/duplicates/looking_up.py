"""Who on record may be the one that is being entered: a few reads by index, however large the base."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.core.actor import SHOWN, Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.masking import shown
from guanxi.customers import identifiers, names
from guanxi.customers.choices import ContactKind, CustomerKind
from guanxi.customers.duplicates import contacts, queries, reading, reasons, services
from guanxi.customers.duplicates.comparing import Comparison, compare
from guanxi.customers.duplicates.engine import Pair, pair_of
from guanxi.customers.duplicates.folding import plain
from guanxi.customers.duplicates.records import Features, Record, features
from guanxi.customers.duplicates.weights import Frequencies, key_of
from guanxi.customers.models import ContactPoint, Customer, DuplicatePair

# So many holders of one value are looked at; a value that more hold says little.
HOLDERS = 40
WARNED_SCORE = 0.5
LISTED = 5
NEW = 0  # the number of a customer that is not on record yet
# What the journal calls the fields of which reasons tell values.
GUARDED = {
    "name": ("customer", "name"), "tax_id": ("customer", "tax_id"), "city": ("customer", "city"),
    "birth_on": ("personprofile", "birth_on"), "phone": ("contactpoint", "value"), "email": ("contactpoint", "value"),
    "wechat": ("contactpoint", "value"), "address": ("contactpoint", "value"),
}  # fmt: skip


@dataclass(frozen=True)
class PossibleDuplicate:
    """A customer on record who may be the one in hand, how likely, and why in words."""

    customer: Customer
    score: float
    reasons: list[str]


def possible_duplicates(
    actor: Actor,
    values: Mapping[str, Any],
    contact_points: Sequence[Mapping[str, Any]] = (),
    *,
    exclude: int | None = None,
    min_score: float = WARNED_SCORE,
    limit: int = LISTED,
) -> list[PossibleDuplicate]:
    """Customers whom the actor may see and who may be the one described, the most likely first.

    `values` are fields of a customer (`kind`, `name`, `tax_id`, `city`), `contact_points` dicts of `kind` and `value`;
    what cannot be used yet (half a telephone number) is left out, and so is what the actor does not see in full of
    customers on record: it would be found by guessing.
    """
    mine = features(_record(*_comparable(actor, values, contact_points)))
    found = [(told, other) for told, other in _compared(mine) if told.score >= min_score and other.record.id != exclude]
    found.sort(key=lambda pair: -pair[0].bits)
    seen = Customer.objects.visible_to(actor).in_bulk([other.record.id for _told, other in found])
    made = []
    for told, other in found:
        customer = seen.get(other.record.id)
        if customer is not None:
            made.append(PossibleDuplicate(customer, told.score, in_words(actor, told)))
    return made[:limit]


def refuse_known(actor: Actor, values: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> None:
    """Raise Conflict where somebody on record is likely the one described; the sentence names them by their ids."""
    found = possible_duplicates(actor, values, points, min_score=services.DEFAULT_SCORE)
    if found:
        ids = ", ".join(one.customer.public_id for one in found)
        raise Conflict(_("This customer may be on record already: %(ids)s.") % {"ids": ids})


def _comparable(
    actor: Actor, values: Mapping[str, Any], points: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    """What was typed without the fields that the actor does not see in full."""
    if not actor.fields:
        return values, points
    seen = {key: value for key, value in values.items() if key not in GUARDED or actor.sees(*GUARDED[key]) == SHOWN}
    return seen, points if actor.sees("contactpoint", "value") == SHOWN else ()


def in_words(actor: Actor, told: Comparison) -> list[str]:
    """The reasons with values as the actor may see them."""

    def as_seen(field: str, value: str) -> str | None:
        """One value."""
        if field not in GUARDED:
            return None
        kind, column = GUARDED[field]
        seen = shown(actor, kind, column, value, field if kind == "contactpoint" else "")
        # A number is shown in full only by its eye, which writes the look down.
        return identifiers.mask_number(seen) if seen and column == "tax_id" else seen

    return reasons.with_values(told.evidence, as_seen)


def _record(values: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> Record:
    """What was typed as a record."""
    held: dict[str, list[str]] = {kind: [] for kind in ContactKind.values}
    for point in points:
        kind, value = str(point.get("kind", "")), str(point.get("value", "") or "").replace("\x00", "").strip()[:500]
        if kind in held and value:
            try:
                held[kind].append(value if kind == ContactKind.ADDRESS else identifiers.normalise(kind, value))
            except InvalidInput:
                continue
    texts = {
        key: str(values.get(key) or "").replace("\x00", "").strip()[:200] for key in ("kind", "name", "tax_id", "city")
    }
    return Record(
        NEW, texts["kind"] or CustomerKind.PERSON, texts["name"], texts["tax_id"], texts["city"],
        phones=tuple(held["phone"]), emails=tuple(held["email"]), wechats=tuple(held["wechat"]), addresses=tuple(held["address"]),
    )  # fmt: skip


def compare_two(one: int, other: int) -> Comparison | None:
    """Two customers on record compared now; None where one no longer counts."""
    records = reading.records_of((one, other))
    if len(records) < 2:
        return None
    mine, yours = features(records[one]), features(records[other])
    held = _holders(mine)[1]
    return compare(mine, yours, _known(held))


def pairs_with(customer_id: int) -> list[Pair]:
    """The pairs of one customer with all whom a look-up or an earlier scan brings near."""
    record = reading.records_of([customer_id]).get(customer_id)
    if record is None:
        return []
    mine = features(record)
    partners = DuplicatePair.objects.filter(Q(first=customer_id) | Q(second=customer_id)).values_list("first", "second")
    known = {number for pair in partners for number in pair}
    return [pair_of(mine, other, told) for told, other in _compared(mine, known) if other.record.id != customer_id]


def recheck(customer_id: int) -> int:
    """Bring the pairs of one customer up to date; how many there are."""
    return services.replace_pairs(customer_id=customer_id, found=pairs_with(customer_id))


def _known(held_by: Mapping[int, int]) -> Frequencies:
    """What is known of a base that is looked at by index only: its size is that of the last scan."""
    last = queries.last_finished_scan()
    return Frequencies(last.customers if last is not None else 0, held_by)


def _compared(mine: Features, more: Iterable[int] = ()) -> list[tuple[Comparison, Features]]:
    """Everybody near, compared."""
    numbers, held_by = _holders(mine)
    known = _known(held_by)
    records = reading.records_of({*numbers, *more} - {mine.record.id})
    return [(compare(mine, other, known), other) for other in map(features, records.values())]


def _holders(mine: Features) -> tuple[set[int], dict[int, int]]:
    """Customers who share a value, and how many hold each value (as far as it was counted)."""
    numbers: set[int] = set()
    held_by: dict[int, int] = {}
    for kind, value, key in _values(mine):
        rows = ContactPoint.objects.filter(kind=kind, normalised=value).values_list("customer_id", flat=True)
        found = set(rows[:HOLDERS])
        numbers |= found
        held_by[key] = max(len(found - {mine.record.id}) + 1, 2)
    if mine.record.tax_id:
        forms = {mine.record.tax_id, mine.record.tax_id.upper(), mine.tax}
        numbers.update(Customer.objects.filter(tax_id__in=forms).values_list("pk", flat=True)[:HOLDERS])
    by_name: set[int] = set()
    for prefix in _name_prefixes(mine):
        rows = Customer.objects.filter(sort_key__gte=prefix, sort_key__lt=f"{prefix}\U0010ffff")
        by_name.update(rows.order_by("sort_key", "pk").values_list("pk", flat=True)[:HOLDERS])
    for kind, value in mine.keys:
        if kind == "name":
            held_by[key_of(kind, value)] = max(len(by_name - {mine.record.id}) + 1, 2)
    return numbers | by_name, held_by


def _values(mine: Features) -> list[tuple[str, str, int]]:
    """Contact points as they are looked up: kind, normalised form, and the key under which they are counted."""
    record = mine.record
    found = [("phone", p, key_of("phone", contacts.phone_tail(contacts.phone_parts(p)[0]))) for p in record.phones]
    for email in record.emails:
        found += [
            ("email", form, key_of("email", contacts.account(email))) for form in {email, contacts.account(email)}
        ]
    found += [("wechat", wechat, key_of("wechat", wechat)) for wechat in record.wechats]
    for text, place in zip(record.addresses, mine.places, strict=False):
        found.append(("address", identifiers.normalise_address(text), key_of("address", place.place_key)))
    return found


def _name_prefixes(mine: Features) -> list[str]:
    """How the sort keys of the same name begin: as read, either name first; of a firm also without its place and form."""
    name = plain(mine.record.name)
    if len(name) < 2:
        return []
    if mine.is_organisation:
        bare = names.without_legal_form(mine.record.name)
        forms = {
            " ".join(names.reading(text, CustomerKind.ORGANISATION))
            for text in (bare, mine.firms[0].brand if mine.firms else bare)
        }
        return sorted(form for form in forms if len(form) >= 4)
    forms = set()
    for person in mine.people:
        if person.is_han:
            words = names.reading(person.written)
            head = len(names.surname_of(person.written) or "x")
            forms |= {
                " ".join(words),
                " ".join([*words[head:], *words[:head]]),
                f"{person.spoken_surname} {person.spoken_given}",
                f"{person.spoken_given} {person.spoken_surname}",
            }
        else:
            forms |= {" ".join(person.tokens), " ".join((person.tokens[-1], *person.tokens[:-1]))}
    return sorted(f"{form} " if len(form) < 4 else form for form in forms if len(form) >= 3)
