"""Access to mailboxes by OAuth 2: a short token from the provider for the refresh token that lies sealed."""

import json
import threading
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests

from guanxi.conversations.adapters.email.configuration import Configuration
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import renew_secret, secrets_of

CLIENT_SECRET = "client_secret"  # noqa: S105 - the name under which it lies
REFRESH_TOKEN = "refresh_token"  # noqa: S105
TIMEOUT_SECONDS = 15
SPARE_SECONDS = 120
ANSWER_BYTES = 100_000
LOCAL = {"localhost", "127.0.0.1", "::1"}
# Tokens live an hour; each process asks for its own.
_tokens: dict[tuple[int, str], tuple[str, float]] = {}
_lock = threading.Lock()


class TokenError(Exception):
    """The provider gave no token, and what it said."""


def access_token(channel: Channel) -> str:
    """A token that is good for the next minutes; a refresh token that the provider replaces with it is kept."""
    with _lock:
        # Another process may have got a new refresh token meanwhile, and the old one be good for nothing.
        secrets = secrets_of(Channel.objects.get(pk=channel.pk))
        refresh = secrets.get(REFRESH_TOKEN, "")
        token, until = _tokens.get((channel.pk, refresh), ("", 0.0))
        if token and until > time.monotonic() + SPARE_SECONDS:
            return token
        given = _asked(Configuration.of(channel), refresh, secrets.get(CLIENT_SECRET, ""))
        if given.refresh not in {"", refresh}:
            renew_secret(channel.pk, REFRESH_TOKEN, old=refresh, new=given.refresh)
        _tokens[channel.pk, given.refresh or refresh] = (given.access, time.monotonic() + given.seconds)
        return given.access


def forget(channel: Channel) -> None:
    """Ask the provider anew the next time: the server did not take the token that we have."""
    with _lock:
        for key in [key for key in _tokens if key[0] == channel.pk]:
            del _tokens[key]


class Given(NamedTuple):
    """What a provider gives: the token, how long it lives, and the refresh token for the next time where it is another one."""

    access: str
    seconds: float
    refresh: str


def _asked(held: Configuration, refresh: str, client_secret: str) -> Given:
    """Ask the provider."""
    parts = urlsplit(held.token_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise TokenError(f"not a secure address: {held.token_url[:200]}")
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": held.client_id}
    if client_secret:
        form["client_secret"] = client_secret
    if held.token_scope:
        form["scope"] = held.token_scope
    try:
        with requests.post(
            held.token_url, data=form, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            answer.raw.decode_content = True
            found: Any = json.loads(answer.raw.read(ANSWER_BYTES))
            is_fine = answer.status_code == 200
    except (requests.RequestException, ValueError) as error:
        raise TokenError(str(error)[:300]) from error
    if not is_fine or not isinstance(found, dict) or not isinstance(found.get("access_token"), str):
        said = found if isinstance(found, dict) else {}
        raise TokenError(str(said.get("error_description") or said.get("error") or "no token")[:300])
    renewed = found.get("refresh_token")
    return Given(
        access=found["access_token"],
        seconds=float(found.get("expires_in") or 3600),
        refresh=renewed if isinstance(renewed, str) else "",
    )
