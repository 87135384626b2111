"""Showing a masked value in full: for those who may change the customer, with a reason that the journal keeps."""

from html import unescape
from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guanxi.core import changes, custom_fields, masking
from guanxi.core.actor import MASKED, Actor
from guanxi.customers import editable
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.privacy import separate
from guanxi.customers.queries import parts
from guanxi.customers.services import profiles
from guanxi.customers.views.answers import actor_in, customer_in
from guanxi.ui import forms
from guanxi.ui.cells import Context


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
    customer.cached_profile = profiles.profile_of(customer)  # type: ignore[attr-defined]
    of_profile = customer.cached_profile._meta.model_name  # type: ignore[attr-defined]
    if kind == "contactpoint" and field == "value":
        found = (
            ContactPoint.objects.visible_to(actor, "change")
            .filter(customer=customer, pk=record_id)
            .values_list("value", flat=True)
            .first()
        )
    elif (kind, field) == ("customer", "tax_id") and record_id == customer.pk:
        found = customer.tax_id
    elif kind in ("customer", of_profile) and record_id == customer.pk:
        found = _drawn(actor, customer, kind, field)
    if found in (None, "", False):
        raise parts.not_there()
    return str(found)


def _label(kind: str, field: str) -> str:
    """What a field is called that roles may see masked; nothing for any other."""
    if kind == "customer" and field.startswith(masking.OWN):
        own = {masking.OWN + one.key: str(one.label) for one in custom_fields.definitions("customer")}
        return own.get(field, "")
    guarded = masking.guarded.get(f"{kind}.{field}")
    return str(guarded.label) if guarded is not None else ""


def _drawn(actor: Actor, customer: Customer, kind: str, field: str) -> str:
    """A field of the customer or of its archive as those read it who see it in full."""
    if kind != "customer":
        if field in separate.withheld_fields(customer, customer.cached_profile):  # type: ignore[attr-defined]
            return ""
        key = editable.field_key(customer.kind, field)
    else:
        key = f"custom_{field.removeprefix(masking.OWN)}" if field.startswith(masking.OWN) else field
    found = editable.EDITABLE.field(key)
    if found is None or not found.is_masked(customer, actor):
        return ""
    # The value as plain text: the page escapes it.
    return unescape(strip_tags(found.draw(customer, Context(actor=actor.with_fields({})))))


@login_required
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, key: str, kind: str, field: str, record_id: int) -> HttpResponse:
    """Ask for the reason, then show the value this once and write the look down."""
    actor = actor_in(request)
    customer = customer_in(request, key, "change")
    label = _label(kind, field)
    if not label or actor.sees(kind, field) != MASKED:
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
        context = {"title": label, "value": value, "back_url": back, "back_label": customer.name}
        alone = request.headers.get("HX-Target") == "dialog-body"
        response = render(request, "customers/revealed_dialog.html" if alone else "customers/revealed.html", context)
        response["Cache-Control"] = "no-store"
        return response
    return forms.page(
        request,
        form,
        title=_("Show in full: %(field)s") % {"field": label},
        submit=_("Show"),
        back_url=back,
        back_label=customer.name,
    )
