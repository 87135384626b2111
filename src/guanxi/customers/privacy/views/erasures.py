"""Erasing a person on screen: the preview with its typed confirmation, the certificate, the list."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.core.access import require
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.customers.privacy.erasing import certificates, previewing, requesting
from guanxi.customers.privacy.forms import ErasureForm
from guanxi.customers.privacy.register import acting, reading
from guanxi.customers.views.answers import actor_in, customer_in
from guanxi.people.public import confirmed_to_write
from guanxi.ui import forms, toasts


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """What would become of everything, and the order to do it."""
    actor = actor_in(request)
    customer = customer_in(request, key, "erase")
    # Begun from a request in the register: the two point at each other.
    asked = reading.request_with(actor, request.GET["request"], "manage") if "request" in request.GET else None
    if asked is not None and asked.customer_id != customer.pk:
        raise NotFound(_("There is no such record, or it is not open to you."))
    initial = {"reason": _("Request %(number)s") % {"number": asked.public_id}} if asked is not None else None
    form = ErasureForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            erasure = (
                acting.start_erasure(actor=actor, request_id=asked.pk, **form.cleaned_data)
                if asked is not None
                else requesting.request_erasure(actor=actor, customer_id=customer.pk, **form.cleaned_data)
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The erasure is in hand."))
            return HttpResponseRedirect(erasure.get_absolute_url())
    seen = previewing.preview(customer.pk)
    context = {
        "customer": customer,
        "form": form,
        "seen": seen,
        "kept": [certificates.kept_row(*one) for one in seen.kept],
        "mentions": certificates.named(seen.mentions),
    }
    response = render(request, "customers/privacy/erase.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def certificate(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """The proof of an erasure, to be printed or saved."""
    erasure = certificates.erasure_open(actor_in(request), erasure_id)
    context = {
        "erasure": erasure,
        "lines": certificates.lines(erasure),
        "kept": certificates.kept_rows(erasure),
        "mentions": certificates.mentions(erasure),
        "customer_number": certificates.number(erasure),
        "requests": reading.of_erasure(actor_in(request), erasure.pk),
    }
    return render(request, "customers/privacy/certificate.html", context)


@login_required
@require_safe
def erasure_list(request: HttpRequest) -> HttpResponse:
    """Every erasure."""
    actor = actor_in(request)
    require(actor, "privacy", "view")
    context = {"erasures": certificates.erasures_open(actor), "back": reverse("customers:privacy")}
    return render(request, "customers/privacy/erasures.html", context)
