"""The same for one field that is changed where it stands: compared when it is saved, asked when two people changed it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.ui import editing
from guanxi.ui.listing_words import listed
from guanxi.ui.together.settling import CHOICE, MINE, OPENED, THEIRS, Question, digest
from guanxi.ui.together.who import hands

VALUE, FROM = "value", "_from"


def standing(field: editing.Field, value: Any) -> list[str]:
    """What a browser would send for a value that nobody touches."""
    if field.type == "boolean":
        return ["yes" if value else "no"]
    if isinstance(value, list | tuple):
        return sorted(str(one) for one in value)
    if field.type == "choice":
        return ["" if value is None else str(value)]
    return [editing.input_text(field, value)]


def mark(field: editing.Field, value: Any) -> str:
    """What the input carries of the value that it was opened with."""
    return digest(standing(field, value))


def answer(request: HttpRequest, field: editing.Field, record: Any) -> str:
    """What is to be done with what was sent: `write` it, leave what stands (`theirs`), or `ask`."""
    opened = request.POST.get(OPENED, "") or _of_lane(request)
    stands, sent = standing(field, field.value(record)), sorted(request.POST.getlist(VALUE))
    if not opened or digest(sent) == digest(stands):
        return "write"
    chosen = request.POST.get(CHOICE + VALUE, "")
    if chosen == THEIRS:
        return THEIRS
    if digest(stands) == opened and chosen in {MINE, ""}:
        return "write"
    return "ask"


def _of_lane(request: HttpRequest) -> str:
    """The mark of the value that a card of a board was taken from."""
    return digest(request.POST.getlist(FROM)) if FROM in request.POST else ""


def ask(request: HttpRequest, field: editing.Field, record: Any, url: str) -> HttpResponse:
    """409: a dialog that shows both values and lets one choose."""
    actor = request.actor  # type: ignore[attr-defined]
    sent, stands = request.POST.getlist(VALUE), standing(field, field.value(record))
    question = Question(
        name=VALUE,
        label=field.label,
        mine=_words(field, sent, actor),
        theirs=_words(field, stands, actor),
        hand=hands(record, [field.key]).get(field.key),
        chosen="",
    )
    context = {"questions": [question], "values": sent, "opened": digest(stands), "url": url, "title": field.label}
    response = render(request, "ui/field_clash.html", context, status=409)
    response["Cache-Control"] = "no-store"
    response["GX-Clash"] = "1"
    return response


def _words(field: editing.Field, values: Sequence[str], actor: Actor) -> str:
    """Values as people read them."""
    if field.type == "boolean":
        return _("Yes") if list(values) == ["yes"] else _("No")
    if field.type in {"choice", "multi_choice"}:
        labels = {str(key): str(words) for key, words in field.options_for(actor)}
        return listed(labels.get(value, value) for value in values)
    return "\n".join(values)
