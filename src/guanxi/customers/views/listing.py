"""The list of customers, and the small list to pick one from."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guanxi.core.access import require
from guanxi.customers.lists import PAGE
from guanxi.customers.models import Customer
from guanxi.customers.views.answers import actor_in
from guanxi.search.public import search
from guanxi.ui import lists

PICKED = 12


@login_required
@require_safe
def customer_list(request: HttpRequest) -> HttpResponse:
    """All customers the actor may see."""
    return lists.render_list(request, PAGE)


@login_required
@require_safe
def pick(request: HttpRequest) -> HttpResponse:
    """A few customers that fit what was typed, to choose one from in a form."""
    actor = actor_in(request)
    require(actor, "customer", "view")
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    hits = search(actor=actor, text=text, only=["customer"], limit=PICKED) if text else []
    found = Customer.objects.visible_to(actor).select_related("standing").in_bulk([hit.record_id for hit in hits])
    rows = [found[hit.record_id] for hit in hits if hit.record_id in found]
    return render(
        request, "customers/pick.html", {"customers": rows, "text": text, "name": request.GET.get("name", "other")}
    )
