"""Clocks kept in line with their cases: reckoned anew from the whole history whenever anything changes.

Clocks follow from cases, messages, policies and calendars, so they have no journal; `ClockEvent` is their history. A
clock that has ended stays as it was judged until what ended it changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from guanxi.conversations.public import set_dues
from guanxi.core import clock, live
from guanxi.core.compiled import CompiledRecords
from guanxi.core.inserting import CompiledInsert
from guanxi.core.working_time import seconds_of
from guanxi.service.choices import LIVE_STATES, CaseState
from guanxi.service.clocks.choices import State
from guanxi.service.clocks.judging import Clock
from guanxi.service.clocks.rules import InForce, in_force
from guanxi.service.clocks.telling import ENDING, PAUSING, Spoken, facts_now, history_of, moments_of, spoken_in
from guanxi.service.models import Case, CaseClock, CaseMoment, ClockEvent, Escalation, EscalationStep, RulesStamp
from guanxi.service.services.locking import lock_cases, relock_case

BATCH = 500
WARN = "warn"
BREAK = "broken"
_insert_event = CompiledInsert(ClockEvent)
Because = Mapping[str, Any]


def recompute_clocks(*, case: Case, because: Because | None = None) -> None:
    """Bring the clocks of a case in line with it, in the caller's transaction; the case is locked by the caller.

    `because`: codes of what changed, for the clock's history.
    """
    recompute_many(cases=[case], because=because or {})


def recompute_by_id(*, case_ids: Sequence[int], because: Because | None = None, is_quiet: bool = False) -> None:
    """The same for cases by number, which are locked here."""
    with transaction.atomic(savepoint=False):
        recompute_many(cases=lock_cases(case_ids), because=because or {}, is_quiet=is_quiet)


def recompute_held(*, case_id: int, because: Because, at: datetime | None = None) -> None:
    """The same for one case that the caller's transaction holds with its conversation; as it stands in the database.

    `at`: when it changed, where that is known; otherwise it changed now.
    """
    with transaction.atomic(savepoint=False):
        recompute_many(cases=relock_case(case_id), because=because, at=at)


def recompute_many(
    *, cases: Sequence[Case], because: Because, is_quiet: bool = False, at: datetime | None = None
) -> None:
    """The same for many cases that are locked.

    `is_quiet`: the rules changed, so what would have been done before this moment is passed over. `at`: as above.
    """
    cases = [case for case in cases if case.state != CaseState.CLOSED_ELSEWHERE]
    if not cases:
        return
    now = clock.now()
    with transaction.atomic(savepoint=False):
        rules, moments, spoken = in_force(), moments_of(cases), spoken_in(cases)
        _note_moments(cases, moments, spoken, at or now, rules.hours)
        standing: dict[int, list[CaseClock]] = defaultdict(list)
        for row in _clocks_of(cases):
            standing[row.case_id].append(row)
        taken = _steps_taken([row for rows in standing.values() for row in rows if row.ended_at is None], rules)
        pen = _Pen(rules, now, because, is_quiet, taken)
        for case in cases:
            pen.write(case, moments[case.pk], spoken.get(case.pk, ()), standing[case.pk])
        pen.put_down()
        _tell_due(cases, pen.rows_of, pen.changed)


def _note_moments(
    cases: Sequence[Case],
    moments: dict[int, list[CaseMoment]],
    spoken: Mapping[int, Sequence[Spoken]],
    now: datetime,
    hours: Mapping[int, int],
) -> None:
    """Keep how each case stands, where that differs from what was kept last."""
    fresh = []
    for case in cases:
        known = moments[case.pk]
        last = known[-1] if known else None
        facts = facts_now(case, hours)
        if last is not None and last.state == case.state and last.facts == facts:
            continue
        if last is None:
            # A case that was ended elsewhere begins for the clocks when it is opened here.
            at = case.opened_at if not case.reopened_count else now
            known.append(CaseMoment(case=case, at=at, state=CaseState.NEW, facts=facts))
            fresh.append(known[-1])
            last = known[-1]
        if last.state != case.state or last.facts != facts:
            at = max(_moment_of(case, last, spoken.get(case.pk, ()), now), last.at)
            known.append(CaseMoment(case=case, at=at, state=case.state, facts=facts))
            fresh.append(known[-1])
    if fresh:
        CaseMoment.objects.bulk_create(fresh, batch_size=BATCH)


def _moment_of(case: Case, last: CaseMoment, spoken: Sequence[Spoken], now: datetime) -> datetime:
    """Since when a case stands as it does."""
    if case.state == last.state:
        return now
    ended = {CaseState.SOLVED: case.solved_at, CaseState.CLOSED: case.closed_at}.get(CaseState(case.state))
    if ended is not None:
        return min(ended, now)
    if last.state in ENDING or last.state in PAUSING:
        # The waiting ended when the customer spoke, however long the news took to get here.
        later = [at for at, what in spoken if at > last.at and what.name == "CUSTOMER_WROTE"]
        return later[0] if later else now
    return now


_CLOCKS = CompiledRecords(CaseClock, lambda number: CaseClock.objects.filter(case=number).order_by("pk"), int)


def _clocks_of(cases: Sequence[Case]) -> Iterable[CaseClock]:
    """The clocks of some cases as they are kept, the first ones first."""
    if len(cases) == 1:
        return _CLOCKS.all(cases[0].pk)
    return CaseClock.objects.filter(case__in=[case.pk for case in cases]).order_by("pk")


def _steps_taken(rows: Sequence[CaseClock], rules: InForce) -> dict[int, set[int | None]]:
    """The steps of escalation that were taken for each running clock, where any step may be taken."""
    found: dict[int, set[int | None]] = defaultdict(set)
    if {row.sort for row in rows} & {sort for _policy, sort in rules.steps}:
        pairs = Escalation.objects.filter(clock__in=[row.pk for row in rows]).values_list("clock_id", "step_id")
        for clock_id, step_id in pairs:
            found[clock_id].add(step_id)
    return found


@dataclass
class _Note:
    """What is to be written into a clock's history once the clock has its number."""

    row: CaseClock
    what: str
    because: dict[str, Any]
    before: datetime | None
    after: datetime | None


class _Pen:
    """Compares clocks as reckoned with those kept, and writes the difference in few statements."""

    def __init__(
        self, rules: InForce, now: datetime, because: Because, is_quiet: bool, taken: dict[int, set[int | None]]
    ) -> None:
        """Nothing written yet."""
        self.rules, self.now, self.because, self.is_quiet, self.taken = rules, now, because, is_quiet, taken
        self.rows_of: dict[int, list[CaseClock]] = defaultdict(list)
        self.changed: set[int] = set()
        self._new: list[CaseClock] = []
        self._kept: list[CaseClock] = []
        self._gone: list[int] = []
        self._notes: list[_Note] = []
        self._passed: list[tuple[CaseClock, EscalationStep]] = []

    def write(
        self, case: Case, moments: Sequence[CaseMoment], spoken: Sequence[Spoken], standing: Sequence[CaseClock]
    ) -> None:
        """Bring one case's clocks in line."""
        history = history_of(moments, spoken)
        known = {(row.sort, row.number): row for row in standing}
        for reckoned in history.clocks(self.rules.rules, self.now):
            row = known.pop((reckoned.sort.value, reckoned.number), None)
            if row is None:
                row = CaseClock(case=case, sort=reckoned.sort, number=reckoned.number, state="")
                self._new.append(row)
            elif self._is_settled(row, reckoned):
                self.rows_of[case.pk].append(row)
                continue
            before = [getattr(row, name) for name in TELLING]
            self._fill(row, reckoned)
            self.rows_of[case.pk].append(row)
            if row.pk is not None and before != [getattr(row, name) for name in TELLING]:
                self._kept.append(row)
        waited = {(cycle.sort.value, cycle.number) for cycle in history.cycles(self.now)} if known else set()
        for key, row in known.items():
            if row.ended_at is not None and key in waited:
                self.rows_of[case.pk].append(row)
            else:
                self._gone.append(row.pk)
                self.changed.add(case.pk)

    @staticmethod
    def _is_settled(row: CaseClock, reckoned: Clock) -> bool:
        """Whether a clock ended as it had ended before."""
        return (
            row.ended_at is not None
            and row.ended_at == reckoned.ended_at
            and row.started_at == reckoned.started_at
            and (row.state in (State.MET, State.MET_LATE)) == (reckoned.state in (State.MET, State.MET_LATE))
        )

    def _fill(self, row: CaseClock, reckoned: Clock) -> None:
        """Write what was reckoned into a row, and note what that means."""
        choice = reckoned.plan.choice
        if choice is None:
            raise ValueError("a clock without a policy is no promise")
        before = (row.state, row.due_at, row.policy_id, row.amount, row.unit)
        was_paused, was_ended = row.paused_since is not None, row.ended_at is not None
        values = {
            "state": reckoned.state.value, "started_at": reckoned.started_at, "ended_at": reckoned.ended_at,
            "due_at": reckoned.due_at, "warn_at": reckoned.warn_at, "consumed_seconds": reckoned.consumed_seconds,
            "left": reckoned.left, "amount": reckoned.target.amount, "unit": reckoned.target.unit.value,
            "paused_since": reckoned.paused_since, "paused_by": reckoned.paused_by, "policy_id": choice.policy.id,
            "why": reckoned.plan.why,
        }  # fmt: skip
        for name, value in values.items():
            setattr(row, name, value)
        row.reckoned_at = self.now
        for note in self._meaning(row, before, was_paused=was_paused, was_ended=was_ended):
            self._notes.append(note)
            self.changed.add(row.case_id)
        self._look_ahead(row, reckoned)

    def _meaning(self, row: CaseClock, before: tuple[Any, ...], *, was_paused: bool, was_ended: bool) -> list[_Note]:
        """What happened to a clock, by how it stood and how it stands."""
        state, due, policy, amount, unit = before
        found: list[tuple[str, dict[str, Any]]] = []
        by_policy = {"policy": row.policy_id, **row.why}
        if not state:
            found.append(("started", {**by_policy, "amount": row.amount, "unit": row.unit}))
            state = State.RUNNING.value
        elif (policy, amount, unit) != (row.policy_id, row.amount, row.unit):
            more = {"amount": row.amount, "unit": row.unit, "amount_before": amount, "unit_before": unit}
            found.append(("recomputed", {**self.because, **by_policy, **more}))
        elif due not in (None, row.due_at) and row.due_at is not None and not was_paused and not was_ended:
            found.append(("recomputed", dict(self.because)))
        if was_ended and row.ended_at is None:
            found.append(("continued", dict(self.because)))
        if row.ended_at is not None and (not was_ended or state != row.state):
            found.append((row.state if row.state != State.BROKEN else "stopped", dict(self.because)))
        elif row.ended_at is None and row.paused_since is not None and not was_paused:
            found.append(("paused", {"status": row.paused_by}))
        elif row.ended_at is None and row.paused_since is None and was_paused:
            found.append(("resumed", dict(self.because)))
        return [_Note(row, what, because, due, row.due_at) for what, because in found]

    def _look_ahead(self, row: CaseClock, reckoned: Clock) -> None:
        """Note what is to be done when: amber, red, each step that was not taken."""
        if row.ended_at is not None:
            row.ahead, row.act_at = [], None
            return
        if row.warned_at is not None and (row.warn_at is None or row.warn_at > self.now):
            row.warned_at = None
        if row.broken_at is not None and row.state != State.BROKEN:
            row.broken_at = None
        ahead: list[list[Any]] = []
        if row.warn_at is not None and row.warned_at is None:
            ahead.append([seconds_of(row.warn_at), WARN])
        if row.due_at is not None and row.broken_at is None:
            ahead.append([seconds_of(row.due_at) + 1, BREAK])
        steps = {}
        for step in self.rules.steps.get((row.policy_id, row.sort), ()):
            if step.pk not in self.taken.get(row.pk or 0, ()):
                at = reckoned.moment(percent=step.at_percent, offset_seconds=(step.offset_minutes or 0) * 60)
                if at is not None:
                    steps[step.pk] = step
                    ahead.append([seconds_of(at), step.pk])
        if self.is_quiet:
            ahead = [one for one in ahead if not self._pass_over(row, one, steps)]
        row.ahead = sorted(ahead, key=lambda one: (one[0], str(one[1])))
        row.act_at = row.started_at + timedelta(seconds=row.ahead[0][0] - seconds_of(row.started_at)) if ahead else None

    def _pass_over(self, row: CaseClock, one: list[Any], steps: Mapping[int, EscalationStep]) -> bool:
        """Let go by what a rule that came later would have done; whether it was that."""
        at, what = one
        if at > seconds_of(self.now):
            return False
        if what == WARN:
            row.warned_at = self.now
        elif what == BREAK:
            row.broken_at = self.now
            self._notes.append(_Note(row, BREAK, dict(self.because), row.due_at, row.due_at))
            self.changed.add(row.case_id)
        else:
            self._passed.append((row, steps[what]))
        return True

    def put_down(self) -> None:
        """Write it all."""
        if self._gone:
            CaseClock.objects.filter(pk__in=self._gone).delete()
        if self._new:
            CaseClock.objects.bulk_create(self._new, batch_size=BATCH)
        overwrite(self._kept, FIELDS)
        self._write_history()
        if self._passed:
            Escalation.objects.bulk_create(
                [
                    Escalation(clock=row, step=step, at=self.now, done={"act": "passed", "step": str(step)})
                    for row, step in self._passed
                ],
                batch_size=BATCH,
            )

    def _write_history(self) -> None:
        """Write what happened to the clocks, now that each has its number."""
        if not self._notes:
            return
        rows = [
            ClockEvent(
                case_id=note.row.case_id, clock=note.row, at=self.now, what=note.what, because=note.because,
                due_before=note.before, due_after=note.after,
            )
            for note in self._notes
        ]  # fmt: skip
        if len(rows) == 1:
            _insert_event(rows[0])
        else:
            ClockEvent.objects.bulk_create(rows, batch_size=BATCH)


TELLING = [
    "state", "started_at", "ended_at", "due_at", "warn_at", "amount", "unit", "paused_since", "paused_by", "policy_id",
    "why", "warned_at", "broken_at", "ahead", "act_at",
]  # fmt: skip
# These change with every second that passes: written when something else changes too.
FIELDS = [*TELLING, "consumed_seconds", "left", "reckoned_at"]


def overwrite(rows: Sequence[CaseClock], fields: Sequence[str]) -> None:
    """Write fields of many standing clocks in one statement a batch, many times as fast as Django's bulk update."""
    if rows:
        CaseClock.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[name.removesuffix("_id") for name in fields],
            batch_size=BATCH,
        )


def _tell_due(cases: Sequence[Case], rows_of: Mapping[int, Sequence[CaseClock]], changed: set[int]) -> None:
    """Write the next moment by which a promise runs out to the cases and their conversations."""
    moved = []
    for case in cases:
        dues = [row.due_at for row in rows_of[case.pk] if row.ended_at is None and row.due_at is not None]
        due_at = min(dues) if dues else None
        if case.due_at != due_at:
            case.due_at = due_at
            moved.append(case)
    if len(moved) == 1:
        Case.everything.filter(pk=moved[0].pk).update(due_at=moved[0].due_at)
    elif moved:
        Case.everything.bulk_update(moved, ["due_at"], batch_size=BATCH)
    told = changed | {case.pk for case in moved}
    talked = [case for case in cases if case.pk in told and case.conversation_id is not None]
    set_dues({case.conversation_id or 0: case.due_at for case in talked if not _has_successor(case)})
    if told:
        live.tell_changed({"case": told})


def _has_successor(case: Case) -> bool:
    """Whether the conversation goes on in another case."""
    if case.state in LIVE_STATES:
        return False
    return Case.everything.filter(conversation=case.conversation_id, state__in=LIVE_STATES).exists()


def ensure_stamp() -> None:
    """Let a new installation, whose rules nobody wrote yet, keep them in its processes too."""
    if not RulesStamp.objects.exists():
        RulesStamp.objects.get_or_create(pk=1, defaults={"value": uuid4().hex})
