"""The stream of a customer, its notes and visits."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core.errors import GuanxiError
from guanxi.customers import timeline
from guanxi.customers.forms import NoteForm, VisitForm
from guanxi.customers.models import Customer
from guanxi.customers.queries import parts
from guanxi.customers.services import visits
from guanxi.customers.views.answers import actor_in, customer_alone_in, customer_in, saved
from guanxi.ui import forms


def _chosen(request: HttpRequest) -> list[str]:
    """The kinds that the address asks for; none means all."""
    known = {kind.key for kind in timeline.open_kinds(actor_in(request))}
    return [key for key in dict.fromkeys(request.GET.getlist("kind")) if key in known]


def _context(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """What both the whole stream and a page of it need."""
    actor, only = actor_in(request), _chosen(request)
    return {
        "customer": customer,
        "stream": timeline.read(actor, customer.pk, only=only, after=request.GET.get("after", "")),
        "kinds": timeline.open_kinds(actor),
        "only": only,
        "can_change": parts.may_change(actor, customer.pk),
    }


@login_required
@require_safe
def activity(request: HttpRequest, key: str) -> HttpResponse:
    """The stream with its filter and the line to write a note in."""
    customer = customer_alone_in(request, key)
    return render(request, "customers/activity.html", _context(request, customer))


@login_required
@require_safe
def more(request: HttpRequest, key: str) -> HttpResponse:
    """The next entries."""
    customer = customer_alone_in(request, key)
    return render(request, "customers/entries.html", _context(request, customer))


@login_required
@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, key: str) -> HttpResponse:
    """Write a note."""
    customer = customer_in(request, key, "change")
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            visits.add_note(actor=actor_in(request), customer_id=customer.pk, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, customer, _("Note written."), tab="activity")
    return forms.page(
        request, form, title=pgettext("customer", "Note"), back_url=_back(customer), back_label=customer.name
    )


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, note_id: int) -> HttpResponse:
    """Change a note."""
    row = parts.note(actor_in(request), note_id)
    form = NoteForm(request.POST or None, initial={"text": row.text, "is_pinned": row.is_pinned})
    if request.method == "POST" and form.is_valid():
        try:
            operation = visits.update_note(actor=actor_in(request), note_id=row.pk, values=form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, row.customer, _("Saved."), operation, tab="activity")
    return forms.page(
        request, form, title=pgettext("customer", "Note"), back_url=_back(row.customer), back_label=row.customer.name
    )


@login_required
@require_POST
def remove_note(request: HttpRequest, note_id: int) -> HttpResponse:
    """Take a note away."""
    row = parts.note(actor_in(request), note_id)
    customer = row.customer
    operation = visits.remove_note(actor=actor_in(request), note_id=row.pk)
    return saved(request, customer, _("Note removed."), operation, tab="activity")


@login_required
@require_http_methods(["GET", "POST"])
def add_visit(request: HttpRequest, key: str) -> HttpResponse:
    """Put a visit on record."""
    customer = customer_in(request, key, "change")
    form = VisitForm(request.POST or None, actor=actor_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            visits.record_visit(actor=actor_in(request), customer_id=customer.pk, values=form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, customer, _("Visit recorded."), tab="activity")
    return forms.page(request, form, title=_("Visit record"), back_url=_back(customer), back_label=customer.name)


@login_required
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Change a visit record."""
    actor = actor_in(request)
    row = parts.visit(actor, visit_id)
    form = VisitForm(request.POST or None, actor=actor, visit=row)
    if request.method == "POST" and form.is_valid():
        try:
            operation = visits.update_visit(actor=actor, visit_id=row.pk, values=form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, row.customer, _("Saved."), operation, tab="activity")
    return forms.page(
        request, form, title=_("Visit record"), back_url=_back(row.customer), back_label=row.customer.name
    )


@login_required
@require_POST
def remove_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Take a visit record back."""
    row = parts.visit(actor_in(request), visit_id)
    customer = row.customer
    operation = visits.remove_visit(actor=actor_in(request), visit_id=row.pk)
    return saved(request, customer, _("Visit record removed."), operation, tab="activity")


def _back(customer: Customer) -> str:
    """The customer's stream."""
    return reverse("customers:show", args=[customer.public_id]) + "?tab=activity"
