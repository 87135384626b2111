"""Doing an erasure, and doing it again after a restore."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, events, locks
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict
from guanxi.customers.choices import WorkState
from guanxi.customers.events import CustomerErased
from guanxi.customers.models import Customer, ErasedIdentifier, Erasure, Hold
from guanxi.customers.privacy import holdings
from guanxi.customers.privacy.erasing import digests, listing, running


def refuse_held(customer_id: int) -> None:
    """Nothing is erased while the law or a dispute asks for it."""
    hold = Hold.objects.filter(customer__in=holdings.cluster(customer_id), released_at__isnull=True).first()
    if hold is not None:
        raise Conflict(_("A legal hold stands on this customer: %(reason)s") % {"reason": hold.reason})


def begin(actor: Actor, customer: Customer, reason: str, requested_by: str, *, is_replay: bool = False) -> Erasure:
    """The row of the erasure, its operation and its digests; the work is a job's."""
    with changes.operation(actor=actor, name="customers.erase") as op:
        erasure: Erasure = op.create(
            Erasure(
                customer_id=customer.pk,
                customer_created_at=customer.created_at,
                digest_key=digests.key_mark(),
                requested_by=requested_by,
                reason=reason,
                by_id=actor.user_id,
                by_name=actor.name[:150],
                means=actor.means,
                asked_at=clock.now(),
                operation=op.row,
                is_replay=is_replay,
            )
        )
        op.bulk(
            ErasedIdentifier,
            [
                ErasedIdentifier(erasure=erasure, kind=kind, digest=digest)
                for kind, digest in sorted(digests.digests_of(holdings.cluster(customer.pk)))
            ],
        )
    return erasure


def carry_out(erasure_id: int) -> None:
    """Do what was asked, or what is left of it."""
    with locks.hold(f"erasure:{erasure_id}", about="erasure"):
        erasure = Erasure.objects.select_related("operation").get(pk=erasure_id)
        if erasure.state == WorkState.DONE:
            return
        refuse_held(erasure.customer_id)
        running.run(erasure)
        listing.append(erasure)
        events.publish(CustomerErased(customer_id=erasure.customer_id))


def replay_erasures(path: Path | None = None) -> int:
    """Erase again whom the list names and who is back, after a restore; how many were.

    The list given, and the one beside the database, are both read. A customer is the same when number and moment of
    entry are the same, so that nobody else is hit.
    """
    count = 0
    paths = [found for found in (path, listing.own_file()) if found is not None and found.is_file()]
    for line in (line for found in paths for line in list(listing.read(found))):
        customer = Customer.everything.filter(
            pk=line["customer_id"], created_at=line["customer_created_at"], erased_at__isnull=True
        ).first()
        if customer is not None:
            count += _again(customer, line)
    return count


def _again(customer: Customer, line: dict[str, Any]) -> int:
    """Erase one person again."""
    unfinished = Erasure.objects.filter(customer_id=customer.pk).exclude(state=WorkState.DONE).first()
    with transaction.atomic():
        erasure = unfinished or begin(
            system_actor("restore"),
            customer,
            _("Erased before; done again after a restore."),
            "company",
            is_replay=True,
        )
        known = set(erasure.identifiers.values_list("digest", flat=True))
        if line.get("digest_key") == digests.key_mark():
            with changes.operation(actor=system_actor("restore"), name="customers.erase") as op:
                rest = [
                    ErasedIdentifier(erasure=erasure, kind=k, digest=d) for k, d in line["digests"] if d not in known
                ]
                op.bulk(ErasedIdentifier, rest)
    running.run(erasure)
    return 1
