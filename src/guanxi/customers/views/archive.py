"""The sections of a customer's archive."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.core.errors import GuanxiError
from guanxi.customers.forms import ArchiveForm
from guanxi.customers.queries import parts
from guanxi.customers.queries.overview import sections
from guanxi.customers.services import profiles
from guanxi.customers.views.answers import actor_in, customer_in, saved
from guanxi.ui import forms
from guanxi.ui.cells import Context
from guanxi.ui.together import held, in_turn


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """All sections, each field changed in place by those who may."""
    customer = customer_in(request, key)
    actor = actor_in(request)
    context = {
        "customer": customer,
        "sections": sections(customer, Context(actor=actor)),
        "can_change": parts.may_change(actor, customer.pk),
        "visits": parts.latest_visits(customer, 5),
    }
    return render(request, "customers/archive.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, key: str) -> HttpResponse:
    """The whole archive as one form in sections."""
    actor = actor_in(request)
    customer = held(request, customer_in(request, key, "change"))
    form = ArchiveForm(request.POST or None, actor=actor, customer=customer, profile=profiles.profile_of(customer))
    if request.method == "POST" and form.is_valid():
        try:
            operation = profiles.update_profile(
                actor=actor, customer_id=customer.pk, values=form.touched(form.values())
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, customer, _("Saved."), operation, tab="archive")
    back = reverse("customers:show", args=[customer.public_id]) + "?tab=archive"
    title = _("Archive of %(name)s") % {"name": customer.name}
    intro = _("Sensitive fields are neither shown nor entered without separate consent.") if form.is_withheld else ""
    return forms.page(request, form, title=title, intro=intro, back_url=back, back_label=customer.name)
