"""Pairs that an actor may see, and what is known of a scan."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.customers.models import Customer, DuplicateDecision, DuplicatePair, DuplicateScan, ScanState


def pairs_open_to(actor: Actor, action: str = "view", *, decided: bool = False) -> QuerySet[Any]:
    """The pairs of which the actor may see both sides; those decided to be different only when asked for."""
    # A search may have read somebody who was erased before it wrote what it found.
    seen = Customer.objects.visible_to(actor, action).filter(erased_at__isnull=True)
    pairs = DuplicatePair.objects.filter(
        Exists(seen.filter(pk=OuterRef("first_id"))), Exists(seen.filter(pk=OuterRef("second_id")))
    )
    return pairs if decided else pairs.filter(~Exists(decisions()))


def decisions() -> QuerySet[DuplicateDecision]:
    """The decision on a pair of the outer query, whichever way round it was noted."""
    return DuplicateDecision.objects.filter(
        Q(customer=OuterRef("first_id"), other=OuterRef("second_id"))
        | Q(customer=OuterRef("second_id"), other=OuterRef("first_id"))
    )


def decision_on(one: int, other: int) -> DuplicateDecision | None:
    """What was decided on two customers, whichever way round."""
    return DuplicateDecision.objects.filter(Q(customer=one, other=other) | Q(customer=other, other=one)).first()


_PAIRS = Compiled(
    lambda number: DuplicatePair.objects.filter(Q(first=number) | Q(second=number)).order_by().values_list("pk")[:1],
    int,
)


def is_in_pairs(customer_id: int) -> bool:
    """Whether a customer is in any pair at all, whoever may see it: for most nothing more need be asked."""
    return _PAIRS.first(customer_id) is not None


def pairs_of(actor: Actor, customer_id: int, *, min_score: float, decided: bool = False) -> QuerySet[Any]:
    """The possible duplicates of one customer, the most likely first."""
    pairs = pairs_open_to(actor, decided=decided).filter(score__gte=min_score)
    return pairs.filter(Q(first=customer_id) | Q(second=customer_id)).order_by("-bits", "-pk")


def ranked(actor: Actor, *, min_score: float, decided: bool = False) -> QuerySet[Any]:
    """All pairs at or above a score, the most likely first."""
    return pairs_open_to(actor, decided=decided).filter(score__gte=min_score).order_by("-score", F("bits").desc(), "pk")


def last_scan() -> DuplicateScan | None:
    """The scan that was asked for last."""
    return DuplicateScan.objects.order_by("-pk").first()


def last_finished_scan() -> DuplicateScan | None:
    """The last scan that came to its end."""
    return DuplicateScan.objects.filter(state=ScanState.DONE).order_by("-pk").first()
