"""What cases bring to the desk: the case beside its conversation, signs on rows, what macros set, what follows an answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.conversations.desk.registries import (
    DeskAct,
    DeskPanel,
    MacroAction,
    ReplyField,
    SendChoice,
    Sign,
    desk_acts,
    desk_panels,
    head_signs,
    macro_actions,
    reply_fields,
    row_signs,
    send_choices,
)
from guanxi.conversations.models import Conversation
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.service import queries
from guanxi.service.choices import LIVE_STATES, CaseState, CaseType, Priority
from guanxi.service.clocks import presenting
from guanxi.service.complaints.presenting import stage_of
from guanxi.service.lists import PRIORITY_TONES, STATE_TONES
from guanxi.service.models import Case, CaseStep
from guanxi.service.rule_parts import STATES
from guanxi.service.services.cases import live_case_of, update_case
from guanxi.service.services.states import set_state

SHOWN = 5
HELD = "live_case_in_hand"
VIEW = ("case", "view")
_LIVE = CompiledRecords(
    Case,
    lambda number: Case.objects.filter(conversation=number, state__in=LIVE_STATES).order_by("pk")[:1],
    int, related=("category", "owner"),
)  # fmt: skip

_STEPS = CompiledRecords(CaseStep, lambda number: CaseStep.objects.filter(case=number), int)


def _standing(conversation: Conversation) -> Case | None:
    """The live case of a conversation, read once for all parts of a page that has this row of it in hand."""
    held = conversation.__dict__
    if HELD not in held:
        held[HELD] = _LIVE.first(conversation.pk)
    found: Case | None = held[HELD]
    return found


def _live(actor: Actor, conversation: Conversation) -> Case | None:
    """The live case of a conversation, as far as the actor may see it."""
    case = _standing(conversation)
    if case is None or actor.scope("case", "view") == "all":
        return case
    return case if Case.objects.visible_to(actor).filter(pk=case.pk).exists() else None


def _may_change(actor: Actor, case: Case) -> bool:
    """Whether the actor may change a case that they see."""
    if case.import_run_id is None and actor.scope("case", "change") == "all":
        return True
    return Case.objects.visible_to(actor, "change").filter(pk=case.pk).exists()


def case_card(request: HttpRequest, conversation: Conversation) -> str:
    """The case of the conversation with its clocks and checklist; the last other cases of the customer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = _live(actor, conversation)
    others = Case.objects.visible_to(actor).none()
    if conversation.customer_id is not None:
        others = Case.objects.visible_to(actor).filter(customer=conversation.customer_id).order_by("-opened_at", "-pk")
        others = others.exclude(pk=case.pk if case is not None else 0)
    context = {
        "conversation": conversation,
        "case": case,
        "tone": STATE_TONES[CaseState(case.state)] if case is not None else "",
        "clocks": presenting.of_case(case) if case is not None else [],
        "steps": _STEPS.all(case.pk) if case is not None else [],
        "stage": stage_of(case) if case is not None and case.case_type == CaseType.COMPLAINT else None,
        "others": [{"case": one, "tone": STATE_TONES[CaseState(one.state)]} for one in others[:SHOWN]],
        "can_change": case is not None and _may_change(actor, case),
        "may_open": case is None and actor.can("case", "create"),
    }
    return render_to_string("service/desk_case.html", context, request=request)


def signs_of_rows(actor: Actor, conversation_ids: Sequence[int]) -> Mapping[int, Sequence[Sign]]:
    """What presses, and complaints, stand out in the list: one statement a page."""
    rows = Case.objects.visible_to(actor).filter(conversation__in=list(conversation_ids), state__in=LIVE_STATES)
    found: dict[int, list[Sign]] = {}
    for number, kind, priority in rows.values_list("conversation_id", "case_type", "priority"):
        signs = found.setdefault(number, [])
        if kind == CaseType.COMPLAINT:
            signs.append(Sign(CaseType.COMPLAINT.label, "danger"))
        if (tone := PRIORITY_TONES.get(Priority(priority))) is not None:
            signs.append(Sign(Priority(priority).label, tone))
    return found


def signs_of_head(request: HttpRequest, conversation: Conversation) -> Sequence[Sign]:
    """How the case of an open conversation stands."""
    case = _live(request.actor, conversation)  # type: ignore[attr-defined]
    if case is None:
        return ()
    return (Sign(CaseState(case.state).label, STATE_TONES[CaseState(case.state)]),)


def _set(field: str, value: Any) -> Any:
    """What a macro does: one field of the live case; nothing where there is none."""

    def apply(actor: Actor, conversation_id: int, chosen: str) -> int | None:
        """Change it."""
        case = live_case_of(conversation_id)
        if case is None:
            return None
        if field == "state":
            return set_state(actor=actor, case_id=case.pk, state=chosen)
        return update_case(actor=actor, case_id=case.pk, values={field: value(chosen)})

    return apply


def _move(state: str) -> Any:
    """What follows an answer: the live case moves to a state."""

    def apply(actor: Actor, conversation_id: int) -> int | None:
        """Move it."""
        case = live_case_of(conversation_id)
        return set_state(actor=actor, case_id=case.pk, state=state) if case is not None else None

    return apply


def _has_case(conversation: Conversation) -> bool:
    """Whether there is a live case."""
    return _standing(conversation) is not None


def _open_url(conversation: Conversation) -> str:
    """Where a case is opened for a conversation that has none."""
    if _standing(conversation) is not None:
        return ""
    return f"{reverse('service:open')}?conversation={conversation.public_id}"


def _number(actor: Actor, conversation: Conversation) -> str:
    """The number of the live case."""
    case = _live(actor, conversation)
    return case.public_id if case is not None else ""


desk_panels.add("case", DeskPanel("case", _("Case"), case_card, icon="ticket", permission=VIEW), order=5)
row_signs.add("case", signs_of_rows, order=10)
head_signs.add("case", signs_of_head, order=10)
desk_acts.add(
    "case.open",
    DeskAct("case.open", _("Open a case"), "ticket", _open_url, is_modal=True, permission=("case", "create")),
    order=50,
)
_MACROS: tuple[tuple[str, Any, Any, Any], ...] = (
    ("case_type", _("Type of the case"), lambda _actor: CaseType.choices, str),
    ("priority", _("Priority of the case"), lambda _actor: [(str(k), v) for k, v in Priority.choices], int),
    ("category", _("Category of the case"), lambda _actor: [(str(k), v) for k, v in queries.categories()], int),
    ("state", _("State of the case"), lambda _actor: STATES, str),
)
for _order, (_field, _label, _options, _value) in enumerate(_MACROS):
    _key = f"case.{_field}"
    macro_actions.add(_key, MacroAction(_key, _label, _options, _set(_field, _value)), order=50 + _order)
send_choices.add(
    "waiting",
    SendChoice("waiting", pgettext_lazy("answer", "Send and wait for the customer"), "clock",
               _move(CaseState.WAITING), _has_case, instead_of=frozenset({"case.state"})),
    order=20,
)  # fmt: skip
send_choices.add(
    "solved",
    SendChoice("solved", pgettext_lazy("answer", "Send as solved"), "circle-check", _move(CaseState.SOLVED), _has_case,
               instead_of=frozenset({"case.state"})),
    order=30,
)  # fmt: skip
reply_fields.add("case.number", ReplyField("case.number", _("Number of the case"), _number), order=50)
