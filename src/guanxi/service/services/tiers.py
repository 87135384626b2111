"""Open cases have the tier that their customer has now, and the priority that follows from it.

A case that ended keeps the tier that it ended with, for figures; opened again, it takes that of the day.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from guanxi.core import changes
from guanxi.core.actor import system_actor
from guanxi.core.compiled import Compiled
from guanxi.core.events import publish
from guanxi.customers.models import Customer, Standing
from guanxi.service.choices import OPEN_STATES
from guanxi.service.clocks.services.keeping import recompute_many
from guanxi.service.events import CasesChanged
from guanxi.service.models import Case
from guanxi.service.priorities import priority_of
from guanxi.service.services.locking import lock_cases

FOLLOWING = "service.follow_tier"
CHUNK = 200


_TIER = Compiled(lambda number: Standing.objects.filter(customer=number).values_list("tier"), int)


def tier_of(customer: Customer | int | None) -> str:
    """The tier of a customer at this moment; '' for nobody."""
    if customer is None:
        return ""
    row = _TIER.first(customer if isinstance(customer, int) else customer.pk)
    return row[0] if row is not None else ""


def with_tier(case: Case, tier: str) -> dict[str, Any]:
    """What of a case a tier decides: the priority too, unless somebody set it by hand."""
    if case.is_priority_fixed:
        return {"tier": tier}
    return {"tier": tier, "priority": priority_of(case.impact, case.urgency, tier)}


def strayed(customer_ids: Collection[int] | None = None) -> Iterator[list[int]]:
    """Open cases (all, or those of some customers) that have another tier than their customer, some at a time."""
    rows = Case.objects.filter(state__in=OPEN_STATES)
    if customer_ids is not None:
        rows = rows.filter(customer__in=customer_ids)
    rows = rows.annotate(tier_now=Coalesce("customer__standing__tier", Value(""))).exclude(tier=F("tier_now"))
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]


def follow_tiers(case_ids: Sequence[int]) -> int:
    """Give open cases the tier of their customer, and reckon their clocks; how many had another. One transaction.

    What would have been due before by the promises of the new tier wakes nobody, as when a service level changes.
    """
    with transaction.atomic():
        cases = [case for case in lock_cases(case_ids) if case.state in OPEN_STATES]
        owners = {case.customer_id for case in cases if case.customer_id is not None}
        tiers = dict(Standing.objects.filter(customer__in=owners).values_list("customer_id", "tier"))
        with changes.operation(actor=system_actor(means="service"), name=FOLLOWING) as op:
            changed = [case for case in cases if op.update(case, **with_tier(case, tiers.get(case.customer_id, "")))]
            if not changed:
                op.row.delete()
                return 0
            op.flush()
            recompute_many(cases=changed, because={"event": "tier"}, is_quiet=True)
            publish(CasesChanged(operation_id=op.id))
    return len(changed)


changes.by_itself.add(FOLLOWING, FOLLOWING)
