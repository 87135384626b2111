"""The history of a case's clocks: every span, every reckoning, with its reason."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guanxi.core.actor import Actor
from guanxi.service import queries as case_queries
from guanxi.service.clocks import presenting, queries


@login_required
@require_GET
def case_clocks(request: HttpRequest, public_id: str) -> HttpResponse:
    """The clocks of a case with all their spans, and what happened to them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_queries.case_of(actor, public_id)
    context = {
        "case": case,
        "clocks": presenting.of_case(case, with_spans=True),
        "events": presenting.events_shown(queries.events_of(case)),
    }
    return render(request, "service/clocks_history.html", context)
