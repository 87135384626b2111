"""What every request passes: the actor, and a clear answer while the database is away."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware, auser
from django.contrib.auth.models import AnonymousUser
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.client_address import address_of
from guanxi.core.database_away import drop_connection, is_away
from guanxi.core.models import User
from guanxi.core.seeing_as import Chosen, looking_as
from guanxi.core.signed_in import SignedIn, note_seen

Handler = Callable[[HttpRequest], HttpResponse]


class SignedInMiddleware(AuthenticationMiddleware):
    """Django's own, taking the user that came with the session."""

    def process_request(self, request: HttpRequest) -> None:
        """Attach the user, looked at when first asked for."""
        request.user = SimpleLazyObject(lambda: _user_of(request))  # type: ignore[assignment]
        request.auser = partial(auser, request)


def _user_of(request: HttpRequest) -> User | AnonymousUser:
    """The user of the request's session: as it came with it, else as Django finds it, ending sessions that do not hold."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = _came_with_session(request) or auth.get_user(request)  # type: ignore[attr-defined]
    found: User | AnonymousUser = request._cached_user  # type: ignore[attr-defined]
    return found


def _came_with_session(request: HttpRequest) -> User | None:
    """The user read along with the session, if they may sign in and the session was made with their password."""
    signature = request.session.get(auth.HASH_SESSION_KEY, "")  # has the session read
    backend = request.session.get(auth.BACKEND_SESSION_KEY)
    came: SignedIn | None = getattr(request.session, "came_with", None)
    if came is None or backend not in settings.AUTHENTICATION_BACKENDS or not came.user.is_active:
        return None
    if not constant_time_compare(signature, came.user.get_session_auth_hash()):
        return None
    note_seen(request.session.session_key or "", came, clock.now(), address_of(request))
    return came.user


class ActorMiddleware:
    """Gives a signed-in request its actor, computed when first asked for."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor."""
        request.actor = SimpleLazyObject(lambda: _actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    """The actor of a request: the user's own, or the one as whom they look; who may do nothing once that is over."""
    own = own_actor_of(request)
    chosen = Chosen.within(request.session)
    if chosen is None:
        return own
    return looking_as(own, chosen) or replace(own, permissions={}, standing_in=(), is_read_only=True)


def own_actor_of(request: HttpRequest) -> Actor:
    """The actor, with the rights that came with the session when they are this user's (who may have signed in just now)."""
    user: User = request.user  # type: ignore[assignment]
    came: SignedIn | None = getattr(request.session, "came_with", None)
    rights = came.rights if came is not None and came.user.pk == user.pk else None
    return actor_of(user, rights=rights, address=address_of(request))


class DatabaseAwayMiddleware:
    """Answers 503 in the reader's language while the database cannot be used; recovers by itself."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; an error outside the view, which Django has turned into a 500 by now, gets the clear answer too."""
        response = self.get_response(request)
        if response.status_code == 500 and getattr(request, "found_database_away", False):
            return self.answer(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same for errors raised in views."""
        return self.answer(request) if is_away(exception) else None

    def answer(self, request: HttpRequest) -> HttpResponse:
        """503 as a page, as a line for a part of a page, or as a problem document."""
        drop_connection()
        language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
        with translation.override(language):
            text = _(
                "The database is not reachable at the moment. Nothing was lost; please try again in a few seconds."
            )
            if request.path.startswith("/api/"):
                problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": text}
                response: HttpResponse = JsonResponse(problem, status=503, content_type="application/problem+json")
            elif request.headers.get("HX-Request"):
                response = HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
            else:
                # Without the request no context processor runs: none of them could ask the database.
                response = render(None, "ui/database_away.html", {"text": text}, status=503)
        response["Retry-After"] = "5"
        response["Content-Language"] = language
        return response


@receiver(got_request_exception)
def _remember_database_away(request: HttpRequest | None = None, **_signal: object) -> None:
    """Note on the request that the error Django is about to answer was the database's absence."""
    error = sys.exc_info()[1]
    if request is not None and error is not None and is_away(error):
        request.found_database_away = True  # type: ignore[attr-defined]
