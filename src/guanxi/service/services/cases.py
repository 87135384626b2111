"""Opening and changing cases; every act is an operation that can be undone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Conversation
from guanxi.conversations.services.dispatching import open_item
from guanxi.core import access, changes, clock, custom_fields
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.events import publish
from guanxi.core.models import Department, User
from guanxi.customers.models import Customer
from guanxi.search.public import refresh
from guanxi.service import closing
from guanxi.service.choices import LIVE_STATES, CaseState, CaseType, Level, Priority
from guanxi.service.events import CaseChanged, CaseOpened
from guanxi.service.models import Case, CaseCategory
from guanxi.service.priorities import priority_of
from guanxi.service.services import checklists
from guanxi.service.services.locking import lock_case
from guanxi.service.services.tagging import set_tags
from guanxi.service.services.tiers import tier_of

TEXT_LIMITS = {"subject": 255, "description": 100_000}
CHOICES: dict[str, Any] = {"case_type": CaseType, "impact": Level, "urgency": Level, "priority": Priority}
LINKS: dict[str, Any] = {"category": CaseCategory, "owner": User, "department": Department, "product": Product}
# What can be chosen anew; what stands may be out of use by now.
IN_USE: dict[str, dict[str, bool]] = {
    "category": {"is_active": True},
    "owner": {"is_active": True},
    "department": {"is_closed": False},
}
FIELDS = frozenset({*TEXT_LIMITS, *CHOICES, *LINKS, "customer", "parent", "tags"})


def open_case(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    conversation_id: int | None = None,
    channel_kind: str = "",
    opened_at: datetime | None = None,
    first_answered_at: datetime | None = None,
) -> Case:
    """Open a case; its checklist, tier and priority follow from what it is about and whose it is.

    `opened_at` is when the customer spoke, where that was before the case was written down; clocks run from then.
    """
    access.require(actor, "case", "create")
    with transaction.atomic():
        conversation = free_conversation(actor, conversation_id) if conversation_id is not None else None
        case, tags = prepared_case(
            actor=actor,
            values=values,
            conversation=conversation,
            channel_kind=channel_kind,
            opened_at=opened_at,
            first_answered_at=first_answered_at,
        )
        with changes.operation(actor=actor, name="service.open_case") as op:
            write_case(op, case, tags)
    return case


def prepared_case(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    conversation: Conversation | None,
    channel_kind: str = "",
    opened_at: datetime | None = None,
    first_answered_at: datetime | None = None,
) -> tuple[Case, Any]:
    """A case that is not written yet, and its tags: what is given, and what follows from it."""
    given = dict(values)
    if conversation is not None:
        given.setdefault("customer", conversation.customer_id)
        given.setdefault("subject", conversation.subject or str(conversation))
        given.setdefault("owner", conversation.assignee_id)
        given.setdefault("department", conversation.department_id)
    elif "owner" not in given and actor.user_id is not None:
        given["owner"] = actor.user_id
    tags = given.pop("tags", None)
    clean = cleaned(actor, given, current={}, standing=conversation.customer_id if conversation is not None else None)
    if not clean.get("subject"):
        raise InvalidInput(_("Say in a few words what it is about."), column="subject")
    customer = clean.get("customer")
    now = clock.now()
    case = Case(
        conversation=conversation,
        channel_kind=conversation.channel_kind if conversation is not None else _channel_kind(channel_kind),
        tier=tier_of(customer),
        queue_id=_queue_of(conversation),
        author_id=actor.user_id,
        opened_at=opened_at or now,
        created_at=now,
        first_answered_at=first_answered_at,
        state=CaseState.NEW if first_answered_at is None else CaseState.OPEN,
        waiting_since=conversation.waiting_since if conversation is not None else None,
        **clean,
    )
    if not case.is_priority_fixed:
        case.priority = priority_of(case.impact, case.urgency, case.tier)
    if case.department_id is None and case.owner_id is not None:
        case.department_id = User.objects.values_list("department_id", flat=True).get(pk=case.owner_id)
    return case, tags


def write_case(op: changes.OperationInHand, case: Case, tags: Any = None) -> None:
    """Write a prepared case within an operation, with its checklist and tags."""
    op.create(case)
    checklists.copy_checklists(op, case)
    if tags:
        set_tags(op, case, tags)
    refresh("case", [case.pk])
    publish(CaseOpened(case_id=case.pk))


def update_case(*, actor: Actor, case_id: int, values: Mapping[str, Any]) -> int | None:
    """Change fields of a case (`custom_<key>` for added fields, `tags`); the operation's number, None when nothing differs.

    The state is no field: `services.states` writes it.
    """
    with transaction.atomic():
        case = locked_case(actor, case_id)
        given = dict(values)
        tags = given.pop("tags", None)
        clean = cleaned(actor, given, current=case.custom, case=case, standing=case.customer_id)
        with changes.operation(actor=actor, name="service.update_case") as op:
            changed = write_fields(op, case, clean)
            if tags is not None and set_tags(op, case, tags):
                changed.append("tags")
            if checklists.CHOSEN_BY.intersection(changed) and checklists.change_checklists(op, [case]):
                changed.append("steps")
            if not changed:
                op.row.delete()
                return None
            refresh("case", [case.pk])
            publish(CaseChanged(case_id=case.pk, fields=tuple(changed)))
        return op.id


def write_fields(op: changes.OperationInHand, case: Case, clean: dict[str, Any]) -> list[str]:
    """Write checked values within an operation, and the priority that follows from them; the names of what changed."""
    if "customer" in clean and getattr(clean["customer"], "pk", None) != case.customer_id:
        clean["tier"] = tier_of(clean["customer"])
    is_fixed = clean.get("is_priority_fixed", case.is_priority_fixed)
    if not is_fixed:
        clean["priority"] = priority_of(
            clean.get("impact", case.impact), clean.get("urgency", case.urgency), clean.get("tier", case.tier)
        )
    changed = op.update(case, **clean)
    if "case_type" in changed and case.state == CaseState.CLOSED and (missing := closing.missing(case)):
        # A closed case does not become what could not have been closed.
        words = {"subject": case.subject[:80], "type": CaseType(case.case_type).label, "missing": " ".join(missing)}
        raise Conflict(
            _(
                "“%(subject)s” is closed; as a %(type)s it would lack what closing asks for. Open it again first. %(missing)s"
            )
            % words,
            column="case_type",
        )
    return changed


def locked_case(actor: Actor, case_id: int, action: str = "change", *, besides: Iterable[int] = ()) -> Case:
    """The case, locked against other writers; NotFound when it is missing or not for this actor, refused when it is read-only.

    `besides`: conversations that are written along with it.
    """
    found: Case = Case.objects.get_visible(actor, action, pk=case_id)
    case = lock_case(found, besides=besides)
    if case.state == CaseState.CLOSED_ELSEWHERE:
        raise InvalidInput(_("This case was closed elsewhere and can only be read; open it again to work on it."))
    return case


def live_case_of(conversation_id: int) -> Case | None:
    """The one case of a conversation that is not at its end."""
    return Case.objects.filter(conversation=conversation_id, state__in=LIVE_STATES).first()


def free_conversation(actor: Actor, conversation_id: int) -> Conversation:
    """The conversation that a case is to be settled in, locked; one that has a live case gets no second one."""
    Conversation.objects.get_visible(actor, "view", pk=conversation_id)
    row = Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=conversation_id)
    if live_case_of(row.pk) is not None:
        raise InvalidInput(_("This conversation has an open case already."), column="conversation")
    return row


def _queue_of(conversation: Conversation | None) -> int | None:
    """Where the conversation waits, or was taken from."""
    if conversation is None:
        return None
    item = open_item(conversation)
    return item.queue_id if item is not None else conversation.queue_id


def _channel_kind(value: str) -> str:
    """By which channel it came, '' where that is not known."""
    if value and value not in ChannelKind.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": value[:40]}, column="channel")
    return value


def cleaned(
    actor: Actor,
    given: Mapping[str, Any],
    *,
    current: Mapping[str, Any],
    case: Case | None = None,
    standing: int | None = None,
) -> dict[str, Any]:
    """Values as they are stored; InvalidInput names the field that cannot be used. `standing` is whose case it is by now."""
    clean: dict[str, Any] = {}
    added: dict[str, Any] = {}
    for name, value in given.items():
        if name.startswith("custom_"):
            added[name.removeprefix("custom_")] = value
        elif name in TEXT_LIMITS:
            clean[name] = _text(value, name)
        elif name in CHOICES:
            clean[name] = _choice(name, value)
        elif name in LINKS:
            clean[name] = _link(name, value)
        elif name == "customer":
            clean[name] = _customer(actor, value, standing)
        elif name == "parent":
            clean[name] = _parent(actor, value, case)
        elif name == "is_priority_fixed":
            clean[name] = bool(value)
        else:
            raise InvalidInput(_("A case has no field “%(field)s”.") % {"field": name[:40]}, column=name)
    if "priority" in given:
        clean["is_priority_fixed"] = True
    if added:
        checked = custom_fields.clean("case", added)
        for key in sorted(added.keys() - checked.keys()):
            raise InvalidInput(_("A case has no field “%(field)s”.") % {"field": key[:40]}, column=key)
        kept = {**current, **checked}
        clean["custom"] = {key: value for key, value in kept.items() if value is not None}
    return clean


def _text(value: Any, name: str) -> str:
    """A text within its limit; the subject on one line."""
    text = str(value or "").replace("\x00", "")
    text = " ".join(text.split()) if name == "subject" else text.strip()
    if len(text) > TEXT_LIMITS[name]:
        raise InvalidInput(
            _("At most %(limit)s characters can be kept here.") % {"limit": TEXT_LIMITS[name]}, column=name
        )
    if name == "subject" and not text:
        raise InvalidInput(_("Say in a few words what it is about."), column="subject")
    return text


def _choice(name: str, value: Any) -> Any:
    """One of the choices of a field."""
    choices = CHOICES[name]
    try:
        return choices(str(value)) if name == "case_type" else choices(int(value))
    except (TypeError, ValueError):
        raise InvalidInput(
            _("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=name
        ) from None


def _link(name: str, value: Any) -> Any:
    """A row that a field points at, in use; None for nothing."""
    if value in (None, ""):
        return None
    key = getattr(value, "pk", value)
    rows = LINKS[name].objects.filter(**IN_USE.get(name, {}))
    found = rows.filter(pk=key).first() if str(key).isdecimal() else None
    if found is None:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(value)[:40]}, column=name)
    return found


def _customer(actor: Actor, value: Any, standing: int | None) -> Customer | None:
    """Whose case it is, if that customer is open to the actor; nobody identified for None. An erased one gets none anew."""
    if value in (None, ""):
        return None
    key = getattr(value, "pk", value)
    rows = Customer.objects.all()
    if str(key) != str(standing):
        rows = rows.filter(erased_at__isnull=True)
    found: Customer = rows.get_visible(actor, pk=key)
    return found


def _parent(actor: Actor, value: Any, case: Case | None) -> Case | None:
    """The case that this one is part of; never itself nor one of its own parts."""
    if value in (None, ""):
        return None
    found: Case = Case.objects.get_visible(actor, pk=getattr(value, "pk", value))
    above: Case | None = found
    for _step in range(50):
        if above is None:
            return found
        if case is not None and above.pk == case.pk:
            break
        above = above.parent
    raise InvalidInput(_("A case cannot be part of itself."), column="parent")
