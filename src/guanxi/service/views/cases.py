"""Pages of cases: the list, one, opening, moving on."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.conversations.queries import conversation_of
from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.customers.choices import Tier
from guanxi.customers.picking import named_customer, show_picked
from guanxi.service import linkable, queries
from guanxi.service.choices import LIVE_STATES, OPEN_STATES, CaseState, CaseType, Priority
from guanxi.service.complaints.presenting import Stage, stage_of
from guanxi.service.complaints.queries import is_complaint
from guanxi.service.forms import CaseForm
from guanxi.service.lists import PAGE, PRIORITY_TONES, STATE_TONES, case_url
from guanxi.service.models import Case
from guanxi.service.services import parts
from guanxi.service.services.cases import open_case
from guanxi.service.services.moments import mark_moment
from guanxi.service.services.states import ClosingRefused, set_state
from guanxi.ui import cells, forms, lists, records, toasts
from guanxi.ui.html import escape, safe


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases that the actor may see."""
    return lists.render_list(request, PAGE)


@login_required
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One case."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id)
    return records.render_record(request, _page(request, actor, case))


def _page(request: HttpRequest, actor: Actor, case: Case) -> records.RecordPage:
    """Everything the page of a case shows."""
    basics = [records.Fact(_("Subject"), edit="subject"), records.Fact(_("Type"), edit="case_type"),
              records.Fact(_("Category"), edit="category"), records.Fact(_("State"), edit="state"),
              records.Fact(_("Priority"), edit="priority"), records.Fact(_("Impact"), edit="impact"),
              records.Fact(_("Urgency"), edit="urgency"), records.Fact(pgettext("case", "Tags"), edit="tags")]  # fmt: skip
    people = [
        records.Fact(_("Customer"), html=_customer_link(case)),
        records.Fact(_("Who answers for it"), edit="owner"),
        records.Fact(_("Department"), edit="department"),
    ]
    context, stage = cells.Context(actor=actor), stage_of(case)
    moments = [
        records.Fact(pgettext("case", "Opened"), html=cells.draw_moment(case.opened_at, context)),
        records.Fact(_("First answered"), html=_moment(case.first_answered_at, context)),
        records.Fact(_("Waiting since"), html=_moment(case.waiting_since, context)),
        records.Fact(pgettext("case", "Solved on"), html=_moment(case.solved_at, context)),
        records.Fact(pgettext("case", "Closed on"), html=_moment(case.closed_at, context)),
    ]
    return records.RecordPage(
        kind="case",
        record_id=case.pk,
        record=case,
        title=case.subject,
        subtitle=case.public_id,
        icon="ticket",
        back_url=reverse("service:cases"),
        back_label=_("Cases"),
        live_topic=f"case:{case.pk}",
        chips=_chips(case, stage),
        actions=_actions(actor, case, is_handled=stage is not None),
        facts=[
            records.Facts(_("Basics"), basics),
            records.Facts(_("People"), people),
            records.Facts(_("Times"), moments, is_open=False),
            *_own_fields(actor),
        ],
        tabs=[records.Tab("matter", _("What it is about"), html=_matter(request, actor, case))],
    )


def _own_fields(actor: Actor) -> list[records.Facts]:
    """The fields that the company added."""
    definitions = PAGE.definitions()
    if not definitions:
        return []
    return [records.Facts(_("Own fields"), [records.Fact(d.label, edit=f"custom_{d.key}") for d in definitions])]


def _chips(case: Case, stage: Stage | None) -> list[records.Chip]:
    """State, type, priority and tier at a glance, and the step that a complaint is at."""
    priority = Priority(case.priority)
    chips = [
        records.Chip(CaseState(case.state).label, STATE_TONES[CaseState(case.state)], caption=_("State")),
        records.Chip(CaseType(case.case_type).label, "neutral", caption=_("Type")),
        records.Chip(priority.label, PRIORITY_TONES.get(priority, "neutral"), caption=_("Priority")),
    ]
    if stage is not None and stage.number:
        words = _("%(number)s of 6: %(step)s") % {"number": stage.number, "step": stage.label}
        chips.append(records.Chip(words, "danger" if stage.state == "late" else "accent", caption=_("Step")))
    if case.tier:
        chips.append(records.Chip(Tier(case.tier).label, case.tier, caption=_("Tier")))
    if case.reopened_count:
        chips.append(records.Chip(str(case.reopened_count), "warning", caption=_("Opened again")))
    return chips


def _actions(actor: Actor, case: Case, *, is_handled: bool) -> list[records.Action]:
    """What can be done with it now."""
    where, found = reverse("service:move", args=[case.public_id]), []
    if case.conversation is not None:
        found.append(
            records.Action(
                _("Conversation"),
                "messages",
                url=case.conversation.get_absolute_url(),
                permission=("conversation", "view"),
            )
        )
    if is_handled:
        found.append(records.Action(_("Complaint"), "flag", url=reverse("complaints:complaint", args=[case.public_id])))
    change = ("case", "change")
    if case.state in OPEN_STATES:
        found.append(
            records.Action(
                _("Solve"), "check", url=f"{where}?to=solved", method="post", is_primary=True, permission=change
            )
        )
    if case.state in LIVE_STATES:
        found.append(
            records.Action(
                pgettext("case", "Close"), "lock", url=f"{where}?to=closed", method="post", permission=change
            )
        )
    if case.state not in OPEN_STATES:
        found.append(records.Action(_("Open again"), "undo", url=f"{where}?to=open", method="post", permission=change))
    return found


def _customer_link(case: Case) -> str:
    """Whose case it is."""
    if case.customer is None:
        return f'<span class="nothing">{escape(_("not identified"))}</span>'
    return f'<a href="{case.customer.get_absolute_url()}">{escape(case.customer.name)}</a>'


def _moment(value: Any, context: cells.Context) -> str:
    """A moment, or that there is none."""
    return cells.draw_moment(value, context) if value is not None else ""


def _matter(request: HttpRequest, actor: Actor, case: Case) -> str:
    """What it is about: the customer's words, the checklist, parts and what it is part of."""
    can_change = Case.objects.visible_to(actor, "change").filter(pk=case.pk).exists()
    context = {
        "case": case,
        "steps": list(case.steps.select_related("done_by")),
        "parent": queries.parent_of(actor, case),
        "children": list(Case.objects.visible_to(actor).filter(parent=case).order_by("pk")[:50]),
        "links": queries.linked_records(actor, case),
        "can_change": can_change and case.state != CaseState.CLOSED_ELSEWHERE,
        "may_open": actor.can("case", "create"),
        "is_elsewhere": case.state == CaseState.CLOSED_ELSEWHERE,
    }
    return safe(render_to_string("service/matter.html", context, request=request))


@login_required
@require_http_methods(["GET", "POST"])
def open_new(request: HttpRequest) -> HttpResponse:
    """A new case, for the customer or the conversation that the address names."""
    actor = _actor(request)
    access.require(actor, "case", "create")
    given = request.POST if request.method == "POST" else request.GET
    customer = named_customer(actor, given.get("customer", ""))
    conversation = conversation_of(actor, given["conversation"]) if given.get("conversation") else None
    parent = queries.case_of(actor, given["parent"]) if given.get("parent") else None
    about = linkable.named(actor, given.get("about", ""))
    if parent is not None and customer is None and conversation is None:
        customer = parent.customer
    initial = {
        "owner": actor.user_id,
        "parent": parent.public_id if parent else "",
        "about": about.value if about else "",
        "customer": customer.public_id if customer else "",
        "conversation": conversation.public_id if conversation else "",
        "subject": conversation.subject if conversation else "",
    }
    form = CaseForm(request.POST or None, initial=initial)
    if any(one is not None for one in (conversation, parent)) or request.GET.get("customer"):
        form.fields["customer"].widget = HiddenInput()
    else:
        show_picked(form, "customer", customer)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if customer is not None:
            values["customer"] = customer.pk
        if parent is not None:
            values["parent"] = parent.pk
        try:
            with transaction.atomic():
                case = open_case(
                    actor=actor,
                    values=values,
                    conversation_id=conversation.pk if conversation else None,
                    channel_kind=form.cleaned_data["channel"],
                )
                if about is not None and (concerned := linkable.parse(about.value)) is not None:
                    parts.link_record(actor=actor, case_id=case.pk, about=concerned)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("The case is open."))
            return forms.done(request, case_url(case.pk))
    subject = parent or customer or conversation
    return forms.page(
        request,
        form,
        title=_("New part of a case") if parent else _("New case"),
        submit=_("Open the case"),
        back_url=subject.get_absolute_url() if subject else reverse("service:cases"),
        back_label=str(subject) if subject else _("Cases"),
        intro=" · ".join(_("For %(name)s") % {"name": one} for one in (subject, about.title if about else "") if one),
    )


@login_required
@require_POST
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a case to another state; what is missing is said, where it can be done."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id, "change")
    state = request.POST.get("to") or request.GET.get("to", "")
    try:
        operation_id = set_state(actor=actor, case_id=case.pk, state=state)
    except ClosingRefused as error:
        if request.headers.get("HX-Request"):
            raise
        toasts.message(request, str(error), tone="danger")
        is_handled = is_complaint(case.pk)
        return forms.done(
            request, reverse("complaints:complaint", args=[public_id]) if is_handled else case_url(case.pk)
        )
    toasts.message(request, _("The case is now: %(state)s") % {"state": CaseState(state).label}, operation_id)
    return forms.done(request, case_url(case.pk))


@login_required
@require_POST
def step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tick an item of the checklist, take the tick away, add or remove an item."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id, "change")
    what, number = request.POST.get("act", ""), request.POST.get("step", "")
    if what == "add":
        parts.add_step(actor=actor, case_id=case.pk, text=request.POST.get("text", ""))
    else:
        row = queries.step_of(case, number)
        if what == "remove":
            parts.remove_step(actor=actor, step_id=row.pk)
        else:
            parts.tick_step(actor=actor, step_id=row.pk, is_done=what == "done")
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return forms.done(request, back if is_ours else case_url(case.pk))


@login_required
@require_POST
def moment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say whether a criterion of a moment of truth is met, or take the word back."""
    actor = _actor(request)
    case = queries.case_of(actor, public_id, "change")
    said = {"met": True, "missed": False, "open": None}.get(request.POST.get("said", ""))
    mark_moment(actor=actor, case_id=case.pk, criterion=request.POST.get("criterion", ""), is_met=said)
    return forms.done(request, case_url(case.pk))
