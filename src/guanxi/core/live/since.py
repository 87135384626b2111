"""What was said since a page was drawn: asked once its stream is open, so that nothing falls between the two."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, JsonResponse

from guanxi.core.actor import Actor
from guanxi.core.live.asking import allowed_topics, signed_in_only
from guanxi.core.live.changed import LIST
from guanxi.core.models import Change

# Somebody else's act that was under way when the page was drawn began before that moment.
MARGIN = timedelta(seconds=3)
MOST_READ = 1000


@signed_in_only
def since_view(request: HttpRequest) -> JsonResponse:
    """Those of the asked topics of records and lists about which the journal tells something since a moment."""
    try:
        moment = datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return JsonResponse({"topics": []})
    said = _said(request.actor, moment)  # type: ignore[attr-defined]
    return JsonResponse({"topics": allowed_topics(request, among=said)})


def _said(actor: Actor, moment: datetime) -> set[str] | None:
    """The topics of all that was changed since; None for too much to tell apart."""
    recent = Q(operation__at__gte=moment) | (
        Q(operation__at__gte=moment - MARGIN) & ~Q(operation__actor_id=actor.user_id)
    )
    rows = list(Change.objects.filter(recent).values_list("kind", "record_id", "customer_id")[:MOST_READ])
    if len(rows) == MOST_READ:
        return None
    pairs = {(kind, number) for kind, number, _customer in rows}
    pairs |= {("customer", number) for _kind, _number, number in rows if number is not None}
    return {text for kind, number in pairs for text in (kind, f"{kind}:{number}", f"{LIST}:{kind}")}
