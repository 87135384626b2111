"""Settings of cases: categories, checklists, criteria of the moments of truth."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, GuanxiError
from guanxi.service import queries
from guanxi.service.models import CaseCategory, Checklist, MomentCriterion
from guanxi.service.moments.choices import Step
from guanxi.service.moments.criteria import criteria
from guanxi.service.services.moments import save_criterion, switch_criterion
from guanxi.service.services.removing import remove_setting
from guanxi.service.services.settings import save_category, save_checklist
from guanxi.service.setting_forms import CategoryForm, ChecklistForm, CriterionForm
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

KIND = "service_setting"


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    actor = _actor(request)
    require(actor, KIND, "view")
    rows = list(MomentCriterion.objects.visible_to(actor))
    unasked = {row.key for row in rows if row.key and not row.is_active}
    context = {
        "categories": queries.category_tree(actor),
        "checklists": list(Checklist.objects.visible_to(actor).select_related("category")),
        "steps": [
            {
                "step": step,
                "shipped": [(one, one.key not in unasked) for one in criteria if one.step == step],
                "own": [row for row in rows if row.step == step and not row.key],
            }
            for step in Step
        ],
        "may_change": actor.can(KIND, "change"),
    }
    return render(request, "service/settings.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def category(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """A new category, or one that stands."""
    actor = _actor(request)
    require(actor, KIND, "change")
    row = held(request, CaseCategory.objects.get_visible(actor, "change", pk=number)) if number else None
    initial = _initial(row, "name", "position", "is_active", parent="parent_id")
    form = CategoryForm(request.POST or None, initial=initial or {"parent": request.GET.get("parent", "")})

    def save(data: dict[str, Any]) -> None:
        """Write it."""
        parent = data.pop("parent")
        save_category(actor=actor, category_id=number, parent_id=parent, **data)

    return _edited(request, form, save, title=row.name if row else _("New category"))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def checklist(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """A new checklist, or one that stands."""
    actor = _actor(request)
    require(actor, KIND, "change")
    row = held(request, Checklist.objects.get_visible(actor, "change", pk=number)) if number else None
    initial = _initial(row, "name", "case_type", "is_active", category="category_id")
    if row is not None:
        initial["items"] = "\n".join(row.items)
    form = ChecklistForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> None:
        """Write it."""
        given = {**data, "items": data["items"].splitlines(), "category_id": data["category"]}
        del given["category"]
        save_checklist(actor=actor, checklist_id=number, **given)

    return _edited(request, form, save, title=row.name if row else _("New checklist"))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def criterion(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """A new criterion, or one that stands."""
    actor = _actor(request)
    require(actor, KIND, "change")
    row = held(request, MomentCriterion.objects.get_visible(actor, "change", pk=number, key="")) if number else None
    initial = _initial(row, "text", "step", "case_type", "position", "is_active")
    form = CriterionForm(request.POST or None, initial=initial or {"step": request.GET.get("step", Step.TONE)})
    return _edited(
        request,
        form,
        lambda data: save_criterion(actor=actor, criterion_id=number, **data),
        title=row.text if row else _("New criterion"),
    )


@login_required
@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Ask something that Guanxi brings along no more, or again."""
    operation = switch_criterion(actor=_actor(request), key=key, is_active=request.POST.get("ask") == "yes")
    toasts.message(request, _("Saved."), operation)
    return forms.done(request, reverse("service:settings"))


@login_required
@require_POST
def remove(request: HttpRequest, what: str, number: int) -> HttpResponse:
    """Take a row away that nothing uses: a category, checklist, criterion, cause, remedy, unit."""
    of_complaints = what in {"cause", "remedy", "unit"}
    back = "complaints:settings" if of_complaints else "service:settings"
    return removed(request, what, number, back=reverse(back))


def removed(request: HttpRequest, what: str, number: int, *, back: str) -> HttpResponse:
    """Remove a row of the settings; where that cannot be, say why on the page that one comes from."""
    try:
        operation = remove_setting(actor=_actor(request), what=what, number=number)
    except Conflict as error:
        toasts.message(request, str(error), tone="danger")
    else:
        toasts.message(request, _("Removed."), operation)
    return forms.done(request, back)


def _initial(row: Any, *names: str, **called: str) -> dict[str, Any]:
    """How the fields of a row stand; nothing for a new one."""
    if row is None:
        return {}
    return {name: getattr(row, name) for name in names} | {
        name: getattr(row, column) for name, column in called.items()
    }


def _edited(
    request: HttpRequest, form: django_forms.Form, save: Callable[[dict[str, Any]], Any], *, title: str
) -> HttpResponse:
    """Draw the form, or save what it holds."""
    back = reverse("service:settings")
    if request.method == "POST" and form.is_valid():
        try:
            save(dict(form.cleaned_data))
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, back)
    return forms.page(request, form, title=title, back_url=back, back_label=_("Cases"))
