"""Access to mailboxes by OAuth 2: a short token from the provider for the refresh token that lies sealed."""

import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import requests

from guanxi.conversations.adapters.email.configuration import Configuration
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of

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
    """A token that is good for the next minutes."""
    secrets = secrets_of(channel)
    refresh = secrets.get(REFRESH_TOKEN, "")
    with _lock:
        token, until = _tokens.get((channel.pk, refresh), ("", 0.0))
        if token and until > time.monotonic() + SPARE_SECONDS:
            return token
        token, seconds = _asked(Configuration.of(channel), refresh, secrets.get(CLIENT_SECRET, ""))
        _tokens[channel.pk, refresh] = (token, time.monotonic() + seconds)
        return token


def _asked(held: Configuration, refresh: str, client_secret: str) -> tuple[str, float]:
    """Ask the provider; the token and how long it lives."""
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
    return found["access_token"], float(found.get("expires_in") or 3600)
