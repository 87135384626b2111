"""What promises bring to a customer's page: the card, and the signs in its head."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core.actor import Actor
from guanxi.customers.timeline import Entry, Place, before_q
from guanxi.service.complaint_choices import PromiseState
from guanxi.service.complaints import presenting, queries
from guanxi.service.complaints.lists import promise_url
from guanxi.service.models import Promise
from guanxi.ui import lists
from guanxi.ui.cells import Context, format_moment
from guanxi.ui.html import badge, escape
from guanxi.ui.records import Chip

SHOWN = 6


def promises_panel(request: HttpRequest, customer_id: int) -> str:
    """The newest promises to a customer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [
        {
            "promise": promise,
            "tone": presenting.PROMISE_TONES[PromiseState(promise.state)],
            "url": promise_url(promise.pk),
        }
        for promise in queries.promises_of_customer(actor, customer_id).select_related("owner")[:SHOWN]
    ]
    return render_to_string("service/complaints/panel_promises.html", {"rows": rows}, request=request)


def count_of_customer(actor: Actor, customer_id: int) -> int:
    """How many promises to a customer are open."""
    return queries.promises_of_customer(actor, customer_id).filter(state=PromiseState.OPEN).count()


def promise_entries(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Promises in a customer's stream, at the moment they were made."""
    rows = queries.promises(actor).filter(before_q(before, time="created_at"), customer=customer_id)
    context = Context(actor=actor)
    for promise in rows.order_by("-created_at", "-id")[:limit]:
        yield Entry(
            promise.created_at,
            promise.pk,
            _("Promised: %(text)s") % {"text": promise.text},
            f"<p>{escape(_('By %(moment)s') % {'moment': format_moment(promise.due_at, context)})} {_state(promise)}</p>",
            by=promise.author.display_name if promise.author is not None else "",
            url=promise_url(promise.pk),
            icon="calendar-event",
            tone="info",
        )


def ended_entries(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """How promises came to their end, at that moment, in a customer's stream."""
    rows = queries.promises(actor).filter(before_q(before, time="ended_at"), customer=customer_id)
    for promise in rows.filter(ended_at__isnull=False).order_by("-ended_at", "-id")[:limit]:
        if promise.ended_at is not None:
            note = f"<p>{escape(promise.note)}</p>" if promise.note else ""
            yield Entry(
                promise.ended_at,
                promise.pk,
                _("Promise: %(text)s") % {"text": promise.text},
                f"<p>{_state(promise)}</p>{note}",
                url=promise_url(promise.pk),
                icon="calendar-event",
                tone=presenting.PROMISE_TONES[PromiseState(promise.state)],
            )


def _state(promise: Promise) -> str:
    """How a promise stands, as a badge."""
    state = PromiseState(promise.state)
    return badge(str(state.label), presenting.PROMISE_TONES[state])


def chips(actor: Actor, customer_id: int) -> Iterator[Chip]:
    """Open and broken promises in the head of a customer's page."""
    if not actor.can("promise", "view"):
        return
    standing = queries.standing_promises(customer_id)
    broken, waiting = standing[PromiseState.BROKEN], standing[PromiseState.OPEN]
    if broken:
        words = ngettext("%(count)s broken", "%(count)s broken", broken) % {"count": broken}
        url = lists.url("promises", customer=f"{customer_id}..{customer_id}", state="broken")
        yield Chip(words, "danger", _("Promises that were not kept in time"), url, caption=_("Promises"))
    if waiting:
        words = ngettext("%(count)s open", "%(count)s open", waiting) % {"count": waiting}
        url = lists.url("promises", customer=f"{customer_id}..{customer_id}", state="open")
        yield Chip(words, "info", _("Promises still to be kept"), url, caption=_("Promises"))
