"""Acting on a request: the pack, the erasure or the word of consent that answers it, each pointing at the other."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict
from guanxi.customers.choices import RequestKind, WorkState
from guanxi.customers.models import Consent, DataRequest, Erasure, Pack
from guanxi.customers.privacy import consents, jobs
from guanxi.customers.privacy.erasing import requesting
from guanxi.customers.privacy.packing import making
from guanxi.customers.privacy.register.keeping import locked_to_act

PACKED = frozenset({RequestKind.ACCESS, RequestKind.TRANSFER, RequestKind.EXPLAIN})
SAID = frozenset({RequestKind.OBJECT, RequestKind.WITHDRAW, RequestKind.RESTRICT})


def start_pack(*, actor: Actor, request_id: int) -> Pack:
    """Have the pack made that answers a request."""
    with transaction.atomic():
        row, customer_id = locked_to_act(actor, request_id)
        if row.pack is not None and row.pack.state != WorkState.FAILED and row.pack.file_id:
            raise Conflict(_("The pack is there already."))
        pack = making.order(actor=actor, customer_id=customer_id)
        _point_at(actor, row, pack=pack)
        jobs.make_pack.enqueue(pack.pk)
        return pack


def start_erasure(*, actor: Actor, request_id: int, typed: str, reason: str, requested_by: str) -> Erasure:
    """Order the erasure that answers a request."""
    with transaction.atomic():
        row, customer_id = locked_to_act(actor, request_id)
        erasure = requesting.request_erasure(
            actor=actor, customer_id=customer_id, typed=typed, reason=reason, requested_by=requested_by
        )
        _point_at(actor, row, erasure=erasure)
        return erasure


def record_said(*, actor: Actor, request_id: int, customer_id: int, **said: Any) -> list[Consent]:
    """Record the word of consent that answers a request: what `consents.record_consent` takes."""
    with transaction.atomic():
        row, asked_of = locked_to_act(actor, request_id)
        if asked_of != customer_id:
            raise Conflict(_("This request is about another customer."))
        made = consents.record_consent(actor=actor, customer_id=customer_id, **said)
        _point_at(actor, row, consent=made[0])
        return made


def _point_at(actor: Actor, row: DataRequest, **what: object) -> None:
    """Write what answers it."""
    with changes.operation(actor=actor, name="privacy.act_on_request") as op:
        op.update(row, **what)
