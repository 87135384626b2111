"""A customer and what belongs to it, each found through the rights of who asks."""

from django.utils.translation import gettext as _

from guanxi.core import masking
from guanxi.core.actor import HIDDEN, MASKED, SHOWN, Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import NotFound
from guanxi.core.models import CustomField
from guanxi.customers.models import (
    ContactPoint,
    CoreCard,
    CoreCardReading,
    Customer,
    ExternalId,
    Note,
    VisitRecord,
)
from guanxi.customers.own_field_kinds import kinds

_HEAD = ("standing", "owner", "department", "import_run", "person_profile")
_WITH_HEAD = CompiledRecords(Customer, lambda number: Customer.objects.filter(pk=number), int, related=_HEAD)
_CONTACT_POINTS = CompiledRecords(ContactPoint, lambda number: ContactPoint.objects.filter(customer=number), int)
_CORE_CARDS = CompiledRecords(
    CoreCard, lambda number: CoreCard.objects.filter(customer=number), int, related=("keeper",)
)
_EXTERNAL_IDS = CompiledRecords(
    ExternalId, lambda number: ExternalId.objects.filter(customer=number).order_by("source", "pk"), int
)


def customer_with(actor: Actor, number: int, action: str = "view") -> Customer:
    """The customer with everything that its page's head needs; NotFound when it is not open to the actor."""
    if actor.scope("customer", action) != "all":
        rows = Customer.objects.select_related(*_HEAD)
        visible: Customer = rows.get_visible(actor, action, pk=number)
        return visible
    found = _WITH_HEAD.first(number)
    if found is None or (action != "view" and found.erased_at is not None):
        raise not_there()
    return found


def not_there() -> NotFound:
    """What a record that is missing or not open is answered with."""
    return NotFound(_("There is no such record, or it is not open to you."))


def may_change(actor: Actor, customer_id: int) -> bool:
    """Whether the actor may change this customer."""
    scope = actor.scope("customer", "change")
    if scope in {None, "all"}:
        return scope == "all"
    return Customer.objects.visible_to(actor, "change").filter(pk=customer_id).exists()


def contact_points_of(actor: Actor, customer: Customer) -> list[ContactPoint]:
    """How a customer can be reached, as the actor may see it: masked rows are not to be saved."""
    how = actor.sees("contactpoint", "value")
    if how == HIDDEN:
        return []
    found = _CONTACT_POINTS.all(customer.pk)
    for point in found if how == MASKED else ():
        point.value = point.normalised = str(
            masking.shown(actor, "contactpoint", "value", point.normalised or point.value, point.kind)
        )
    return found


def contact_point(actor: Actor, number: int) -> ContactPoint:
    """A contact point that the actor may change; what is not shown in full is not changed either."""
    if actor.sees("contactpoint", "value") != SHOWN:
        raise not_there()
    found: ContactPoint = ContactPoint.objects.select_related("customer").get_visible(actor, "change", pk=number)
    return found


def external_ids_of(customer: Customer) -> list[ExternalId]:
    """Under which ids sources know a customer."""
    return _EXTERNAL_IDS.all(customer.pk)


def external_id(actor: Actor, number: int) -> ExternalId:
    """An external id that the actor may change."""
    found: ExternalId = ExternalId.objects.select_related("customer").get_visible(actor, "change", pk=number)
    return found


def pinned_notes(customer: Customer) -> list[Note]:
    """The notes kept at the top."""
    return list(Note.objects.filter(customer=customer, is_pinned=True).order_by("-at")[:5])


def note(actor: Actor, number: int) -> Note:
    """A note that the actor may change."""
    found: Note = Note.objects.select_related("customer").get_visible(actor, "change", pk=number)
    return found


def latest_visits(customer: Customer, limit: int) -> list[VisitRecord]:
    """The last visits."""
    rows = VisitRecord.objects.filter(customer=customer).select_related("visitor")
    return list(rows.order_by("-visited_at", "-id")[:limit])


def visit(actor: Actor, number: int) -> VisitRecord:
    """A visit record that the actor may change."""
    found: VisitRecord = VisitRecord.objects.select_related("customer").get_visible(actor, "change", pk=number)
    return found


def core_card_of(customer: Customer) -> CoreCard | None:
    """The core-customer card, whoever may open it."""
    return _CORE_CARDS.first(customer.pk)


def may_open_card(actor: Actor, card: CoreCard, action: str = "view") -> bool:
    """Whether a card is open to the actor."""
    return CoreCard.objects.visible_to(actor, action).filter(pk=card.pk).exists()


def core_card_to_change(actor: Actor, customer: Customer) -> CoreCard | None:
    """The card, None where there is none yet; NotFound when it is in the charge of others."""
    if core_card_of(customer) is None:
        return None
    found: CoreCard = CoreCard.objects.get_visible(actor, "change", pk=customer.pk)
    return found


def readers_of(card: CoreCard, limit: int) -> list[CoreCardReading]:
    """Who opened a card last."""
    return list(CoreCardReading.objects.filter(card=card).order_by("-at")[:limit])


def own_fields(kind: str = "customer") -> list[CustomField]:
    """The fields that the company added to customers, or to another kind, those out of use last."""
    rows = CustomField.objects.filter(kind=kind).select_related("index")
    return list(rows.order_by("-is_active", "position", "id"))


def own_field(number: int) -> CustomField:
    """One of them."""
    found = CustomField.objects.filter(kind__in=kinds.keys(), pk=number).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found
