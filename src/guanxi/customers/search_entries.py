"""What a customer is found by."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from guanxi.core import masking
from guanxi.core.actor import SHOWN, Actor
from guanxi.core.models import CustomField
from guanxi.core.models.custom_fields import FieldType
from guanxi.customers import names
from guanxi.customers.choices import ContactKind, Tier
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, ExternalId, OrganisationProfile, PersonProfile
from guanxi.search.public import Entry

# By model: three other names of the customer, then words about them.
OTHER_NAMES: dict[type[Any], tuple[str, ...]] = {
    PersonProfile: ("nickname", "english_name", "former_name", "employer", "job_title"),
    OrganisationProfile: ("short_name", "english_name", "former_name", "industry", "legal_representative"),
}
# Types of added fields whose values are words.
WORDS = (FieldType.TEXT, FieldType.CHOICE, FieldType.MULTI_CHOICE)
RANKS: dict[str, int] = {Tier.VIP: 1, Tier.MAJOR: 2, Tier.ORDINARY: 3}


def ids_after(after_id: int, limit: int) -> list[int]:
    """Ids of all customers in force, ascending."""
    return list(
        Customer.objects.filter(pk__gt=after_id, erased_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )


def ids_holding(about: str, after_id: int, limit: int) -> list[int]:
    """Ids of customers with a value of an added field (`custom.<key>`), ascending."""
    rows = Customer.objects.filter(pk__gt=after_id, custom__has_key=about.removeprefix(masking.OWN))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def _grouped(rows: Any) -> dict[int, list[Any]]:
    """Rows (customer, ...) by customer."""
    found: dict[int, list[Any]] = defaultdict(list)
    for customer_id, *rest in rows:
        found[customer_id].append(rest[0] if len(rest) == 1 else tuple(rest))
    return found


def search_entries(customer_ids: list[int], actor: Actor | None = None) -> Iterator[Entry]:
    """The search entries of customers in force, in one set of queries; for an actor, of what they see in full alone."""
    rows = Customer.objects.filter(pk__in=customer_ids, erased_at__isnull=True).values(
        "pk", "kind", "name", "title", "city", "country", "tax_id", "note", "custom", "owner_id", "department_id",
        "status", "standing__tier",
    )  # fmt: skip
    points: dict[int, list[Any]] = defaultdict(list)
    if _sees(actor, "contactpoint", "value"):
        ways = ContactPoint.objects.filter(customer__in=customer_ids)
        points = _grouped(ways.values_list("customer_id", "kind", "value", "normalised"))
    outside = _grouped(ExternalId.objects.filter(customer__in=customer_ids).values_list("customer_id", "value"))
    tags = _grouped(CustomerTag.objects.filter(customer__in=customer_ids).values_list("customer_id", "tag__name"))
    others = _other_names(customer_ids, actor)
    text_keys = _text_keys(actor)
    for row in rows:
        if not _sees(actor, "customer", "tax_id"):
            row["tax_id"] = ""
        yield _entry(row, points[row["pk"]], outside[row["pk"]], tags[row["pk"]], others[row["pk"]], text_keys)


def entry_of_new(
    customer: Customer, points: Sequence[ContactPoint], outside: Sequence[str], tags: Sequence[str]
) -> Entry:
    """The search entry of a customer who was just entered with all there is: made without asking for it again."""
    columns = ("pk", "kind", "name", "title", "city", "country", "tax_id", "custom", "owner_id", "department_id")
    row = {name: getattr(customer, name) for name in columns} | {"standing__tier": ""}
    ways = [(one.kind, one.value, one.normalised) for one in points]
    return _entry(row, ways, list(outside), list(tags), [], _text_keys(None) if customer.custom else [])


def _sees(actor: Actor | None, kind: str, field: str) -> bool:
    """Whether a field counts: for the index every one, for an actor what is seen in full."""
    return actor is None or actor.sees(kind, field) == SHOWN


def _other_names(customer_ids: list[int], actor: Actor | None) -> dict[int, list[Any]]:
    """Nicknames, former names, short names, and what is known about them."""
    found: dict[int, list[Any]] = defaultdict(list)
    for model, fields in OTHER_NAMES.items():
        kind = model._meta.model_name or ""
        seen = [_sees(actor, kind, field) for field in fields]
        for customer_id, *values in model.objects.filter(customer__in=customer_ids).values_list("customer_id", *fields):
            found[customer_id] = [value if counts else "" for value, counts in zip(values, seen, strict=True)]
    return found


def _text_keys(actor: Actor | None) -> list[str]:
    """Added fields whose values are words."""
    rows = CustomField.objects.filter(kind="customer", is_active=True, type__in=WORDS)
    return [key for key in rows.values_list("key", flat=True) if _sees(actor, "customer", masking.OWN + key)]


def _entry(
    row: dict[str, Any], points: list[Any], outside: list[Any], tags: list[Any], others: list[Any], text_keys: list[str]
) -> Entry:
    """One customer's entry."""
    phones = [normalised for kind, _value, normalised in points if kind == ContactKind.PHONE]
    exact = [normalised for kind, _value, normalised in points if kind in {ContactKind.EMAIL, ContactKind.WECHAT}]
    addresses = [value for kind, value, _normalised in points if kind == ContactKind.ADDRESS]
    own_words = [_plain(row["custom"].get(key)) for key in text_keys if row["custom"].get(key)]
    other_names, about = [name for name in others[:3] if name], [word for word in others[3:] if word]
    spoken = names.spoken_forms(row["name"], row["kind"])
    place = " · ".join(part for part in (row["city"], row["country"]) if part)
    return Entry(
        record_id=row["pk"],
        title=row["name"],
        subtitle=" · ".join(part for part in (row["title"], place) if part),
        spoken=spoken,
        names=other_names,
        words=[word for word in (row["title"], row["city"], *tags, *about, *addresses, *own_words) if word],
        phones=phones,
        exact=[*outside, *exact, *([row["tax_id"]] if row["tax_id"] else [])],
        owner_id=row["owner_id"],
        department_id=row["department_id"],
        rank=RANKS.get(row["standing__tier"], 4),
    )


def _plain(value: Any) -> str:
    """A custom value as words."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
