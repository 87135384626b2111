"""Short messages after an act, with Undo where it can be taken back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from guanxi.ui.listing_words import listed


def _toast(text: str | Promise, operation_id: int | None, tone: str) -> dict[str, Any]:
    """What the page needs to show one."""
    undo = reverse("ui:undo", args=[operation_id]) if operation_id else ""
    return {"text": str(text), "tone": tone, "undo": undo}


def add(
    response: HttpResponse,
    text: str | Promise,
    operation_id: int | None = None,
    *,
    tone: str = "success",
    events: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Put a toast (and other events for the page) on an htmx answer."""
    known = json.loads(response.headers.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps({**known, "gx:toast": _toast(text, operation_id, tone), **(events or {})})
    return response


def undone(kept_by: Sequence[str]) -> str:
    """What to say of an undo that left some records; `kept_by` names of each who had changed it since."""
    if not kept_by:
        return gettext("Taken back")
    return ngettext(
        "Taken back; %(count)d record was changed since by %(who)s and stays as it is.",
        "Taken back; %(count)d records were changed since by %(who)s and stay as they are.",
        len(kept_by),
    ) % {"count": len(kept_by), "who": listed(list(dict.fromkeys(kept_by))[:3])}


def message(
    request: HttpRequest, text: str | Promise, operation_id: int | None = None, *, tone: str = "success"
) -> None:
    """Keep a toast for the next full page."""
    level = {"success": messages.SUCCESS, "danger": messages.ERROR, "warning": messages.WARNING}.get(
        tone, messages.INFO
    )
    undo = reverse("ui:undo", args=[operation_id]) if operation_id else ""
    messages.add_message(request, level, str(text), extra_tags=undo)


def operation_id(result: Any) -> int | None:
    """The number of the operation that a service gave back, in whichever form."""
    if result is None or isinstance(result, int):
        return result
    number = getattr(result, "operation_id", None) or getattr(result, "id", None)
    return number if isinstance(number, int) else None
