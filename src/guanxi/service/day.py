"""What service brings to the home page: how much is open, and what the reader has to see to next, the soonest first."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.service.choices import OPEN_STATES
from guanxi.service.complaint_choices import PromiseState, Step
from guanxi.service.complaints.lists import complaint_url, promise_url
from guanxi.service.lists import case_url
from guanxi.service.models import Case, ComplaintStep, Promise
from guanxi.ui import home, lists

SHOWN = 8
MOST_COUNTED = 9_999


@dataclass(frozen=True)
class Ahead:
    """One thing that the reader has to see to: a clock of a case, a step of a complaint, a promise."""

    due_at: datetime
    title: str
    what: str
    url: str
    icon: str
    # The case that it is part of: only what is due first is told of one.
    case_id: int | None = None


def open_cases_tile(request: HttpRequest) -> home.Tile | None:
    """How many cases are open to the reader, and how many of them are overdue; nothing before the first case."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = Case.objects.visible_to(actor).filter(state__in=OPEN_STATES).order_by()
    late = rows.filter(due_at__lt=clock.now())[: MOST_COUNTED + 1].count()
    count = rows[: MOST_COUNTED + 1].count()
    if not count and not Case.objects.visible_to(actor).exists():
        return None
    return home.Tile(
        label=pgettext("tile", "Open cases"),
        value=_counted(count),
        hint=ngettext("%(count)s is overdue", "%(count)s are overdue", late) % {"count": _counted(late)}
        if late
        else _("none is overdue"),
        url=lists.url("cases", sort="due", state=OPEN_STATES),
        icon="ticket",
        definition=_(
            "Cases that you may see and in which something is still to be done; overdue when a clock has run out."
        ),
    )


def _counted(count: int) -> str:
    """A number, or that it is more than anybody counts."""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"


def ahead_panel(request: HttpRequest) -> str | None:
    """What the reader answers for, the soonest first; nothing where that is nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.user_id is None:
        return None
    found = [*_cases(actor), *_steps(actor), *_promises(actor)]
    found.sort(key=attrgetter("due_at"))
    if not found:
        return None
    first: dict[object, Ahead] = {}
    for one in found:
        first.setdefault(one.url if one.case_id is None else one.case_id, one)
    return render_to_string("service/home.html", {"rows": list(first.values())[:SHOWN]}, request=request)


def _cases(actor: Actor) -> list[Ahead]:
    """The reader's cases whose clocks run."""
    rows = Case.objects.visible_to(actor).filter(owner=actor.user_id, state__in=OPEN_STATES, due_at__isnull=False)
    return [
        Ahead(row.due_at, row.subject or row.public_id, str(row.customer or ""), case_url(row.pk), "ticket", row.pk)
        for row in rows.select_related("customer").order_by("due_at", "pk")[:SHOWN]
        if row.due_at is not None
    ]


def _steps(actor: Actor) -> list[Ahead]:
    """Steps of complaints that are the reader's."""
    rows = ComplaintStep.objects.filter(
        owner=actor.user_id,
        ended_at__isnull=True,
        due_at__isnull=False,
        complaint__case__in=Case.objects.visible_to(actor),
    )
    return [
        Ahead(
            row.due_at,
            row.complaint.case.subject or row.complaint.case.public_id,
            _("Complaint: %(step)s") % {"step": Step(row.step).label},
            complaint_url(row.complaint_id),
            "flag",
            row.complaint_id,
        )
        for row in rows.select_related("complaint__case").order_by("due_at", "pk")[:SHOWN]
        if row.due_at is not None
    ]


def _promises(actor: Actor) -> list[Ahead]:
    """Promises that the reader keeps."""
    rows = Promise.objects.visible_to(actor).filter(owner=actor.user_id, state=PromiseState.OPEN)
    return [
        Ahead(
            row.due_at,
            row.text,
            _("Promised to %(name)s") % {"name": row.customer} if row.customer is not None else _("Promise"),
            promise_url(row.pk),
            "calendar-event",
        )
        for row in rows.select_related("customer").order_by("due_at", "pk")[:SHOWN]
    ]
