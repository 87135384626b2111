"""What a connector says, checked: who calls (signature, age), and a message as the intake takes it.

The signature is that of Standard Webhooks 1: HMAC-SHA256 over `id.timestamp.body` with the channel's secret.
"""

import base64
import binascii
import hmac
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.customers.choices import ContactKind
from guanxi.integration.public import sign_webhook

OLDEST = timedelta(minutes=5)
TEXT_LIMIT = 200_000
FILES_AT_MOST = 20
FILE_BYTES = 20 * 1024 * 1024
BODY_BYTES = 30 * 1024 * 1024
OTHER = "other"


@dataclass(frozen=True)
class Told:
    """One message of a connector."""

    id: str
    text: str
    contact_kind: str
    contact_value: str
    contact_name: str = ""
    thread: str = ""
    reply_to: str = ""
    language: str = ""
    said_at: datetime | None = None
    is_automatic: bool = False
    files: tuple[tuple[str, bytes], ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def check_signature(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The id of the call when it is signed with the channel's secret and fresh; Forbidden says no more than that it is not."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not secret or not message_id or len(message_id) > 150 or not stamp.isdecimal() or len(stamp) > 12 or not given:
        raise Forbidden(_("The call is not signed as this channel asks."))
    wanted = sign_webhook(secret, message_id=message_id, timestamp=int(stamp), body=body)
    if not any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given[:8]):
        raise Forbidden(_("The call is not signed as this channel asks."))
    if abs(clock.now().timestamp() - int(stamp)) > OLDEST.total_seconds():
        raise Forbidden(_("The call is too old, or its clock is wrong."))
    return message_id


def read_json(body: bytes) -> dict[str, Any]:
    """The body as an object; InvalidInput when it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidInput(_("The body is not JSON.")) from None
    if not isinstance(found, dict):
        raise InvalidInput(_("The body is not a JSON object."))
    return found


def read_message(given: Mapping[str, Any], call_id: str) -> Told:
    """A message, each part checked; InvalidInput names the part that cannot be used."""
    sender = given.get("from")
    if not isinstance(sender, dict):
        raise InvalidInput(_("Say who wrote: “from” with kind and value."), column="from")
    kind = _text(sender, "kind", 10) or OTHER
    value = _text(sender, "value", 254)
    if not value:
        raise InvalidInput(_("Say who wrote: “from” with kind and value."), column="from")
    text, files = _text(given, "text", TEXT_LIMIT, lines=True), _files(given.get("files"))
    if not text and not files:
        raise InvalidInput(_("A message needs a text or a file."), column="text")
    return Told(
        id=_text(given, "id", 150) or call_id,
        text=text,
        contact_kind=kind if kind in ContactKind.values else OTHER,
        contact_value=value,
        contact_name=_text(sender, "name", 200),
        thread=_text(given, "thread", 150),
        reply_to=_text(given, "reply_to", 150),
        language=_text(given, "language", 10),
        said_at=_moment(given.get("at")),
        is_automatic=given.get("automatic") is True,
        files=files,
        details=_details(given.get("details")),
    )


def _text(given: Mapping[str, Any], name: str, limit: int, *, lines: bool = False) -> str:
    """A text within its limit; '' when it is not there."""
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInput(_("“%(field)s” must be a text.") % {"field": name}, column=name)
    plain = value.replace("\x00", "").encode("utf-8", "replace").decode().strip()
    if len(plain) > limit:
        raise InvalidInput(
            _("“%(field)s” has at most %(limit)s characters.") % {"field": name, "limit": limit}, column=name
        )
    return plain if lines else " ".join(plain.split())


def _moment(value: Any) -> datetime | None:
    """When the sender says it was written; one without a zone is in UTC, one that cannot be is left out."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidInput(_("“at” must be a moment like 2026-11-30T09:15:00+08:00."), column="at") from None
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return found if 1970 <= found.year <= clock.now().year + 1 else None


def _files(value: Any) -> tuple[tuple[str, bytes], ...]:
    """Name and content of each file."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > FILES_AT_MOST:
        raise InvalidInput(_("At most %(limit)s files come with a message.") % {"limit": FILES_AT_MOST}, column="files")
    found = []
    for one in value:
        if not isinstance(one, dict) or not isinstance(one.get("content"), str):
            raise InvalidInput(_("A file needs a name and its content in base64."), column="files")
        try:
            content = base64.b64decode(one["content"], validate=True)
        except (binascii.Error, ValueError):
            raise InvalidInput(_("A file needs a name and its content in base64."), column="files") from None
        if len(content) > FILE_BYTES:
            raise InvalidInput(_("A file has at most %(limit)s MB.") % {"limit": FILE_BYTES // 2**20}, column="files")
        found.append((_text(one, "name", 255) or "file", content))
    return tuple(found)


def _details(value: Any) -> dict[str, Any]:
    """Short texts and numbers that the connector adds; anything else is left out."""
    if not isinstance(value, dict):
        return {}
    plain = {str(k)[:40]: v for k, v in list(value.items())[:30] if isinstance(v, str | int | float | bool)}
    return {key: one[:500] if isinstance(one, str) else one for key, one in plain.items()}


def stream_of(content: bytes) -> io.BytesIO:
    """Content as the store of files reads it."""
    return io.BytesIO(content)
