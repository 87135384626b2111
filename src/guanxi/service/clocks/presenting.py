"""Clocks as screens and the API show them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.core import clock
from guanxi.service.choices import CaseState
from guanxi.service.clocks import queries, wording
from guanxi.service.clocks.choices import DAYS, Sort, State
from guanxi.service.clocks.judging import Clock, Span
from guanxi.service.models import Case, CaseClock, ClockEvent
from guanxi.ui.countdown import span_words

STATE_TONES = {
    State.RUNNING: "info",
    State.PAUSED: "neutral",
    State.MET: "success",
    State.MET_LATE: "warning",
    State.BROKEN: "danger",
    State.STOPPED: "neutral",
}


def state_of(row: CaseClock) -> State:
    """How a clock stands at this moment: one that ran out a moment ago is broken, whether the job was there or not."""
    if row.ended_at is None and row.due_at is not None and row.due_at < clock.now():
        return State.BROKEN
    return State(row.state)


def shown(row: CaseClock, reckoned: Clock | None = None) -> dict[str, Any]:
    """One clock for a card or a page."""
    state = state_of(row)
    is_running = row.ended_at is None and row.paused_since is None and row.due_at is not None
    return {
        "row": row,
        "label": title_of(row),
        "state": state.label,
        "tone": STATE_TONES[state],
        "is_running": is_running,
        "is_endless": row.ended_at is None and row.paused_since is None and row.due_at is None,
        "paused": _paused(row),
        "promised": wording.amount_words(row.amount, row.unit),
        "policy": row.policy.name,
        "why": wording.why_words(row.why),
        "spans": [] if reckoned is None else _spans(row, reckoned),
        "bar": [] if reckoned is None else _bar(reckoned),
        "used": _used(row, reckoned),
    }


def title_of(row: CaseClock) -> str:
    """What a clock waits for, numbered where there were several."""
    label = str(Sort(row.sort).label)
    return f"{label} {row.number}" if row.number > 1 else label


def _paused(row: CaseClock) -> str:
    """Why a clock stands and what is left of it."""
    if row.paused_since is None or row.ended_at is not None:
        return ""
    status = str(CaseState(row.paused_by).label) if row.paused_by in CaseState.values else row.paused_by
    if row.left < 0 or row.due_at is not None:
        return status
    return _("%(status)s; %(left)s left") % {"status": status, "left": wording.left_words(row.left, row.unit)}


def _used(row: CaseClock, reckoned: Clock | None) -> str:
    """What a clock has used up."""
    seconds = row.consumed_seconds if reckoned is None or row.ended_at is not None else reckoned.consumed_seconds
    words = span_words(seconds)
    return words if row.unit not in DAYS else _("%(span)s of its time") % {"span": words}


def _spans(row: CaseClock, reckoned: Clock) -> list[dict[str, Any]]:
    """Every stretch of a clock's life."""
    now = clock.now()
    words = {
        State.RUNNING: pgettext("span", "ran"),
        State.PAUSED: pgettext("span", "stood"),
        State.STOPPED: pgettext("span", "was ended"),
    }
    found = []
    for span in reckoned.spans:
        status = str(CaseState(span.status).label) if span.status in CaseState.values else span.status
        ends = span.ends_at or now
        what = words.get(span.state, "")
        if status:
            what = pgettext("clock", "%(what)s: %(status)s") % {"what": what, "status": status}
        found.append({
            "begins_at": span.begins_at, "ends_at": span.ends_at, "what": what,
            "is_running": span.state == State.RUNNING, "long": span_words((ends - span.begins_at).total_seconds()),
            "counted": span_words(reckoned.counted(span, now)) if span.state == State.RUNNING else "",
        })  # fmt: skip
    return found


BAR = 1000


def _bar(reckoned: Clock) -> list[dict[str, Any]]:
    """The spans as parts of a line a thousand wide, with where it turned amber and was due."""
    now = clock.now()
    ends = max([span.ends_at or now for span in reckoned.spans] + [at for at in (reckoned.due_at,) if at is not None])
    begins = reckoned.started_at
    whole = max((ends - begins).total_seconds(), 1.0)

    def place(at: datetime) -> int:
        """Where a moment lies."""
        return max(0, min(BAR, round((at - begins).total_seconds() / whole * BAR)))

    parts: list[dict[str, Any]] = [_part(span, place, now) for span in reckoned.spans]
    if reckoned.due_at is not None:
        parts.append({"x": max(place(reckoned.due_at) - 2, 0), "width": 4, "css": "is-due"})
    return parts


def _part(span: Span, place: Any, now: datetime) -> dict[str, Any]:
    """One span of the line."""
    x = place(span.begins_at)
    return {"x": x, "width": max(place(span.ends_at or now) - x, 2), "css": f"is-{span.state.value}"}


def events_shown(events: list[ClockEvent]) -> list[dict[str, Any]]:
    """What happened to the clocks of a case, in words."""
    told = {number for event in events for number in event.because.get("users", ())}
    names = queries.names_of(sorted(told)) if told else {}
    return [
        {
            "event": event,
            "clock": title_of(event.clock),
            "what": wording.WHAT_WORDS.get(event.what, event.what),
            "because": wording.because_words(event.what, _named(event.because, names)),
            "is_moved": event.due_before is not None and event.due_before != event.due_after,
        }
        for event in events
    ]


def _named(because: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """A reason with the names of those whom it reached."""
    return {**because, "names": [names[number] for number in because.get("users", ()) if number in names]}


def of_case(case: Case, *, with_spans: bool = False) -> list[dict[str, Any]]:
    """The clocks of a case for a card, or with their spans for the page."""
    reckoned: Mapping[tuple[str, int], Clock] = queries.reckoned_of(case) if with_spans else {}
    return [shown(row, reckoned.get((row.sort, row.number))) for row in queries.clocks_of(case)]
