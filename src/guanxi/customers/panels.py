"""Cards that the archive itself brings to a customer's page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.customers.models import CoreCard, Customer, Relation
from guanxi.customers.queries import relations as web
from guanxi.customers.views.relations import told

SHOWN = 8


def relations_panel(request: HttpRequest, customer_id: int) -> str:
    """The first relations."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [told(relation, customer_id) for relation in web.relations_of(actor, customer_id)]
    lasting = [row for row in rows if not row["is_over"]]
    context = {"rows": lasting[:SHOWN], "more": max(len(lasting) - SHOWN, 0)}
    return render_to_string("customers/panel_relations.html", context, request=request)


def core_card_panel(request: HttpRequest, customer_id: int) -> str:
    """Who keeps the core-customer card and when it is due; nothing of what it says."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    customer = Customer.objects.get_visible(actor, pk=customer_id)
    card = CoreCard.objects.select_related("keeper").filter(customer=customer).first()
    is_open = card is not None and CoreCard.objects.visible_to(actor).filter(pk=card.pk).exists()
    can_change = Customer.objects.visible_to(actor, "change").filter(pk=customer_id).exists()
    context = {"customer": customer, "card": card, "is_open": is_open, "can_change": can_change, "today": clock.today()}
    return render_to_string("customers/panel_card.html", context, request=request)


def relation_count(actor: Actor, customer_id: int) -> int:
    """How many relations a customer has."""
    return Relation.objects.filter(subject=customer_id).count() + Relation.objects.filter(object=customer_id).count()
