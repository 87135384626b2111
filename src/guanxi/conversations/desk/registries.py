"""Where higher floors add to the desk: views, signs of rows, cards, acts, what macros set, what follows an answer.

desk_views.add("case.escalated", View("case.escalated", _("Escalated"), "flame", narrow), order=45)
desk_panels.add("case", DeskPanel("case", _("Case"), render, icon="ticket"), order=10)
macro_actions.add("case.priority", MacroAction("case.priority", _("Priority"), options, apply))
send_choices.add("pending", SendChoice("pending", _("Send as pending"), "clock", apply), order=20)
desk_acts.add("case.open", DeskAct("case.open", _("Open a case"), "ticket", url))
reply_fields.add("case.number", ReplyField("case.number", _("Number of the case"), value))
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from guanxi.conversations.models import Conversation
from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.ui.menu import Permission

Words = str | Promise


@dataclass(frozen=True)
class View:
    """One list of the desk: `narrow(queryset, actor)` gives its conversations out of those that the actor may see.

    `order` is one of `newest`, `waiting`, `due`; a view that is not counted holds too many for a number to mean much.
    """

    key: str
    label: Words
    icon: str
    narrow: Callable[[QuerySet[Any], Actor], QuerySet[Any]]
    group: str = "views"
    order: str = "newest"
    # Orders that mean something in it.
    orders: Sequence[str] = ("newest", "oldest", "waiting", "due")
    is_counted: bool = True
    permission: Permission = None


@dataclass(frozen=True)
class Sign:
    """A short badge on a row of the list."""

    label: Words
    tone: str = "neutral"


@dataclass(frozen=True)
class DeskPanel:
    """One card beside a conversation: `render(request, conversation)` gives safe HTML, '' for no card at all."""

    key: str
    label: Words
    render: Callable[[HttpRequest, Conversation], str]
    icon: str = "square"
    permission: Permission = None


@dataclass(frozen=True)
class MacroAction:
    """Something that a macro sets: `options(actor)` are values and labels, `apply(actor, conversation_id, value)` sets one.

    `apply` gives the number of the operation by which it can be taken back, None where nothing differed.
    """

    key: str
    label: Words
    options: Callable[[Actor], Sequence[tuple[str, Words]]]
    apply: Callable[[Actor, int, str], int | None]


@dataclass(frozen=True)
class SendChoice:
    """What becomes of the conversation with an answer: `apply(actor, conversation_id)` gives the operation's number.

    `instead_of`: keys of what macros set that it decides otherwise; those are not done when it is chosen.
    """

    key: str
    label: Words
    icon: str
    apply: Callable[[Actor, int], int | None]
    is_offered: Callable[[Conversation], bool] = lambda conversation: True
    instead_of: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DeskAct:
    """One more act on the open conversation: `url(conversation)` leads to it, '' where it makes no sense."""

    key: str
    label: Words
    icon: str
    url: Callable[[Conversation], str]
    method: str = "get"
    shortcut: str = ""
    is_modal: bool = False
    permission: Permission = None


@dataclass(frozen=True)
class ReplyField:
    """What may stand in a prepared text as {{key}}: `value(actor, conversation)` is its text, '' where it is missing."""

    key: str
    label: Words
    value: Callable[[Actor, Conversation], str]


# Views by key, and sources of views of which there is one for each channel, queue ...
desk_views: Registry[View] = Registry("views of the desk")
view_sources: Registry[Callable[[Actor], Iterable[View]]] = Registry("sources of views of the desk")
# For the conversations of a page of the list, by number: badges that stand on their rows.
row_signs: Registry[Callable[[Actor, Sequence[int]], Mapping[int, Sequence[Sign]]]] = Registry("signs on rows")
# Badges beside the subject of an open conversation.
head_signs: Registry[Callable[[HttpRequest, Conversation], Sequence[Sign]]] = Registry("signs of a conversation")
desk_panels: Registry[DeskPanel] = Registry("cards beside a conversation")
desk_acts: Registry[DeskAct] = Registry("acts on a conversation")
macro_actions: Registry[MacroAction] = Registry("what macros set")
send_choices: Registry[SendChoice] = Registry("what follows an answer")
reply_fields: Registry[ReplyField] = Registry("fields of prepared texts")


def views_for(actor: Actor) -> dict[str, View]:
    """The views that an actor has, by key, in order."""
    found = [(view.permission, view) for view in desk_views]
    found += [(view.permission, view) for source in view_sources for view in source(actor)]
    return {view.key: view for needed, view in found if needed is None or actor.can(*needed)}
