"""The one place that writes the state of a case: moving it on, solving, closing, opening it again.

No page, API, bulk change or rule writes the state by another way, so that what closing demands (`closing`) is asked every
time. "Closed elsewhere" is written by imports alone; opening such a case again puts it under the rule.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, Incomplete, InvalidInput
from guanxi.core.events import publish
from guanxi.service import closing
from guanxi.service.choices import ENDED_STATES, LIVE_STATES, OPEN_STATES, CaseState
from guanxi.service.events import CaseStateChanged
from guanxi.service.models import Case
from guanxi.service.services.locking import lock_case
from guanxi.service.services.tiers import tier_of, with_tier

SET_BY_HAND = frozenset({CaseState.OPEN, CaseState.WAITING, CaseState.HELD, CaseState.SOLVED, CaseState.CLOSED})


class ClosingRefused(Incomplete):
    """A case that cannot close yet; `missing` says sentence by sentence what is to be done first."""

    def __init__(self, missing: list[str]) -> None:
        """Say all that is missing."""
        told = _("This case cannot be closed yet: %(missing)s") % {"missing": " ".join(missing)}
        super().__init__(told, missing=missing, column="state")


def set_state(*, actor: Actor, case_id: int, state: str, reason: str = "") -> int | None:
    """Move a case to another state; the operation's number, None when it stands there. ClosingRefused says what is missing."""
    if state not in SET_BY_HAND:
        raise InvalidInput(_("A case cannot be put into this state."), column="state")
    with transaction.atomic():
        found: Case = Case.objects.get_visible(actor, "change", pk=case_id)
        case = lock_case(found)
        if case.state == state:
            return None
        if case.state in ENDED_STATES and state not in OPEN_STATES:
            raise Conflict(_("This case is closed; open it again first."))
        if state == CaseState.CLOSED:
            missing = closing.missing(case)
            if missing:
                raise ClosingRefused(missing)
        with changes.operation(actor=actor, name=_operation_name(case.state, state), reason=reason) as op:
            move(op, case, CaseState(state))
        return op.id


def move(op: changes.OperationInHand, case: Case, state: CaseState) -> None:
    """Write the state within an operation, with the moments that follow from it; the rule was asked before."""
    before, now = case.state, op.row.at
    values: dict[str, Any] = {"state": state}
    if state == CaseState.SOLVED:
        values.update(solved_at=now, waiting_since=None)
    elif state == CaseState.CLOSED:
        values.update(closed_at=now, solved_at=case.solved_at or now, waiting_since=None)
    elif before not in OPEN_STATES:
        _check_place(case)
        values.update(closed_at=None, solved_at=None, reopened_count=case.reopened_count + 1)
        values.update(with_tier(case, tier_of(case.customer_id)))
        if before == CaseState.CLOSED_ELSEWHERE and case.owner_id is None:
            # Nobody of ours ever had it: whoever takes it up answers for it, and for the step at which it goes on.
            values["owner_id"] = op.row.actor_id
    op.update(case, **values)
    publish(CaseStateChanged(case_id=case.pk, before=before, after=state, at=now))


def _check_place(case: Case) -> None:
    """A conversation has one live case: an ended one cannot come back beside another."""
    if case.conversation_id is None:
        return
    others = Case.objects.filter(conversation=case.conversation_id, state__in=LIVE_STATES).exclude(pk=case.pk)
    if others.exists():
        raise Conflict(_("Its conversation has another open case; go on in that one."))


def _operation_name(before: str, after: str) -> str:
    """What the journal calls the act."""
    if after in {CaseState.SOLVED, CaseState.CLOSED}:
        return "service.solve_case" if after == CaseState.SOLVED else "service.close_case"
    return "service.reopen_case" if before not in OPEN_STATES else "service.set_case_state"
