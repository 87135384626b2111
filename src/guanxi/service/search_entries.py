"""What a case is found by."""

from collections.abc import Iterator

from guanxi.search.public import Entry
from guanxi.service.models import Case


def ids_after(after_id: int, limit: int) -> list[int]:
    """Ids of all cases in force, ascending."""
    rows = Case.objects.filter(pk__gt=after_id, customer__erased_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def search_entries(case_ids: list[int]) -> Iterator[Entry]:
    """The search entries of cases in force; one of an erased customer has no words left."""
    rows = Case.objects.filter(pk__in=case_ids, customer__erased_at__isnull=True).select_related("customer")
    for case in rows:
        yield Entry(
            case.pk,
            case.subject,
            subtitle=case.customer.name if case.customer is not None else "",
            exact=[text for text in (case.public_id, case.external_ref) if text],
            owner_id=case.owner_id,
            department_id=case.department_id,
        )
