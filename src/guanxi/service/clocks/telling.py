"""The histories that clocks are reckoned from, read from moments and messages: a few statements for many cases."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from guanxi.conversations.choices import DeliveryState, Direction, MessageKind
from guanxi.conversations.models import Message
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.working_time import seconds_of
from guanxi.service.choices import ENDED_STATES, CaseState
from guanxi.service.clocks.choosing import Facts
from guanxi.service.clocks.reckoning import Happening, History, What
from guanxi.service.models import Case, CaseMoment

# States in which clocks may stand, if their policy says so.
PAUSING = (CaseState.WAITING, CaseState.HELD)
ENDING = frozenset({CaseState.SOLVED, *ENDED_STATES})
# What happens in one microsecond happens in this order.
_RANKS = {What.OPENED: 0, What.CUSTOMER_WROTE: 1, What.ANSWERED: 2, What.FACTS_SET: 3, What.STATUS_SET: 4}

# When somebody spoke, and whether it was the customer or we.
Spoken = tuple[datetime, What]


def facts_now(case: Case, hours: Mapping[int, int]) -> dict[str, Any]:
    """What policies look at of a case, as it stands; `hours` are the calendars that customers have of their own."""
    own = hours.get(case.customer_id or 0)
    return {
        "type": case.case_type,
        "tier": case.tier,
        "channel": case.channel_kind,
        "priority": str(case.priority),
        "category": _numbers(case.category.path) if case.category is not None else [],
        "department": _numbers(case.department.path) if case.department is not None else [],
        **({"hours": own} if own else {}),
    }


def facts_of(kept: Mapping[str, Any]) -> Facts:
    """Facts as they were kept."""
    return Facts(
        type=kept.get("type", ""),
        tier=kept.get("tier", ""),
        channel=kept.get("channel", ""),
        priority=kept.get("priority", ""),
        category=tuple(kept.get("category", ())),
        department=tuple(kept.get("department", ())),
        hours=kept.get("hours", 0),
    )


def _numbers(path: str) -> list[int]:
    """The ids of a path from the root down."""
    return [int(part) for part in path.split("/") if part]


def history_of(moments: Sequence[CaseMoment], spoken: Sequence[Spoken]) -> History:
    """One case's history."""
    found: list[Happening] = []
    before: CaseMoment | None = None
    for number, moment in enumerate(moments):
        facts = facts_of(moment.facts)
        if before is None:
            found.append(_happening(moment.at, What.OPENED, number, facts=facts))
        elif moment.facts != before.facts:
            found.append(_happening(moment.at, What.FACTS_SET, number, facts=facts))
        if moment.state != (before.state if before is not None else CaseState.NEW):
            pause = moment.state if moment.state in PAUSING else ""
            is_ended = moment.state in ENDING
            found.append(_happening(moment.at, What.STATUS_SET, number, pause=pause, is_ended=is_ended))
        before = moment
    # What was said before the clocks knew the case (a case that was ended elsewhere) is none of theirs.
    heard = [one for one in spoken if moments and one[0] >= moments[0].at]
    found += [_happening(at, what, number) for number, (at, what) in enumerate(heard)]
    return History.of(found)


def _happening(at: datetime, what: What, number: int, **more: Any) -> Happening:
    """One thing that happened, with its place among those of the same second."""
    order = (at.microsecond * 10 + _RANKS[what]) * 100_000 + number
    return Happening(seconds_of(at), order, what, **more)


def moments_of(cases: Sequence[Case]) -> dict[int, list[CaseMoment]]:
    """The moments of each case, in order."""
    found: dict[int, list[CaseMoment]] = defaultdict(list)
    if len(cases) == 1:
        found[cases[0].pk] = _MOMENTS.all(cases[0].pk)
        return found
    for moment in CaseMoment.objects.filter(case__in=[case.pk for case in cases]).order_by("at", "id"):
        found[moment.case_id].append(moment)
    return found


_MOMENTS = CompiledRecords(CaseMoment, lambda number: CaseMoment.objects.filter(case=number).order_by("at", "id"), int)
_OPENINGS = Compiled(
    lambda talk: Case.everything.filter(conversation=talk).values_list("conversation_id", "opened_at"), int
)
_TOLD = ("conversation_id", "at", "direction", "needs_answer", "delivery", "details__automatic")
_SAID = Compiled(
    lambda talk, since: (
        Message.objects.filter(conversation=talk, kind=MessageKind.MESSAGE, at__gte=since)
        .order_by("at", "id")
        .values_list(*_TOLD)
    ),
    int,
    datetime,
)


def _openings(talks: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """When the cases of these conversations were opened, with the conversation."""
    if len(talks) == 1:
        return _OPENINGS.rows(talks[0])
    return Case.everything.filter(conversation__in=talks).values_list("conversation_id", "opened_at")


def _said(talks: Sequence[int], since: datetime) -> Iterable[tuple[Any, ...]]:
    """What was said in these conversations since a moment, in its order."""
    if len(talks) == 1:
        return _SAID.rows(talks[0], since)
    rows = Message.objects.filter(conversation__in=talks, kind=MessageKind.MESSAGE, at__gte=since)
    return rows.order_by("at", "id").values_list(*_TOLD)


def spoken_in(cases: Sequence[Case]) -> dict[int, list[Spoken]]:
    """What was said in the conversation of each case from its opening up to the opening of the next case there."""
    talks = sorted({case.conversation_id for case in cases if case.conversation_id is not None})
    if not talks:
        return {}
    openings: dict[int, list[datetime]] = defaultdict(list)
    for talk, at in _openings(talks):
        openings[talk].append(at)
    said: dict[int, list[Spoken]] = defaultdict(list)
    since = min(min(found) for found in openings.values())
    for talk, at, direction, needs_answer, delivery, automatic in _said(talks, since):
        if direction == Direction.IN and needs_answer:
            said[talk].append((at, What.CUSTOMER_WROTE))
        elif direction == Direction.OUT and delivery != DeliveryState.FAILED and not automatic:
            said[talk].append((at, What.ANSWERED))
    found: dict[int, list[Spoken]] = {}
    for case in cases:
        if case.conversation_id is not None:
            later = [at for at in openings[case.conversation_id] if at > case.opened_at]
            until = min(later) if later else None
            found[case.pk] = [
                one
                for one in said[case.conversation_id]
                if one[0] >= case.opened_at and (until is None or one[0] < until)
            ]
    return found
