"""Cards that the archive itself brings to a customer's page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.customers.models import CoreCard
from guanxi.customers.queries import parts
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
    customer = parts.customer_with(actor, customer_id)
    card = parts.core_card_of(customer)
    is_open = card is not None and CoreCard.objects.visible_to(actor).filter(pk=card.pk).exists()
    can_change = parts.may_change(actor, customer_id) and customer.erased_at is None
    context = {"customer": customer, "card": card, "is_open": is_open, "can_change": can_change, "today": clock.today()}
    return render_to_string("customers/panel_card.html", context, request=request)


def relation_count(actor: Actor, customer_id: int) -> int:
    """How many relations a customer has."""
    return web.count_of(customer_id)
