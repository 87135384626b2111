"""What a customer is found by."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from guanxi.core import masking
from guanxi.core.models import CustomField, RoleField
from guanxi.customers import names
from guanxi.customers.choices import ContactKind, Tier
from guanxi.customers.models import ContactPoint, Customer, CustomerTag, ExternalId, OrganisationProfile, PersonProfile
from guanxi.search.public import Entry

RANKS: dict[str, int] = {Tier.VIP: 1, Tier.MAJOR: 2, Tier.ORDINARY: 3}


def ids_after(after_id: int, limit: int) -> list[int]:
    """Ids of all customers in force, ascending."""
    return list(
        Customer.objects.filter(pk__gt=after_id, erased_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )


def _grouped(rows: Any) -> dict[int, list[Any]]:
    """Rows (customer, ...) by customer."""
    found: dict[int, list[Any]] = defaultdict(list)
    for customer_id, *rest in rows:
        found[customer_id].append(rest[0] if len(rest) == 1 else tuple(rest))
    return found


def search_entries(customer_ids: list[int]) -> Iterator[Entry]:
    """The search entries of customers in force, in one set of queries."""
    rows = Customer.objects.filter(pk__in=customer_ids, erased_at__isnull=True).values(
        "pk", "kind", "name", "title", "city", "country", "tax_id", "note", "custom", "owner_id", "department_id",
        "status", "standing__tier",
    )  # fmt: skip
    points = _grouped(
        ContactPoint.objects.filter(customer__in=customer_ids).values_list("customer_id", "kind", "value", "normalised")
    )
    outside = _grouped(ExternalId.objects.filter(customer__in=customer_ids).values_list("customer_id", "value"))
    tags = _grouped(CustomerTag.objects.filter(customer__in=customer_ids).values_list("customer_id", "tag__name"))
    others = _other_names(customer_ids)
    text_keys = _text_keys()
    for row in rows:
        yield _entry(row, points[row["pk"]], outside[row["pk"]], tags[row["pk"]], others[row["pk"]], text_keys)


def _other_names(customer_ids: list[int]) -> dict[int, list[Any]]:
    """Nicknames, former names, short names."""
    people = PersonProfile.objects.filter(customer__in=customer_ids).values_list(
        "customer_id", "nickname", "english_name", "former_name", "employer", "job_title"
    )
    organisations = OrganisationProfile.objects.filter(customer__in=customer_ids).values_list(
        "customer_id", "short_name", "english_name", "former_name", "industry", "legal_representative"
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for customer_id, *values in (*people, *organisations):
        found[customer_id] = values
    return found


def _text_keys() -> list[str]:
    """Added fields whose values are words; not those that some role does not see, who could find out by searching."""
    guarded = RoleField.objects.filter(kind="customer", field__startswith=masking.OWN).values_list("field", flat=True)
    unseen = {field.removeprefix(masking.OWN) for field in guarded}
    rows = CustomField.objects.filter(kind="customer", is_active=True, type__in=("text", "choice", "multi_choice"))
    return [key for key in rows.values_list("key", flat=True) if key not in unseen]


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
