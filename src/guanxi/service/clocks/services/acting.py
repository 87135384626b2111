"""What is done when a clock turns amber, runs out, or gets so far that a step of escalation is due: each exactly once.

A chunk of cases is one transaction: what is told, given and marked as done stands or falls together, whenever a worker
is killed. What is due when was noted when the clock was reckoned (`CaseClock.ahead`), so finding it is one index read.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guanxi.conversations.public import assign_conversation, hold_work, standing_id
from guanxi.core import clock, live
from guanxi.core.actor import system_actor
from guanxi.core.errors import GuanxiError
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.core.working_time import seconds_of
from guanxi.service.choices import OPEN_STATES, Priority
from guanxi.service.clocks.choices import Act, State
from guanxi.service.clocks.events import ClockBroken, ClockWarned
from guanxi.service.clocks.reaching import People
from guanxi.service.clocks.services.keeping import BREAK, WARN, overwrite
from guanxi.service.models import Case, CaseClock, ClockEvent, Escalation, EscalationStep
from guanxi.service.services.cases import update_case
from guanxi.service.services.locking import lock_free_cases
from guanxi.tasks.public import create_task, notify

log = logging.getLogger(__name__)
CHUNK = 100
WRITTEN = ["state", "warned_at", "broken_at", "ahead", "act_at"]


def act_on_due(*, at_most: int = CHUNK) -> int:
    """Do what is due of the clocks of some cases, in one transaction; how many clocks were looked at."""
    now = clock.now()
    due = CaseClock.objects.filter(act_at__lte=now)
    # One read of the index finds whose turn it is; the cases are locked in the order of their numbers.
    ids = sorted(set(due.order_by("act_at", "id").values_list("case_id", flat=True)[:at_most]))
    if not ids:
        return 0
    with transaction.atomic():
        cases = {case.pk: case for case in lock_free_cases(ids)}
        rows = list(due.filter(case__in=cases).order_by("act_at", "id"))
        doing = _Doing(cases, now)
        for row in rows:
            doing.take(row)
        doing.finish(rows)
    return len(rows)


@dataclass
class _Doing:
    """What a chunk of clocks brings about, gathered to be written in few statements."""

    cases: dict[int, Case]
    now: datetime
    notes: list[ClockEvent] = field(default_factory=list)
    taken: list[tuple[CaseClock, int]] = field(default_factory=list)

    def take(self, row: CaseClock) -> None:
        """Do what is due of one clock, and note what comes next."""
        until = seconds_of(self.now)
        for at, what in row.ahead:
            if at > until:
                break
            if what == WARN:
                row.warned_at = self.now
                self._note(row, "warned")
                publish(ClockWarned(clock_id=row.pk, case_id=row.case_id, sort=row.sort))
            elif what == BREAK:
                row.broken_at = self.now
                row.state = State.BROKEN
                self._note(row, BREAK)
                publish(ClockBroken(clock_id=row.pk, case_id=row.case_id, sort=row.sort))
            else:
                self.taken.append((row, int(what)))
        row.ahead = [one for one in row.ahead if one[0] > until]
        row.act_at = (
            row.started_at + timedelta(seconds=row.ahead[0][0] - seconds_of(row.started_at)) if row.ahead else None
        )

    def _note(self, row: CaseClock, what: str, **because: Any) -> None:
        """A line for the clock's history."""
        self.notes.append(
            ClockEvent(
                case_id=row.case_id, clock=row, at=self.now, what=what, because=because,
                due_before=row.due_at, due_after=row.due_at,
            )
        )  # fmt: skip

    def finish(self, rows: Sequence[CaseClock]) -> None:
        """Write it, and then do what the steps say; what they change of a case is reckoned with at once."""
        overwrite(rows, WRITTEN)
        steps = EscalationStep.objects.in_bulk({number for _row, number in self.taken})
        people = People(steps.values())
        made: list[tuple[CaseClock, EscalationStep, list[int]]] = []
        for row, number in self.taken:
            step, case = steps.get(number), self.cases[row.case_id]
            if step is None or case.state not in OPEN_STATES:
                continue
            made.append((row, step, people.reached(step, case)))
            self._note(row, "escalated", act=step.act, whom=step.whom, users=made[-1][2])
        Escalation.objects.bulk_create(
            [
                Escalation(clock=row, step=step, at=self.now, done={"act": step.act, "step": str(step), "users": users})
                for row, step, users in made
            ]
        )
        ClockEvent.objects.bulk_create(self.notes)
        if rows:
            live.tell_changed({"case": {row.case_id for row in rows}})
        given = [one for one in made if one[1].act in {Act.HAND_OVER, Act.RAISE}]
        if given:
            talks = {self.cases[row.case_id].conversation_id or 0 for row, _step, _users in given}
            hold_work(talks, users={users[0] for _row, step, users in given if step.act == Act.HAND_OVER and users})
        for row, step, users in made:
            try:
                with transaction.atomic():
                    _do(row, step, self.cases[row.case_id], users)
            except GuanxiError as error:
                # What cannot be done is told in the history and does not keep the other steps from being taken.
                log.warning("step %s of clock %s was refused: %s", step.pk, row.pk, error)
                refused = {"act": step.act, "whom": step.whom, "refused": type(error).__name__}
                ClockEvent.objects.create(
                    case_id=row.case_id, clock=row, at=self.now, what="escalated", because=refused
                )


def _do(row: CaseClock, step: EscalationStep, case: Case, users: Sequence[int]) -> None:
    """One step of escalation."""
    actor = system_actor(means="clock")
    about = RecordRef("case", case.pk)
    if step.act == Act.NOTIFY:
        data = {"sort": row.sort, "broken": row.state == State.BROKEN}
        notify(user_ids=users, sort="case.escalated", by=None, about=about, data=data)
    elif step.act == Act.RAISE:
        priority = Case.everything.values_list("priority", flat=True).get(pk=case.pk)
        if priority > Priority.URGENT:
            update_case(actor=actor, case_id=case.pk, values={"priority": priority - 1})
    elif step.act == Act.HAND_OVER and users:
        update_case(actor=actor, case_id=case.pk, values={"owner": users[0]})
        # A conversation that has become part of another is that one's, with the case that is settled there.
        if case.conversation_id is not None and standing_id(case.conversation_id) == case.conversation_id:
            assign_conversation(actor=actor, conversation_id=case.conversation_id, user_id=users[0])
        notify(user_ids=users[:1], sort="case.handed_over", by=None, about=about, data={"sort": row.sort})
    elif step.act == Act.TASK:
        languages = dict(User.objects.filter(pk__in=users).values_list("pk", "language"))
        for user_id in users:
            with override(languages.get(user_id) or settings.LANGUAGE_CODE):
                title = _("See that this case is settled: %(subject)s") % {"subject": case.subject}
            values = {"title": title[:200], "assignee": user_id, "about": about, "due_at": row.due_at}
            create_task(actor=actor, values=values)
