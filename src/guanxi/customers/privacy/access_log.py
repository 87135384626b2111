"""Who looked at what is guarded: numbers shown in full, packs taken, core-customer cards read, in one list."""

from dataclasses import dataclass
from datetime import datetime

from guanxi.core import ids
from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.changes import LOOK
from guanxi.core.models import Change
from guanxi.customers.history import operation_label
from guanxi.customers.models import CoreCardReading

LISTED = 500


@dataclass(frozen=True)
class Look:
    """One look."""

    at: datetime
    who: str
    what: str
    customer: str
    means: str
    address: str
    reason: str


def looks(actor: Actor, *, customer_id: int | None = None, who: str = "", limit: int = LISTED) -> list[Look]:
    """The latest looks, of one customer or by one person where asked."""
    require(actor, "privacy", "view")
    changes = Change.objects.filter(act=LOOK).select_related("operation").order_by("-id")
    readings = CoreCardReading.objects.order_by("-at")
    if customer_id is not None:
        changes, readings = changes.filter(customer_id=customer_id), readings.filter(card=customer_id)
    if who:
        changes = changes.filter(operation__actor_name__icontains=who)
        readings = readings.filter(user_name__icontains=who)
    found = [
        Look(
            at=change.operation.at,
            who=change.operation.actor_name,
            what=operation_label(change.operation.name),
            customer=ids.public_id("cus", change.customer_id) if change.customer_id else "",
            means=change.operation.means,
            address=change.operation.address,
            reason=change.operation.reason,
        )
        for change in changes[:limit]
    ]
    found += [
        Look(
            at=reading.at,
            who=reading.user_name,
            what=operation_label("customers.read_core_card"),
            customer=ids.public_id("cus", reading.card_id),
            means=reading.means,
            address="",
            reason="",
        )
        for reading in readings[:limit]
    ]
    return sorted(found, key=lambda look: look.at, reverse=True)[:limit]
