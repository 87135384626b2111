"""The company's rules about personal data: purposes, texts, numbers of the law, separate consent."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core import clock
from guanxi.core.access import require
from guanxi.core.errors import GuanxiError
from guanxi.customers.privacy import legal, purposes, separate
from guanxi.customers.privacy.forms import NoticeForm, ParameterForm, PurposeForm
from guanxi.customers.privacy.register import reading
from guanxi.customers.views.answers import actor_in
from guanxi.ui import forms, toasts
from guanxi.ui.together import Setting, held, held_setting, in_turn


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that the company settles about personal data."""
    actor = actor_in(request)
    require(actor, "privacy", "view")
    context = {
        "purposes": purposes.listed(),
        "parameters": [{"row": row, "name": legal.NAMES.get(row.key, row.key)} for row in legal.in_force()],
        "is_ruled": separate.is_ruled(),
        "requests": reading.counts(actor),
        "may_manage": actor.can("privacy", "manage"),
    }
    return render(request, "customers/privacy/settings.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def purpose(request: HttpRequest, purpose_id: int | None = None) -> HttpResponse:
    """A new purpose, or one that stands."""
    actor = actor_in(request)
    require(actor, "privacy", "manage")
    row = purposes.purpose_number(purpose_id) if purpose_id is not None else None
    if row is not None:
        held(request, row)
    form = PurposeForm(request.POST or None, initial=purposes.values_of(row) if row else None)
    if row is not None:
        form.fields["key"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            purposes.save_purpose(actor=actor, values=form.cleaned_data, purpose_id=purpose_id)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _saved(request)
    return _page(request, form, _("Purpose: %(name)s") % {"name": row} if row else _("New purpose"))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def notice(request: HttpRequest, purpose_id: int) -> HttpResponse:
    """A new version of the text that people are shown."""
    actor = actor_in(request)
    require(actor, "privacy", "manage")
    row = held(request, purposes.purpose_number(purpose_id))
    standing = purposes.notice_in_force(row)
    initial: dict[str, Any] = {"valid_from": clock.today()}
    if standing is not None:
        initial |= {"text_en": standing.text_en, "text_zh": standing.text_zh}
    form = NoticeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            purposes.add_notice(actor=actor, purpose_id=row.pk, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _saved(request)
    return _page(request, form, _("New text for: %(name)s") % {"name": row})


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    """A number of the law from a day on."""
    actor = actor_in(request)
    require(actor, "privacy", "manage")
    asks_whose = request.method == "POST" or forms.is_news(request)
    latest = legal.latest_number(key) if asks_whose else 0
    held_setting(request, Setting(f"legal parameter {key}", kind="legalparameter", record_id=latest))
    form = ParameterForm(request.POST or None, initial=legal.values_of(key, request.POST.get("valid_from", "")))
    if request.method == "POST" and form.is_valid():
        try:
            legal.set_parameter(actor=actor, key=key, **form.cleaned_data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _saved(request)
    return _page(request, form, str(legal.NAMES.get(key, key)))


@login_required
@require_POST
def separate_consent(request: HttpRequest) -> HttpResponse:
    """Set or lift the rule."""
    separate.set_rule(actor=actor_in(request), is_on=request.POST.get("is_on") == "1")
    toasts.message(request, _("Saved."))
    return HttpResponseRedirect(reverse("customers:privacy"))


def _saved(request: HttpRequest) -> HttpResponse:
    """Back to the overview."""
    toasts.message(request, _("Saved."))
    return forms.done(request, reverse("customers:privacy"))


def _page(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    """A form of these settings."""
    return forms.page(request, form, title=title, back_url=reverse("customers:privacy"), back_label=_("Privacy"))
