"""Asking for approvals, deciding, withdrawing, handing on; every act is an operation in the journal."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from guanxi.core import calendars, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput
from guanxi.core.events import publish
from guanxi.core.holding import hold
from guanxi.core.models import User
from guanxi.core.money import Money
from guanxi.core.records import RecordRef
from guanxi.core.sentences import gettext as _
from guanxi.tasks.public import notify
from guanxi.workflow import deciding
from guanxi.workflow.choices import ApprovalState, Approver, StepState
from guanxi.workflow.events import ApprovalAsked, ApprovalDecided
from guanxi.workflow.models import Approval, ApprovalPolicy, ApprovalStep
from guanxi.workflow.registries.approvals import approval_sorts

LONGEST = 2_000
LAPSES_AFTER = timedelta(days=30)


def needs_approval(*, sort: str, amount: Money | None = None) -> bool:
    """Whether something of this sort and amount needs anybody's approval."""
    return bool(policies_for(sort, amount))


def approval_of(*, sort: str, record: RecordRef) -> Approval | None:
    """The latest approval of a sort for a record, None when none was asked for."""
    rows = Approval.objects.filter(sort=sort, record_kind=record.kind, record_id=record.id)
    return rows.order_by("-id").first()


def policies_for(sort: str, amount: Money | None) -> list[ApprovalPolicy]:
    """The policies that hold for a sort and amount, in their order; InvalidInput where amounts cannot be compared."""
    declared = approval_sorts.get(sort)
    if declared is None:
        raise InvalidInput(_("There is no sort of approval “%(sort)s”.") % {"sort": sort[:60]}, column="sort")
    if declared.has_amount and (amount is None or amount.minor < 0):
        raise InvalidInput(_("Say for which amount the approval is asked."), column="amount")
    rows = list(ApprovalPolicy.objects.filter(sort=sort, is_active=True).order_by("order", "id"))
    if not rows and not declared.is_free:
        raise Conflict(_("The company has not set yet who approves this."))
    currencies = {row.currency for row in rows if row.currency}
    if amount is not None and currencies and amount.currency not in currencies:
        raise InvalidInput(
            _("%(currency)s cannot be compared with the limits for approvals, which are in %(limits)s.")
            % {"currency": amount.currency, "limits": ", ".join(sorted(currencies))},
            column="currency",
        )
    return [row for row in rows if _holds(row, amount)]


def _holds(row: ApprovalPolicy, amount: Money | None) -> bool:
    """Whether a policy speaks of an amount."""
    if not row.currency or amount is None:
        return True
    return (
        row.currency == amount.currency
        and (row.from_minor is None or row.from_minor <= amount.minor)
        and (row.to_minor is None or amount.minor <= row.to_minor)
    )


def ask_for_approval(
    *, actor: Actor, sort: str, record: RecordRef, amount: Money | None = None, reason: str = ""
) -> Approval:
    """Ask for an approval; what nobody needs to approve is approved at once. One for the same thing must not wait."""
    rows = policies_for(sort, amount)
    words = _words(reason, "reason")
    now = clock.now()
    with changes.operation(actor=actor, name="workflow.ask_for_approval") as op:
        if Approval.objects.filter(
            sort=sort, record_kind=record.kind, record_id=record.id, state=ApprovalState.WAITING
        ).exists():
            raise Conflict(_("An approval for this is waiting already."))
        approval: Approval = op.create(
            Approval(
                sort=sort,
                record_kind=record.kind,
                record_id=record.id,
                amount_minor=amount.minor if amount is not None else None,
                currency=amount.currency if amount is not None else "",
                asked_by_id=actor.user_id,
                reason=words,
                created_at=now,
                lapses_at=now + LAPSES_AFTER,
                state=ApprovalState.WAITING if rows else ApprovalState.APPROVED,
                decided_at=None if rows else now,
            )
        )
        steps = [op.create(step) for step in _steps(approval, rows)]
        if not steps:
            _publish_end(approval)
            return approval
        for step in steps:
            _require_somebody(approval, step)
        _begin(op, approval, steps[0], now)
        publish(ApprovalAsked(approval.pk, sort, record.kind, record.id))
    return approval


def _steps(approval: Approval, rows: Sequence[ApprovalPolicy]) -> list[ApprovalStep]:
    """The words that an approval needs, in order."""
    steps: list[ApprovalStep] = []
    for row in rows:
        user_id = row.user_id
        if row.approver == Approver.DEPARTMENT_HEAD:
            user_id = deciding.head_for(approval.asked_by_id)
            if user_id is None:
                raise Conflict(_("The department of whoever asks has no head who could approve it."))
        for is_second in (False, True) if row.needs_second else (False,):
            # A head or a person by name is one: the second word is then that of the role it is handed on to.
            is_one = row.approver != Approver.ROLE
            steps.append(
                ApprovalStep(
                    approval=approval,
                    number=len(steps) + 1,
                    policy=row,
                    approver=Approver.ROLE if is_one and is_second else row.approver,
                    role_id=row.escalates_to_id if is_one and is_second else row.role_id,
                    user_id=None if is_one and is_second else user_id,
                    is_second=is_second,
                    escalates_to_id=row.escalates_to_id,
                )
            )
    return steps


def _require_somebody(approval: Approval, step: ApprovalStep) -> None:
    """Raise Conflict where nobody could ever decide a step, rather than let it wait for nobody."""
    people = deciding.candidates(approval, step)
    if len(people) < (2 if step.is_second and step.number > 1 and _asks_the_same(approval, step) else 1):
        raise Conflict(_("Nobody else may approve this: it needs a change of who approves what."))


def _asks_the_same(approval: Approval, step: ApprovalStep) -> bool:
    """Whether the step before asks the same people, so that two of them are needed."""
    return ApprovalStep.objects.filter(
        approval=approval, number=step.number - 1, approver=step.approver, role=step.role_id
    ).exists()


def _begin(op: changes.OperationInHand, approval: Approval, step: ApprovalStep, now: datetime) -> None:
    """Let a step wait for its word, and tell those who may give it."""
    hours = step.policy.hours if step.policy is not None else None
    due_at = None
    if hours and step.escalates_to_id is not None:
        due_at = _due(now, hours)
    op.update(step, state=StepState.WAITING, due_at=due_at)
    _tell(approval, step)


def _due(now: datetime, hours: int) -> datetime:
    """When a step is handed on: after so many working hours, or hours where the calendar has none."""
    try:
        return calendars.add_working_time(calendars.load(), now, timedelta(hours=hours))
    except InvalidInput:
        return now + timedelta(hours=hours)


def _tell(approval: Approval, step: ApprovalStep) -> None:
    """Tell those who may decide, and who stands in for them."""
    people = deciding.candidates(approval, step)
    people |= deciding.deputies_of(people) - deciding.excluded(approval, step)
    notify(
        user_ids=sorted(people), sort="approval.asked", by=approval.asked_by_id,
        about=RecordRef("approval", approval.pk), data={"of": approval.sort},
    )  # fmt: skip


def decide_approval(*, actor: Actor, approval_id: int, is_approved: bool, words: str = "") -> Approval:
    """Give one's word on the step that waits; the last word, or any refusal, ends the approval."""
    said = _words(words, "words")
    if not is_approved and not said:
        raise InvalidInput(_("Say why it is refused."), column="words")
    with transaction.atomic():
        approval = _locked(actor, approval_id)
        step = waiting_step(approval)
        _require_waiting(approval)
        if step is None:
            raise Conflict(_("There is nothing to decide here."))
        place = deciding.place_of(actor, approval, step)
        now = clock.now()
        name = "workflow.approve" if is_approved else "workflow.refuse"
        with changes.operation(actor=actor, name=name, deputising_for_id=place.on_behalf_of_id) as op:
            op.update(
                step,
                state=StepState.APPROVED if is_approved else StepState.REFUSED,
                decided_by=User.objects.get(pk=place.user_id),
                on_behalf_of=User.objects.filter(pk=place.on_behalf_of_id or 0).first(),
                words=said,
                decided_at=now,
            )
            following = _next(approval, step) if is_approved else None
            if following is not None:
                _begin(op, approval, following, now)
            else:
                _end(op, approval, ApprovalState.APPROVED if is_approved else ApprovalState.REFUSED, step)
    return approval


def delegate_approval(*, actor: Actor, approval_id: int, to_id: int | None) -> int | None:
    """Let somebody else decide in one's place, with one's own limit, or nobody after all; the operation's number.

    Nobody decides so what they asked for themselves, or gives both of two words.
    """
    with transaction.atomic():
        approval = _locked(actor, approval_id)
        _require_waiting(approval)
        step = waiting_step(approval)
        if step is None:
            raise Conflict(_("There is nothing to decide here."))
        place = deciding.place_of(actor, approval, step)
        by_id = place.on_behalf_of_id or place.user_id
        if step.delegated_to_id == actor.user_id and by_id == step.delegated_by_id:
            raise Forbidden(_("This was handed to you; decide it, or leave it to whoever handed it over."))
        to = User.objects.filter(pk=to_id, is_active=True).first() if to_id is not None else None
        if to_id is not None and (to is None or to.pk == actor.user_id):
            raise InvalidInput(_("Choose who is to decide."), column="to")
        if to is not None and to.pk in deciding.excluded(approval, step):
            raise InvalidInput(_("Nobody approves what they asked for themselves, or gives both words."), column="to")
        if step.delegated_to_id == to_id:
            return None
        with changes.operation(actor=actor, name="workflow.delegate_approval") as op:
            op.update(step, delegated_to=to, delegated_by=User.objects.get(pk=by_id) if to is not None else None)
            op.touch(approval)
            if to is not None:
                notify(
                    user_ids=[to.pk], sort="approval.asked", by=actor.user_id,
                    about=RecordRef("approval", approval.pk), data={"of": approval.sort},
                )  # fmt: skip
        return op.id


def withdraw_approval(*, actor: Actor, approval_id: int, words: str = "") -> Approval:
    """Take back what one asked for, while it waits."""
    said = _words(words, "words")
    with transaction.atomic():
        approval = _locked(actor, approval_id)
        _require_waiting(approval)
        is_ours = actor.user_id is None or approval.asked_by_id in actor.person_ids
        if not is_ours and actor.scope("approval", "manage") != "all":
            raise Forbidden(_("Only whoever asked for it takes it back."))
        with changes.operation(actor=actor, name="workflow.withdraw_approval", reason=said) as op:
            _end(op, approval, ApprovalState.WITHDRAWN)
    return approval


def hand_on(*, actor: Actor, step_id: int) -> bool:
    """Let others decide a step too, because nobody has in time; whether it still waited."""
    with transaction.atomic():
        step = (
            ApprovalStep.objects.select_for_update(of=("self",), no_key=True).select_related("approval").get(pk=step_id)
        )
        if step.state != StepState.WAITING or step.escalated_at is not None or step.escalates_to_id is None:
            return False
        with changes.operation(actor=actor, name="workflow.hand_on_approval") as op:
            op.update(step, escalated_at=clock.now())
            op.touch(step.approval)
        _tell(step.approval, step)
        return True


def lapse(*, actor: Actor, approval_id: int) -> bool:
    """End an approval that nobody decided; whether it still waited."""
    with transaction.atomic():
        hold(approval=[approval_id])
        approval = Approval.objects.get(pk=approval_id)
        if approval.state != ApprovalState.WAITING:
            return False
        with changes.operation(actor=actor, name="workflow.lapse_approval") as op:
            _end(op, approval, ApprovalState.LAPSED)
        return True


def waiting_step(approval: Approval) -> ApprovalStep | None:
    """The step whose turn it is."""
    rows = ApprovalStep.objects.filter(approval=approval, state=StepState.WAITING)
    return rows.select_related("policy").order_by("number").first()


def _next(approval: Approval, step: ApprovalStep) -> ApprovalStep | None:
    """The step after this one."""
    rows = ApprovalStep.objects.filter(approval=approval, number__gt=step.number, state=StepState.PENDING)
    return rows.select_related("policy").order_by("number").first()


def _end(
    op: changes.OperationInHand, approval: Approval, state: ApprovalState, step: ApprovalStep | None = None
) -> None:
    """End an approval: by a step's word, or without one."""
    for other in ApprovalStep.objects.filter(approval=approval, state__in=(StepState.PENDING, StepState.WAITING)):
        op.update(other, state=StepState.CLOSED)
    op.update(
        approval,
        state=state,
        decided_by=step.decided_by if step is not None else None,
        on_behalf_of=step.on_behalf_of if step is not None else None,
        words=step.words if step is not None else "",
        decided_at=clock.now(),
    )
    _publish_end(approval)
    if approval.asked_by_id is not None and state != ApprovalState.WITHDRAWN:
        notify(
            user_ids=[approval.asked_by_id], sort="approval.decided", by=approval.decided_by_id,
            about=RecordRef("approval", approval.pk), data={"of": approval.sort, "state": str(state)},
        )  # fmt: skip


def _publish_end(approval: Approval) -> None:
    """Tell whoever waits for the decision."""
    publish(
        ApprovalDecided(
            approval.pk, approval.sort, approval.record_kind, approval.record_id, str(ApprovalState(approval.state))
        )
    )


def _require_waiting(approval: Approval) -> None:
    """Raise Conflict, naming who, when it has come to its end already."""
    if approval.state == ApprovalState.WAITING:
        return
    who = approval.decided_by.display_name if approval.decided_by is not None else ""
    if who:
        raise Conflict(_("%(who)s has decided this already.") % {"who": who})
    raise Conflict(_("This approval is over already."))


def _locked(actor: Actor, approval_id: int) -> Approval:
    """The approval, locked against other writers; NotFound when it is missing or not for this actor."""
    found: Approval = Approval.objects.get_visible(actor, "view", pk=approval_id)
    # What it was asked for is written with it, and locked before.
    hold(approval=[found.pk])
    return Approval.objects.get(pk=found.pk)


def _words(text: str, column: str) -> str:
    """What was said, within its limit."""
    said = str(text or "").replace("\x00", "").strip()
    if len(said) > LONGEST:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": LONGEST}, column=column)
    return said
