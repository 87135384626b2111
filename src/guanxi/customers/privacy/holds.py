"""Legal holds: while one stands on a customer, nothing of theirs is erased; set and released with a name, journaled."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.customers.models import Customer, Hold

LONGEST = 300


def set_hold(*, actor: Actor, customer_id: int, reason: str) -> Hold:
    """Let a hold stand on a customer whom the actor may erase."""
    access.require(actor, "customer", "erase")
    words = _words(reason)
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "erase", pk=customer_id)
        if customer.erased_at is not None:
            raise Conflict(_("This person was erased already."))
        with changes.operation(actor=actor, name="customers.set_hold") as op:
            made: Hold = op.create(
                Hold(customer=customer, reason=words, set_at=clock.now(), set_by_name=actor.name[:150])
            )
        return made


def _words(reason: str) -> str:
    """A reason that can be kept, or InvalidInput."""
    words = reason.strip()
    if not words:
        raise InvalidInput(_("Say why."), column="reason")
    if len(words) > LONGEST or "\x00" in words:
        raise InvalidInput(_("The reason is too long or cannot be stored."), column="reason")
    return words


_REASONS = Compiled(
    lambda number: Hold.objects.filter(customer=number, released_at__isnull=True).order_by("pk").values_list("reason"),
    int,
)


def reasons(customer_id: int) -> list[str]:
    """Why nothing may be erased of a customer whom the caller may see; nothing where no hold stands."""
    return [reason for (reason,) in _REASONS.rows(customer_id)]


def hold_to_release(actor: Actor, hold_id: int) -> Hold:
    """One hold on a customer whom the actor may erase."""
    found: Hold = Hold.objects.select_related("customer").get_visible(actor, "erase", pk=hold_id)
    return found


def release_hold(*, actor: Actor, hold_id: int, reason: str) -> Hold:
    """End a hold for a reason, which the history keeps; that it stood, why and until when stays on record."""
    access.require(actor, "customer", "erase")
    words = _words(reason)
    with transaction.atomic():
        hold = hold_to_release(actor, hold_id)
        if hold.released_at is not None:
            raise Conflict(_("This hold was released already."))
        with changes.operation(actor=actor, name="customers.release_hold", reason=words) as op:
            op.update(hold, released_at=clock.now(), released_by_name=actor.name[:150])
        return hold


def held(path: str) -> Q:
    """A condition on rows whose customer (by a look-up) stands under a hold, itself or one that was merged with it."""
    standing = Hold.objects.filter(released_at__isnull=True)
    survivors = standing.annotate(survivor=Coalesce("customer__merged_into_id", "customer_id")).values("survivor")
    absorbed = Customer.everything.filter(merged_into__in=survivors).values("pk")
    return Q(**{f"{path}__in": survivors}) | Q(**{f"{path}__in": absorbed})
