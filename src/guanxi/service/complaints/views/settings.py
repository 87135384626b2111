"""The settings of complaints: units, causes, remedies with limits, rules of the steps."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import access, money
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.service.complaint_choices import STEPS, EvidenceSort, Step
from guanxi.service.complaints import queries, setting_forms, steps
from guanxi.service.complaints.services import settings
from guanxi.ui import forms, toasts
from guanxi.ui.together import Setting, held, held_setting, in_turn


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """All settings of complaints on one page."""
    actor = _actor(request)
    access.require(actor, "service_setting", "view")
    context = {
        "units": queries.units(actor),
        "causes": queries.causes(actor),
        "remedies": queries.remedies_with_limits(actor),
        "steps": [_step_row(step) for step in STEPS],
        "rules": queries.step_rules(actor),
        "currency": money.reporting_currency(),
        "may_change": actor.can("service_setting", "change"),
    }
    return render(request, "service/complaints/settings.html", context)


def _step_row(step: Step) -> dict[str, Any]:
    """What holds for a step."""
    minutes, evidence = steps.rule_of(step, "")
    names = [str(EvidenceSort(sort).label) for sort in evidence if sort in EvidenceSort.values]
    return {"key": step.value, "label": step.label, "hours": f"{minutes / 60:g}", "evidence": names}


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, what: str, number: int = 0) -> HttpResponse:
    """One setting, new or as it stands."""
    actor = _actor(request)
    access.require(actor, "service_setting", "change")
    makers = {"unit": _unit, "cause": _cause, "remedy": _remedy, "step": _step, "rule": _rule}
    if what not in makers:
        raise NotFound(_("There is no such record, or it is not open to you."))
    data = request.POST if request.method == "POST" else None
    form, title, save = makers[what](request, number, data)
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, reverse("complaints:settings"))
    return forms.page(request, form, title=title, back_url=reverse("complaints:settings"), back_label=_("Complaints"))


def _unit(request: HttpRequest, number: int, data: Any) -> Any:
    """A responsible unit."""
    actor = _actor(request)
    row = held(request, queries.unit_of(actor, number)) if number else None
    initial = {"name": str(row), "is_active": row.is_active} if row is not None else None
    form = setting_forms.UnitSettingForm(data, initial=initial)
    if row is not None and row.department_id is not None:
        form.fields["name"].disabled = True

    def save() -> None:
        """Write it."""
        name = "" if row is not None and row.department_id is not None else form.cleaned_data["name"]
        settings.save_unit(actor=actor, name=name, is_active=form.cleaned_data["is_active"], unit_id=number or None)

    return form, str(row) if row is not None else _("Responsible unit"), save


def _cause(request: HttpRequest, number: int, data: Any) -> Any:
    """A cause."""
    actor = _actor(request)
    row = held(request, queries.cause_of(actor, number)) if number else None
    initial = {"name": row.name, "is_active": row.is_active, "parent": row.parent_id} if row is not None else None
    form = setting_forms.CauseSettingForm(data, initial=initial)
    if row is not None:
        form.fields["parent"].disabled = True
        if row.key:
            form.fields["name"].help_text = _("Empty: %(name)s") % {"name": queries.cause_name(row.key, "")}

    def save() -> None:
        """Write it."""
        given = form.cleaned_data
        settings.save_cause(
            actor=actor,
            name=given["name"],
            parent_id=given["parent"],
            is_active=given["is_active"],
            cause_id=number or None,
        )

    return form, str(row) if row is not None else _("Cause"), save


def _remedy(request: HttpRequest, number: int, data: Any) -> Any:
    """A kind of remedy with its limits."""
    actor = _actor(request)
    row = held(request, queries.remedy_kind_of(actor, number)) if number else None
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {"name": row.name, "has_amount": row.has_amount, "is_active": row.is_active}
        initial |= {f"limit_{role}": amount for role, amount in queries.limits_of(row).items()}
    form = setting_forms.RemedySettingForm(data, initial=initial or None)
    if row is not None and row.key:
        form.fields["name"].help_text = _("Empty: %(name)s") % {"name": queries.remedy_name(row.key)}

    def save() -> None:
        """Write it, and each limit that differs."""
        given = form.cleaned_data
        kind = settings.save_remedy_kind(
            actor=actor,
            name=given["name"],
            has_amount=given["has_amount"],
            is_active=given["is_active"],
            kind_id=number or None,
        )
        if kind.has_amount and kind.is_active:
            for role_id, limit in form.limits().items():
                settings.save_limit(actor=actor, kind_id=kind.pk, role_id=role_id, limit_minor=limit)

    return form, str(row) if row is not None else _("Kind of remedy"), save


def _step(request: HttpRequest, number: int, data: Any) -> Any:
    """The rule of a step."""
    actor = _actor(request)
    step = STEPS[number] if 0 <= number < len(STEPS) else STEPS[0]
    row = queries.rule_of_all_grades(actor, step)
    held_setting(request, Setting(f"rule of step {step}", kind="steprule", record_id=row.pk if row is not None else 0))
    form = setting_forms.StepSettingForm(data, initial=setting_forms.step_initial(step, ""))
    return form, _("Rule of a step"), partial(_save_rule, actor, form)


def _rule(request: HttpRequest, number: int, data: Any) -> Any:
    """The rule of a step for a single grade."""
    actor = _actor(request)
    row = held(request, queries.step_rule_of(actor, number))
    form = setting_forms.StepSettingForm(data, initial=setting_forms.step_initial(row.step, row.grade))
    form.fields["step"].disabled = form.fields["grade"].disabled = True
    return form, _("Rule of a step"), partial(_save_rule, actor, form)


def _save_rule(actor: Actor, form: setting_forms.StepSettingForm) -> None:
    """Write the rule of a step."""
    given = form.cleaned_data
    settings.save_step_rule(
        actor=actor,
        step=given["step"],
        grade=given["grade"],
        working_minutes=int(given["hours"] * 60),
        evidence=given["evidence"],
    )


@login_required
@require_POST
def remove_rule(request: HttpRequest, number: int) -> HttpResponse:
    """Take the rule of a single grade away."""
    actor = _actor(request)
    access.require(actor, "service_setting", "change")
    operation = settings.remove_step_rule(actor=actor, rule_id=queries.step_rule_of(actor, number).pk)
    toasts.message(request, _("Removed."), operation)
    return redirect("complaints:settings")
