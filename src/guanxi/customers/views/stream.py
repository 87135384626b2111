"""The stream of a customer, its notes and visits."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core import ids
from guanxi.core.errors import GuanxiError
from guanxi.customers import timeline
from guanxi.customers.forms import NoteForm, VisitForm
from guanxi.customers.models import Customer
from guanxi.customers.queries import parts
from guanxi.customers.services import visits
from guanxi.customers.stream_markup import draw_page
from guanxi.customers.views.answers import actor_in, customer_in, number_in, saved
from guanxi.ui import forms
from guanxi.ui.drawn_once import drawn_once
from guanxi.ui.together import held, in_turn


@dataclass(frozen=True)
class _Page:
    """A page of a customer's stream: the kinds open and chosen, and its entries as HTML."""

    public_id: str
    kinds: list[timeline.TimelineKind]
    only: list[str]
    can_change: bool
    entries: SafeString


def _page(request: HttpRequest, key: str) -> _Page:
    """The page that the address asks for; no kind named means all."""
    actor, number = actor_in(request), number_in(key)
    missing = timeline.missing_kinds(actor, number)
    kinds = timeline.open_kinds(actor)
    known = {kind.key for kind in kinds}
    only = [key for key in dict.fromkeys(request.GET.getlist("kind")) if key in known]
    can_change = parts.may_change(actor, number)
    stream = timeline.read(actor, number, only=only, after=request.GET.get("after", ""), missing=missing)
    public_id = ids.public_id("cus", number)
    return _Page(public_id, kinds, only, can_change, draw_page(stream, public_id, only=only, can_change=can_change))


@login_required
@require_safe
def activity(request: HttpRequest, key: str) -> HttpResponse:
    """The stream with its filter and the line to write a note in."""
    page = _page(request, key)
    drawn = drawn_once(
        (page.can_change, tuple(kind.key for kind in page.kinds), tuple(page.only)),
        "customers/activity.html",
        lambda: {"can_change": page.can_change, "kinds": page.kinds, "only": page.only},
        public_id=page.public_id,
        path=request.get_full_path(),
        csrf_token=get_token(request) if page.can_change else "",
        entries=page.entries,
    )
    return HttpResponse(drawn)


@login_required
@require_safe
def more(request: HttpRequest, key: str) -> HttpResponse:
    """The next entries."""
    return HttpResponse(_page(request, key).entries)


@login_required
@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, key: str) -> HttpResponse:
    """Write a note."""
    customer = customer_in(request, key, "change")
    form = NoteForm(request.POST or None, customer=customer)
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
@in_turn
def note(request: HttpRequest, note_id: int) -> HttpResponse:
    """Change a note."""
    row = held(request, parts.note(actor_in(request), note_id))
    initial = {"text": row.text, "is_pinned": row.is_pinned}
    form = NoteForm(request.POST or None, customer=row.customer, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operation = visits.update_note(
                actor=actor_in(request), note_id=row.pk, values=form.touched(form.cleaned_data)
            )
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
@in_turn
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Change a visit record."""
    actor = actor_in(request)
    row = held(request, parts.visit(actor, visit_id))
    form = VisitForm(request.POST or None, actor=actor, visit=row)
    if request.method == "POST" and form.is_valid():
        try:
            operation = visits.update_visit(actor=actor, visit_id=row.pk, values=form.touched(form.values()))
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
