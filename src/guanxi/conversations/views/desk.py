"""The desk: the list, one conversation beside it, and what stands around it. Every state has an address."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guanxi.conversations import queries
from guanxi.conversations.choices import BY_HAND
from guanxi.conversations.desk import composing, listing, presenting, thread
from guanxi.conversations.desk.listing import DeskState
from guanxi.conversations.desk.news import rows_of
from guanxi.conversations.desk.registries import views_for
from guanxi.conversations.desk.trouble import troubles
from guanxi.conversations.models import Conversation
from guanxi.core import access, ids
from guanxi.core.actor import Actor
from guanxi.ui.lists.endpoints import private

PART = "GX-Part"


def actor_in(request: HttpRequest) -> Actor:
    """Who asks; Forbidden for a role without conversations."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.require(actor, "conversation", "view")
    return actor


@login_required
@require_GET
@private
def desk(request: HttpRequest) -> HttpResponse:
    """The list with nothing open beside it; asked for in parts, only the list."""
    actor = actor_in(request)
    if request.headers.get(PART) == "list":
        return render(request, "conversations/desk_list.html", _list(actor, request))
    return render(request, "conversations/desk.html", _page(actor, request, None))


@login_required
@require_GET
@private
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """A conversation with the list beside it."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id)
    return render(request, "conversations/desk.html", _page(actor, request, conversation))


@login_required
@require_GET
@private
def rows(request: HttpRequest) -> HttpResponse:
    """The next rows of the list."""
    actor = actor_in(request)
    page = listing.page_of(actor, DeskState.of(request.GET.dict()), views_for(actor))
    return render(request, "conversations/desk_rows.html", rows_of(actor, page, _current(request, page)))


@login_required
@require_GET
@private
def earlier(request: HttpRequest, public_id: str) -> HttpResponse:
    """The entries before one."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id)
    before = queries.message_in(conversation, request.GET.get("before", ""))
    found = thread.read(actor, conversation, before=before.at)
    context = {"conversation": conversation, "thread": found, **presenting.rights(actor, conversation)}
    return render(request, "conversations/desk_earlier.html", context)


def _page(actor: Actor, request: HttpRequest, conversation: Conversation | None) -> dict[str, Any]:
    """Everything that the whole page shows."""
    found: dict[str, Any] = {"conversation": None, "troubles": troubles(actor)}
    if conversation is not None:
        found.update(opened(actor, request, conversation))
    else:
        found["tabs"] = presenting.tabs(actor, None)
    found.update(_list(actor, request, conversation))
    if conversation is None and not found["rows_html"]:
        found["may_set_up"] = actor.can("channel", "create")
        found["lacks_channels"] = all(kind in BY_HAND for _pk, _name, kind in queries.channel_names_at_desk(actor))
    return found


def _list(actor: Actor, request: HttpRequest, conversation: Conversation | None = None) -> dict[str, Any]:
    """The list of the state that the address names."""
    views = views_for(actor)
    page = listing.page_of(actor, DeskState.of(request.GET.dict()), views)
    state = page.state
    groups: dict[str, list[Any]] = {}
    for view in views.values():
        groups.setdefault(view.group, []).append((view, state.query(view=view.key, text="", order="", after="")))
    return {
        **rows_of(actor, page, _current(request, page) if conversation is None else conversation.pk),
        "page": page,
        "counts": listing.counts_shown(actor, views),
        "state": state,
        "view": page.view,
        "groups": groups,
        "own_views": listing.own_views(actor),
        "orders": [
            (key, words, state.query(order=key, after=""))
            for key, words in listing.ORDER_WORDS.items()
            if key in page.view.orders
        ],
        "order": state.order or page.view.order,
        "plain_query": state.query(after=""),
        "empty": presenting.empty_words(page.view, state),
    }


def _current(request: HttpRequest, page: listing.Page) -> int | None:
    """Which of the rows stands open beside the list."""
    given = request.GET.get("current", "")
    number = ids.parse("cnv", given)
    return number if any(row["id"] == number for row in page.rows) else queries.standing_number(given)


def opened(actor: Actor, request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    """One conversation with all that stands around it: its head, its thread, its composer, its customer, the tabs."""
    return {
        "thread": thread.read(actor, conversation),
        "composer": composing.composer(actor, conversation),
        "csrf_token": get_token(request),
        "side": presenting.side(request, actor, conversation),
        "tabs": presenting.tabs(actor, conversation),
        **presenting.conversation(request, actor, conversation),
    }
