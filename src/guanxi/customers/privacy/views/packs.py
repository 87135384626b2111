"""Packs about people: ordering, waiting, downloading."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.core import clock
from guanxi.customers.choices import WorkState
from guanxi.customers.privacy import jobs
from guanxi.customers.privacy.packing import making
from guanxi.customers.privacy.register import reading
from guanxi.customers.views.answers import actor_in, customer_in
from guanxi.files.public import path_of
from guanxi.ui import toasts


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The packs about a customer."""
    customer = customer_in(request, key, "pack")
    rows = making.packs_of(actor_in(request), customer)
    context = {
        "customer": customer,
        "packs": rows,
        "requests": reading.of_packs(actor_in(request), [row.pk for row in rows]),
        "now": clock.now(),
        "is_busy": any(row.state in {WorkState.WAITING, WorkState.RUNNING} for row in rows),
    }
    return render(request, "customers/privacy/packs.html", context)


@login_required
@require_POST
def make(request: HttpRequest, key: str) -> HttpResponse:
    """Order a new one."""
    customer = customer_in(request, key, "pack")
    pack = making.order(actor=actor_in(request), customer_id=customer.pk)
    jobs.make_pack.enqueue(pack.pk)
    toasts.message(request, _("The pack is being made."))
    return HttpResponseRedirect(reverse("customers:packs", args=[customer.public_id]))


@login_required
@require_POST
def download(request: HttpRequest, pack_id: int) -> FileResponse:
    """Hand the file over; the download is logged."""
    pack = making.take(actor=actor_in(request), pack_id=pack_id)
    stored = pack.file
    if stored is None:
        raise FileNotFoundError
    response = FileResponse(path_of(stored).open("rb"), as_attachment=True, filename=stored.name)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
