"""What a customer said about the use of their data: tab, dialogs, card."""

from datetime import datetime, time
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.core import clock
from guanxi.core.errors import GuanxiError
from guanxi.customers.models import Customer
from guanxi.customers.privacy import consents, proofs, separate
from guanxi.customers.privacy.erasing import digests
from guanxi.customers.privacy.forms import ConsentForm, WithdrawForm
from guanxi.customers.privacy.register import acting, reading
from guanxi.customers.queries import parts
from guanxi.customers.views.answers import actor_in, customer_in, saved
from guanxi.files.public import receive
from guanxi.ui import forms, toasts


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What holds for each purpose, and every word that was said."""
    customer = customer_in(request, key)
    rows = consents.history(customer.pk)
    context = {
        "customer": customer,
        "groups": consents.overview(customer.pk),
        "rows": rows,
        "files": proofs.files_of([row.pk for row in rows]),
        "is_ruled": separate.is_ruled(),
        "requests": reading.open_of(customer.pk),
        "sees_register": actor_in(request).can("privacy", "view"),
        "today": clock.today(),
        "can_change": customer.erased_at is None and parts.may_change(actor_in(request), customer.pk),
    }
    return render(request, "customers/privacy/consents.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    """One more word."""
    customer = customer_in(request, key, "change")
    initial = {"purpose": request.GET.get("purpose", ""), "state": request.GET.get("state", "given")}
    asked = (
        reading.request_with(actor_in(request), request.GET["request"], "manage") if "request" in request.GET else None
    )
    form = ConsentForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        upload = data["file"]
        try:
            record = consents.record_consent if asked is None else partial(acting.record_said, request_id=asked.pk)
            record(
                actor=actor_in(request),
                customer_id=customer.pk,
                purpose=data["purpose"],
                state=data["state"],
                channels=form.chosen_channels(),
                at=_moment(data["at"]),
                expires_on=data["expires_on"],
                is_separate=data["is_separate"],
                evidence=data["evidence"],
                source=data["source"],
                file=(upload.name, receive(upload)) if upload else None,
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            if asked is not None:
                toasts.message(request, _("Consent recorded."))
                return forms.done(request, asked.get_absolute_url())
            return saved(request, customer, _("Consent recorded."), tab="consents")
    intro = _("What stands on record is not overwritten: the latest word counts, the earlier ones stay as history.")
    return forms.page(
        request, form, title=_("Record consent"), intro=intro, back_url=_back(customer), back_label=customer.name
    )


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """The customer takes consent back; as easy as giving it."""
    actor = actor_in(request)
    row = consents.consent_to_change(actor, consent_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            consents.withdraw(actor=actor, consent_id=row.pk, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return saved(request, row.customer, _("Consent withdrawn."), tab="consents")
    channel = row.get_channel_display() if row.channel else _("every channel")
    title = _("Withdraw: %(purpose)s, %(channel)s") % {"purpose": row.purpose, "channel": channel}
    return forms.page(
        request, form, title=title, submit=_("Withdraw"), back_url=_back(row.customer), back_label=row.customer.name
    )


def consent_panel(request: HttpRequest, customer_id: int) -> str:
    """What holds, in short."""
    customer = parts.customer_with(actor_in(request), customer_id)
    context: dict[str, Any] = {
        "customer": customer,
        "groups": consents.overview(customer_id),
        "erased": digests.erased_before([customer_id]) if actor_in(request).can("privacy", "view") else [],
        "requests": reading.open_of(customer_id),
        "sees_register": actor_in(request).can("privacy", "view"),
        "today": clock.today(),
    }
    return render_to_string("customers/privacy/panel_consents.html", context, request=request)


def _moment(day: Any) -> datetime:
    """Noon of a past day, now for today: the order of words said on one day is that of their entry."""
    if day == clock.today():
        return clock.now()
    return timezone.make_aware(datetime.combine(day, time(12)))


def _back(customer: Customer) -> str:
    """The tab."""
    return reverse("customers:show", args=[customer.public_id]) + "?tab=consents"
