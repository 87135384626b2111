"""The core-customer card: one printable page, its form, its readers."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.core import clock
from guanxi.core.errors import GuanxiError
from guanxi.customers.forms import CoreCardForm
from guanxi.customers.queries import parts
from guanxi.customers.queries import relations as web
from guanxi.customers.services import core_cards
from guanxi.customers.views.answers import actor_in, customer_in
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

READERS = 10


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The card on one page; opening it is written down."""
    actor = actor_in(request)
    customer = customer_in(request, key)
    can_change = parts.may_change(actor, customer.pk)
    if parts.core_card_of(customer) is None:
        return render(request, "customers/card_missing.html", {"customer": customer, "can_change": can_change})
    card = core_cards.read_core_card(actor=actor, customer_id=customer.pk)
    columns = {field.name: field for field in card._meta.concrete_fields}
    context = {
        "customer": customer,
        "card": card,
        "texts": [(capfirst(columns[name].verbose_name), getattr(card, name)) for name in CoreCardForm.TEXTS],
        "points": parts.contact_points_of(actor, customer),
        "people": web.buying_centre(actor, customer.pk)[:8],
        "visits": parts.latest_visits(customer, 3),
        "readings": parts.readers_of(card, READERS),
        "due_on": card.reviewed_on + timedelta(days=card.review_days),
        "is_due": card.reviewed_on + timedelta(days=card.review_days) < clock.today(),
        "can_change": can_change and parts.may_open_card(actor, card, "change"),
    }
    return render(request, "customers/card.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Open a card or bring it up to date."""
    actor = actor_in(request)
    customer = held(request, customer_in(request, key, "change"))
    card = parts.core_card_to_change(actor, customer)
    if card is not None:
        held(request, card)
    form = CoreCardForm(request.POST or None, actor=actor, customer=customer, card=card)
    back = reverse("customers:card", args=[customer.public_id])
    if request.method == "POST" and form.is_valid():
        try:
            core_cards.save_core_card(actor=actor, customer_id=customer.pk, values=form.touched(form.cleaned_data))
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The card is up to date."))
            return forms.done(request, back)
    title = _("Core-customer card of %(name)s") % {"name": customer.name}
    return forms.page(request, form, title=title, back_url=back, back_label=customer.name)
