"""The door for visitors: which sites may ask, how often, how much; answers that pages of those sites can read.

No cookie is read or set. Bodies are JSON sent as plain text, so that a browser asks once and not twice.
"""

import hashlib
import json
from collections.abc import Callable, MutableMapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from guanxi.conversations.adapters.chat import queries
from guanxi.conversations.adapters.chat.configuration import Configuration
from guanxi.conversations.adapters.chat.services.visitors import VouchingError, digest_of
from guanxi.conversations.models import Channel
from guanxi.core.client_address import address_of, network_of
from guanxi.core.errors import Forbidden, GuanxiError, InvalidInput, NotFound, TooManyRequests
from guanxi.integration.public import take_turn
from guanxi.ui.middleware import preferred

LONGEST_BODY = 64 * 1024
MOST_BYTES = "guanxi.most_bytes"
MOST_UPLOAD = 11 * 1024 * 1024
PATH = "/chat/"
PER_MINUTE = 120
PER_NETWORK = 900
NEW_PER_NETWORK = 30
# Behind a proxy that is not named (GUANXI_PROXIES) everybody comes from here.
UNKNOWN_PLACES = frozenset({"", "127.0.0.1", "::1"})

Body = dict[str, Any]
Answering = Callable[[HttpRequest, Channel, Body], dict[str, Any]]


def chat_gate(scope: MutableMapping[str, Any]) -> HttpResponse | None:
    """No body to a chat is read beyond what a file may have; asked before any of it is."""
    if str(scope["path"]).startswith(PATH):
        scope[MOST_BYTES] = MOST_UPLOAD
    return None


def origin_of(request: HttpRequest) -> str:
    """The site that asks; our own for a page of ours, '' for none."""
    said = request.headers.get("Origin", "")
    if said and said != "null":
        return said[:255]
    is_own = request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "same-origin"
    return f"{request.scheme}://{request.get_host()}" if is_own else ""


def language_of(request: HttpRequest, channel: Channel, wanted: Any) -> str:
    """The language that the page wants, else the browser, else the channel."""
    asked = preferred(str(wanted or "")) or preferred(request.headers.get("Accept-Language", ""))
    return asked or channel.language or "en"


def answering(view: Answering) -> Callable[..., HttpResponse]:
    """A question of the widget, answered with JSON to a page of a site that may ask."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, public_id: str) -> HttpResponse:
        """Look who asks, read what, answer or say in words why not."""
        channel = queries.chat_of(public_id)
        if request.method == "OPTIONS":
            return _preflight(request, channel)
        if request.method != "POST":
            return _refusal(request, None, InvalidInput(_("This address takes messages only.")), 405)
        language = language_of(request, channel, "") if channel is not None else "en"
        with translation.override(language):
            try:
                checked = admitted(request, channel)
                body = _body(request)
                with translation.override(language_of(request, checked, body.get("language"))):
                    try:
                        _count(request, checked, body)
                        return with_origin(request, JsonResponse(view(request, checked, body)))
                    except GuanxiError as error:
                        return _refusal(request, checked, error)
            except GuanxiError as error:
                return _refusal(request, channel, error)

    return answer


def admitted(request: HttpRequest, channel: Channel | None) -> Channel:
    """The channel, when it is in use and the site may hold it."""
    if channel is None or not channel.is_active:
        raise NotFound(_("This chat is not in use."))
    origin = origin_of(request)
    own = f"{request.scheme}://{request.get_host()}"
    if not origin or (origin != own and not Configuration.of(channel).allows(origin)):
        raise Forbidden(
            _("This site may not show this chat: add %(origin)s to the sites in its settings.")
            % {"origin": origin or _("the address of the site")}
        )
    return channel


def with_origin(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the page that asked read the answer."""
    response["Access-Control-Allow-Origin"] = request.headers.get("Origin") or "*"
    response["Vary"] = "Origin"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def count_new(request: HttpRequest, channel: Channel) -> None:
    """Count a visitor who begins: a robot that begins thousands is stopped."""
    place = network_of(address_of(request))
    _turn(f"new {channel.pk} {place}", NEW_PER_NETWORK * (20 if place in UNKNOWN_PLACES else 1))


def _count(request: HttpRequest, channel: Channel, body: Body) -> None:
    """Count one question of a browser and of its network."""
    place = network_of(address_of(request))
    _turn(f"from {channel.pk} {place}", PER_NETWORK * (20 if place in UNKNOWN_PLACES else 1))
    _turn(f"key {digest_of(body.get('key'))}", PER_MINUTE)


def _turn(who: str, per_minute: int) -> None:
    """Take one turn; TooManyRequests when there is none left."""
    number = int.from_bytes(hashlib.blake2b(who.encode(), digest_size=7).digest())
    if (wait := take_turn(number, per_minute)) > 0:
        error = TooManyRequests(_("That was too much at once; please wait a moment."))
        error.wait = wait  # type: ignore[attr-defined]
        raise error


def _body(request: HttpRequest) -> Body:
    """What the widget says: JSON, or the fields of a form with a file."""
    if request.content_type == "multipart/form-data":
        return {name: value for name, value in request.POST.items() if isinstance(value, str)}
    raw = request.body if int(request.META.get("CONTENT_LENGTH") or 0) <= LONGEST_BODY else b""
    try:
        found = json.loads(raw[:LONGEST_BODY].decode())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidInput(_("The message could not be read, or is too long."))
    return found


def _preflight(request: HttpRequest, channel: Channel | None) -> HttpResponse:
    """What a browser asks first where a proxy or a page makes it."""
    response = HttpResponse(status=204)
    if channel is not None:
        with_origin(request, response)
        response["Access-Control-Allow-Methods"] = "GET, POST"
        response["Access-Control-Allow-Headers"] = "Content-Type"
        response["Access-Control-Max-Age"] = "7200"
    return response


def _refusal(
    request: HttpRequest, channel: Channel | None, error: GuanxiError, status: int | None = None
) -> HttpResponse:
    """Why not, in words that the page can show."""
    told: dict[str, Any] = {"error": str(error), "column": error.column}
    if isinstance(error, VouchingError):
        told["vouch"] = True
    response = JsonResponse(told, status=status or error.status)
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(getattr(error, "wait", 1))
    return with_origin(request, response)
