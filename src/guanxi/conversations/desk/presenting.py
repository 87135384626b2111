"""What the desk says of one conversation: its head, the customer beside it, the tabs above it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guanxi.conversations import queries
from guanxi.conversations.choices import ConversationState, Match
from guanxi.conversations.desk import addresses
from guanxi.conversations.desk.composing import urls_of
from guanxi.conversations.desk.icons import icon_of
from guanxi.conversations.desk.listing import DeskState
from guanxi.conversations.desk.registries import Sign, View, desk_acts, desk_panels, head_signs
from guanxi.conversations.desk.rows import clock_sign
from guanxi.conversations.models import Conversation, DeskTab, MaybeMatch, Seen
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.core.errors import NotFound
from guanxi.customers.models import Customer
from guanxi.customers.queries import parts
from guanxi.ui import panels
from guanxi.ui.cells import Context
from guanxi.ui.html import safe
from guanxi.ui.menu import is_open

# Cards of a customer's page that are of use beside a conversation.
CUSTOMER_CARDS = ("standing", "orders", "tasks")
LATEST = 5
REASONS = {
    "same_name": gettext_lazy("the same name"),
    "same_domain": gettext_lazy("the same organisation’s address"),
    "same_address": gettext_lazy("the same contact point"),
    "unverified_address": gettext_lazy("the address they gave; nobody has proved that it is theirs"),
}


@dataclass(frozen=True)
class Tab:
    """One open conversation above the desk."""

    number: int
    public_id: str
    subject: str
    title: str
    icon: str
    is_unread: bool
    is_current: bool


_MAYBE = CompiledRecords(MaybeMatch, lambda number: MaybeMatch.objects.filter(conversation=number).order_by("pk"), int)
_TABS = Compiled(
    lambda user: DeskTab.objects.filter(user=user, conversation__merged_into__isnull=True)
    .order_by("position")
    .values_list(
        "conversation", "conversation__subject", "conversation__contact_name", "conversation__contact_value",
        "conversation__contact_kind", "conversation__channel_kind", "conversation__customer__name",
        "conversation__last_message_at",
        Subquery(Seen.objects.filter(user=OuterRef("user"), conversation=OuterRef("conversation")).values("at")[:1]),
    ),
    int,
)  # fmt: skip


def title_of(actor: Actor, conversation: Conversation) -> str:
    """Whom a conversation is with, as the reader may see it."""
    customer = conversation.customer
    name = customer.name if customer is not None else conversation.contact_name
    return _title(actor, name, conversation.contact_value, conversation.contact_kind)


def _title(actor: Actor, name: str, value: str, kind: str) -> str:
    """The same of what is kept of it."""
    return addresses.named(actor, name, value, kind) or pgettext("counterpart", "Unknown")


def tabs(actor: Actor, current: Conversation | None) -> list[Tab]:
    """The tabs that one has open, in their order; the open conversation is among them."""
    rows = _TABS.rows(actor.private_id) if actor.private_id is not None else []
    if actor.scope("conversation", "view") != "all":
        shown = Conversation.objects.visible_to(actor).filter(pk__in=[row[0] for row in rows])
        visible = set(shown.values_list("pk", flat=True))
        rows = [row for row in rows if row[0] in visible]
    found = [
        Tab(
            number=number,
            public_id=ids.public_id("cnv", number),
            subject=subject,
            title=_title(actor, customer or name, value, kind),
            icon=icon_of(channel_kind),
            is_unread=(current is None or number != current.pk) and (seen is None or seen < said),
            is_current=current is not None and number == current.pk,
        )
        for number, subject, name, value, kind, channel_kind, customer, said, seen in rows
    ]
    if current is not None and not any(tab.is_current for tab in found):
        icon = icon_of(current.channel_kind)
        title = title_of(actor, current)
        found.append(Tab(current.pk, current.public_id, current.subject, title, icon, is_unread=False, is_current=True))
    return found


def rights(actor: Actor, conversation: Conversation) -> dict[str, Any]:
    """What the actor may do with a conversation."""
    scope = actor.scope("conversation", "change")
    can_change = scope == "all" or (
        scope is not None and Conversation.objects.visible_to(actor, "change").filter(pk=conversation.pk).exists()
    )
    return {"can_change": can_change}


def conversation(request: HttpRequest, actor: Actor, row: Conversation) -> dict[str, Any]:
    """The head of one conversation."""
    signs: list[Sign] = [sign for source in head_signs for sign in source(request, row)]
    return {
        "conversation": row,
        "title": title_of(actor, row),
        "icon": icon_of(row.channel_kind),
        "is_open": row.state == ConversationState.OPEN,
        "is_mine": row.assignee_id is not None and row.assignee_id == actor.user_id,
        "clock": safe(clock_sign(row.due_at, row.waiting_since, row.state, Context(actor=actor))),
        "signs": signs,
        "is_maybe": row.match == Match.MAYBE,
        "acts": [(act, url) for act in desk_acts if is_open(act.permission, actor) and (url := act.url(row))],
        "urls": urls_of(row),
        "may_log": actor.can("conversation", "create"),
        "state": DeskState.of(request.GET.dict()),
        **rights(actor, row),
    }


def side(request: HttpRequest, actor: Actor, row: Conversation) -> dict[str, Any]:
    """What stands beside a conversation."""
    from guanxi.customers.views.record import signs_of  # views of customers load after their registrations

    customer = _customer(actor, row)
    cards = [
        (panel.key, panel.label, panel.icon, body)
        for panel in desk_panels
        if is_open(panel.permission, actor) and (body := panel.render(request, row))
    ]
    found: dict[str, Any] = {
        "conversation": row,
        "customer": customer,
        "cards": cards,
        "maybe": _maybe(actor, row),
        "is_maybe": row.match == Match.MAYBE,
        "is_new": row.match == Match.NEW,
        **rights(actor, row),
    }
    if customer is not None:
        found.update(
            chips=signs_of(actor, customer),
            points=parts.contact_points_of(actor, customer),
            latest=queries.latest_of_customer(actor, customer.pk, LATEST, besides=row.pk),
            panels=[
                panels.drawn(panel, request, customer.pk)
                for panel in panels.panels_for("customer", actor)
                if panel.key in CUSTOMER_CARDS
            ],
        )
    return found


def _customer(actor: Actor, row: Conversation) -> Customer | None:
    """The customer of a conversation, None where there is none or it is not open to the actor."""
    if row.customer_id is None:
        return None
    try:
        return parts.customer_with(actor, row.customer_id)
    except NotFound:
        return None


def _maybe(actor: Actor, row: Conversation) -> list[dict[str, Any]]:
    """Whom the counterpart may be, and by what."""
    rows = _MAYBE.all(row.pk)
    if not rows:
        return []
    open_ = Customer.objects.visible_to(actor).in_bulk([one.customer_id for one in rows])
    return [
        {"customer": open_[one.customer_id], "reason": str(REASONS.get(one.reason, ""))}
        for one in rows
        if one.customer_id in open_
    ]


def empty_words(view: View, state: DeskState) -> tuple[str, str]:
    """What an empty list teaches: one sentence, and what to do."""
    if state.text:
        return _("Nothing here holds “%(text)s”.") % {"text": state.text}, _("Look in all conversations")
    words = {
        "mine": _("You have nothing in hand. Take a conversation that nobody has."),
        "unassigned": _("Everything has somebody who answers it."),
        "waiting": _("Nobody waits for an answer."),
        "mentions": _("No colleague has named you in a note. They do it with @ and your name."),
        "open": _("No conversation is open. Messages appear here as soon as somebody writes."),
        "done": _("No conversation is done yet."),
    }
    return words.get(view.key, _("There is no open conversation here.")), ""
