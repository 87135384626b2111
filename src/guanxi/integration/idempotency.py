"""A POST that is sent twice acts once: the first answer is kept a day under the caller's Idempotency-Key."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from guanxi.integration import problems
from guanxi.integration.models import ApiToken
from guanxi.integration.services import answers

LONGEST_KEY = 255
KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
IN_HAND = timedelta(minutes=2)


class _NotKept(Exception):
    """The answer was an error: nothing was done, so the same key may be used again."""

    def __init__(self, response: HttpResponse) -> None:
        """Hold the answer."""
        super().__init__()
        self.response = response


def answer_once(token: ApiToken, request: HttpRequest, handle: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a request; one with a key seen before gets the answer it got then."""
    key = request.META["HTTP_IDEMPOTENCY_KEY"]
    if not KEY.fullmatch(key):
        return problems.problem(422, f"An Idempotency-Key has 1 to {LONGEST_KEY} visible ASCII characters.")
    try:
        digest = _digest(request)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the body is told as the handler would
        return problems.of_fault(request, error)
    kept = answers.claim(token=token, key=key, digest=digest, lapses=IN_HAND)
    if kept is not None:
        if kept.digest != digest:
            return problems.problem(422, "This Idempotency-Key was used for another request.", name="key-reused")
        if kept.status is None:
            answer = problems.problem(
                409, "The first request with this Idempotency-Key is still in hand.", name="in-hand"
            )
            answer["Retry-After"] = "1"
            return answer
        headers = {**kept.headers, "Idempotency-Replayed": "true"}
        return HttpResponse(bytes(kept.body), status=kept.status, headers=headers)
    return _first(token, key, handle)


def _first(token: ApiToken, key: str, handle: Callable[[], HttpResponse]) -> HttpResponse:
    """Act, and keep the answer in the transaction of what it did."""
    is_kept = False
    try:
        with transaction.atomic():
            response = handle()
            if response.status_code >= 400:
                raise _NotKept(response)
            answers.keep(
                token=token,
                key=key,
                status=response.status_code,
                headers={name: response[name] for name in KEPT_HEADERS if name in response},
                body=response.content,
            )
        is_kept = True
    except _NotKept as error:
        return error.response
    except IntegrityError as error:
        return problems.of_fault(None, error)
    finally:
        if not is_kept:
            answers.release(token=token, key=key)
    return response


def _digest(request: HttpRequest) -> str:
    """What tells one request from another: method, address, and what is sent."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        parts: Any = sorted(request.POST.lists())
        digest.update(repr(parts).encode())
        for name, file in sorted(request.FILES.items()):
            digest.update(f"\n{name}\n{getattr(file, 'name', '')}\n".encode())
            for chunk in file.chunks():  # type: ignore[union-attr]
                digest.update(chunk)
            file.seek(0)  # type: ignore[union-attr]
    else:
        digest.update(request.body)
    return digest.hexdigest()
