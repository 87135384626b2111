"""Telling the customer by a message: it goes out as an answer and is kept as what the customer was told, together."""

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.conversations.public import Outgoing, send_message, standing_id
from guanxi.core import changes
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict
from guanxi.service.complaints.services import words
from guanxi.service.complaints.services.handling import tell_customer
from guanxi.service.models import Case, Telling
from guanxi.service.services.cases import locked_case


def tell_by_message(*, actor: Actor, case_id: int, told: str) -> Telling:
    """Send what the customer is told in the conversation of the complaint, by its channel, and keep it."""
    text = words.text(told, "words", is_needed=_("Say in which words the customer was told."))
    with transaction.atomic():
        # What is sent goes on in the conversation that stands for this one: it is locked before the case.
        at = Case.objects.filter(pk=case_id).values_list("conversation_id", flat=True).first()
        talk = locked_case(actor, case_id, besides=[standing_id(at)] if at is not None else []).conversation_id
        if talk is None:
            raise Conflict(_("This complaint has no conversation in which something could be sent."))
        message = send_message(actor=actor, conversation_id=talk, outgoing=Outgoing(text))
        return tell_customer(
            actor=actor, case_id=case_id, channel=message.channel_kind, told=text, message_id=message.pk
        )


def forget_message(*, message_id: int) -> None:
    """What was taken back before it went was told to nobody."""
    with transaction.atomic():
        for row in Telling.objects.filter(message=message_id).select_related("complaint__case"):
            with changes.operation(actor=system_actor(means="service"), name="service.forget_telling") as op:
                op.delete(row)
                op.touch(row.complaint.case)
