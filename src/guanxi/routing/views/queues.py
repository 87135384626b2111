"""Queues as those who work in them see them: what waits, who is there, who got what and why; taking by hand."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict
from guanxi.routing import queries, showing
from guanxi.routing.models import WorkItem
from guanxi.routing.services import work
from guanxi.routing.services.queues import set_own_membership
from guanxi.tasks.public import subjects
from guanxi.ui import forms, toasts


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def queue_list(request: HttpRequest) -> HttpResponse:
    """The queues with what waits, who is there and why the last item went where it went."""
    actor = _actor(request)
    access.require(actor, "queue", "view")
    context = {"rows": showing.queue_rows(actor), "may_shape": access.require(actor, "queue", "view") == "all" and actor.can("queue", "change")}  # fmt: skip
    return render(request, "routing/queues.html", context)


@login_required
@require_GET
def queue(request: HttpRequest, public_id: str) -> HttpResponse:
    """One queue."""
    actor = _actor(request)
    found = queries.queue_of(actor, public_id)
    context = {
        "row": showing.queue_row(actor, found),
        "waiting": showing.waiting_rows(actor, found.pk),
        "latest": showing.latest_of_queue(actor, found.pk),
        "may_shape": actor.scope("queue", "change") == "all",
    }
    return render(request, "routing/queue.html", context)


@login_required
@require_POST
def take_next(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the most pressing item that waits in a queue; one that somebody else takes in the same moment is passed over."""
    actor = _actor(request)
    found = queries.queue_of(actor, public_id)
    for item_id in queries.waiting(found.pk).values_list("pk", flat=True)[:20]:
        try:
            work.take(actor=actor, item_id=item_id)
        except Conflict:
            continue
        return _lead_to(request, actor, item_id)
    toasts.message(request, _("Nothing waits here."), tone="info")
    return forms.done(request, reverse("routing:queue", args=[found.public_id]))


@login_required
@require_POST
def take(request: HttpRequest, item_id: str) -> HttpResponse:
    """Take one item that waits."""
    actor = _actor(request)
    item = queries.item_of(actor, item_id, "change")
    try:
        work.take(actor=actor, item_id=item.pk)
    except Conflict as error:
        toasts.message(request, str(error), tone="warning")
        return forms.done(request, reverse("routing:queue", args=[item.queue.public_id]))
    return _lead_to(request, actor, item.pk)


@login_required
@require_POST
def membership(request: HttpRequest, public_id: str) -> HttpResponse:
    """Be given work of a queue again, or nothing for the time being."""
    actor = _actor(request)
    found = queries.queue_of(actor, public_id)
    is_active = request.POST.get("act") == "resume"
    set_own_membership(actor=actor, queue_id=found.pk, is_active=is_active)
    words = _("You are given work of this queue.") if is_active else _("You are given no work of this queue.")
    toasts.message(request, words)
    return forms.done(request, reverse("routing:queue", args=[found.public_id]))


def _lead_to(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Go to the record that was taken."""
    item: WorkItem = WorkItem.objects.get_visible(actor, pk=item_id)
    subject = subjects(actor, [item.record]).get(item.record)
    toasts.message(request, _("It is yours now."))
    return forms.done(request, subject.url if subject and subject.url else reverse("routing:queues"))
