"""Facts of service for insight: plain rows with stable columns, of the cases that the reader may see.

Cases that were closed elsewhere are left out: nothing of their times is ours.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from guanxi.core.actor import Actor
from guanxi.service.choices import OPEN_STATES, CaseState
from guanxi.service.clocks.choices import Sort
from guanxi.service.models import Case, CaseClock

# By what cases are told apart in figures.
DIMENSIONS = ("owner_id", "queue_id", "tier", "channel_kind", "case_type")


def cases_opened(actor: Actor, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """Cases opened in a span: the dimensions, opened_at, first_answered_at."""
    rows = _own(actor).filter(opened_at__gte=since, opened_at__lt=until)
    return rows.values_list(*DIMENSIONS, "opened_at", "first_answered_at")


def cases_solved(actor: Actor, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """Cases solved in a span: the dimensions, opened_at, solved_at, first_answered_at, reopened_count, came_back_count."""
    rows = _own(actor).filter(solved_at__gte=since, solved_at__lt=until)
    columns = ("opened_at", "solved_at", "first_answered_at", "reopened_count", "came_back_count")
    return rows.values_list(*DIMENSIONS, *columns)


def cases_standing(actor: Actor) -> QuerySet[Any, Any]:
    """Cases in which something is still to be done: the dimensions, opened_at."""
    return _own(actor).filter(state__in=OPEN_STATES).values_list(*DIMENSIONS, "opened_at")


def clocks_ended(actor: Actor, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """Cases with a clock that ended in a span: the dimensions, the number of the case, the state of the clock."""
    ended = CaseClock.objects.filter(sort__in=Sort.values, ended_at__gte=since, ended_at__lt=until)
    rows = ended.filter(case__in=_own(actor))
    return rows.values_list(*(f"case__{name}" for name in DIMENSIONS), "case_id", "state")


def _own(actor: Actor) -> QuerySet[Any]:
    """Cases whose times are ours."""
    return Case.objects.visible_to(actor).exclude(state=CaseState.CLOSED_ELSEWHERE)
