"""What each of the six steps asks for before it can end, and how long it may take."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext as _

from guanxi.conversations.choices import DeliveryState
from guanxi.core import calendars
from guanxi.core.errors import InvalidInput
from guanxi.customers.privacy import legal
from guanxi.service.complaint_choices import REMEDIES_AHEAD, STEPS, Authority, EvidenceSort, RemedyState, Step
from guanxi.service.complaints import rule
from guanxi.service.models import Complaint, Evidence, Remedy, StepRule, Telling

# Working minutes and evidence of a step, where the company has set no rule of its own.
USUAL: dict[Step, tuple[int, tuple[EvidenceSort, ...]]] = {
    Step.RECORD: (120, ()),
    Step.INVESTIGATE: (960, (EvidenceSort.STATEMENT,)),
    Step.SETTLE: (480, ()),
    Step.PLAN: (480, ()),
    Step.CARRY_OUT: (2400, ()),
    Step.SUM_UP: (2400, ()),
}


# Parameters of the law: the working days that an authority usually gives, where the complaint says no date.
AUTHORITY_DAYS = {
    Authority.MARKET: "complaint.12315_days",
    Authority.CITY: "complaint.12345_days",
    Authority.OTHER: "complaint.other_days",
}


def rule_of(step: str, grade: str) -> tuple[int, list[str]]:
    """Working minutes and sorts of evidence that a step has with complaints of a grade."""
    rows = {row.grade: row for row in StepRule.objects.filter(step=step, grade__in=("", grade))}
    row = rows.get(grade) or rows.get("")
    if row is not None:
        return row.working_minutes, [str(sort) for sort in row.evidence]
    minutes, evidence = USUAL[Step(step)]
    return minutes, [str(sort) for sort in evidence]


def due_at(step: str, grade: str, began_at: datetime) -> datetime:
    """Until when a step that began then is to be over; around the clock where the calendar has no working time."""
    amount = timedelta(minutes=rule_of(step, grade)[0])
    try:
        return calendars.add_working_time(calendars.load(), began_at, amount)
    except InvalidInput:
        return began_at + amount


def authority_due_at(authority: str, since: datetime) -> datetime:
    """Until when an authority usually wants its answer: the end of so many working days after the complaint came in."""
    calendar = calendars.load()
    day = since.astimezone(calendar.zone).date()
    days = left = legal.number(AUTHORITY_DAYS[Authority(authority)], day)
    # A calendar may have long holidays, or no working day at all.
    for _turn in range(days * 3 + 366):
        day += timedelta(days=1)
        windows = calendar.windows_on(day)
        left -= bool(windows)
        if left == 0:
            end = datetime.combine(day, time(), tzinfo=calendar.zone) + timedelta(minutes=windows[-1][1])
            return end.astimezone(UTC)
    return since + timedelta(days=days)


def following(step: str) -> Step:
    """The step after one; DONE after the last."""
    place = STEPS.index(Step(step))
    return STEPS[place + 1] if place + 1 < len(STEPS) else Step.DONE


def lacking(complaint: Complaint, step: str) -> list[str]:
    """What is missing before a step of a complaint can end, sentence by sentence."""
    asked = _ASKED.get(Step(step))
    return [*(asked(complaint) if asked is not None else ()), *_evidence_lacking(complaint, step)]


def _evidence_lacking(complaint: Complaint, step: str) -> Iterator[str]:
    """The sorts of evidence that the step needs and nobody entered."""
    if step not in STEPS:
        return
    needed = rule_of(step, complaint.grade)[1]
    there = set(Evidence.objects.filter(complaint=complaint.pk).values_list("sort", flat=True)) if needed else set()
    for sort in needed:
        if sort not in there and sort in EvidenceSort.values:
            yield _("Evidence is missing: %(sort)s.") % {"sort": EvidenceSort(sort).label}


def _record(complaint: Complaint) -> Iterator[str]:
    """The customer's own words, and the number of an authority."""
    if not complaint.case.description.strip():
        yield _("What happened is not recorded in the customer's words.")
    if complaint.authority and not complaint.authority_number:
        yield _("The official number of the authority is missing.")


def _settle(complaint: Complaint) -> Iterator[str]:
    """A unit that stands."""
    if complaint.unit_id is None:
        yield _("No unit is responsible yet.")
    elif complaint.objected_at is not None and complaint.objection_settled_at is None:
        yield _("The unit objects to being responsible, and that is not decided.")


def _plan(complaint: Complaint) -> Iterator[str]:
    """A remedy that may be carried out, and a customer who knows of it."""
    states = list(Remedy.objects.filter(complaint=complaint.pk).values_list("state", flat=True))
    if not any(state in {RemedyState.APPROVED, RemedyState.DONE} for state in states):
        yield _("No remedy is planned and approved.")
    elif any(state in {RemedyState.PLANNED, RemedyState.ASKED} for state in states):
        yield _("A remedy still waits for its approval.")
    told = Telling.objects.filter(complaint=complaint.pk)
    if not told.exclude(message__delivery=DeliveryState.FAILED).exists():
        yield _("The customer has not been told what we do, when, how and in which words.")


def _carry_out(complaint: Complaint) -> Iterator[str]:
    """Remedies done, responsibility entered."""
    states = list(Remedy.objects.filter(complaint=complaint.pk).values_list("state", flat=True))
    if RemedyState.DONE not in states or any(state in REMEDIES_AHEAD for state in states):
        yield _("Not every planned remedy is done or dropped.")
    if not complaint.responsibility.strip():
        yield _("It is not entered what the responsible unit answers for.")


def _sum_up(complaint: Complaint) -> Iterator[str]:
    """The cause, how it was found, what prevents it; the authority's answer; and what closing asks for."""
    if not any(str(why).strip() for why in complaint.whys):
        yield _("The five whys were not asked.")
    if not complaint.prevention.strip():
        yield _("It is not said what prevents that it happens again.")
    if complaint.authority and complaint.authority_answered_at is None:
        yield _("The authority has no answer yet.")
    yield from rule.missing(complaint.case)


_ASKED = {
    Step.RECORD: _record,
    Step.SETTLE: _settle,
    Step.PLAN: _plan,
    Step.CARRY_OUT: _carry_out,
    Step.SUM_UP: _sum_up,
}
