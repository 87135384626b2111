"""The page of the figures of service."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from guanxi.core import access, clock
from guanxi.core.actor import Actor
from guanxi.insight.desk_figures.measuring import grouped
from guanxi.insight.desk_figures.presenting import BY, DEFINITIONS, HEADS, PLACES, rows_of
from guanxi.service import facts

USUAL_DAYS = 30
MOST_DAYS = 366


@login_required
@require_GET
def desk_figures(request: HttpRequest) -> HttpResponse:
    """How service stood in a period, told apart by one dimension."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.require(actor, "case", "view")
    today = timezone.localtime(clock.now()).date()
    until = _day(request.GET.get("to", ""), today)
    since = _day(request.GET.get("from", ""), until - timedelta(days=USUAL_DAYS - 1))
    if since > until:
        since, until = until, since
    since = max(since, until - timedelta(days=MOST_DAYS - 1))
    by = request.GET.get("by", "")
    by = by if by in BY else "type"
    first, last = _midnight(since), _midnight(until + timedelta(days=1))
    figures = grouped(
        place=PLACES[by],
        opened=facts.cases_opened(actor, first, last).iterator(5000),
        solved=facts.cases_solved(actor, first, last).iterator(5000),
        clocks=facts.clocks_ended(actor, first, last).iterator(5000),
        standing=facts.cases_standing(actor).iterator(5000),
        now=clock.now(),
    )
    context = {
        "rows": rows_of(figures, by=by, since=since, until=until),
        "heads": [(label, DEFINITIONS[key]) for key, label in HEADS],
        "since": since,
        "until": until,
        "by": by,
        "choices": BY.items(),
        "spans": [
            (days, until - timedelta(days=days - 1), (until - since).days + 1 == days) for days in (7, 30, 90, 365)
        ],
    }
    return render(request, "insight/desk_figures.html", context)


def _day(text: str, usual: date) -> date:
    """A day of an address, else the usual one."""
    return clock.day_named(text) or usual


def _midnight(day: date) -> datetime:
    """When a day begins for the reader."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())
