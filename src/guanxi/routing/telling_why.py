"""The reason of an assignment in words, for whoever reads it, in their language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from guanxi.core.models import User
from guanxi.routing import considering, explaining
from guanxi.routing.choices import PresenceState
from guanxi.routing.models import Assignment
from guanxi.routing.strategies import Candidate, strategy_of
from guanxi.ui.listing_words import listed


@dataclass(frozen=True)
class CandidateRow:
    """One who came into question, as a table shows them."""

    name: str
    load: int
    capacity: int
    idle: str
    turn: int
    level: int
    is_chosen: bool


@dataclass(frozen=True)
class Told:
    """A reason in words: one sentence, the figures of all who came into question, and who was left out and why."""

    sentence: str
    rows: tuple[CandidateRow, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All in one, for programs and for readers of a line."""
        return " ".join([self.sentence, *(f"{line}." for line in self.left_out)])


def duration(seconds: float) -> str:
    """A length of time in its largest unit."""
    whole = int(seconds)
    if whole < 60:
        return _("%(n)s s") % {"n": whole}
    if whole < 3600:
        return _("%(n)s min") % {"n": whole // 60}
    if whole < 86400:
        return _("%(n)s h") % {"n": whole // 3600}
    return npgettext("length of time", "%(n)s day", "%(n)s days", whole // 86400) % {"n": whole // 86400}


def names_in(assignments: Iterable[Assignment]) -> dict[int, str]:
    """The names of everybody whom these reasons speak of, in one statement."""
    numbers: set[int] = set()
    for one in assignments:
        numbers |= {one.user_id, *(row[0] for row in one.why.get("candidates", ()))}
        numbers |= {user_id for user_id, _code in explaining.left_out_of(one.why)}
        numbers |= {one.by_id} if one.by_id is not None else set()
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=numbers)}


def told(assignment: Assignment, names: Mapping[int, str]) -> Told:
    """The reason of an assignment in words."""
    why = assignment.why
    candidates = explaining.candidates_of(why)
    chosen = next((one for one in candidates if one.user_id == assignment.user_id), None)
    if chosen is None:
        return Told(_by_hand(assignment, names))
    rows = tuple(
        CandidateRow(
            name=_name(names, one.user_id),
            load=one.load,
            capacity=one.capacity,
            idle=duration(one.idle_ms / 1000),
            turn=one.turn,
            level=one.level,
            is_chosen=one.user_id == chosen.user_id,
        )
        for one in sorted(candidates, key=lambda one: (one.user_id != chosen.user_id, one.user_id))
    )
    return Told(_decided(why["decided"], chosen, candidates), rows, _left_out(why, names))


def _decided(decided: str, chosen: Candidate, candidates: list[Candidate]) -> str:
    """What decided, with the figure that did."""
    if decided == considering.PREFERRED:
        return _("Had it before.")
    if len(candidates) == 1:
        return _("The only one who was free.")
    if decided == "least_load":
        return _("Least load: %(load)s of %(capacity)s in hand.") % {"load": chosen.load, "capacity": chosen.capacity}
    if decided == "longest_idle":
        return _("Longest idle: %(time)s.") % {"time": duration(chosen.idle_ms / 1000)}
    if decided == "round_robin":
        if not chosen.turn:
            return _("Next in turn: was never given work of this queue.")
        return _("Next in turn: was given work of this queue longest ago.")
    return f"{strategy_of(decided).label}."


def _by_hand(assignment: Assignment, names: Mapping[int, str]) -> str:
    """What a person decided."""
    why = assignment.why
    if assignment.by_id is None or assignment.by_id == assignment.user_id:
        said = _("Taken by hand.")
    else:
        said = _("Handed over by %(name)s.") % {"name": _name(names, assignment.by_id)}
    if why.get("load", 0) > why.get("capacity", 0):
        over = _("With it %(load)s of %(capacity)s in hand: more than the capacity.") % {
            "load": why["load"],
            "capacity": why["capacity"],
        }
        return f"{said} {over}"
    return said


def _left_out(why: Mapping[str, Any], names: Mapping[int, str]) -> tuple[str, ...]:
    """Who was left out, together with those of the same reason."""
    by_code: dict[str, list[str]] = {}
    for user_id, code in explaining.left_out_of(why):
        by_code.setdefault(code, []).append(_name(names, user_id))
    return tuple(
        _("%(reason)s: %(names)s") % {"reason": _reason(code), "names": listed(people)}
        for code, people in by_code.items()
    )


def _reason(code: str) -> str:
    """Why somebody was left out."""
    said = {
        considering.FULL: _("No room"),
        considering.CHANNEL_FULL: _("No room for more of this channel"),
        considering.PASSED: _("Let it pass before"),
        considering.LEVEL: _("On a later level"),
    }
    if code in said:
        return said[code]
    return str(PresenceState(code).label) if code in PresenceState.values else code


def _name(names: Mapping[int, str], user_id: int) -> str:
    """Who it is."""
    return names.get(user_id, "?")
