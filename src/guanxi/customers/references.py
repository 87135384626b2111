"""What of the archive points at customers, and what becomes of it when two of them are merged."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.core.references import ANY, Reference, Treatment, register
from guanxi.customers.choices import RelationKind
from guanxi.customers.models import CoreCard, DuplicateDecision, Relation
from guanxi.customers.queries.relations import ancestors

SYMMETRIC = (RelationKind.HOUSEHOLD, RelationKind.KNOWS)


def _lasting() -> QuerySet[Relation]:
    """Relations without an end; those that ended are history, of which there may be any number."""
    return Relation.everything.filter(until_on__isnull=True)


def subjects_alike(rows: QuerySet[Any], source: int, target: int) -> QuerySet[Any]:
    """Relations that the target has as well; a second superior; one that would run in a circle."""
    same = _lasting().filter(subject=target, object=OuterRef("object"), kind=OuterRef("kind"))
    other_way = _lasting().filter(object=target, subject=OuterRef("object"), kind=OuterRef("kind"))
    superior = _lasting().filter(subject=target, kind=RelationKind.PARENT)
    parents = rows.filter(until_on__isnull=True, kind=RelationKind.PARENT).values_list("object_id", flat=True)
    circles = [number for number in parents if target in ancestors(number)]
    return rows.filter(until_on__isnull=True).filter(
        Q(Exists(same))
        | Q(Exists(other_way), kind__in=SYMMETRIC)
        | Q(Exists(superior), kind=RelationKind.PARENT)
        | Q(kind=RelationKind.PARENT, object__in=circles)
    )


def objects_alike(rows: QuerySet[Any], source: int, target: int) -> QuerySet[Any]:
    """Relations to the target that stand already, from their other end, or that would run in a circle."""
    same = _lasting().filter(object=target, subject=OuterRef("subject"), kind=OuterRef("kind"))
    other_way = _lasting().filter(subject=target, object=OuterRef("subject"), kind=OuterRef("kind"))
    return rows.filter(until_on__isnull=True).filter(
        Q(Exists(same))
        | Q(Exists(other_way), kind__in=SYMMETRIC)
        | Q(kind=RelationKind.PARENT, subject__in=ancestors(target))
    )


def readings_without_card(rows: QuerySet[Any], source: int, target: int) -> QuerySet[Any]:
    """Who read a card is kept with that card where the target has none."""
    return rows.none() if CoreCard.objects.filter(pk=target).exists() else rows


def decided_alike(column: str, other: str) -> Callable[[QuerySet[Any], int, int], QuerySet[Any]]:
    """Decisions “not the same” that the target has as well, noted the other way round."""

    def alike(rows: QuerySet[Any], source: int, target: int) -> QuerySet[Any]:
        """Those rows."""
        return rows.filter(Exists(DuplicateDecision.objects.filter(**{other: target, column: OuterRef(other)})))

    return alike


for _part in (
    "ExternalId", "ContactPoint", "CustomerTag", "VisitRecord", "Note", "Consent", "Hold", "Pack", "DataRequest",
):  # fmt: skip
    register(Reference("customer", f"customers.{_part}", "customer_id"))
register(Reference("customer", "customers.Relation", "subject_id", alike=subjects_alike))
register(Reference("customer", "customers.Relation", "object_id", alike=objects_alike))
register(Reference("customer", "customers.CoreCardReading", "card_id", alike=readings_without_card))
for _section in ("PersonProfile", "OrganisationProfile", "InternalProfile", "CoreCard"):
    register(Reference("customer", f"customers.{_section}", "customer_id", Treatment.FIELDS))
register(
    Reference("customer", "customers.DuplicateDecision", "customer_id", alike=decided_alike("customer_id", "other_id"))
)
register(
    Reference("customer", "customers.DuplicateDecision", "other_id", alike=decided_alike("other_id", "customer_id"))
)
for _side in ("first_id", "second_id"):
    register(Reference("customer", "customers.DuplicatePair", _side, Treatment.DERIVED))
for _derived in ("Standing", "StandingChange"):
    register(Reference("customer", f"customers.{_derived}", "customer_id", Treatment.DERIVED))
register(Reference("customer", "customers.Customer", "merged_into_id", Treatment.ABOUT))
register(Reference("customer", "customers.Merge", "keep_id", Treatment.ABOUT))
register(Reference("customer", "customers.Merge", "absorbed_id", Treatment.ABOUT))
register(Reference("customer", "customers.Consent", "first_customer_id", Treatment.ABOUT))
register(Reference("customer", "customers.Erasure", "customer_id", Treatment.ABOUT))
register(Reference(ANY, "customers.MergedRow", "record_id", Treatment.ABOUT))
