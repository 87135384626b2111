"""Who a visitor is, as the site's own server vouches: a JWT (HS256) signed with the channel's key.

    {"sub": "4711", "name": "Ann Lee", "email": "ann@example.org", "iat": 1767225600, "exp": 1767229200}

`aud`, where it is given, must be the channel's public id. A token lives at most a day.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from guanxi.conversations.adapters.chat.configuration import Configuration
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of
from guanxi.core import clock
from guanxi.core.errors import Forbidden

KEY, OLD_KEY = "identity_key", "old_identity_key"
LONGEST_SECONDS = 86_400
LEEWAY_SECONDS = 60
LONGEST_TOKEN = 4096
OVERLAP = timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    """Somebody the site vouches for."""

    external_id: str
    name: str
    email: str
    expires_at: int


class IdentityError(Forbidden):
    """A token that proves nothing: forged, late, for another channel."""


def new_key() -> str:
    """A key to sign with."""
    return f"gxc_{secrets.token_urlsafe(32)}"


def verify(channel: Channel, token: str) -> Identity:
    """Who the token says; IdentityError with the reason in words, so that the site's developer finds the fault."""
    head, claims, signature, signed = _parts(token)
    if head.get("alg") != "HS256":
        raise IdentityError(_("The identity token must be signed with HS256."))
    if not any(hmac.compare_digest(_signature(key, signed), signature) for key in _keys(channel)):
        raise IdentityError(_("The identity token is not signed with the key of this channel."))
    if "aud" in claims and claims["aud"] != channel.public_id:
        raise IdentityError(_("The identity token is for another channel."))
    now = time.time()
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if issued is None or expires is None:
        raise IdentityError(_("The identity token must say when it was issued (iat) and when it expires (exp)."))
    if expires <= now - LEEWAY_SECONDS:
        raise IdentityError(_("The identity token has expired."))
    if issued > now + LEEWAY_SECONDS or expires - issued > LONGEST_SECONDS:
        raise IdentityError(_("The identity token may live for a day at most and cannot be issued in the future."))
    external_id = _text(claims.get("sub", claims.get("id")), 200)
    if not external_id:
        raise IdentityError(_("The identity token names nobody (sub)."))
    return Identity(external_id, _text(claims.get("name"), 200), _address(claims.get("email")), int(expires))


def sign(key: str, claims: dict[str, Any]) -> str:
    """A token as a site's server makes it; for tests and examples."""
    head = _encoded({"alg": "HS256", "typ": "JWT"})
    signed = f"{head}.{_encoded(claims)}"
    return f"{signed}.{base64.urlsafe_b64encode(_signature(key, signed.encode())).decode().rstrip('=')}"


def _keys(channel: Channel) -> list[str]:
    """The key of now, and for a day the one before."""
    held = secrets_of(channel)
    keys = [held.get(KEY)]
    changed = Configuration.of(channel).key_changed_at
    if held.get(OLD_KEY) and changed and clock.now() < datetime.fromisoformat(changed) + OVERLAP:
        keys.append(held[OLD_KEY])
    return [key for key in keys if key]


def _parts(token: Any) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Head, claims, signature and what was signed."""
    try:
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            raise ValueError("no token")
        head, claims, signature = token.encode("ascii").split(b".")
        read = json.loads(_bytes(head)), json.loads(_bytes(claims))
        if not all(isinstance(part, dict) for part in read):
            raise ValueError("no objects")
        return *read, _bytes(signature), head + b"." + claims
    except (ValueError, RecursionError, binascii.Error):
        raise IdentityError(_("This is no identity token.")) from None


def _bytes(part: bytes) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _encoded(value: dict[str, Any]) -> str:
    """JSON as base64url."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signature(key: str, signed: bytes | str) -> bytes:
    """HMAC with SHA-256."""
    return hmac.new(key.encode(), signed if isinstance(signed, bytes) else signed.encode(), hashlib.sha256).digest()


def _seconds(value: Any) -> float | None:
    """A moment in seconds, None for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
    return float(value) if is_number else None


def _text(value: Any, limit: int) -> str:
    """A text or number as text, one line, without what cannot be shown."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    shown = "".join(character for character in str(value) if character.isprintable())
    return " ".join(shown.split())[:limit]


def _address(value: Any) -> str:
    """A mail address, '' for what is none."""
    text = _text(value, 254)
    return text if text.count("@") == 1 and " " not in text else ""
