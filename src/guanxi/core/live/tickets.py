"""Tickets: what a browser shows at `/live`, signed, so that the stream itself asks no database."""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from guanxi.core.live.topics import may_listen

_SALT = "guanxi.live"
SECONDS = 30
MOST_TOPICS = 50


@dataclass(frozen=True)
class Ticket:
    """Who listens to what."""

    user_id: int
    topics: tuple[str, ...]


def sign(ticket: Ticket) -> str:
    """The ticket as text, good for half a minute."""
    return signing.dumps([ticket.user_id, list(ticket.topics)], salt=_SALT, compress=True)


def read(text: str) -> Ticket | None:
    """The ticket behind the text, None when it is forged or late."""
    try:
        user_id, topics = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return Ticket(user_id, tuple(topics))


@require_GET
@never_cache
def ticket_view(request: HttpRequest) -> JsonResponse:
    """A ticket for those of the asked topics that the signed-in user may listen to."""
    if not request.user.is_authenticated:
        return JsonResponse({"title": "Unauthorized", "status": 401}, status=401)
    asked = [topic for topic in request.GET.get("topics", "").split(",") if topic][:MOST_TOPICS]
    actor = request.actor  # type: ignore[attr-defined]
    allowed = tuple(topic for topic in dict.fromkeys(asked) if may_listen(actor, topic))
    return JsonResponse({"ticket": sign(Ticket(request.user.pk, allowed)), "topics": allowed, "seconds": SECONDS})
