"""Places in lists, signed: a place that we did not give out, or gave out for another list, leads nowhere."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidCursor

_SIGNATURE_BYTES = 12


def encode(about: str, values: list[Any]) -> str:
    """The place of a row in the list that `about` names: its address, filters and order.

    The content comes first: it begins with a bracket, so the text begins with a letter and is never taken for an option
    on a command line.
    """
    content = orjson.dumps(values, default=str)
    return base64.urlsafe_b64encode(content + _signature(about, content)).decode().rstrip("=")


def decode(about: str, text: str) -> list[Any] | None:
    """The place behind such a text; None for no text, InvalidCursor for one that is not this list's."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise _no_longer_valid() from None
    content, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    # The last letter holds bits that mean nothing: another letter there is another text.
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
        raise _no_longer_valid()
    if not hmac.compare_digest(signature, _signature(about, content)):
        raise _no_longer_valid()
    values: list[Any] = orjson.loads(content)
    return values


def newest_first(rows: QuerySet[Any], about: str, after: str, limit: int) -> tuple[list[Any], str | None]:
    """One page of rows by their number, the newest first, and the place of the next page."""
    if place := decode(about, after):
        rows = rows.filter(pk__lt=place[0])
    found = list(rows.order_by("-pk")[: limit + 1])
    items = found[:limit]
    return items, encode(about, [items[-1].pk]) if len(found) > limit else None


def _signature(about: str, content: bytes) -> bytes:
    """What only this installation can put before a place."""
    key = hashlib.sha256(b"guanxi.api.cursors" + settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(about.encode() + b"\0" + content, key=key, digest_size=_SIGNATURE_BYTES).digest()


def _no_longer_valid() -> InvalidCursor:
    """What a place that means nothing is answered with."""
    return InvalidCursor(_("This place in the list is no longer valid. Begin again without it."), column="after")
