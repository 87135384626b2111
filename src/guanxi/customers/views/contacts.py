"""Contact points and external ids of a customer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core.errors import GuanxiError
from guanxi.customers.forms import ContactPointForm, ExternalIdForm
from guanxi.customers.models import Customer
from guanxi.customers.queries import parts
from guanxi.customers.services import contact_points, customers
from guanxi.customers.views.answers import actor_in, customer_in, saved
from guanxi.ui import forms
from guanxi.ui.together import held, in_turn


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    """One more contact point."""
    customer = customer_in(request, key, "change")
    form = ContactPointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact_points.add_contact_point(actor=actor_in(request), customer_id=customer.pk, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, customer, _("Contact point added."))
    return forms.page(request, form, title=_("New contact point"), back_url=_back(customer), back_label=customer.name)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, point_id: int) -> HttpResponse:
    """Value, label and primacy of a contact point."""
    point = parts.contact_point(actor_in(request), point_id)
    held(request, point, under=point.customer)
    initial = {"kind": point.kind, "value": point.value, "label": point.label, "is_primary": point.is_primary}
    form = ContactPointForm(request.POST or None, initial=initial)
    form.fields["kind"].disabled = True
    if request.method == "POST" and form.is_valid():
        values = form.touched({name: form.cleaned_data[name] for name in ("value", "label", "is_primary")})
        try:
            operation = contact_points.update_contact_point(
                actor=actor_in(request), contact_point_id=point.pk, values=values
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, point.customer, _("Saved."), operation)
    back = _back(point.customer)
    return forms.page(request, form, title=_("Contact point"), back_url=back, back_label=point.customer.name)


@login_required
@require_POST
def remove(request: HttpRequest, point_id: int) -> HttpResponse:
    """Take a contact point away."""
    point = parts.contact_point(actor_in(request), point_id)
    customer = point.customer
    operation = contact_points.remove_contact_point(actor=actor_in(request), contact_point_id=point.pk)
    return saved(request, customer, _("Contact point removed."), operation)


@login_required
@require_http_methods(["GET", "POST"])
def add_external_id(request: HttpRequest, key: str) -> HttpResponse:
    """An id under which a source knows the customer."""
    customer = customer_in(request, key, "change")
    form = ExternalIdForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            customers.add_external_id(actor=actor_in(request), customer_id=customer.pk, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return forms.done(request, _back(customer))
    return forms.page(request, form, title=_("External id"), back_url=_back(customer), back_label=customer.name)


@login_required
@require_POST
def remove_external_id(request: HttpRequest, external_id: int) -> HttpResponse:
    """Take an external id off a customer."""
    row = parts.external_id(actor_in(request), external_id)
    customer = row.customer
    operation = customers.remove_external_id(actor=actor_in(request), external_id=row.pk)
    return saved(request, customer, _("External id removed."), operation)


def _back(customer: Customer) -> str:
    """The customer's page."""
    return reverse("customers:show", args=[customer.public_id])
