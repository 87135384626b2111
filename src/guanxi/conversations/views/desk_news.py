"""Opening a conversation and asking what is new: each is one request, whatever stands on the page."""

from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from guanxi.conversations import queries
from guanxi.conversations.desk import news as desk_news
from guanxi.conversations.desk.news import Asked
from guanxi.conversations.models import Conversation
from guanxi.conversations.services import desk as own
from guanxi.conversations.views.desk import actor_in, opened
from guanxi.core import ids, live
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.ui import presence
from guanxi.ui.lists.endpoints import private

STREAM, PAGE = "GX-Stream", "GX-Page"


@login_required
@require_POST
@private
def open_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a conversation where another one stood: a tab, read, and others told who looks at it; all that the page shows.

    The page's stream listens to it from here on, before anything is read of it: nothing falls between the two.
    """
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id)
    with transaction.atomic():
        own.open_conversation(actor=actor, conversation=conversation)
        live.listen_further(actor, request.headers.get(STREAM, ""), [f"conversation:{conversation.pk}"])
        _tell_here(request, actor, conversation)
    return render(request, "conversations/desk_opened.html", opened(actor, request, conversation))


def _tell_here(request: HttpRequest, actor: Actor, conversation: Conversation) -> None:
    """Those who have it open hear of whoever comes, and those of the conversation that was left."""
    session = live.mark_of(request.session.session_key)
    left = ids.parse("cnv", request.POST.get("left", ""))
    if left is not None and left != conversation.pk:
        with suppress(NotFound):  # not open to them any more: nobody there knows of them
            presence.announce(actor=actor, kind="conversation", record_id=left, session=session, has_left=True)
    presence.announce(actor=actor, kind="conversation", record_id=conversation.pk, session=session, is_first=True)


@login_required
@require_POST
@private
def news(request: HttpRequest) -> HttpResponse:
    """What is new of all that the page shows."""
    actor = actor_in(request)
    return HttpResponse(desk_news.draw(request, actor, Asked.of(request.POST.dict())))


def along(request: HttpRequest, actor: Actor) -> str:
    """What is new after an act of one's own, where the page asked for it along with the act."""
    asked = Asked.of(request.POST.dict())
    return desk_news.draw(request, actor, asked) if asked.parts else ""
