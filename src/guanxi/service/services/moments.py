"""Saying how a case was handled, step by step; noting that somebody followed through."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.choices import Direction
from guanxi.conversations.models import Message
from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.service.choices import OPEN_STATES, CaseState, CaseType
from guanxi.service.events import CaseChanged
from guanxi.service.models import Case, MomentCriterion, MomentMark
from guanxi.service.moments.choices import Step
from guanxi.service.moments.criteria import criteria
from guanxi.service.moments.sheet import key_is_known
from guanxi.service.services.following_talk import first_answer_after
from guanxi.service.services.locking import lock_case

# A message so long after the solution asks how it went, and does not tell what was done.
AFTERWARDS = timedelta(hours=24)
CRITERIA_AT_MOST = 100


def mark_moment(*, actor: Actor, case_id: int, criterion: str, is_met: bool | None) -> int | None:
    """Say whether a criterion is met, or with None take the word back; the operation's number, None when nothing differs.

    A case that has ended is marked as well: it is then that a handling is looked at.
    """
    found: Case = Case.objects.get_visible(actor, "change", pk=case_id)
    if not key_is_known(criterion):
        raise InvalidInput(_("There is no such criterion."), column="criterion")
    with transaction.atomic():
        case = lock_case(found)
        if case.state == CaseState.CLOSED_ELSEWHERE:
            raise InvalidInput(_("This case was closed elsewhere and can only be read; open it again to work on it."))
        standing = MomentMark.objects.filter(case=case, criterion=criterion).first()
        if (standing.is_met if standing is not None else None) == is_met:
            return None
        with changes.operation(actor=actor, name="service.mark_moment") as op:
            if is_met is None and standing is not None:
                op.delete(standing)
            elif standing is not None:
                op.update(standing, is_met=bool(is_met), by_id=actor.user_id, at=clock.now())
            else:
                op.create(
                    MomentMark(case=case, criterion=criterion, is_met=bool(is_met), by_id=actor.user_id, at=clock.now())
                )
            op.touch(case)
            if _is_follow_through(criterion):
                op.update(case, followed_at=clock.now() if is_met else None)
            publish(CaseChanged(case_id=case.pk, fields=("moments",)))
        return op.id


def _is_follow_through(criterion: str) -> bool:
    """Whether the criterion says by itself that somebody followed through."""
    known = criteria.get(criterion)
    return known is not None and known.step is Step.FOLLOW


_SAID = Compiled(
    lambda number: Message.objects.filter(pk=number, direction=Direction.OUT).values_list(
        "conversation", "at", "details"
    ),
    int,
)
_UNFOLLOWED = Compiled(
    lambda talk, before: Case.everything.filter(
        conversation=talk, followed_at__isnull=True, solved_at__lte=before
    ).values_list("pk"),
    int,
    datetime,
)


def note_said(message_id: int) -> None:
    """A message of ours long after the solution is a follow-through; derived, so it is not journaled."""
    said = _SAID.first(message_id)
    if said is None or said[2].get("automatic"):
        return
    conversation_id, at = said[:2]
    numbers = [number for (number,) in _UNFOLLOWED.rows(conversation_id, at - AFTERWARDS)]
    if numbers:
        rows = Case.everything.filter(pk__in=numbers, followed_at__isnull=True)
        rows.update(followed_at=at)  # house: writes: follows from what was said


def note_unsaid(conversation_id: int) -> None:
    """What we said reached nobody, so it followed nothing through; whoever said so otherwise, or did it otherwise, is heard."""
    asked = [one.key for one in criteria if one.step is Step.FOLLOW]
    said_so = MomentMark.objects.filter(criterion__in=asked, is_met=True).values("case")
    asked_by_case = Case.everything.filter(case_type=CaseType.FOLLOW_UP, parent__isnull=False)
    rows = Case.everything.filter(conversation=conversation_id, followed_at__isnull=False, solved_at__isnull=False)
    rows = rows.exclude(pk__in=said_so)
    for number, solved_at in rows.exclude(
        pk__in=asked_by_case.exclude(state__in=OPEN_STATES).values("parent")
    ).values_list("pk", "solved_at"):
        at = first_answer_after(conversation_id, solved_at + AFTERWARDS)
        Case.everything.filter(pk=number).update(followed_at=at)  # house: writes: follows from what was said


def note_follow_up_ended(case_id: int) -> None:
    """A follow-up case that ended is the follow-through of the case that it is part of; derived, so it is not journaled."""
    child = Case.objects.filter(pk=case_id, case_type=CaseType.FOLLOW_UP, parent__isnull=False).first()
    if child is None or child.state in OPEN_STATES:
        return
    rows = Case.everything.filter(pk=child.parent_id, followed_at__isnull=True, solved_at__isnull=False)
    rows.update(followed_at=clock.now())  # house: writes: follows from the follow-up case


def switch_criterion(*, actor: Actor, key: str, is_active: bool) -> int | None:
    """Ask something that Guanxi brings along no more, or ask it again; the operation's number, None when it is so."""
    access.require(actor, "service_setting", "change")
    known = criteria.get(key)
    if known is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    with transaction.atomic():
        row = MomentCriterion.objects.select_for_update().filter(key=key).first()
        if (row is None or row.is_active) == is_active:
            return None
        with changes.operation(actor=actor, name="service.switch_criterion") as op:
            if row is None:
                op.create(MomentCriterion(key=key, step=known.step, is_active=is_active))
            else:
                op.update(row, is_active=is_active)
        return op.id


def save_criterion(
    *,
    actor: Actor,
    step: str,
    text: str,
    case_type: str = "",
    position: int = 0,
    is_active: bool = True,
    criterion_id: int | None = None,
) -> MomentCriterion:
    """Ask one more thing at a step, or change what is asked."""
    access.require(actor, "service_setting", "change")
    plain = " ".join(str(text or "").replace("\x00", "").split())
    if not plain or len(plain) > 200:
        raise InvalidInput(_("A criterion has between 1 and 200 characters."), column="text")
    if step not in Step.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(step)[:40]}, column="step")
    if case_type and case_type not in CaseType.values:
        raise InvalidInput(
            _("“%(value)s” is not one of the choices.") % {"value": str(case_type)[:40]}, column="case_type"
        )
    values = {"step": step, "text": plain, "case_type": case_type, "position": position, "is_active": is_active}
    with changes.operation(actor=actor, name="service.save_criterion") as op:
        if criterion_id is None:
            if MomentCriterion.objects.count() >= CRITERIA_AT_MOST:
                raise InvalidInput(_("At most %(limit)s criteria can be kept.") % {"limit": CRITERIA_AT_MOST})
            made: MomentCriterion = op.create(MomentCriterion(**values))
            return made
        rows = MomentCriterion.objects.select_for_update().filter(key="")
        row: MomentCriterion = rows.get_visible(actor, "change", pk=criterion_id)
        op.update(row, **values)
        return row
