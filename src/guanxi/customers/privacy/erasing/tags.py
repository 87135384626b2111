"""Tags that only one person has are words about that person: they go along, with what the journal says of them."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from guanxi.core import changes
from guanxi.core.erasing import Eraser, Person, erasers
from guanxi.core.models import Change
from guanxi.customers.models import CustomerTag, Tag


def _own(person: Person) -> list[int]:
    """The tags that the person has, or had, and that nobody else has."""
    mine = set(CustomerTag.objects.filter(customer__in=person.customer_ids).values_list("tag_id", flat=True))
    mine |= set(_earlier(person))
    others = CustomerTag.objects.filter(tag__in=mine).exclude(customer__in=person.customer_ids)
    mine -= set(others.values_list("tag_id", flat=True))
    return sorted(Tag.objects.filter(pk__in=mine).values_list("pk", flat=True))


def _earlier(person: Person) -> Iterator[int]:
    """The tags that were put on the person or taken off, as far as the journal still tells."""
    rows = Change.objects.filter(kind="customertag", customer_id__in=person.customer_ids, erased_at__isnull=True)
    for before, after in rows.values_list("before", "after"):
        yield from (row["tag_id"] for row in (before, after) if isinstance(row, dict) and row.get("tag_id"))


def _erase(op: changes.OperationInHand, person: Person) -> int:
    """Take them away."""
    held = Tag.objects.select_for_update().filter(pk__in=_own(person)).order_by("pk")
    locked = set(held.values_list("pk", flat=True))
    numbers = [number for number in _own(person) if number in locked]
    rows = Change.objects.filter(kind="tag", record_id__in=numbers, erased_at__isnull=True).exclude(act=changes.ERASE)
    changes.erase_values(op=op, change_ids=list(rows.values_list("pk", flat=True)))
    Tag.objects.filter(pk__in=numbers).delete()  # house: writes: an erasure
    return len(numbers)


erasers.add(
    "customers.tags", Eraser(_("Tags that only this person has"), lambda person: len(_own(person)), _erase), order=50
)
