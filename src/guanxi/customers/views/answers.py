"""Finding the customer an address names, and answering after something was saved."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.customers.models import Customer
from guanxi.customers.queries import parts
from guanxi.ui import toasts


def actor_in(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def customer_in(request: HttpRequest, key: str, action: str = "view") -> Customer:
    """The customer whose public id stands in the address; NotFound when missing or not open to the actor."""
    return parts.customer_with(actor_in(request), number_in(key), action)


def number_in(key: str) -> int:
    """The number behind a public id."""
    number = ids.parse("cus", key)
    if number is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return number


def saved(
    request: HttpRequest, customer: Customer, text: str | Promise, operation_id: int | None = None, *, tab: str = ""
) -> HttpResponse:
    """After a dialog: close it and let the page's parts fetch themselves again; after a page: back to the customer."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        events = {"gx:changed": {"kind": "customer", "id": customer.pk}, "gx:close-dialog": True}
        return toasts.add(response, text, operation_id, events=events)
    toasts.message(request, text, operation_id)
    query = f"?tab={tab}" if tab else ""
    return HttpResponseRedirect(reverse("customers:show", args=[customer.public_id]) + query)
