"""Pages of rules: the list, one with its log, the editor, dry runs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, GuanxiError
from guanxi.tasks import queries as people_queries
from guanxi.ui import forms, toasts
from guanxi.workflow import drawing, editor, presenting, queries, words
from guanxi.workflow.choices import Limit, Outcome
from guanxi.workflow.engine.dry_running import dry_run
from guanxi.workflow.models import Rule
from guanxi.workflow.services import rules

PAGE = 40


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """All rules as sentences, in their order, with what they did lately."""
    actor = _actor(request)
    require(actor, "rule", "view")
    context = {
        "items": presenting.rule_items(queries.rules_of(actor)),
        "may_create": actor.can("rule", "create"),
        "may_change": actor.can("rule", "change"),
    }
    return render(request, "workflow/rules.html", context)


@login_required
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One rule with its log."""
    actor = _actor(request)
    rule = queries.rule_of(actor, public_id)
    outcome = _outcome(request)
    page = Paginator(queries.firings(actor, rule=rule, outcome=outcome), PAGE).get_page(request.GET.get("page"))
    context = {
        "rule": rule,
        "sentence": words.rule_sentence(rule),
        "limit": words.limit_words(rule.limit),
        "page": page,
        "lines": presenting.firing_lines(actor, list(page)),
        "outcome": outcome,
        "outcomes": Outcome.choices,
        "address": reverse("workflow:rule", args=[rule.public_id]),
        "may_change": actor.can("rule", "change"),
        "may_delete": actor.can("rule", "delete") and queries.may_go(rule),
    }
    return render(request, "workflow/rule.html", context)


@login_required
@require_GET
def firing_list(request: HttpRequest) -> HttpResponse:
    """The log of all rules."""
    actor = _actor(request)
    require(actor, "rule", "view")
    outcome = _outcome(request)
    page = Paginator(queries.firings(actor, outcome=outcome), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": presenting.firing_lines(actor, list(page)),
        "outcome": outcome,
        "outcomes": Outcome.choices,
        "address": reverse("workflow:firings"),
    }
    return render(request, "workflow/firings.html", context)


def _outcome(request: HttpRequest) -> str:
    """Which firings are asked for."""
    given = request.GET.get("outcome", "")
    return given if given in Outcome.values else ""


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Write a rule."""
    require(_actor(request), "rule", "create")
    return _editor(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a rule."""
    return _editor(request, queries.rule_of(_actor(request), public_id, "change"))


def _editor(request: HttpRequest, rule: Rule | None) -> HttpResponse:
    """The page of the editor: draws what was sent anew, tries it, or saves it."""
    actor = _actor(request)
    error: GuanxiError | None = None
    tried: dict[str, Any] | None = None
    edit = request.POST.get("edit", "")
    try:
        draft = _draft(request, rule)
        draft.edit(edit)
        if edit == "try":
            trial = rules.draft_rule(actor=actor, values=draft.values())
            tried = presenting.dry_run_context(actor, trial, dry_run(trial))
        elif request.method == "POST" and not edit:
            return _save(request, rule, draft)
    except GuanxiError as raised:
        error = raised
        draft = _draft_or_new(request)
    context = {
        **drawing.context(draft, actor),
        "rule": rule,
        "error": error,
        "tried": tried,
        "seen": rule.updated_at.isoformat() if rule is not None else "",
        "limits": Limit.choices,
        "people": people_queries.people(),
    }
    # An answer to htmx is drawn whatever is wrong; a page that was not saved says so by its status.
    is_refused = error is not None and not request.headers.get("HX-Request")
    response = render(request, "workflow/editor.html", context, status=error.status if is_refused and error else 200)
    response["Cache-Control"] = "no-store"
    return response


def _draft(request: HttpRequest, rule: Rule | None) -> editor.Draft:
    """What was sent, else how the rule stands, else an empty rule."""
    if request.method == "POST":
        return editor.sent(request.POST)
    return (
        editor.of_rule(rule)
        if rule is not None
        else editor.new_draft(request.GET.get("trigger", ""), _actor(request).user_id)
    )


def _draft_or_new(request: HttpRequest) -> editor.Draft:
    """What was sent, as far as it can be drawn at all."""
    try:
        return editor.sent(request.POST)
    except GuanxiError:
        return editor.new_draft()


def _save(request: HttpRequest, rule: Rule | None, draft: editor.Draft) -> HttpResponse:
    """Save what was sent, and lead to the rule."""
    actor, values = _actor(request), draft.values()
    if rule is None:
        made = rules.create_rule(actor=actor, values=values)
        toasts.message(request, _("The rule is written. Try it, then switch it on."))
        return forms.done(request, reverse("workflow:rule", args=[made.public_id]))
    if request.POST.get("seen", "") not in ("", rule.updated_at.isoformat()):
        raise Conflict(
            _("Somebody else has changed this rule meanwhile. Save once more to replace what they wrote with yours.")
        )
    operation_id = rules.update_rule(actor=actor, rule_id=rule.pk, values=values)
    toasts.message(request, _("Saved."), operation_id)
    return forms.done(request, reverse("workflow:rule", args=[rule.public_id]))


@login_required
@require_GET
def try_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a rule would have done lately."""
    actor = _actor(request)
    rule = queries.rule_of(actor, public_id)
    rules.require_sight(actor=actor, rule=rule)
    context = {
        "rule": rule,
        "sentence": words.rule_sentence(rule),
        "tried": presenting.dry_run_context(actor, rule, dry_run(rule)),
    }
    return render(request, "workflow/dry_run.html", context)


@login_required
@require_POST
def switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Switch a rule on or off."""
    actor = _actor(request)
    rule = queries.rule_of(actor, public_id, "change")
    is_active = request.POST.get("active") == "yes"
    operation_id = rules.switch_rule(actor=actor, rule_id=rule.pk, is_active=is_active)
    if operation_id is not None:
        toasts.message(request, _("The rule is in force.") if is_active else _("The rule is off."), operation_id)
    return forms.done(request, reverse("workflow:rule", args=[rule.public_id]))


@login_required
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a rule away that never did anything."""
    actor = _actor(request)
    rule = queries.rule_of(actor, public_id, "delete")
    toasts.message(request, _("The rule is gone."), rules.delete_rule(actor=actor, rule_id=rule.pk))
    return forms.done(request, reverse("workflow:rules"))
