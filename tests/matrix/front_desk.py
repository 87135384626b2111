"""What the front desk holds in the company of the matrix: conversations with their messages, a complaint, a promise, settings."""

from datetime import timedelta
from typing import Any

from guanxi.catalog.models import Product
from guanxi.conversations.choices import Audience, DeliveryState, Direction
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Conversation, DeskView, Macro, Message
from guanxi.conversations.public import Inbound, receive
from guanxi.conversations.services.channels import create_channel
from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.core.models import Role, Team, User
from guanxi.core.models.calendars import WorkingCalendar
from guanxi.core.records import RecordRef
from guanxi.customers.models import Customer
from guanxi.routing.models import QueueMember, WorkItem
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.complaint_choices import Grade
from guanxi.service.complaints.services import handling, promises, remedies, settings
from guanxi.service.models import CaseClock, CaseStep, OwnHours, RemedyKind, RemedyLimit, StepRule
from guanxi.service.services.cases import open_case
from guanxi.service.services.moments import save_criterion
from guanxi.service.services.parts import add_step, link_record
from guanxi.service.services.settings import save_category, save_checklist

# Of these nobody is the holder: they are settings.
SETTINGS = (
    "channel", "mailbox", "connector", "web_form", "category", "checklist", "criterion", "sla_policy", "unit", "cause",
    "remedy_kind", "own_hours", "step_rule",
)  # fmt: skip


def records_of(user: User, customer: Customer, word: str) -> dict[str, Any]:
    """All of it, held by a user and about a customer of theirs."""
    channels = _channels(user)
    found = {
        **channels,
        **_talk(user, customer, word, channels["mailbox"]),
        **_settings(user),
        **_service(user, customer, word),
        "macro": Macro.objects.create(
            name=f"{word} thanks", audience=Audience.TEAM, owner=user, team=Team.objects.get(members=user),
            texts={"en": f"{word} thanks you"}, created_at=clock.now(),
        ),
        "desk_view": DeskView.objects.create(user=user, name=f"{word} letters", view="open", text=word),
    }  # fmt: skip
    # What waits in a queue is open to its members: each has their own.
    WorkItem.objects.filter(customer=customer).update(queue=QueueMember.objects.filter(user=user)[0].queue_id)
    return found


def _channels(user: User) -> dict[str, Any]:
    """A channel of each kind that has settings of its own; their names are no secret."""
    system, name = system_actor(), user.username
    return {
        "channel": create_channel(actor=system, kind="chat", name=f"{name} chat"),
        "mailbox": create_channel(actor=system, kind="email", name=f"{name} mail", address=f"{name}@desk.example"),
        "connector": create_channel(
            actor=system, kind="webhook", name=f"{name} hook", secrets={"signing": "whsec_" + "A" * 43 + "="}
        ),
        "web_form": create_channel(actor=system, kind="form", name=f"{name} form"),
    }


def _talk(user: User, customer: Customer, word: str, mailbox: Any) -> dict[str, Any]:
    """Two conversations by mail; in one a letter with a picture, another, an answer on its way and one that failed."""
    contact = Contact("email", f"{word}@keramik.example".lower(), f"{word} Anna")
    heard = [
        receive(
            Inbound(
                channel=mailbox, contact=contact, text=f"{word} {text}", subject=f"{word} {subject}",
                html=f"<p>{word} {text}</p>", customer_id=customer.pk, from_address=contact.value,
                to=[mailbox.address],
            )
        )
        for text, subject in (("writes", "vase"), ("writes again", "bowl"))
    ]  # fmt: skip
    first, second = (one.conversation for one in heard)
    more = receive(
        Inbound(
            channel=mailbox, contact=contact, text=f"{word} adds", subject=f"{word} vase", customer_id=customer.pk,
            conversation_id=first.pk, from_address=contact.value, to=[mailbox.address],
        )
    ).message  # fmt: skip
    Conversation.objects.filter(pk__in=[first.pk, second.pk]).update(assignee=user, department=user.department)
    return {
        "conversation": Conversation.objects.get(pk=first.pk),
        "other_conversation": Conversation.objects.get(pk=second.pk),
        "message": heard[0].message,
        "later": more,
        **{state: _answer(first, mailbox, user, word, state) for state in (DeliveryState.HELD, DeliveryState.FAILED)},
    }


def _answer(conversation: Conversation, mailbox: Any, user: User, word: str, state: str) -> Message:
    """An answer that has come so far."""
    now = clock.now()
    return Message.objects.create(
        conversation=conversation, customer=conversation.customer, channel=mailbox, channel_kind=mailbox.kind,
        direction=Direction.OUT, author=user, author_name=user.name, from_address=mailbox.address,
        to=[conversation.contact_value], text=f"{word} answer", new_text=f"{word} answer", at=now, delivery=state,
        held_until=now + timedelta(hours=1) if state == DeliveryState.HELD else None,
    )  # fmt: skip


def _service(user: User, customer: Customer, word: str) -> dict[str, Any]:
    """A complaint that an authority handed on, with a unit, a remedy, an item to tick and a clock, and a promise."""
    system = system_actor()
    case = open_case(
        actor=system,
        values={
            "subject": f"{word} vase broken", "description": f"{word} is cross", "case_type": "complaint",
            "customer": customer.pk, "owner": user.pk, "department": user.department_id,
        },
    )  # fmt: skip
    handling.record_complaint(
        actor=system, case_id=case.pk, values={"authority": "12315", "authority_number": f"{word}-7"}
    )
    step: CaseStep = add_step(actor=system, case_id=case.pk, text=f"{word} look at it")
    kiln = settings.save_unit(actor=system, name=f"{user.username} kiln")
    handling.settle_unit(actor=system, case_id=case.pk, unit_id=kiln.pk)
    sorry = RemedyKind.objects.get(key="apology")
    found = {
        "remedy": remedies.plan_remedy(actor=system, case_id=case.pk, kind_id=sorry.pk, text=f"{word} gets a letter"),
        "case": case,
        "case_step": step,
        "promise": promises.make_promise(
            actor=system, customer_id=customer.pk, owner_id=user.pk, text=f"{word} gets a vase",
            due_at=clock.now() + timedelta(days=2),
        ),
    }  # fmt: skip
    about = RecordRef("product", Product.objects.get(code=f"P-{customer.pk}").pk)
    return found | {
        "case_clock": CaseClock.objects.filter(case=case)[0],
        "case_link": link_record(actor=system, case_id=case.pk, about=about),
    }


def _settings(user: User) -> dict[str, Any]:
    """What cases and complaints are arranged by."""
    system, name = system_actor(), user.username
    kind = settings.save_remedy_kind(actor=system, name=f"{name} gift", has_amount=True)
    RemedyLimit.objects.create(kind=kind, role=Role.objects.get(key="agent"), limit_minor=100, currency="CNY")
    return {
        "category": save_category(actor=system, name=f"{name} goods"),
        "checklist": save_checklist(actor=system, name=f"{name} list", case_type="repair", items=["Look"]),
        "criterion": save_criterion(actor=system, step="tone", text=f"{name} kind?"),
        "sla_policy": save_policy(
            actor=system,
            values={
                "name": f"{name} level",
                "targets": [{"sort": "solution", "priority": 0, "unit": "days", "amount": 9}],
            },
        ),
        "own_hours": OwnHours.objects.create(
            department=user.department, calendar=WorkingCalendar.objects.get(name=f"{name.removeprefix('m-')} hours")
        ),
        "unit": settings.save_unit(actor=system, name=f"{name} unit"),
        "cause": settings.save_cause(actor=system, name=f"{name} cause", parent_id=None),
        "remedy_kind": kind,
        "step_rule": settings.save_step_rule(
            actor=system, step="settle", grade=Grade.values[StepRule.objects.count()], working_minutes=60
        ),
    }
