"""Acts at the desk on a whole conversation, on tabs and on views of one's own; each answers with what the page says."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.conversations import queries
from guanxi.conversations.desk.offered import people_to_answer
from guanxi.conversations.models import Conversation
from guanxi.conversations.services import conversations as acts
from guanxi.conversations.services import desk as own
from guanxi.conversations.views.desk import actor_in
from guanxi.conversations.views.desk_news import PAGE, along
from guanxi.core import ids, live
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.routing.public import Queue
from guanxi.ui import toasts
from guanxi.ui.lists.endpoints import private

Told = tuple[int | None, str]


@login_required
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """Do one of the acts on a conversation; the answer is a toast with Undo, and what is new on the page."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id, "change")
    done = ACTS.get(request.POST.get("act", ""))
    if done is None:
        raise InvalidInput(_("There is no such act."))
    with live.caused_by(request.headers.get(PAGE, "")):
        operation, words = done(actor, conversation, request.POST.get("value", ""))
    standing = queries.conversation_or_none(actor, public_id)  # none: it was given out of the actor's sight
    if standing is not None and standing.pk != conversation.pk:  # it became part of another: there one goes on
        words = _("Settled whose it is; it goes on in the conversation that was open")
        events: dict[str, Any] = {"gx:desk": {}, "gx:desk-go": {"url": standing.get_absolute_url()}}
        return toasts.add(HttpResponse(status=204), words, operation, events=events)
    told = along(request, actor)
    response = HttpResponse(told, status=200 if told else 204)
    events = {} if told else {"gx:desk": {}}
    if operation is None:
        return toasts.add(response, _("It was so already."), tone="info", events=events)
    return toasts.add(response, words, operation, events=events)


def _done(actor: Actor, row: Conversation, _value: str) -> Told:
    return acts.finish_conversation(actor=actor, conversation_id=row.pk), _("Done")


def _reopen(actor: Actor, row: Conversation, _value: str) -> Told:
    return acts.reopen_conversation(actor=actor, conversation_id=row.pk), _("Open again")


def _take(actor: Actor, row: Conversation, _value: str) -> Told:
    return acts.assign_conversation(actor=actor, conversation_id=row.pk, user_id=actor.user_id), _("It is yours now")


def _assign(actor: Actor, row: Conversation, value: str) -> Told:
    if not value:
        return acts.assign_conversation(actor=actor, conversation_id=row.pk, user_id=None), _("Nobody has it now")
    names = dict(people_to_answer())
    if not value.isdecimal() or int(value) not in names:
        raise InvalidInput(_("Choose who is to answer."), column="assignee")
    operation = acts.assign_conversation(actor=actor, conversation_id=row.pk, user_id=int(value))
    return operation, _("%(name)s has it now") % {"name": names[int(value)]}


def _language(actor: Actor, row: Conversation, value: str) -> Told:
    return acts.set_language(actor=actor, conversation_id=row.pk, language=value), _("The language is set")


def _subject(actor: Actor, row: Conversation, value: str) -> Told:
    return acts.rename_conversation(actor=actor, conversation_id=row.pk, subject=value), _("The subject is changed")


def _queue(actor: Actor, row: Conversation, value: str) -> Told:
    queue = Queue.objects.get_visible(actor, pk=ids.parse("que", value) or 0)
    operation = acts.move_to_queue(actor=actor, conversation_id=row.pk, queue_id=queue.pk)
    return operation, _("It waits in “%(queue)s” now") % {"queue": queue}


def _settle(actor: Actor, row: Conversation, value: str) -> Told:
    if value == "new":
        return acts.settle_as_new(actor=actor, conversation_id=row.pk), _("Somebody new: a prospect now")
    number = ids.parse("cus", value) if value else None
    if value and number is None:
        raise InvalidInput(_("There is no such record, or it is not open to you."))
    return acts.settle_customer(actor=actor, conversation_id=row.pk, customer_id=number), _("Settled whose it is")


ACTS: dict[str, Callable[[Actor, Conversation, str], Told]] = {
    "done": _done,
    "reopen": _reopen,
    "take": _take,
    "assign": _assign,
    "language": _language,
    "subject": _subject,
    "queue": _queue,
    "settle": _settle,
}


@login_required
@require_GET
@private
def assignees(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who can be given a conversation, and in which queue it can wait."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id, "change")
    queues = Queue.objects.visible_to(actor).filter(is_active=True).order_by("order", "name")
    context: dict[str, Any] = {
        "conversation": conversation,
        "people": people_to_answer(),
        "queues": list(queues),
        "me": actor.user_id,
    }
    return render(request, "conversations/desk_assignees.html", context)


@login_required
@require_POST
def seen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that one has a conversation open and has read it; `unread` lets it stand as unread."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id)
    if "unread" in request.POST:
        own.mark_unread(actor=actor, conversation_id=conversation.pk)
        return toasts.add(HttpResponse(status=204), _("It stands as unread"), events={"gx:desk-left": {}})
    own.open_conversation(actor=actor, conversation=conversation)
    return HttpResponse(status=204)


@login_required
@require_POST
def close_tab(request: HttpRequest) -> HttpResponse:
    """Close one tab."""
    actor = actor_in(request)
    own.close_tab(actor=actor, conversation_id=ids.parse("cnv", request.POST.get("conversation", "")) or 0)
    return HttpResponse(status=204)


@login_required
@require_POST
def order_tabs(request: HttpRequest) -> HttpResponse:
    """Keep the order into which one has drawn one's tabs."""
    actor = actor_in(request)
    named = request.POST.get("order", "").split(",")[: own.MOST_TABS * 2]
    own.order_tabs(actor=actor, conversation_ids=[number for one in named if (number := ids.parse("cnv", one))])
    return HttpResponse(status=204)


@login_required
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the narrowed list under a name."""
    actor = actor_in(request)
    given = request.POST
    own.keep_view(actor=actor, name=given.get("name", ""), view=given.get("view", ""), text=given.get("q", ""))
    return toasts.add(HttpResponse(status=204), _("The view is kept"), events={"gx:desk-list": {}})


@login_required
@require_POST
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove a view of one's own."""
    own.drop_view(actor=actor_in(request), view_id=view_id)
    return toasts.add(HttpResponse(status=204), _("The view is removed"), events={"gx:desk-list": {}})
