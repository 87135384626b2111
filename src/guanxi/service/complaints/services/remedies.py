"""Remedies: planned within limits or approved, carried out, their cost booked to the unit that answers for it."""

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes, clock, money
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import User
from guanxi.core.money import Money
from guanxi.core.records import RecordRef
from guanxi.service.complaint_choices import PromiseState, RemedyState
from guanxi.service.complaints.services import words
from guanxi.service.complaints.services.handling import locked_complaint
from guanxi.service.complaints.services.promises import tell_ended
from guanxi.service.events import CaseChanged
from guanxi.service.models import Case, Promise, Remedy, RemedyKind, RemedyLimit
from guanxi.workflow.choices import ApprovalState
from guanxi.workflow.public import approval_of, ask_for_approval, needs_approval, withdraw_approval

APPROVAL = "remedy"
LARGEST_MINOR = 10**13


def plan_remedy(
    *, actor: Actor, case_id: int, kind_id: int, text: str = "", amount_minor: int = 0, currency: str = ""
) -> Remedy:
    """Plan a remedy: approved by itself within the limit of the actor's role, else an approval is asked for."""
    with transaction.atomic():
        complaint = locked_complaint(actor, case_id)
        kind = words.row(RemedyKind, kind_id, "kind")
        if kind is None:
            raise InvalidInput(_("Say which remedy."), column="kind")
        amount = _amount(kind, amount_minor, currency)
        with changes.operation(actor=actor, name="service.plan_remedy") as op:
            remedy: Remedy = op.create(
                Remedy(
                    complaint=complaint,
                    kind=kind,
                    text=words.text(text, "text"),
                    amount_minor=amount.minor,
                    currency=amount.currency,
                    planned_by_id=actor.user_id,
                    created_at=clock.now(),
                )
            )
            is_free = _is_within_limit(actor, kind, amount)
            if is_free:
                op.update(remedy, state=RemedyState.APPROVED, decided_at=clock.now(), decided_by=_user(actor))
            else:
                op.update(remedy, state=RemedyState.ASKED)
            op.touch(complaint.case)
            publish(CaseChanged(case_id=case_id, fields=("complaint", "remedy")))
        if not is_free:
            ask_for_approval(
                actor=actor, sort=APPROVAL, record=RecordRef("remedy", remedy.pk), amount=amount, reason=remedy.text
            )
            remedy.refresh_from_db()
    return remedy


def _amount(kind: RemedyKind, amount_minor: int, currency: str) -> Money:
    """What a remedy is to cost; nothing for kinds without an amount."""
    used = money.check_currency(currency) if currency else money.reporting_currency()
    if not kind.has_amount:
        return Money(0, used)
    if not isinstance(amount_minor, int) or not 0 < amount_minor <= LARGEST_MINOR:
        raise InvalidInput(_("Say what it costs: more than nothing."), column="amount")
    return Money(amount_minor, used)


def _is_within_limit(actor: Actor, kind: RemedyKind, amount: Money) -> bool:
    """Whether the actor's role may grant this by itself; where the matrix says nothing of a kind, policies decide."""
    if not kind.has_amount:
        return True
    limits = RemedyLimit.objects.filter(kind=kind)
    if not limits.exists():
        return not needs_approval(sort=APPROVAL, amount=amount)
    role = User.objects.values_list("role_id", flat=True).get(pk=actor.user_id) if actor.user_id is not None else None
    mine = limits.filter(role=role, currency=amount.currency).values_list("limit_minor", flat=True).first()
    if mine is not None and amount.minor <= mine:
        return True
    if not needs_approval(sort=APPROVAL, amount=amount):
        raise InvalidInput(
            _("This is over the limit of your role, and the company has not set who approves more."), column="amount"
        )
    return False


def decided(*, remedy_id: int, is_approved: bool, reason: str = "", by_id: int | None = None) -> None:
    """Note what became of the approval that was asked for."""
    with transaction.atomic():
        remedy = Remedy.objects.select_for_update(no_key=True).filter(pk=remedy_id).first()
        if remedy is None or remedy.state != RemedyState.ASKED:
            return
        with changes.operation(actor=system_actor(means="service"), name="service.decide_remedy") as op:
            op.update(
                remedy,
                state=RemedyState.APPROVED if is_approved else RemedyState.REFUSED,
                decided_by=User.objects.filter(pk=by_id or 0).first(),
                decided_at=clock.now(),
                reason=reason[: words.LONGEST],
            )
            op.touch(Case.everything.get(pk=remedy.complaint_id))
            publish(CaseChanged(case_id=remedy.complaint_id, fields=("complaint", "remedy")))


def finish_remedy(*, actor: Actor, remedy_id: int, cost_minor: int | None = None) -> int:
    """Note that a remedy is done and book its cost; a promise that it keeps is kept with it."""
    with transaction.atomic():
        remedy = _locked(actor, remedy_id)
        if remedy.state != RemedyState.APPROVED:
            raise Conflict(_("Only an approved remedy can be done."))
        unit = remedy.complaint.unit
        if unit is None:
            raise Conflict(_("Settle first which unit is responsible: the cost is booked to it."))
        cost = remedy.amount_minor if cost_minor is None else cost_minor
        if not isinstance(cost, int) or cost < 0 or cost > remedy.amount_minor:
            raise InvalidInput(_("The cost lies between nothing and what was approved."), column="cost")
        now = clock.now()
        with changes.operation(actor=actor, name="service.finish_remedy") as op:
            op.update(remedy, state=RemedyState.DONE, done_at=now, cost_minor=cost, unit=unit)
            for promise in Promise.objects.filter(remedy=remedy, state=PromiseState.OPEN):
                is_in_time = now <= promise.due_at
                op.update(promise, state=PromiseState.KEPT if is_in_time else PromiseState.KEPT_LATE, ended_at=now)
                tell_ended(promise)
            op.touch(remedy.complaint.case)
            publish(CaseChanged(case_id=remedy.complaint_id, fields=("complaint", "remedy")))
        return op.id


def drop_remedy(*, actor: Actor, remedy_id: int, reason: str) -> int:
    """Give up a remedy that is not done, and say why."""
    with transaction.atomic():
        remedy = _locked(actor, remedy_id)
        if remedy.state in {RemedyState.DONE, RemedyState.DROPPED}:
            raise Conflict(_("This remedy has come to its end already."))
        told = words.text(reason, "reason", is_needed=_("Say why the remedy is dropped."))
        was_asked = remedy.state == RemedyState.ASKED
        with changes.operation(actor=actor, name="service.drop_remedy") as op:
            op.update(remedy, state=RemedyState.DROPPED, reason=told)
            op.touch(remedy.complaint.case)
            publish(CaseChanged(case_id=remedy.complaint_id, fields=("complaint", "remedy")))
        if was_asked:
            _withdraw(remedy)
        return op.id


def _withdraw(remedy: Remedy) -> None:
    """Nobody is to decide on what is given up."""
    waiting = approval_of(sort=APPROVAL, record=RecordRef("remedy", remedy.pk))
    if waiting is not None and waiting.state == ApprovalState.WAITING:
        withdraw_approval(actor=system_actor(means="service"), approval_id=waiting.pk, words=remedy.reason)


def _locked(actor: Actor, remedy_id: int) -> Remedy:
    """The remedy with its complaint, open to the actor and still open."""
    found = Remedy.objects.filter(pk=remedy_id).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    complaint = locked_complaint(actor, found.complaint_id)
    remedy = Remedy.objects.select_for_update(no_key=True).get(pk=remedy_id)
    remedy.complaint = complaint
    return remedy


def _user(actor: Actor) -> User | None:
    """The user behind an actor."""
    return User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None
