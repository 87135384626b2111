"""Comparing customers and merging them, and parting them again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core import ids
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.customers.models import Customer
from guanxi.customers.queries import merging, parts
from guanxi.customers.services.merging import merge_customers, undo_merge
from guanxi.customers.views.answers import actor_in, number_in
from guanxi.ui import toasts
from guanxi.ui.together.kept import Successor, was_open

CHOICE = "choose-"


def follows_merges(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead from the address of an absorbed customer to the one that stands for it now."""

    @wraps(view)
    def led(request: HttpRequest, key: str) -> HttpResponse:
        """Ask for the survivor only where the customer itself is not found."""
        try:
            return view(request, key)
        except NotFound:
            number = ids.parse("cus", key)
            survivor = merging.open_survivor(actor_in(request), number) if number is not None else None
            if survivor is None or was_open(request):
                raise  # a form that was open meanwhile: the page shows what was typed, and the survivor
            if request.method not in {"GET", "HEAD"}:
                told = {"name": survivor.name, "id": survivor.public_id}
                raise Conflict(_("This customer was merged into %(name)s (%(id)s) meanwhile.") % told) from None
            if not request.headers.get("HX-Request"):
                toasts.message(request, _("%(id)s was merged into this customer.") % {"id": key}, tone="info")
            address = request.get_full_path().replace(key, survivor.public_id, 1)
            return HttpResponseRedirect(address)

    return led


def _asked(request: HttpRequest) -> tuple[int, list[int], dict[str, Any]]:
    """Which customers an address or a form names, which is to remain, and what was chosen."""
    data = request.POST if request.method == "POST" else request.GET
    numbers = [number_in(key) for key in data.getlist("id")][: merging.MOST_COLUMNS]
    if not numbers:
        raise InvalidInput(_("Choose at least two customers."))
    keep = number_in(data["keep"]) if data.get("keep") else numbers[0]
    if keep not in numbers:
        raise InvalidInput(_("Choose at least two customers."))
    choices: dict[str, Any] = {}
    for name, value in data.items():
        if name.startswith(CHOICE):
            choices[name.removeprefix(CHOICE)] = int(str(value)) if str(value).isdecimal() else value
    return keep, [number for number in numbers if number != keep], choices


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Customers side by side, field by field; POST merges them."""
    actor = actor_in(request)
    keep, others, choices = _asked(request)
    refusal = ""
    if request.method == "POST":
        try:
            merges = merge_customers(actor=actor, keep_id=keep, absorb_ids=others, choices=choices)
        except (InvalidInput, Conflict) as error:
            refusal = str(error)
        else:
            text = ngettext("%(count)d customer merged into this one.", "%(count)d customers merged into this one.",
                            len(merges)) % {"count": len(merges)}  # fmt: skip
            toasts.message(request, text, merges[0].batch)
            return HttpResponseRedirect(merges[0].keep.get_absolute_url())
    found = merging.preview(actor, keep, others, choices)
    context = {"preview": found, "refusal": refusal or found.refusal, "prefix": CHOICE, "all": "all"}
    return render(request, "customers/merge.html", context, status=422 if refusal else 200)


def merges_context(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What a customer has absorbed, for its page."""
    actor = actor_in(request)
    is_whole = customer.erased_at is None
    may_part = is_whole and actor.can("customer", "merge") and parts.may_change(actor, customer.pk)
    return {"merges": merging.merges_into(actor, customer.pk), "may_part": may_part}


def survivor_of_address(request: HttpRequest) -> Successor | None:
    """Who stands for the customer that an address names and that was merged meanwhile."""
    match = request.resolver_match
    number = ids.parse("cus", str(match.kwargs.get("key", ""))) if match and match.app_name == "customers" else None
    found = merging.open_survivor(actor_in(request), number) if number is not None else None
    return Successor(found.name, found.get_absolute_url()) if found is not None else None


@login_required
@require_POST
def part(request: HttpRequest, key: str) -> HttpResponse:
    """Take a merge back."""
    number = ids.parse("mrg", key)
    if number is None:
        raise parts.not_there()
    try:
        parted = undo_merge(actor=actor_in(request), merge_id=number)
    except Conflict as error:
        return _told(request, str(error), tone="danger")
    text = _("%(name)s stands for itself again.") % {"name": parted.merge.absorbed.name}
    if parted.kept_fields:
        text += " " + _("Changed since and kept: %(fields)s.") % {"fields": ", ".join(parted.kept_fields)}
    return _told(request, text)


def _told(request: HttpRequest, text: str, tone: str = "success") -> HttpResponse:
    """Back to the page, with what came of it."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        return toasts.add(response, text, tone=tone, events={"gx:changed": {"kind": "customer"}})
    toasts.message(request, text, tone=tone)
    number = ids.parse("mrg", request.path.rstrip("/").split("/")[-2])
    survivor = merging.page_of(number) if number is not None else "/customers/"
    return HttpResponseRedirect(survivor)
