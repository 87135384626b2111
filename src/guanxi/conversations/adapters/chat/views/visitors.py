"""What the widget asks: each under the visitor's own secret, which names no conversation."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi import ui
from guanxi.conversations.adapters.chat import attachments, entrance, identity, presenting, queries
from guanxi.conversations.adapters.chat.entrance import Body, answering
from guanxi.conversations.adapters.chat.services import talking, visitors
from guanxi.conversations.models import Channel, ChatVisitor
from guanxi.core.errors import GuanxiError, InvalidInput, NotFound
from guanxi.files.public import path_of

BUNDLE = Path(ui.__file__).parent / "static" / "guanxi" / "dist" / "chat.js"
SCRIPT_SECONDS = 3600
SETUP_SECONDS = 60


@require_GET
def script(request: HttpRequest, public_id: str) -> HttpResponse:
    """The widget; the same for every chat, which its address names."""
    whole, packed, tag = _bundle(BUNDLE.stat().st_mtime_ns)
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(packed, content_type="text/javascript; charset=utf-8")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(whole, content_type="text/javascript; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={SCRIPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@lru_cache(maxsize=2)
def _bundle(_changed_at: int) -> tuple[bytes, bytes, str]:
    """The script, packed, and its mark."""
    whole = BUNDLE.read_bytes()
    return whole, gzip.compress(whole, mtime=0), f'"{hashlib.sha256(whole).hexdigest()[:20]}"'


@require_GET
def setup(request: HttpRequest, public_id: str) -> HttpResponse:
    """Colours, words and what the chat asks."""
    channel = queries.chat_of(public_id)
    language = entrance.language_of(request, channel, request.GET.get("language")) if channel is not None else "en"
    with translation.override(language):
        try:
            response = JsonResponse(presenting.setup(entrance.admitted(request, channel), language))
            response["Cache-Control"] = f"private, max-age={SETUP_SECONDS}"
        except GuanxiError as error:
            response = JsonResponse({"error": str(error)}, status=error.status)
            response["Cache-Control"] = "no-store"
    return entrance.with_origin(request, response)


@answering
def session(request: HttpRequest, channel: Channel, body: Body) -> dict[str, Any]:
    """Begin or take up a chat: who the browser is, and what was said before."""
    token = body.get("identity")
    if token:
        who = identity.verify(channel, token)
        visitor: ChatVisitor | None = visitors.vouch(channel, body.get("key"), who, body.get("before"))
    else:
        visitor = visitors.visitor_of(channel, body.get("key"))
    if visitor is not None:
        visitors.note_seen(visitor)
    visitors.note_shown(channel)
    return presenting.state(channel, visitor, entrance.origin_of(request))


@answering
def say(request: HttpRequest, channel: Channel, body: Body) -> dict[str, Any]:
    """Take one message, perhaps with a file; the first one begins the chat."""
    key = body.get("key")
    text = talking.checked_text(body.get("text"))
    upload = request.FILES.get("file")
    if not text and upload is None:
        raise InvalidInput(_("There is nothing to send yet."), column="text")
    file = attachments.checked(upload) if upload is not None else None
    visitor = visitors.visitor_of(channel, key)
    if visitor is None:
        entrance.count_new(request, channel)
        visitor = visitors.begin(channel, key, visitors.Told(language=translation.get_language() or ""))
    talking.tell_of_oneself(visitor, name=body.get("name", ""), email=body.get("email", ""))
    said = talking.Said(
        key=str(body.get("id") or ""),
        text=text,
        file=file,
        page=str(body.get("page") or ""),
        page_title=str(body.get("title") or ""),
    )
    received = talking.say(channel, visitor, said)
    told = _news(channel, visitor, body)
    return {**told, "id": received.message.pk, "ticket": presenting.ticket(visitor, entrance.origin_of(request))}


@answering
def updates(request: HttpRequest, channel: Channel, body: Body) -> dict[str, Any]:
    """What was said since an entry; with `live` a ticket for the stream too, with `seen` it is on the screen at once."""
    visitor = visitors.known_visitor(channel, body.get("key"))
    visitors.note_seen(visitor)
    told = _news(channel, visitor, body)
    return {**told, "ticket": presenting.ticket(visitor, entrance.origin_of(request))} if body.get("live") else told


@answering
def typing(request: HttpRequest, channel: Channel, body: Body) -> dict[str, Any]:
    """The visitor is writing."""
    talking.note_typing(visitors.known_visitor(channel, body.get("key")))
    return {}


@answering
def read(request: HttpRequest, channel: Channel, body: Body) -> dict[str, Any]:
    """The visitor has seen our answers up to one."""
    talking.note_read(visitors.known_visitor(channel, body.get("key")), _number(body.get("until")))
    return {}


@answering
def end(request: HttpRequest, channel: Channel, body: Body) -> dict[str, Any]:
    """The visitor ends the chat."""
    talking.end_chat(visitors.known_visitor(channel, body.get("key")))
    return {}


@answering
def transcript(request: HttpRequest, channel: Channel, body: Body) -> dict[str, Any]:
    """The visitor wants what was said as a mail."""
    visitor = visitors.known_visitor(channel, body.get("key"))
    talking.send_transcript(channel, visitor, str(body.get("email") or ""))
    return {}


@require_GET
def file(request: HttpRequest, public_id: str, token: str) -> HttpResponse | FileResponse:
    """A file of a chat, to whoever has its signed address: as a download, pictures shown by pages that ask for one."""
    channel = queries.chat_of(public_id)
    number = presenting.file_behind(channel, token) if channel is not None else None
    stored = queries.file_in_chat(number) if number is not None else None
    if stored is None or not path_of(stored).is_file():
        raise NotFound(_("There is no such file, or its address is too old; open the chat again."))
    kind = stored.media_type if stored.media_type in presenting.IMAGES else "application/octet-stream"
    response = FileResponse(path_of(stored).open("rb"), as_attachment=True, filename=stored.name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _news(channel: Channel, visitor: ChatVisitor, body: Body) -> dict[str, Any]:
    """What was said since an entry; where the page shows it at once it is read by that."""
    told = presenting.news(channel, visitor, _number(body.get("after")))
    unseen = [one for one in told["messages"] if one["unseen"] and not one["mine"]]
    if unseen and body.get("seen") in {True, "true"}:
        talking.note_read(visitor, max(one["id"] for one in unseen))
        for one in unseen:
            one["unseen"] = False
    return told


def _number(value: Any) -> int:
    """A number that a page gives back."""
    return value if isinstance(value, int) and 0 <= value < 2**62 else int(value) if str(value).isdecimal() else 0
