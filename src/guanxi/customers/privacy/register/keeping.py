"""Writing the register: a request is recorded, completed, put off, settled, opened again; every act is journaled."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.customers.choices import IdentityCheck, RequestChannel, RequestKind, RequestLaw, RequestState
from guanxi.customers.models import Customer, DataRequest
from guanxi.customers.privacy.register import due, reading, reminding
from guanxi.customers.queries.finding import find_customer

LONGEST = {"asked_by": 200, "note": 5_000, "answer": 10_000, "extension_reason": 300}
_CHOICES: dict[str, Any] = {
    "kind": RequestKind, "law": RequestLaw, "channel": RequestChannel, "identity_check": IdentityCheck,
}  # fmt: skip
FIELDS = frozenset({"kind", "law", "channel", "received_on", "asked_by", "identity_check", "note", "owner", "customer"})
OLDEST = date(2016, 1, 1)


def record_request(*, actor: Actor, values: Mapping[str, Any], customer_id: int | None = None) -> DataRequest:
    """Write down what somebody asked. Who may change a customer may record what that customer asks, and no more."""
    if customer_id is None or not actor.can("privacy", "manage"):
        access.require(actor, *(("privacy", "manage") if customer_id is None else ("customer", "change")))
    with transaction.atomic():
        clean = _cleaned(actor, values)
        if customer_id is not None:
            clean["customer"] = Customer.objects.get_visible(actor, "change", pk=customer_id)
        for name, words in (("kind", _("Say what is asked.")), ("channel", _("Say how it came."))):
            if not clean.get(name):
                raise InvalidInput(words, column=name)
        if not clean.get("asked_by") and clean.get("customer") is None:
            raise InvalidInput(_("Say who asks, or which customer it is."), column="asked_by")
        clean.setdefault("law", RequestLaw.CN)
        clean.setdefault("received_on", clock.today())
        clean["due_on"] = due.due_on(clean["law"], clean["received_on"])
        with changes.operation(actor=actor, name="privacy.record_request") as op:
            row: DataRequest = op.create(
                DataRequest(recorded_by_name=actor.name[:150], created_at=clock.now(), **clean)
            )
        if row.owner_id is None:
            reminding.tell_in_charge(row, by=actor.user_id)
        reminding.keep(actor, row)
        return row


def change_request(*, actor: Actor, request_id: int, values: Mapping[str, Any]) -> DataRequest:
    """Complete or correct a request that waits for its answer; its day follows from law and day of arrival."""
    with transaction.atomic():
        row = _locked(actor, request_id)
        clean = _cleaned(actor, values)
        if row.erasure_id and clean.get("customer", row.customer) != row.customer:
            raise Conflict(_("An erasure was ordered for this request; its customer stays."), column="customer")
        law, received_on = clean.get("law", row.law), clean.get("received_on", row.received_on)
        if (law, received_on) != (row.law, row.received_on):
            if row.first_due_on is not None:
                raise Conflict(_("The request was put off already; its law and its first day stay."), column="law")
            clean["due_on"] = due.due_on(law, received_on)
        if all(getattr(row, name) == value for name, value in clean.items()):
            return row
        with changes.operation(actor=actor, name="privacy.change_request") as op:
            op.update(row, **clean)
        reminding.keep(actor, row)
        return row


def extend_request(*, actor: Actor, request_id: int, reason: str) -> DataRequest:
    """Put a request off, once, with the reason that the person is told, before its day has passed."""
    with transaction.atomic():
        row = _locked(actor, request_id)
        words = _text(reason, "extension_reason")
        if not words:
            raise InvalidInput(_("Say why."), column="extension_reason")
        if row.first_due_on is not None:
            raise Conflict(_("The request was put off already."))
        later = due.extended_to(row.law, row.received_on)
        if row.due_on < clock.today():
            raise Conflict(_("Its day has passed: a request is put off, and the person told so, before."))
        with changes.operation(actor=actor, name="privacy.extend_request") as op:
            op.update(row, first_due_on=row.due_on, due_on=later, extension_reason=words)
        reminding.keep(actor, row)
        return row


def settle_request(*, actor: Actor, request_id: int, state: str, answer: str) -> DataRequest:
    """End a request with its answer: done, or refused with reasons."""
    with transaction.atomic():
        row = _locked(actor, request_id)
        if state not in {RequestState.DONE, RequestState.REFUSED}:
            raise InvalidInput(_("Say whether it was done or refused."), column="state")
        words = _text(answer, "answer")
        if not words:
            raise InvalidInput(_("Say what was answered; of a refusal, the reasons."), column="answer")
        if state == RequestState.DONE:
            refuse_unrecognised(row)
        with changes.operation(actor=actor, name="privacy.settle_request") as op:
            op.update(row, state=state, answer=words, closed_at=clock.now(), closed_by_name=actor.name[:150])
        reminding.keep(actor, row)
        return row


def reopen_request(*, actor: Actor, request_id: int) -> DataRequest:
    """Open a settled request again; its day stays."""
    with transaction.atomic():
        row = _locked(actor, request_id, is_open=False)
        with changes.operation(actor=actor, name="privacy.reopen_request") as op:
            op.update(row, state=RequestState.OPEN, closed_at=None, closed_by_name="")
        reminding.keep(actor, row)
        return row


def refuse_unrecognised(row: DataRequest) -> None:
    """Nothing is handed over, erased or called done before it is known who asks."""
    if not row.identity_check:
        raise Conflict(_("Say first how it was made sure that the request comes from the person."))


def locked_to_act(actor: Actor, request_id: int) -> tuple[DataRequest, int]:
    """An open request of a recognised person, with its customer, to be acted on."""
    row = _locked(actor, request_id)
    refuse_unrecognised(row)
    if row.customer_id is None:
        raise Conflict(_("Say first which customer it is."))
    return row, row.customer_id


def _locked(actor: Actor, request_id: int, *, is_open: bool = True) -> DataRequest:
    """One request, locked, for those who keep the register."""
    access.require(actor, "privacy", "manage")
    rows = DataRequest.objects.select_for_update(of=("self",)).select_related("customer", "owner", "task")
    found: DataRequest = rows.get_visible(actor, "manage", pk=request_id)
    if found.is_open != is_open:
        raise Conflict(_("This request is settled.") if is_open else _("This request is open."))
    return found


def _cleaned(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored; InvalidInput names the field that cannot be used."""
    clean: dict[str, Any] = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise InvalidInput(_("A request has no field “%(field)s”.") % {"field": name[:40]}, column=name)
        if name in _CHOICES:
            if value not in _CHOICES[name].values:
                raise InvalidInput(
                    _("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=name
                )
            clean[name] = value
        elif name == "received_on":
            clean[name] = _day(value)
        elif name == "owner":
            clean[name] = _in_charge(actor, value)
        elif name == "customer":
            clean[name] = find_customer(actor, str(value)) if value else None
        else:
            clean[name] = _text(value, name)
    return clean


def _day(value: Any) -> date:
    """The day on which it came."""
    if not isinstance(value, date) or value < OLDEST:
        raise InvalidInput(_("This day lies too far back."), column="received_on")
    if value > clock.today():
        raise InvalidInput(_("This day has not come yet."), column="received_on")
    return value


def _in_charge(actor: Actor, value: Any) -> Any:
    """Who is in charge: somebody who may keep the register."""
    if not value:
        return None
    access.require(actor, "privacy", "manage")
    found = reading.people_in_charge().filter(pk=value).first() if str(value).isdecimal() else None
    if found is None:
        raise NotFound(_("Choose somebody whose role lets them keep the register."), column="owner")
    return found


def _text(value: Any, column: str) -> str:
    """A text within its limit."""
    text = str(value or "").replace("\x00", "").strip()
    if len(text) > LONGEST[column]:
        raise InvalidInput(
            _("At most %(limit)s characters can be kept here.") % {"limit": LONGEST[column]}, column=column
        )
    return text
