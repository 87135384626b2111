"""Entering a customer and changing its main fields."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.errors import GuanxiError
from guanxi.customers.choices import CustomerKind, CustomerStatus
from guanxi.customers.forms import CustomerForm, split_tags
from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.customers.views.answers import actor_in, customer_in, saved
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

COLUMN_FIELDS = {"value": "phone"}


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new customer."""
    actor = actor_in(request)
    require(actor, "customer", "create")
    kind = request.GET.get("kind", "")
    initial: dict[str, Any] = {"kind": kind} if kind in CustomerKind.values else {}
    if request.GET.get("name"):
        initial["name"] = request.GET["name"][:200]
    form = CustomerForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _create(request, form)
        if made is not None:
            toasts.message(request, _("%(name)s is on record.") % {"name": made.name})
            return forms.done(request, reverse("customers:show", args=[made.public_id]))
    back = reverse("customers:list")
    return forms.page(
        request,
        form,
        title=_("New customer"),
        back_url=back,
        back_label=_("Customers"),
        template="customers/create.html",
    )


def _create(request: HttpRequest, form: CustomerForm) -> Customer | None:
    """Enter the customer, or put what is wrong beside its field."""
    try:
        return services.create_customer(
            actor=actor_in(request),
            values=form.values(),
            contact_points=form.contact_points(),
            tags=split_tags(form.cleaned_data["tags"]),
        )
    except GuanxiError as error:
        _beside_its_field(form, error)
        return None


def _beside_its_field(form: CustomerForm, error: GuanxiError) -> None:
    """An error of a contact point or of an added field beside the input it came from."""
    if error.column == "value":
        error.column = _wrong_point(form)
    elif error.column and error.column not in form.fields and f"custom_{error.column}" in form.fields:
        error.column = f"custom_{error.column}"
    forms.add_error(form, error)


def _wrong_point(form: CustomerForm) -> str | None:
    """Which of the contact points cannot be used."""
    from guanxi.customers import identifiers  # only to find the input at fault

    for point in form.contact_points():
        try:
            identifiers.normalise(point["kind"], point["value"])
        except GuanxiError:
            return str(point["kind"])
    return None


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, key: str) -> HttpResponse:
    """The main fields of a customer."""
    actor = actor_in(request)
    customer = held(request, customer_in(request, key, "change"))
    form = CustomerForm(request.POST or None, actor=actor, customer=customer)
    if request.method == "POST" and form.is_valid():
        values = form.touched(form.values() | {"tags": split_tags(form.cleaned_data["tags"])})
        try:
            operation = services.update_customer(actor=actor, customer_id=customer.pk, values=values)
        except GuanxiError as error:
            _beside_its_field(form, error)
        else:
            return saved(request, customer, _("Saved."), operation)
    back = reverse("customers:show", args=[customer.public_id])
    return forms.page(
        request, form, title=_("Edit %(name)s") % {"name": customer.name}, back_url=back, back_label=customer.name
    )


@login_required
@require_POST
def change_status(request: HttpRequest, key: str) -> HttpResponse:
    """Put a customer away, or bring it back."""
    customer = customer_in(request, key, "change")
    is_archived = customer.status == CustomerStatus.ARCHIVED
    act = services.restore_customer if is_archived else services.archive_customer
    operation = act(actor=actor_in(request), customer_id=customer.pk)
    text = _("%(name)s is back.") if is_archived else _("%(name)s was put away.")
    return saved(request, customer, text % {"name": customer.name}, operation)
