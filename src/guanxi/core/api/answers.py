"""How handlers answer: data as JSON, a validator for each record, and changes that only fit the version they saw."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict

from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, PreconditionFailed, PreconditionRequired

JSON = "application/json"
# What may stand in If-Match and If-None-Match (RFC 9110, 8.8.3): validators between quotes, or a star for any.
_VALIDATORS = re.compile(r'\*|(W/)?"[!#-~]*"(\s*,\s*(W/)?"[!#-~]*")*')


class Strict(Schema):
    """What is sent to us: a misspelt field is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


def actor_in(request: HttpRequest) -> Actor:
    """Who calls."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def answer(
    data: Any,
    status: int = 200,
    *,
    request: HttpRequest | None = None,
    location: str = "",
    beside: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Write data that has the promised form already; checking it once more would double the time.

    With the request the answer is one record's: it carries an ETag, and is left out (304) when the caller has it.
    `beside` is told along with a record and is no part of its version.
    """
    content = orjson.dumps(data)
    headers = {"Content-Type": JSON}
    if location:
        headers["Location"] = location
    if request is not None:
        tag = headers["ETag"] = _tag(content)
        known = request.META.get("HTTP_IF_NONE_MATCH")
        if (
            known is not None
            and status == 200
            and request.method in {"GET", "HEAD"}
            and _names("If-None-Match", known, tag, is_weak=True)
        ):
            return HttpResponse(status=304, headers={"ETag": tag})
    if beside:
        content = orjson.dumps({**data, **beside})
    return HttpResponse(content, status=status, headers=headers)


def etag_of(data: Any) -> str:
    """The strong validator of a record: another one for every byte that differs."""
    return _tag(orjson.dumps(data))


def _tag(content: bytes) -> str:
    """The validator of an answer."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def _names(header: str, text: str, tag: str, *, is_weak: bool) -> bool:
    """Whether a header's validators name this one; a weak one (`W/`) names nothing in the strong comparison."""
    if not _VALIDATORS.fullmatch(text.strip()):
        raise InvalidInput(_("The header %(name)s holds an ETag in quotation marks.") % {"name": header}, column=header)
    for part in text.split(","):
        name = part.strip()
        if name == "*" or name == tag or (is_weak and name == f"W/{tag}"):
            return True
    return False


def require_match(request: HttpRequest, read: Callable[[], Any] | dict[str, Any]) -> None:
    """Refuse a change of a record that is not as the caller saw it; `read` is, or gives, what they would read now."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None:
        if settings.CONFIG.api_requires_match:
            raise PreconditionRequired(_("Read the record first and send its ETag as If-Match."))
        return
    if not _names("If-Match", header, etag_of(read() if callable(read) else read), is_weak=False):
        raise PreconditionFailed(_("The record changed since you read it. Read it again."))
