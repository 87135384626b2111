"""Legal holds on the page where a person is erased."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.core.errors import GuanxiError
from guanxi.customers.privacy import holds
from guanxi.customers.privacy.forms import HoldForm, ReleaseForm
from guanxi.customers.views.answers import actor_in, customer_in
from guanxi.ui import forms, toasts


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A new hold, with its reason."""
    customer = customer_in(request, key, "erase")
    back = reverse("customers:erase", args=[customer.public_id])
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            holds.set_hold(actor=actor_in(request), customer_id=customer.pk, reason=form.cleaned_data["reason"])
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The legal hold stands."))
            return forms.done(request, back)
    intro = _("While a hold stands, nothing of this customer can be erased.")
    return forms.page(request, form, title=_("Set a legal hold"), intro=intro, back_url=back, back_label=customer.name)


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, hold_id: int) -> HttpResponse:
    """End a hold, with the reason."""
    actor = actor_in(request)
    hold = holds.hold_to_release(actor, hold_id)
    back = reverse("customers:erase", args=[hold.customer.public_id])
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            holds.release_hold(actor=actor, hold_id=hold_id, reason=form.cleaned_data["reason"])
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The legal hold was released."))
            return forms.done(request, back)
    intro = _("The hold stands because of: %(reason)s") % {"reason": hold.reason}
    return forms.page(
        request,
        form,
        title=_("Release the hold"),
        intro=intro,
        submit=_("Release the hold"),
        back_url=back,
        back_label=hold.customer.name,
    )
