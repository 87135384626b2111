"""Reading cases: always as far as the actor may see."""

from django.db.models import QuerySet

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.service.models import Case


def case_of(actor: Actor, public_id: str, action: str = "view") -> Case:
    """The case with this public id."""
    found: Case = Case.objects.get_visible(actor, action, pk=ids.parse("cas", public_id) or 0)
    return found


def cases_of_customer(actor: Actor, customer_id: int) -> QuerySet[Case]:
    """A customer's cases, the newest first."""
    return Case.objects.visible_to(actor).filter(customer=customer_id).order_by("-opened_at", "-pk")


def may_listen_to_case(actor: Actor, key: str) -> bool:
    """Whether the actor may hear that something happened to a case."""
    if not key.isdecimal():
        return False
    try:
        Case.objects.get_visible(actor, pk=int(key))
    except NotFound:
        return False
    return True
