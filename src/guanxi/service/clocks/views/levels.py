"""Settings of service levels: all of them with what would hold for a case, and one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.core.models import Department
from guanxi.service import queries as case_queries
from guanxi.service.clocks import queries, wording
from guanxi.service.clocks.choices import Sort
from guanxi.service.clocks.choosing import ASPECTS, Facts, Verdict
from guanxi.service.clocks.forms import ServiceLevelForm, TryForm
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.models import CaseCategory, SlaPolicy
from guanxi.service.views.settings import removed
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

KIND = "service_setting"


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def service_levels(request: HttpRequest) -> HttpResponse:
    """All service levels, and which one would hold for a case that one describes."""
    actor = _actor(request)
    require(actor, KIND, "view")
    rows = queries.service_levels(actor)
    names = {"category": dict(case_queries.categories()), "department": dict(case_queries.departments())}
    tried = TryForm(request.GET if any(aspect in request.GET for aspect in ASPECTS) else None)
    context = {
        "levels": [_described(row, names) for row in rows],
        "try_form": tried,
        "verdicts": _tried(tried, {row.pk: row for row in rows}) if tried.is_bound and tried.is_valid() else None,
        "sorts": Sort.labels,
        "may_change": actor.can(KIND, "change"),
        "own_hours": queries.own_hours(actor),
        "has_calendar": any(row.is_default for row in queries.calendars()),
    }
    return render(request, "service/service_levels.html", context)


def _described(row: SlaPolicy, names: dict[str, dict[int, str]]) -> dict[str, Any]:
    """A service level as the list shows it."""
    steps = list(row.steps.all())
    return {
        "row": row,
        "asks": wording.asked_words(row.asks, names),
        "promises": wording.promise_words(row),
        "steps": [(Sort(step.sort).label, wording.moment_words(step), wording.step_words(step)) for step in steps],
    }


def _tried(form: TryForm, rows: dict[int, SlaPolicy]) -> dict[str, Any]:
    """Every service level against the facts, with what fits and what does not."""
    data = form.cleaned_data
    facts = Facts(
        type=data["type"],
        tier=data["tier"],
        channel=data["channel"],
        priority=data["priority"],
        category=queries.path_of(CaseCategory, int(data["category"] or 0)),
        department=queries.path_of(Department, int(data["department"] or 0)),
    )
    found = [verdict for verdict in queries.tried(facts) if verdict.policy.id in rows]
    lines = [_verdict(verdict, rows[verdict.policy.id]) for verdict in found]
    chosen = found[0] if found and found[0].holds else None
    targets = {} if chosen is None else {sort: chosen.policy.target(sort, facts.priority) for sort in Sort}
    return {
        "lines": lines,
        "chosen": None if chosen is None else rows[chosen.policy.id],
        "promises": [
            (sort.label, wording.amount_words(target.amount, target.unit)) for sort, target in targets.items() if target
        ],
    }


def _verdict(verdict: Verdict, row: SlaPolicy) -> dict[str, Any]:
    """One service level: what fits, what does not."""
    met = [str(wording.ASPECT_WORDS[aspect]) for aspect in verdict.met]
    failed = str(wording.ASPECT_WORDS[verdict.failed]) if verdict.failed else ""
    return {"row": row, "met": met, "failed": failed, "holds": verdict.holds}


@login_required
@require_http_methods(["GET", "POST"])
def service_level_create(request: HttpRequest) -> HttpResponse:
    """A new service level."""
    require(_actor(request), KIND, "change")
    form = ServiceLevelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _save(request, form, None):
        return forms.done(request, reverse("service:service_levels"))
    return _page(request, form, None)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def service_level(request: HttpRequest, public_id: str) -> HttpResponse:
    """One service level, to be changed by those who may."""
    actor = _actor(request)
    row = queries.service_level(actor, public_id)
    require(actor, KIND, "change")
    held(request, row)
    form = ServiceLevelForm(request.POST if request.method == "POST" else None, policy=row)
    if request.method == "POST" and form.is_valid() and _save(request, form, row.pk):
        return forms.done(request, reverse("service:service_levels"))
    news = forms.meet(request, form)
    return _page(request, form, row) if news is None else news


@login_required
@require_POST
def service_level_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a service level away by which no clock ever ran."""
    row = queries.service_level(_actor(request), public_id)
    return removed(request, "level", row.pk, back=reverse("service:service_levels"))


def _save(request: HttpRequest, form: ServiceLevelForm, policy_id: int | None) -> bool:
    """Write it; whether it could be."""
    try:
        save_policy(actor=_actor(request), values=form.values(), policy_id=policy_id)
    except GuanxiError as error:
        forms.add_error(form, error)
        return False
    toasts.message(request, _("Saved. Open cases are reckoned anew."))
    return True


def _page(request: HttpRequest, form: ServiceLevelForm, row: SlaPolicy | None) -> HttpResponse:
    """The form."""
    context = {"form": form, "row": row, "sorts": Sort.labels}
    status = forms.status_of(form) if form.is_bound else 200
    return render(request, "service/service_level.html", context, status=status)
