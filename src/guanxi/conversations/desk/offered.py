"""What conversations themselves bring to the desk: what macros set, what follows an answer, fields of prepared texts."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.counterparts import name_alone
from guanxi.conversations.desk.registries import (
    MacroAction,
    ReplyField,
    SendChoice,
    Words,
    macro_actions,
    reply_fields,
    send_choices,
)
from guanxi.conversations.models import Conversation
from guanxi.conversations.services.conversations import (
    assign_conversation,
    finish_conversation,
    reopen_conversation,
    set_language,
)
from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.ui.cells import Context, format_date

ME, NOBODY = "me", "nobody"


def people_to_answer(text: str = "", limit: int = 200) -> list[tuple[int, str]]:
    """Those who can be given a conversation, by name."""
    rows = User.objects.filter(is_active=True)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return [(user.pk, user.display_name) for user in rows.order_by("name", "username")[:limit]]


def _assignees(actor: Actor) -> Sequence[tuple[str, Words]]:
    """Whoever answers, nobody, or one person."""
    return [(ME, _("Whoever answers")), (NOBODY, _("Nobody")), *((str(key), name) for key, name in people_to_answer())]


def _assign(actor: Actor, conversation_id: int, value: str) -> int | None:
    """Give the conversation to somebody."""
    if value not in {ME, NOBODY} and not value.isdecimal():
        raise InvalidInput(_("Choose who is to answer."), column="actions")
    number = actor.user_id if value == ME else None if value == NOBODY else int(value)
    return assign_conversation(actor=actor, conversation_id=conversation_id, user_id=number)


def _set_state(actor: Actor, conversation_id: int, value: str) -> int | None:
    """Done, or open again."""
    act = finish_conversation if value == "done" else reopen_conversation
    return act(actor=actor, conversation_id=conversation_id)


def _customer_name(actor: Actor, conversation: Conversation) -> str:
    """The customer's name, else the one that the counterpart gave."""
    name = conversation.customer.name if conversation.customer is not None else ""
    return name_alone(name) or name_alone(conversation.contact_name)


def _today(actor: Actor, conversation: Conversation) -> str:
    """Today as the reader of the answer writes it."""
    with override("zh-hans" if conversation.language.startswith("zh") else "en"):
        return format_date(clock.today(), Context(language=get_language() or "en"))


macro_actions.add(
    "assignee", MacroAction("assignee", pgettext_lazy("macro sets", "Who answers"), _assignees, _assign), order=10
)
macro_actions.add(
    "state",
    MacroAction(
        "state",
        pgettext_lazy("macro sets", "State"),
        lambda actor: [
            ("done", pgettext_lazy("conversation", "Done")),
            ("open", pgettext_lazy("conversation", "Open")),
        ],
        _set_state,
    ),
    order=20,
)
macro_actions.add(
    "language",
    MacroAction(
        "language",
        pgettext_lazy("macro sets", "Language"),
        lambda actor: [("en", "English"), ("zh-hans", "中文")],
        lambda actor, number, value: set_language(actor=actor, conversation_id=number, language=value),
    ),
    order=30,
)
send_choices.add("open", SendChoice("open", _("Send and leave open"), "send", lambda actor, number: None), order=10)
send_choices.add(
    "done",
    SendChoice(
        "done",
        _("Send and done"),
        "circle-check",
        lambda actor, number: finish_conversation(actor=actor, conversation_id=number),
    ),
    order=90,
)
for _key, _label, _value in (
    ("customer.name", _("Name of the customer"), _customer_name),
    ("contact.name", _("Name that the counterpart gave"), lambda actor, one: name_alone(one.contact_name)),
    ("customer.id", _("Customer number"), lambda actor, one: one.customer.public_id if one.customer else ""),
    ("agent.name", _("Your name"), lambda actor, one: actor.name),
    ("conversation.id", _("Number of the conversation"), lambda actor, one: one.public_id),
    ("conversation.subject", _("Subject of the conversation"), lambda actor, one: one.subject),
    ("channel.name", _("Name of the channel"), lambda actor, one: one.channel.name if one.channel else ""),
    ("today", _("Today’s date"), _today),
):
    reply_fields.add(_key, ReplyField(_key, _label, _value), order=100)
