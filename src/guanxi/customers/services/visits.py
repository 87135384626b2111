"""Visit records and notes."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.events import publish
from guanxi.core.records import RecordRef
from guanxi.customers.events import CustomerChanged
from guanxi.customers.models import Customer, Note, VisitRecord
from guanxi.tasks.public import tell_mentioned

NOTE_LIMIT = 10_000


def record_visit(*, actor: Actor, customer_id: int, values: Mapping[str, Any]) -> VisitRecord:
    """Put a visit on record; it counts as a contact."""
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "change", pk=customer_id)
        given = dict(values)
        given.setdefault("visited_at", clock.now())
        given.setdefault("visitor_id", actor.user_id)
        visit = VisitRecord(customer=customer, created_at=clock.now(), **given)
        _check(visit)
        with changes.operation(actor=actor, name="customers.record_visit") as op:
            op.create(visit)
            _tell(customer.pk, "visits")
        note_contact(customer.pk, visit.visited_at)
        return visit


def update_visit(*, actor: Actor, visit_id: int, values: Mapping[str, Any]) -> int:
    """Change a visit record; the operation's id."""
    with transaction.atomic():
        visit = VisitRecord.objects.get_visible(actor, "change", pk=visit_id)
        probe = VisitRecord.objects.get(pk=visit.pk)
        for name, value in values.items():
            setattr(probe, name, value)
        _check(probe)
        with changes.operation(actor=actor, name="customers.update_visit") as op:
            op.update(visit, **{name: getattr(probe, name) for name in values})
            _tell(visit.customer_id, "visits")
        note_contact(visit.customer_id, visit.visited_at)
        return op.id


def remove_visit(*, actor: Actor, visit_id: int) -> int:
    """Take back a visit record; the operation's id."""
    with transaction.atomic():
        visit = VisitRecord.objects.get_visible(actor, "change", pk=visit_id)
        with changes.operation(actor=actor, name="customers.remove_visit") as op:
            op.delete(visit)
            _tell(visit.customer_id, "visits")
        return op.id


def add_note(*, actor: Actor, customer_id: int, text: str, is_pinned: bool = False) -> Note:
    """Write a remark on a customer."""
    cleaned = _note_text(text)
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "change", pk=customer_id)
        with changes.operation(actor=actor, name="customers.add_note") as op:
            made: Note = op.create(
                Note(
                    customer=customer,
                    author_id=actor.user_id,
                    author_name=actor.name[:150],
                    at=clock.now(),
                    text=cleaned,
                    is_pinned=is_pinned,
                )
            )
            _tell(customer.pk, "notes")
        tell_mentioned(actor=actor, text=cleaned, about=RecordRef("customer", customer.pk))
        return made


def update_note(*, actor: Actor, note_id: int, values: Mapping[str, Any]) -> int:
    """Change the text of a note or pin it; the operation's id."""
    with transaction.atomic():
        note = Note.objects.get_visible(actor, "change", pk=note_id)
        cleaned = dict(values)
        if "text" in cleaned:
            cleaned["text"] = _note_text(cleaned["text"])
        before = note.text
        with changes.operation(actor=actor, name="customers.update_note") as op:
            op.update(note, **cleaned)
            _tell(note.customer_id, "notes")
        if "text" in cleaned:
            about = RecordRef("customer", note.customer_id)
            tell_mentioned(actor=actor, text=cleaned["text"], before=before, about=about)
        return op.id


def remove_note(*, actor: Actor, note_id: int) -> int:
    """Take a note away; the operation's id."""
    with transaction.atomic():
        note = Note.objects.get_visible(actor, "change", pk=note_id)
        with changes.operation(actor=actor, name="customers.remove_note") as op:
            op.delete(note)
            _tell(note.customer_id, "notes")
        return op.id


def _tell(customer_id: int, part: str) -> None:
    """Something that belongs to the customer changed."""
    publish(CustomerChanged(customer_id=customer_id, fields=(part,)))


def note_contact(customer_id: int, at: Any) -> None:
    """Move a customer's last contact forward; a derived figure, so it is not journaled."""
    is_earlier = Q(last_contact_at__isnull=True) | Q(last_contact_at__lt=at)
    Customer.everything.filter(is_earlier, pk=customer_id).update(last_contact_at=at)


def _note_text(text: Any) -> str:
    """The text of a note, not empty and not endless."""
    cleaned = str(text or "").replace("\x00", "").strip()
    if not cleaned:
        raise InvalidInput(_("A note needs a text."), column="text")
    if len(cleaned) > NOTE_LIMIT:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": NOTE_LIMIT}, column="text")
    return cleaned


def _check(visit: VisitRecord) -> None:
    """A visit must be complete and must have happened."""
    try:
        visit.clean_fields()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(f"{visit._meta.get_field(name).verbose_name}: {messages[0]}", column=name) from None  # type: ignore[union-attr]
    if visit.visited_at > clock.now():
        raise InvalidInput(_("A visit on record lies in the past."), column="visited_at")
