"""A service centre described by plain data, as it stands in a YAML or JSON file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from guanxi_methods.errors import MethodError
from guanxi_methods.queueing.centre import MOST_INTERVALS, AgentGroup, CallType, Centre, Shift
from guanxi_methods.queueing.erlang import check_number

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 86_400
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
CENTRE = (
    "interval",
    "intervals",
    "call_types",
    "groups",
    "choose_call",
    "choose_agent",
    "lines",
    "busyness_cv",
    "costs",
)
CALL_TYPE = ("calls", "aht", "handling", "cv", "patience", "target_seconds", "service_level", "priority")
GROUP = ("skills", "agents", "shifts", "aht_factor")
SHIFT = ("name", "days", "from", "to", "agents")
SPAN = ("days", "from", "calls")


def centre_from(data: Any) -> Centre:
    """Return the centre that plain data describe.

    Parameters
    ----------
    data : mapping
        ``call_types`` and ``groups``: mappings of names to what :class:`~guanxi_methods.queueing.CallType` and
        :class:`~guanxi_methods.queueing.AgentGroup` take; optionally ``interval`` (seconds, 1800), ``intervals`` (a week of
        them), ``choose_call``, ``choose_agent``, ``lines``, ``busyness_cv``. ``calls`` may also be a list of spans ``{days: mon-fri, from:
        "08:00", calls: [..]}``, one number for each interval from then on (other intervals have none); a shift is ``{days:
        mon-fri, from: "08:00", to: "16:00", agents: 5, name: early}``, past midnight if it ends before it begins. The
        first interval begins on Monday at midnight.

    Returns
    -------
    Centre

    Raises
    ------
    MethodError
        A word that is not known (with the nearest that is), or what :class:`~guanxi_methods.queueing.Centre` refuses.

    Examples
    --------
    >>> centre = centre_from({
    ...     "intervals": 48,
    ...     "call_types": {"orders": {"calls": [{"days": "mon", "from": "09:00", "calls": [20, 30]}], "aht": 180}},
    ...     "groups": {"desk": {"skills": ["orders"], "shifts": [{"days": "mon", "from": "8:00", "to": "12:00", "agents": 6}]}},
    ... })
    >>> centre.expected[0, 17:21].tolist(), centre.groups[0].shifts[0].end
    ([0.0, 20.0, 30.0, 0.0], 43200.0)
    """
    data = _mapping("the description", data, CENTRE)
    interval, n_intervals = data.get("interval", 1800), data.get("intervals")
    check_number("interval", interval, is_positive=True)
    if n_intervals is None:
        n_intervals = max(1, round(7 * DAY / interval))
    if isinstance(n_intervals, bool) or not isinstance(n_intervals, int) or n_intervals < 1:
        raise MethodError("intervals must be a whole number of at least 1, not {value!r}", value=n_intervals)
    if n_intervals > MOST_INTERVALS:
        raise MethodError("intervals must be at most {most:,}, not {value:,}", most=MOST_INTERVALS, value=n_intervals)
    kinds = [
        _call_type(name, _mapping(f"call type {name!r}", given, CALL_TYPE), interval, n_intervals)
        for name, given in _mapping("call_types", data.get("call_types")).items()
    ]
    groups = [
        _group(name, _mapping(f"group {name!r}", given, GROUP), interval * n_intervals)
        for name, given in _mapping("groups", data.get("groups")).items()
    ]
    more = {name: data[name] for name in ("choose_call", "choose_agent", "lines", "busyness_cv") if name in data}
    return Centre(kinds, groups, interval=interval, n_intervals=n_intervals, **more)


def _mapping(what: str, given: Any, known: Sequence[str] = ()) -> dict[str, Any]:
    """Return names with what stands under them; a name that is not known is told with the nearest that is."""
    if not isinstance(given, Mapping):
        raise MethodError("{what} must be names with something under each, not {given!r}", what=what, given=given)
    for name in given:
        if known and name not in known:
            near = get_close_matches(str(name), known, n=1)
            if near:
                raise MethodError(
                    "{what} has {name!r}, which is not known; did you mean {near!r}?",
                    what=what,
                    name=name,
                    near=near[0],
                )
            raise MethodError(
                "{what} has {name!r}, which is not known; known are: {known}",
                what=what,
                name=name,
                known=", ".join(known),
            )
    return {str(name): value for name, value in given.items()}


def _call_type(name: str, given: dict[str, Any], interval: float, n_intervals: int) -> CallType:
    """One kind of call."""
    for needed in ("calls", "aht"):
        if needed not in given:
            raise MethodError("call type {name!r} has no {needed}", name=name, needed=needed)
    calls = given["calls"]
    if isinstance(calls, Sequence) and calls and isinstance(calls[0], Mapping):
        given = {**given, "calls": _spans(name, calls, interval, n_intervals)}
    return CallType(name, **given)


def _spans(name: str, spans: Sequence[Any], interval: float, n_intervals: int) -> list[float]:
    """Calls of every interval from spans of days."""
    made = [0.0] * n_intervals
    for span in spans:
        span = _mapping(f"calls of {name!r}", span, SPAN)
        for day in _days(span.get("days", "mon-sun")):
            first = round((day * DAY + _clock(span.get("from", "00:00"))) / interval)
            numbers = span.get("calls")
            for place, number in enumerate(numbers if isinstance(numbers, Sequence) else [numbers]):
                check_number(f"calls of {name!r}", number)
                if first + place >= n_intervals:
                    raise MethodError(
                        "calls of {name!r} go beyond the last of the {intervals} intervals",
                        name=name,
                        intervals=n_intervals,
                    )
                made[first + place] += float(number)
    return made


def _group(name: str, given: dict[str, Any], horizon: float) -> AgentGroup:
    """One group of agents."""
    if "skills" not in given:
        raise MethodError("group {name!r} has no skills", name=name)
    shifts = given.pop("shifts", None) or []
    if isinstance(shifts, str) or not isinstance(shifts, Sequence):
        raise MethodError("shifts of {name!r} must be a list", name=name)
    made = []
    for number, shift in enumerate(shifts):
        shift = _mapping(f"a shift of {name!r}", shift, SHIFT)
        begin, end = _clock(shift.get("from", "00:00")), _clock(shift.get("to", "24:00"))
        lasts = (end - begin) % DAY or DAY
        for day in _days(shift.get("days", "mon-sun")):
            start = day * DAY + begin
            if start < horizon:
                until = min(float(start + lasts), horizon)
                made.append(Shift(float(start), until, shift.get("agents", 0), str(shift.get("name", number + 1))))
    return AgentGroup(name, shifts=made, **given)


def _days(text: Any) -> list[int]:
    """Numbers of weekdays: "mon-fri", "sat", "mon,wed" or a list."""
    words = text if isinstance(text, Sequence) and not isinstance(text, str) else str(text).split(",")
    found: list[int] = []
    for word in words:
        first, _, last = str(word).strip().lower().partition("-")
        if first[:3] not in WEEKDAYS or (last and last[:3] not in WEEKDAYS):
            raise MethodError("{word!r} is no weekday; write mon, tue, wed, thu, fri, sat, sun or mon-fri", word=word)
        begin = WEEKDAYS.index(first[:3])
        span = (WEEKDAYS.index(last[:3]) - begin) % 7 if last else 0
        found += [(begin + step) % 7 for step in range(span + 1)]
    return found


def _clock(text: Any) -> int:
    """Seconds since midnight; YAML reads 16:00 without quotation marks as the number 960, which is minutes."""
    if isinstance(text, int) and not isinstance(text, bool) and 0 <= text <= 24 * 60:
        return text * 60
    found = CLOCK.fullmatch(str(text).strip())
    if not found or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > 24 * 60:
        raise MethodError("{text!r} is no time of day; write it as 08:30", text=text)
    return int(found[1]) * 3600 + int(found[2]) * 60
