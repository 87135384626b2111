"""The working calendar that a customer or a department has of its own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.customers.models import Customer
from guanxi.service.clocks import queries
from guanxi.service.clocks.hours_form import HoursForm
from guanxi.service.clocks.services.hours import save_hours
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def own_hours(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Give a department, or the customer that the address names, a calendar of its own; change or take away one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, "service_setting", "change")
    row = held(request, queries.own_hours_of(actor, number)) if number is not None else None
    customer = row.customer if row is not None else _named(actor, request)
    if row is None and customer is not None:
        row = queries.hours_of_customer(customer.pk)
    whose = customer or (row.department if row is not None else None)
    form = HoursForm(
        request.POST or None,
        initial={"calendar": row.calendar_id if row is not None else ""},
        chooses_department=whose is None,
    )
    back = customer.get_absolute_url() if customer is not None else reverse("service:service_levels")
    if request.method == "POST" and form.is_valid():
        department = row.department_id if row is not None else form.cleaned_data.get("department")
        try:
            operation = save_hours(
                actor=actor,
                calendar_id=form.cleaned_data["calendar"],
                customer_id=customer.pk if customer is not None else None,
                department_id=None if customer is not None else department,
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved. Open cases are reckoned anew."), operation)
            return forms.done(request, back)
    return forms.page(
        request,
        form,
        title=_("Working calendar of %(name)s") % {"name": whose} if whose else _("Working calendar of a department"),
        back_url=back,
        back_label=str(customer) if customer is not None else _("Service levels"),
        intro=_("Clocks count by it where the service level names no other calendar."),
    )


def _named(actor: Actor, request: HttpRequest) -> Customer | None:
    """The customer that the address names."""
    text = request.GET.get("customer", "")
    return queries.customer_named(actor, text) if text else None
