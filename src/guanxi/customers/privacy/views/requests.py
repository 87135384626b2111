"""The register of requests on screen: list, entry, page of one request, acts on it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core.access import require
from guanxi.core.errors import GuanxiError
from guanxi.customers.models import DataRequest
from guanxi.customers.privacy.register import acting, due, keeping, reading
from guanxi.customers.privacy.register.forms import ExtendForm, RequestForm, SettleForm
from guanxi.customers.views.answers import actor_in, customer_in, saved
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

EDITED = ("kind", "channel", "received_on", "law", "note", "asked_by", "identity_check")


@login_required
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits, what presses, what was settled."""
    actor = actor_in(request)
    require(actor, "privacy", "view")
    view = request.GET.get("view", "open")
    view = view if view in reading.VIEWS else "open"
    counts = reading.counts(actor)
    labels = {
        "open": pgettext("requests", "Open"),
        "overdue": _("Overdue"),
        "soon": _("Due within a week"),
        "mine": _("In my charge"),
        "settled": _("Settled"),
    }
    context = {
        "entries": reading.entries(actor, view),
        "view": view,
        "views": [(key, labels[key], counts.get(key)) for key in reading.VIEWS],
        "may_manage": actor.can("privacy", "manage"),
    }
    return render(request, "customers/privacy/requests.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """A new entry, by those who keep the register."""
    actor = actor_in(request)
    require(actor, "privacy", "manage")
    initial = {"customer": request.GET.get("customer", "")[:260]}
    form = RequestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = keeping.record_request(actor=actor, values=form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The request is in the register."))
            return forms.done(request, row.get_absolute_url())
    return _page(request, form, _("Record a request"), reverse("customers:data_requests"), _("Requests"))


@login_required
@require_http_methods(["GET", "POST"])
def record_of(request: HttpRequest, key: str) -> HttpResponse:
    """A new entry about one customer, by whoever may change the customer: whoever takes the call writes it down."""
    customer = customer_in(request, key, "change")
    form = RequestForm(request.POST or None, keeps=False, initial={"asked_by": ""})
    if request.method == "POST" and form.is_valid():
        try:
            keeping.record_request(actor=actor_in(request), values=form.cleaned_data, customer_id=customer.pk)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, customer, _("The request is in the register."), tab="consents")
    back = reverse("customers:show", args=[customer.public_id]) + "?tab=consents"
    return _page(request, form, _("Record a request"), back, customer.name)


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One request and what may be done about it."""
    actor = actor_in(request)
    row = reading.request_with(actor, key)
    keeps = row.is_open and actor.can("privacy", "manage")
    knows = bool(row.identity_check and row.customer_id)
    context = {
        "row": row,
        "entry": reading.entry(actor, row),
        "may_manage": actor.can("privacy", "manage"),
        "keeps": keeps,
        "can_put_off": keeps and due.can_be_put_off(row.law) and row.first_due_on is None,
        "can_pack": keeps and knows and row.kind in acting.PACKED and actor.can("customer", "pack"),
        "can_erase": keeps and knows and row.kind == "erase" and not row.erasure_id and actor.can("customer", "erase"),
        "can_say": keeps and knows and row.kind in acting.SAID and actor.can("customer", "change"),
        "is_held_up": keeps and not knows,
    }
    response = render(request, "customers/privacy/request.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Complete or correct it."""
    row = held(request, reading.request_with(actor_in(request), key, "manage"))
    initial: dict[str, Any] = {name: getattr(row, name) for name in EDITED}
    initial |= {"owner": row.owner_id or "", "customer": reading.entry(actor_in(request), row).number}
    form = RequestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.touched(form.cleaned_data)
        if values.get("customer") == initial["customer"]:
            # Left as it is: whoever keeps the register need not see the customer.
            del values["customer"]
        return _done(request, form, row, lambda: _change(request, row, values), _("Saved."))
    return _page(request, form, _("Change the request"), row.get_absolute_url(), row.public_id)


def _change(request: HttpRequest, row: DataRequest, values: dict[str, Any]) -> None:
    """Write it."""
    keeping.change_request(actor=actor_in(request), request_id=row.pk, values=values)


@login_required
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, key: str) -> HttpResponse:
    """Put it off."""
    row = reading.request_with(actor_in(request), key, "manage")
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["extension_reason"]
        return _done(
            request, form, row,
            lambda: keeping.extend_request(actor=actor_in(request), request_id=row.pk, reason=reason),
            _("The request is put off."),
        )  # fmt: skip
    return _page(request, form, _("Put the request off"), row.get_absolute_url(), row.public_id)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def settle(request: HttpRequest, key: str) -> HttpResponse:
    """End it with its answer."""
    row = held(request, reading.request_with(actor_in(request), key, "manage"))
    form = SettleForm(request.POST or None, initial={"answer": row.answer})
    if request.method == "POST" and form.is_valid():
        return _done(
            request, form, row,
            lambda: keeping.settle_request(actor=actor_in(request), request_id=row.pk, **form.cleaned_data),
            _("The request is settled."),
        )  # fmt: skip
    return _page(request, form, _("Settle the request"), row.get_absolute_url(), row.public_id)


@login_required
@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Open it again."""
    row = reading.request_with(actor_in(request), key, "manage")
    return _acted(
        request, row, lambda: keeping.reopen_request(actor=actor_in(request), request_id=row.pk), _("Open again.")
    )


@login_required
@require_POST
def pack(request: HttpRequest, key: str) -> HttpResponse:
    """Have the pack made that answers it."""
    row = reading.request_with(actor_in(request), key, "manage")
    return _acted(
        request, row,
        lambda: acting.start_pack(actor=actor_in(request), request_id=row.pk), _("The pack is being made."),
    )  # fmt: skip


def _acted(request: HttpRequest, row: DataRequest, act: Callable[[], Any], said: str) -> HttpResponse:
    """Do something at the press of a button and go back to the request, whatever came of it."""
    try:
        act()
    except GuanxiError as error:
        toasts.message(request, str(error))
    else:
        toasts.message(request, said)
    return HttpResponseRedirect(row.get_absolute_url())


def _done(request: HttpRequest, form: Any, row: DataRequest, act: Callable[[], Any], said: str) -> HttpResponse:
    """Do what a form asks for; back to the request, or the form with what stands in the way."""
    try:
        act()
    except GuanxiError as error:
        forms.add_error(form, error)
        return _page(request, form, row.public_id, row.get_absolute_url(), row.public_id)
    toasts.message(request, said)
    return forms.done(request, row.get_absolute_url())


def _page(request: HttpRequest, form: Any, title: str, back: str, back_label: str) -> HttpResponse:
    """A form of the register."""
    return forms.page(request, form, title=title, back_url=back, back_label=back_label)
