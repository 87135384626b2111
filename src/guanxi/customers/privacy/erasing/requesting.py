"""Asking for an erasure: who may, what must be typed, what stands in the way."""

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.customers.choices import AskedBy, WorkState
from guanxi.customers.models import Customer, Erasure
from guanxi.customers.privacy import jobs
from guanxi.customers.privacy.erasing.acting import begin, refuse_held


def request_erasure(
    *, actor: Actor, customer_id: int, typed: str, reason: str, requested_by: str = "person"
) -> Erasure:
    """Order an erasure; a job does it. `typed` must be the customer's number, as a guard against the wrong record."""
    access.require(actor, "customer", "erase")
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "erase", pk=customer_id)
        if customer.erased_at is not None:
            raise Conflict(_("This person was erased already."))
        if typed.strip() != customer.public_id:
            raise InvalidInput(_("Type the customer's number to confirm."), column="typed")
        if not reason.strip():
            raise InvalidInput(_("Say why."), column="reason")
        if requested_by not in AskedBy.values:
            raise InvalidInput(_("Say who asked."), column="requested_by")
        refuse_held(customer_id)
        if Erasure.objects.filter(customer_id=customer_id, state__in=(WorkState.WAITING, WorkState.RUNNING)).exists():
            raise Conflict(_("This erasure was asked for already and is in hand."))
        erasure = begin(actor, customer, reason.strip()[:300], requested_by)
        jobs.erase_person.enqueue(erasure.pk)
        return erasure
