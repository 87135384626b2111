"""Periods of retention on screen: every kind, its rule, the preview, the run."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core.access import require
from guanxi.core.errors import GuanxiError
from guanxi.customers.privacy.retention import jobs, presenting, previewing, requesting, rules
from guanxi.customers.privacy.retention_forms import ConfirmForm, RuleForm
from guanxi.customers.views.answers import actor_in
from guanxi.people.public import confirmed_to_write
from guanxi.ui import forms, toasts
from guanxi.ui.together import Setting, held_setting, in_turn


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every kind of data with its period."""
    actor = actor_in(request)
    require(actor, "privacy", "view")
    context = {
        "grouped": presenting.overview(),
        "elsewhere": presenting.elsewhere(),
        "activities": presenting.what_counts(),
        "may_manage": actor.can("privacy", "manage"),
    }
    return render(request, "customers/privacy/retention.html", context)


@login_required
@require_safe
def kind(request: HttpRequest, key: str) -> HttpResponse:
    """One kind: what ends how, its rule, its runs."""
    actor = actor_in(request)
    require(actor, "privacy", "view")
    rule = rules.rule_of(key)
    context = {
        "rule": rule,
        "period": presenting.period(rule.days),
        "ending": presenting.ENDINGS[rule.kind.ending],
        "how": presenting.how(rule),
        "minimums": rules.minimums(rule.kind),
        "activities": presenting.what_counts() if rule.kind.ending == "erase" else [],
        "runs": [(run, presenting.tone(run)) for run in presenting.runs_open(actor, key)],
        "may_manage": actor.can("privacy", "manage"),
    }
    return render(request, "customers/privacy/retention_kind.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
@in_turn
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Set the period of a kind."""
    actor = actor_in(request)
    require(actor, "privacy", "manage")
    rules.kind_of(key)
    held_setting(request, Setting(f"retention {key}", f"privacy.retention.{key}."))
    rule = rules.rule_of(key)
    form = RuleForm(request.POST or None, rule=rule)
    back = reverse("customers:retention_kind", args=[key])
    if request.method == "POST" and form.is_valid():
        try:
            rules.set_rule(actor=actor, key=key, **form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, back)
    title = _("Period: %(kind)s") % {"kind": rule.kind.label}
    return forms.page(
        request, form, title=title, intro=rule.kind.what_happens, back_url=back, back_label=rule.kind.label
    )


@login_required
@require_POST
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """Have it counted what would end."""
    actor = actor_in(request)
    try:
        run = previewing.order(actor=actor, key=key)
    except GuanxiError as error:
        if error.status in {403, 404}:
            raise
        toasts.message(request, str(error))
        return HttpResponseRedirect(reverse("customers:retention_kind", args=[key]))
    jobs.count(run.pk)
    return HttpResponseRedirect(run.get_absolute_url())


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def show(request: HttpRequest, run_id: int) -> HttpResponse:
    """A preview with the order to end what it shows; a run with its progress and its result."""
    actor = actor_in(request)
    run = presenting.run_open(actor, run_id)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            requesting.confirm(actor=actor, run_id=run.pk, typed=form.cleaned_data["typed"])
        except GuanxiError as error:
            if error.status in {403, 404}:
                raise
            forms.add_error(form, error)
        else:
            jobs.start(run.pk)
            return HttpResponseRedirect(run.get_absolute_url())
    elif request.method == "POST":
        require(actor, "privacy", "manage")
    shown = presenting.shown(actor, run)
    context = {
        "shown": shown,
        "run": run,
        "form": form,
        "is_busy": run.state in presenting.BUSY,
        "may_end": requesting.may_end(actor, shown.rule.kind),
        "may_stop": actor.can("privacy", "manage") and run.state in requesting.CAN_STOP,
        "hours": presenting.fresh_hours(),
        "erasures": run.erasures.order_by("-pk")[: presenting.SHOWN],
    }
    response = render(request, "customers/privacy/retention_run.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The bar; when the work is over, the page fetches itself again."""
    run = presenting.run_open(actor_in(request), run_id)
    response = render(request, "customers/privacy/retention_progress.html", {"run": run})
    if run.state not in presenting.BUSY:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a run."""
    actor = actor_in(request)
    try:
        run = requesting.stop(actor=actor, run_id=run_id)
    except GuanxiError as error:
        if error.status in {403, 404}:
            raise
        toasts.message(request, str(error))
        return HttpResponseRedirect(reverse("customers:retention_run", args=[run_id]))
    toasts.message(request, _("Stopped. What has ended stays so."))
    return HttpResponseRedirect(run.get_absolute_url())
