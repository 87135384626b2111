"""Writing at the desk: drafts, files, macros, answers, notes, taking back and trying again."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.conversations import queries
from guanxi.conversations.choices import DraftKind
from guanxi.conversations.desk import composing
from guanxi.conversations.models import Macro, Message
from guanxi.conversations.services import answering, signs, uploading
from guanxi.conversations.services.answering import Further
from guanxi.conversations.services.replying import HOLD_SECONDS, Outgoing, keep_draft
from guanxi.conversations.views.desk import actor_in
from guanxi.conversations.views.desk_news import PAGE, along
from guanxi.core import ids, live
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.files.models import PREFIX
from guanxi.ui import toasts
from guanxi.ui.lists.endpoints import private

MOST = 50
LONGEST_KEY = 60


@login_required
@require_POST
def draft(request: HttpRequest, public_id: str) -> JsonResponse:
    """Keep what one is writing; `typing` tells those who look at it that one is."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id, "change")
    given = request.POST
    kept = keep_draft(
        actor,
        conversation,
        kind=given.get("kind", ""),
        text=given.get("text", ""),
        details=_details(given.get("details", "")),
    )
    if "typing" in given:
        signs.say_typing(actor, conversation, is_note=given.get("kind") == DraftKind.NOTE)
    return JsonResponse({"at": kept.updated_at.isoformat() if kept is not None else None})


@login_required
@require_POST
def send(request: HttpRequest, public_id: str) -> JsonResponse:
    """Send an answer; it can be taken back for a moment."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id, "change")
    given = request.POST
    outgoing = Outgoing(
        text=given.get("text", ""),
        to=_addresses(given.get("to", "")),
        cc=_addresses(given.get("cc", "")),
        subject=given.get("subject", "")[:255],
        channel_id=_channel(given.get("channel", "")),
        file_ids=_files(given.get("files", "")),
        key=_key(actor, given.get("key", "")),
    )
    further = _further(actor, given)
    with live.caused_by(request.headers.get(PAGE, "")):
        message = answering.answer(actor=actor, conversation_id=conversation.pk, outgoing=outgoing, further=further)
    return JsonResponse({**_sent(message), "news": along(request, actor)})


@login_required
@require_POST
def note(request: HttpRequest, public_id: str) -> JsonResponse:
    """Note something that only colleagues see, or only do what macros set."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id, "change")
    given = request.POST
    with live.caused_by(request.headers.get(PAGE, "")):
        written = answering.note(
            actor=actor,
            conversation_id=conversation.pk,
            text=given.get("text", ""),
            file_ids=_files(given.get("files", "")),
            further=_further(actor, given),
            key=_key(actor, given.get("key", "")),
        )
    told = written.public_id if written is not None else None
    return JsonResponse({"message": told, "news": along(request, actor)})


@login_required
@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back an answer that is still held; it is a draft again."""
    actor = actor_in(request)
    found = queries.message_of(actor, public_id, "change")
    answering.take_back_answer(actor=actor, message_id=found.pk)
    response = HttpResponse(status=204)
    return toasts.add(
        response, _("Taken back: nothing was sent."), tone="info",
        events={"gx:desk-taken-back": {"message": public_id, "conversation": found.conversation.public_id}},
    )  # fmt: skip


@login_required
@require_POST
def try_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand a message over once more that did not get through."""
    actor = actor_in(request)
    found = queries.message_of(actor, public_id, "change")
    answering.try_again(actor=actor, message_id=found.pk)
    return toasts.add(HttpResponse(status=204), _("It is tried again."), tone="info", events={"gx:desk": {}})


@login_required
@require_GET
@private
def drafts(request: HttpRequest, public_id: str) -> JsonResponse:
    """What one has begun to write in a conversation."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id)
    return JsonResponse({"drafts": composing.drafts(actor, conversation)})


@login_required
@require_GET
@private
def macros(request: HttpRequest) -> JsonResponse:
    """The macros that one may use, for the list that a slash opens."""
    language = request.GET.get("language") or get_language() or ""
    return JsonResponse({"items": composing.macro_items(actor_in(request), language)})


@login_required
@require_POST
def use_macro(request: HttpRequest, public_id: str) -> JsonResponse:
    """A macro in this conversation: its text filled in, and what it sets when the answer goes."""
    actor = actor_in(request)
    conversation = queries.conversation_of(actor, public_id, "change")
    macro = Macro.objects.get_visible(actor, pk=ids.parse("mac", request.POST.get("macro", "")) or 0, is_active=True)
    return JsonResponse(composing.used(actor, conversation, macro))


@login_required
@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Keep a file until the answer goes with which it is to go."""
    actor = actor_in(request)
    source = request.FILES.get("file")
    if source is None:
        raise InvalidInput(_("Choose a file."), column="file")
    stored = uploading.keep(actor=actor, name=source.name or "", size=source.size or 0, source=source)
    return JsonResponse({"id": stored.public_id, "name": stored.name, "size": stored.size, "type": stored.media_type})


@login_required
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Remove a file that is not to go after all."""
    uploading.drop(actor=actor_in(request), file_id=ids.parse(PREFIX, request.POST.get("file", "")) or 0)
    return HttpResponse(status=204)


def _sent(message: Message) -> dict[str, Any]:
    """What the page needs to say that an answer goes, and to take it back."""
    url = reverse("conversations:desk_take_back", args=[message.public_id])
    held = HOLD_SECONDS if answering.is_held(message) else 0
    return {"message": message.public_id, "held": held, "undo": url}


def _further(actor: Actor, given: Any) -> Further:
    """What goes with an answer or a note."""
    try:
        pairs = json.loads(given.get("actions") or "[]")
        actions = [(str(key), str(value)) for key, value in pairs][:MOST]
    except (ValueError, TypeError):
        raise InvalidInput(_("A macro sets something that is no longer there; take it out.")) from None
    macros_used = [number for one in given.get("macros", "").split(",")[:MOST] if (number := ids.parse("mac", one))]
    return Further(actions=actions, then=given.get("then", ""), macro_ids=macros_used)


def _addresses(text: str) -> Sequence[str]:
    """Addresses as they are written in a line."""
    return [part.strip()[:254] for part in text.replace(";", ",").replace("，", ",").split(",") if part.strip()][:MOST]


def _files(text: str) -> list[int]:
    """Stored files by their public ids."""
    found = [ids.parse(PREFIX, one) for one in text.split(",")[:MOST] if one]
    if None in found:
        raise NotFound(_("A file is no longer there; add it again."))
    return [number for number in found if number]


def _channel(text: str) -> int | None:
    """The channel that was chosen; one that no channel can have for what is no id."""
    return (ids.parse("chn", text) or -1) if text else None


def _key(actor: Actor, text: str) -> str:
    """Under which it is sent once."""
    return f"desk:{actor.user_id}:{text[:LONGEST_KEY]}" if text else ""


def _details(text: str) -> dict[str, Any]:
    """What the composer keeps besides the text: only what it knows, and no more than fits."""
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = {}
    if not isinstance(given, dict):
        return {}
    found: dict[str, Any] = {
        name: str(given[name])[:4000]
        for name in ("to", "cc", "subject", "channel", "then", "forward_of")
        if name in given
    }
    files = given.get("files", [])
    if isinstance(files, list):
        found["files"] = [
            {"id": str(one.get("id", ""))[:30], "name": str(one.get("name", ""))[:255], "size": one.get("size", 0)}
            for one in files[:MOST]
            if isinstance(one, dict)
        ]
    actions = given.get("actions", [])
    if isinstance(actions, list):
        found["actions"] = [
            {name: str(one.get(name, ""))[:200] for name in ("key", "value", "words")}
            for one in actions[:MOST]
            if isinstance(one, dict)
        ]
    return found
