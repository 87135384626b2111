"""Showing a masked value in full: for those who may change the customer, with a reason that the journal keeps."""

from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guanxi.core import changes, masking
from guanxi.core.actor import MASKED, Actor
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.queries import parts
from guanxi.customers.services import profiles
from guanxi.customers.views.answers import actor_in, customer_in
from guanxi.ui import forms


class ReasonForm(forms.RecordForm):
    """Why somebody wants to see it."""

    reason = django_forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        min_length=3,
        widget=django_forms.TextInput({"autofocus": True}),
        help_text=gettext_lazy("It is kept in the history with your name."),
    )


def _value(actor: Actor, customer: Customer, kind: str, field: str, record_id: int) -> str:
    """The value asked for, NotFound where there is none."""
    found: Any = None
    profile = profiles.profile_of(customer)
    if kind == "contactpoint" and field == "value":
        found = (
            ContactPoint.objects.visible_to(actor, "change")
            .filter(customer=customer, pk=record_id)
            .values_list("value", flat=True)
            .first()
        )
    elif kind == "customer" and record_id == customer.pk:
        found = getattr(customer, field, None)
    elif kind == profile._meta.model_name and record_id == customer.pk:
        found = getattr(profile, field, None)
    if found in (None, "", False):
        raise parts.not_there()
    return str(found)


@login_required
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, key: str, kind: str, field: str, record_id: int) -> HttpResponse:
    """Ask for the reason, then show the value this once and write the look down."""
    actor = actor_in(request)
    customer = customer_in(request, key, "change")
    guarded = masking.guarded.get(f"{kind}.{field}")
    if guarded is None or actor.sees(kind, field) != MASKED:
        raise parts.not_there()
    value = _value(actor, customer, kind, field, record_id)
    back = reverse("customers:show", args=[customer.public_id])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hidden = masking.masked(kind, field, value)
        with changes.operation(actor=actor, name="customers.reveal", reason=form.cleaned_data["reason"]) as op:
            op.record(
                kind=kind,
                record_id=record_id,
                field=field,
                before=hidden,
                after=hidden,
                act=changes.LOOK,
                customer_id=customer.pk,
            )
        context = {"title": guarded.label, "value": value, "back_url": back, "back_label": customer.name}
        alone = request.headers.get("HX-Target") == "dialog-body"
        response = render(request, "customers/revealed_dialog.html" if alone else "customers/revealed.html", context)
        response["Cache-Control"] = "no-store"
        return response
    return forms.page(
        request,
        form,
        title=_("Show in full: %(field)s") % {"field": guarded.label},
        submit=_("Show"),
        back_url=back,
        back_label=customer.name,
    )
