"""Settings of queues, of capacity and of the reasons for being away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.errors import Forbidden, GuanxiError, NotFound
from guanxi.core.models import User
from guanxi.routing import queries
from guanxi.routing.channel_kinds import channel_kinds
from guanxi.routing.forms import (
    CapacityForm,
    NewCapacityForm,
    QueueForm,
    ReasonForm,
    RulesForm,
    initial_of,
    initial_rules,
)
from guanxi.routing.models import PresenceReason
from guanxi.routing.services import capacity, queues
from guanxi.routing.strategies import strategy_of
from guanxi.ui import forms, toasts
from guanxi.ui.together import Setting, held, held_setting, in_turn


def _actor(request: HttpRequest) -> Actor:
    """Who asks, if they shape the queues."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if access.require(actor, "queue", "change") != "all":
        raise Forbidden(_("Your role does not allow this."))
    return actor


@login_required
@require_GET
def queue_list(request: HttpRequest) -> HttpResponse:
    """All queues with their rules."""
    rows = [
        {"queue": row, "strategy": strategy_of(row.strategy).label, "members": row.member_count}  # type: ignore[attr-defined]
        for row in queries.all_queues(_actor(request))
    ]
    return render(request, "routing/settings_queues.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def queue_edit(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Make a queue, or change one and its members."""
    actor = _actor(request)
    row = held(request, queries.queue_of(actor, public_id, "change")) if public_id else None
    initial = initial_of(row) if row is not None else {"strategy": "round_robin"}
    form = QueueForm(request.POST or None, initial=initial, queue=row)
    back = reverse("routing:settings_queues")
    if request.method == "POST" and form.is_valid():
        try:
            saved = queues.save_queue(actor=actor, queue_id=row.pk if row else None, values=form.values())
            queues.set_members(actor=actor, queue_id=saved.pk, members=form.members())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, back)
    title = row.name if row is not None else _("New queue")
    return _form(request, form, title, back, _("Queues"), removal=_removal("queue", row.public_id if row else ""))


@login_required
@require_POST
def queue_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a queue that never had any work."""
    actor = _actor(request)
    row = queries.queue_of(actor, public_id, "delete")
    number = queues.remove_queue(actor=actor, queue_id=row.pk)
    toasts.message(request, _("The queue %(name)s is removed.") % {"name": row.name}, number)
    return forms.done(request, reverse("routing:settings_queues"))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def rules(request: HttpRequest) -> HttpResponse:
    """Capacity, weights, what happens when somebody is gone; whose capacity differs; reasons."""
    actor = _actor(request)
    held_setting(request, Setting("rules of routing", "routing."))
    form = RulesForm(request.POST or None, initial=initial_rules())
    if (news := forms.meet(request, form)) is not None:
        return news
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            capacity.save_rules(
                actor=actor,
                total=data["total"],
                weights=form.part("weights"),
                most=form.part("most"),
                when_gone=form.part("gone"),
                away_minutes=data["away_minutes"],
                offline_minutes=data["offline_minutes"],
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, reverse("routing:settings_rules"))
    context = {
        "form": form,
        "capacities": [_capacity_row(row) for row in queries.own_capacities()],
        "new": NewCapacityForm(),
        "reasons": queries.reasons(),
    }
    return render(
        request, "routing/settings_rules.html", context, status=forms.status_of(form) if form.is_bound else 200
    )


def _capacity_row(row: Any) -> dict[str, Any]:
    """A capacity of somebody's own in words."""
    parts = [f"{channel_kinds.of(key).label} {number}" for key, number in row.most.items()]
    return {"row": row, "most": " · ".join(parts)}


@login_required
@require_GET
def capacity_of_whom(request: HttpRequest) -> HttpResponse:
    """Lead to the capacity of the person who was chosen."""
    _actor(request)
    number = request.GET.get("user", "")
    if not number.isdecimal():
        return forms.done(request, reverse("routing:settings_rules"))
    return forms.done(request, reverse("routing:settings_capacity", args=[int(number[:18])]))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def capacity_edit(request: HttpRequest, user_id: int) -> HttpResponse:
    """How much one person can have in hand."""
    actor = _actor(request)
    user: User | None = queries.person(user_id)
    if user is None:
        raise NotFound(_("There is no such user."))
    held_setting(request, Setting(f"capacity of {user_id}", kind="capacity", record_id=user_id))
    row = queries.capacity_of(user_id)
    initial = {"total": row.total, **{f"most_{key}": number for key, number in row.most.items()}}
    form = CapacityForm(request.POST or None, initial=initial)
    back = reverse("routing:settings_rules")
    if request.method == "POST" and form.is_valid():
        try:
            capacity.set_capacity(actor=actor, user_id=user_id, total=form.cleaned_data["total"], most=form.most())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, back)
    intro = _("What is left empty is as usual.")
    return _form(
        request, form, _("Capacity of %(name)s") % {"name": user}, back, _("Capacity and presence"), intro=intro
    )


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def reason_edit(request: HttpRequest, reason_id: int | None = None) -> HttpResponse:
    """Make a reason for being in a state, or change one."""
    actor = _actor(request)
    row: PresenceReason | None = queries.reason(reason_id) if reason_id is not None else None
    if row is None and reason_id is not None:
        raise NotFound(_("There is no such reason."))
    if row is not None:
        held(request, row)
    names = ("state", "name_en", "name_zh", "order", "is_active")
    initial = {name: getattr(row, name) for name in names} if row is not None else {"state": "break"}
    form = ReasonForm(request.POST or None, initial=initial)
    back = reverse("routing:settings_rules")
    if request.method == "POST" and form.is_valid():
        try:
            capacity.save_reason(actor=actor, reason_id=reason_id, values=form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, back)
    title = str(row) if row is not None else _("New reason")
    removal = _removal("reason", reason_id or "")
    return _form(request, form, title, back, _("Capacity and presence"), removal=removal)


@login_required
@require_POST
def reason_remove(request: HttpRequest, reason_id: int) -> HttpResponse:
    """Remove a reason that nobody ever gave."""
    number = capacity.remove_reason(actor=_actor(request), reason_id=reason_id)
    toasts.message(request, _("The reason is removed."), number)
    return forms.done(request, reverse("routing:settings_rules"))


def _removal(what: str, key: object) -> str:
    """Where a record is removed, '' for one that is not there yet."""
    return reverse(f"routing:settings_{what}_remove", args=[key]) if key else ""


def _form(
    request: HttpRequest, form: Any, title: str, back: str, back_label: str, *, intro: str = "", removal: str = ""
) -> HttpResponse:
    """A page of the settings with one form."""
    return forms.page(
        request, form, title=title, back_url=back, back_label=back_label, intro=intro, removal=removal,
        template="routing/settings_form.html",
    )  # fmt: skip
