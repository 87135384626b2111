"""Pages of approvals: what waits for one's word, one of them, deciding; and the settings of who approves what."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import Forbidden, GuanxiError
from guanxi.core.money import to_minor
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn
from guanxi.workflow import approvals_shown, queries
from guanxi.workflow.forms import HeadForm, LimitForm, PolicyForm, initial_of
from guanxi.workflow.services import approval_settings as settings
from guanxi.workflow.services import approvals

PAGE = 40
SHOW = ("decide", "mine", "ended", "all")


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def approval_list(request: HttpRequest) -> HttpResponse:
    """What waits for one's word; what one asked for; what is over."""
    actor = _actor(request)
    require(actor, "approval", "view")
    show = request.GET.get("show", "decide")
    show = show if show in SHOW else "decide"
    waiting = queries.to_decide(actor)
    rows: Any = waiting if show == "decide" else queries.approvals_of(actor, show)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "show": show,
        "page": page,
        "lines": approvals_shown.lines(actor, list(page), is_to_decide=show == "decide"),
        "waiting": len(waiting),
        "sees_all": actor.scope("approval", "view") == "all",
    }
    return render(request, "workflow/approvals.html", context)


@login_required
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One approval with every word on it."""
    actor = _actor(request)
    approval = queries.approval_by_id(actor, public_id)
    return render(request, "workflow/approval.html", approvals_shown.page_context(actor, approval))


@login_required
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give one's word."""
    actor = _actor(request)
    approval = queries.approval_by_id(actor, public_id)
    is_approved = request.POST.get("word") == "approve"
    try:
        approvals.decide_approval(
            actor=actor, approval_id=approval.pk, is_approved=is_approved, words=request.POST.get("words", "")
        )
    except GuanxiError as error:
        context = {**approvals_shown.page_context(actor, queries.approval_by_id(actor, public_id)), "error": error,
                   "given": request.POST.get("words", "")}  # fmt: skip
        # Whoever may not decide sees the approval all the same: it is no page that is not there.
        status = 409 if isinstance(error, Forbidden) else error.status
        return render(request, "workflow/approval.html", context, status=status)
    toasts.message(request, _("Approved.") if is_approved else _("Refused."))
    return forms.done(request, _back(request, public_id))


@login_required
@require_POST
def delegate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let somebody else decide in one's place, or nobody after all."""
    actor = _actor(request)
    approval = queries.approval_by_id(actor, public_id)
    given = request.POST.get("to", "")
    try:
        operation = approvals.delegate_approval(
            actor=actor, approval_id=approval.pk, to_id=int(given) if given.isdecimal() else None
        )
    except GuanxiError as error:
        context = {**approvals_shown.page_context(actor, queries.approval_by_id(actor, public_id)), "error": error}
        return render(
            request, "workflow/approval.html", context, status=409 if isinstance(error, Forbidden) else error.status
        )
    toasts.message(request, _("Handed over.") if given else _("It is yours to decide again."), operation)
    return forms.done(request, reverse("workflow:approval", args=[public_id]))


@login_required
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back what one asked for."""
    actor = _actor(request)
    approvals.withdraw_approval(actor=actor, approval_id=queries.approval_by_id(actor, public_id).pk)
    toasts.message(request, _("The request is withdrawn."))
    return forms.done(request, _back(request, public_id))


def _back(request: HttpRequest, public_id: str) -> str:
    """Where a page goes after a word was given."""
    given = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        return given
    return reverse("workflow:approval", args=[public_id])


@login_required
@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Who approves what, up to which amount, and who heads which department."""
    actor = _actor(request)
    require(actor, "approval", "manage")
    return render(request, "workflow/approval_settings.html", approvals_shown.settings_context(actor))


@login_required
@require_http_methods(["GET", "POST"])
def create_policy(request: HttpRequest) -> HttpResponse:
    """Say who approves something."""
    actor = _actor(request)
    require(actor, "approval", "manage")
    form = PolicyForm(request.POST or None, initial={"currency": approvals_shown.usual_currency(), "is_active": True})
    if request.method == "POST" and form.is_valid():
        try:
            settings.create_policy(actor=actor, values=form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _saved(request)
    return _form(request, form, _("New policy"))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change_policy(request: HttpRequest, number: int) -> HttpResponse:
    """Change who approves something."""
    actor = _actor(request)
    row = held(request, queries.policy_of(actor, number))
    form = PolicyForm(request.POST or None, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            settings.update_policy(actor=actor, policy_id=row.pk, values=form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _saved(request)
    return _form(request, form, _("Change the policy"))


@login_required
@require_POST
def remove_policy(request: HttpRequest, number: int) -> HttpResponse:
    """Take a policy away."""
    actor = _actor(request)
    operation_id = settings.remove_policy(actor=actor, policy_id=queries.policy_of(actor, number).pk)
    toasts.message(request, _("The policy is gone."), operation_id)
    return forms.done(request, reverse("workflow:approval_settings"))


@login_required
@require_http_methods(["GET", "POST"])
def set_limit(request: HttpRequest) -> HttpResponse:
    """Say up to which amount a role approves."""
    actor = _actor(request)
    require(actor, "approval", "manage")
    form = LimitForm(request.POST or None, initial={"currency": approvals_shown.usual_currency()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            settings.set_limit(
                actor=actor, role=data["role"], sort=data["sort"], currency=data["currency"],
                most_minor=to_minor(data["amount"], data["currency"]),
            )  # fmt: skip
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _saved(request)
    return _form(request, form, _("Limit of a role"))


@login_required
@require_POST
def remove_limit(request: HttpRequest, number: int) -> HttpResponse:
    """Take a limit away."""
    operation_id = settings.remove_limit(actor=_actor(request), limit_id=number)
    toasts.message(request, _("The limit is gone."), operation_id)
    return forms.done(request, reverse("workflow:approval_settings"))


@login_required
@require_http_methods(["GET", "POST"])
def set_head(request: HttpRequest) -> HttpResponse:
    """Say who heads a department."""
    actor = _actor(request)
    require(actor, "approval", "manage")
    form = HeadForm(request.POST or None, initial={"department": request.GET.get("department", "")})
    if request.method == "POST" and form.is_valid():
        try:
            settings.set_head(actor=actor, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _saved(request)
    return _form(request, form, _("Head of a department"))


def _saved(request: HttpRequest) -> HttpResponse:
    """Back to the settings."""
    toasts.message(request, _("Saved."))
    return forms.done(request, reverse("workflow:approval_settings"))


def _form(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    """A form of the settings."""
    return forms.page(
        request, form, title=title, back_url=reverse("workflow:approval_settings"), back_label=_("Approvals")
    )
