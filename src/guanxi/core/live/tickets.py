"""Tickets: what a browser shows at `/live`, signed, so that the stream itself asks no database."""

import time
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, JsonResponse

from guanxi.core.live.asking import allowed_topics, signed_in_only
from guanxi.core.live.marks import mark_of

_SALT = "guanxi.live"
SECONDS = 30


@dataclass(frozen=True)
class Ticket:
    """Who listens to what, and the mark of the session that they do it through.

    A visitor of another site listens as user 0, from the origin of that site.
    """

    user_id: int
    topics: tuple[str, ...]
    session: str = ""
    origin: str = ""


def sign(ticket: Ticket) -> str:
    """The ticket as text, good for half a minute."""
    told = [ticket.user_id, list(ticket.topics), ticket.session, int(time.time()), ticket.origin]
    return signing.dumps(told, salt=_SALT, compress=True)


def read(text: str) -> Ticket | None:
    """The ticket behind the text, None when it is forged, late, or of a time still to come (the clock was set back)."""
    try:
        user_id, topics, session, at, origin = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not -SECONDS <= time.time() - at < SECONDS + 1:
        return None
    return Ticket(user_id, tuple(topics), session, origin)


@signed_in_only
def ticket_view(request: HttpRequest) -> JsonResponse:
    """A ticket for those of the asked topics that the signed-in user may listen to."""
    allowed = allowed_topics(request)
    ticket = Ticket(request.user.pk, allowed, mark_of(request.session.session_key))  # type: ignore[arg-type]
    return JsonResponse({"ticket": sign(ticket), "topics": allowed, "seconds": SECONDS})
