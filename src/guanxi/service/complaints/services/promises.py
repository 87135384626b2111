"""Promises to customers: made with a moment, kept, released, or broken by themselves when the moment passes."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import publish
from guanxi.core.holding import hold
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.customers.models import Customer
from guanxi.service.clocks.reaching import People
from guanxi.service.complaint_choices import REMEDIES_AHEAD, PromiseState, RemedyState
from guanxi.service.complaints.services import words
from guanxi.service.events import PromiseBroken, PromiseKept, PromiseMade, PromiseReleased
from guanxi.service.models import Case, Promise, Remedy
from guanxi.service.services.cases import locked_case
from guanxi.tasks.public import create_task, notify

FARTHEST = timedelta(days=366 * 5)
# Until when the one who broke a promise is to talk to the customer.
MAKE_GOOD = timedelta(days=1)


def make_promise(
    *,
    actor: Actor,
    text: str,
    due_at: datetime,
    case_id: int | None = None,
    customer_id: int | None = None,
    owner_id: int | None = None,
    remedy_id: int | None = None,
) -> Promise:
    """Write down what a customer was promised by when, in a case or without one."""
    access.require(actor, "promise", "create")
    with transaction.atomic():
        case = locked_case(actor, case_id) if case_id is not None else None
        customer = _customer(actor, customer_id)
        if case is not None and customer is not None and customer.pk != case.customer_id:
            raise InvalidInput(_("The case is not one of this customer."), column="customer")
        customer = case.customer if case is not None else customer
        if case is None and customer is None:
            raise InvalidInput(_("Say to whom it was promised."), column="customer")
        told = words.text(text, "text", limit=500, is_needed=_("Say what was promised."))
        now = clock.now()
        if due_at <= now:
            raise InvalidInput(_("A promise is for a moment to come."), column="due_at")
        if due_at > now + FARTHEST:
            raise InvalidInput(_("A promise reaches at most five years ahead."), column="due_at")
        owner = words.row(User, owner_id, "owner") if owner_id else None
        owner = owner or User.objects.filter(pk=actor.user_id or 0).first() or (case.owner if case else None)
        kept_by = _remedy(case, remedy_id)
        with changes.operation(actor=actor, name="service.make_promise") as op:
            promise: Promise = op.create(
                Promise(
                    case=case,
                    customer=customer,
                    text=told,
                    due_at=due_at,
                    owner=owner,
                    department_id=owner.department_id if owner is not None else None,
                    remedy=kept_by,
                    author_id=actor.user_id,
                    created_at=now,
                )
            )
            if case is not None:
                op.touch(case)
            publish(PromiseMade(promise_id=promise.pk, case_id=promise.case_id, customer_id=promise.customer_id))
    return promise


def move_promise(*, actor: Actor, promise_id: int, due_at: datetime, note: str) -> Promise:
    """The customer agreed to another moment: they release us from the promise, and a new one stands in its place."""
    with transaction.atomic():
        old = _locked(actor, promise_id)
        release_promise(actor=actor, promise_id=promise_id, note=note)
        owner = User.objects.filter(pk=old.owner_id or 0, is_active=True).first()
        is_ahead = old.remedy is not None and old.remedy.state in REMEDIES_AHEAD
        return make_promise(
            actor=actor,
            text=old.text,
            due_at=due_at,
            case_id=old.case_id,
            customer_id=old.customer_id,
            owner_id=owner.pk if owner is not None else None,
            remedy_id=old.remedy_id if is_ahead else None,
        )


def keep_promise(*, actor: Actor, promise_id: int, note: str = "") -> int:
    """Note that a promise is kept: in time, or late."""
    with transaction.atomic():
        promise = _locked(actor, promise_id)
        if promise.state not in {PromiseState.OPEN, PromiseState.BROKEN}:
            raise Conflict(_("This promise has come to its end already."))
        now = clock.now()
        is_late = promise.state == PromiseState.BROKEN or now > promise.due_at
        state = PromiseState.KEPT_LATE if is_late else PromiseState.KEPT
        return _end(actor, promise, "service.keep_promise", state=state, note=words.text(note, "note", limit=500))


def release_promise(*, actor: Actor, promise_id: int, note: str) -> int:
    """Note that the customer released us from a promise, in time, and how we know."""
    with transaction.atomic():
        promise = _locked(actor, promise_id)
        if promise.state != PromiseState.OPEN:
            raise Conflict(_("This promise has come to its end already."))
        told = words.text(note, "note", limit=500, is_needed=_("Say how the customer released us from it."))
        return _end(actor, promise, "service.release_promise", state=PromiseState.RELEASED, note=told)


def follow_customers(*, case_ids: Collection[int]) -> None:
    """Promises made in cases are to whoever the cases are of."""
    rows = Promise.objects.filter(case__in=case_ids).select_related("case")
    moved = [row for row in rows if row.case is not None and row.customer_id != row.case.customer_id]
    if moved:
        with changes.operation(actor=system_actor(means="service"), name="service.move_promises") as op:
            for row in moved:
                op.update(row, customer_id=row.case.customer_id if row.case is not None else None)


def give_up_promise(*, actor: Actor, promise_id: int, note: str) -> int:
    """Say before its moment comes that a promise will not be kept, and why; what follows is as when it passes."""
    with transaction.atomic():
        promise = _locked(actor, promise_id)
        if promise.state != PromiseState.OPEN:
            raise Conflict(_("This promise has come to its end already."))
        told = words.text(note, "note", limit=500, is_needed=_("Say why it will not be kept."))
        return _break(actor, promise, note=told)


def break_promise(*, promise_id: int) -> bool:
    """Note that the moment of a promise passed, tell whoever answers for it and give them a task; whether it was open."""
    with transaction.atomic():
        promise = (
            Promise.objects.select_for_update(of=("self",), no_key=True)
            .select_related("case")
            .filter(pk=promise_id)
            .first()
        )
        if promise is None or promise.state != PromiseState.OPEN or promise.due_at >= clock.now():
            return False
        _break(system_actor(means="service"), promise)
    return True


def _break(actor: Actor, promise: Promise, note: str = "") -> int:
    """Write that a promise is broken, tell whoever answers for it and give them a task."""
    number = _end(actor, promise, "service.break_promise", state=PromiseState.BROKEN, note=note)
    notify(user_ids=_who_hears(promise), sort="promise.broken", by=None, about=RecordRef("promise", promise.pk))
    about = RecordRef("customer", promise.customer_id) if promise.customer_id is not None else None
    doer = promise.owner_id or (promise.case.owner_id if promise.case is not None else None)
    if doer is not None:
        language = User.objects.values_list("language", flat=True).get(pk=doer)
        with translation.override(language or settings.LANGUAGE_CODE):
            title = _("Broken promise: talk to the customer")
        values = {"title": title, "assignee": doer, "due_at": clock.now() + MAKE_GOOD, "about": about}
        create_task(actor=system_actor(means="service"), values=values)
    return number


def _who_hears(promise: Promise) -> set[int]:
    """Who is to keep it, who answers for the case, who heads their departments, or stands above."""
    people = {promise.owner_id, promise.case.owner_id if promise.case is not None else None}
    departments = {promise.department, promise.case.department if promise.case is not None else None}
    heads = People(()).heads(departments - {None} or {None})
    return {number for number in (*people, *heads) if number is not None}


def _end(actor: Actor, promise: Promise, name: str, *, state: PromiseState, note: str = "") -> int:
    """Write how a promise came to its end."""
    with changes.operation(actor=actor, name=name) as op:
        values: dict[str, Any] = {"state": state, "ended_at": clock.now()}
        if note:
            values["note"] = note
        op.update(promise, **values)
        if promise.case is not None:
            op.touch(promise.case)
        tell_ended(promise)
    return op.id


def tell_ended(promise: Promise) -> None:
    """Publish how a promise came to its end."""
    number, case_id, customer_id = promise.pk, promise.case_id, promise.customer_id
    if promise.state == PromiseState.BROKEN:
        publish(PromiseBroken(promise_id=number, case_id=case_id, customer_id=customer_id))
    elif promise.state == PromiseState.RELEASED:
        publish(PromiseReleased(promise_id=number, case_id=case_id, customer_id=customer_id))
    else:
        is_late = promise.state == PromiseState.KEPT_LATE
        publish(PromiseKept(promise_id=number, case_id=case_id, customer_id=customer_id, is_late=is_late))


def _locked(actor: Actor, promise_id: int) -> Promise:
    """The promise, open to the actor, locked against other writers."""
    found: Promise = Promise.objects.get_visible(actor, "change", pk=promise_id)
    hold(promise=[found.pk])
    return (
        Promise.objects.select_for_update(of=("self",), no_key=True).select_related("case", "remedy").get(pk=found.pk)
    )


def _customer(actor: Actor, customer_id: int | None) -> Customer | None:
    """To whom, if that customer is open to the actor."""
    if customer_id is None:
        return None
    found: Customer = Customer.objects.get_visible(actor, pk=customer_id)
    return found


def _remedy(case: Case | None, remedy_id: int | None) -> Remedy | None:
    """The remedy that keeps the promise: one of the same case, not done yet."""
    if remedy_id is None:
        return None
    rows = Remedy.objects.filter(pk=remedy_id, complaint=case.pk if case is not None else 0)
    found = rows.exclude(state__in=(RemedyState.DONE, RemedyState.DROPPED, RemedyState.REFUSED)).first()
    if found is None:
        raise InvalidInput(_("There is no such remedy still ahead in this case."), column="remedy")
    return found
