"""A forgotten password: asking for a link by mail, and setting a new one with it. Only where mail is set."""

from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.core.client_address import address_of
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.people.forms import NewPasswordForm
from guanxi.people.signing_in import attempts, links
from guanxi.people.signing_in.services import resetting
from guanxi.ui import forms
from guanxi.ui.forms import RecordForm

IN_SESSION = "guanxi_reset"


class ForgottenForm(RecordForm):
    """Whose password it is."""

    name = django_forms.CharField(
        label=_("User name or mail address"),
        max_length=254,
        widget=django_forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


def _offered() -> None:
    """These pages are not there where no mail can be sent."""
    if not links.is_offered():
        raise NotFound(gettext("There is no such page."))


def _sender(request: HttpRequest) -> dict[str, str]:
    """Where a request comes from, for the history."""
    return {"address": address_of(request), "agent": request.headers.get("User-Agent", "")}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask whose password it is; the answer is the same whoever it is."""
    _offered()
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wait = resetting.ask(name=form.cleaned_data["name"], **_sender(request))
        if not wait:
            return redirect(f"{reverse('password_forgotten')}?sent=1")
        form.add_error(None, attempts.TooManyAttempts(wait))
    response = render(request, "people/forgotten.html", {"form": form, "is_sent": "sent" in request.GET})
    return attempts.answer_status(response, form)


@login_not_required
@never_cache
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the link out of the address, where it could be seen, into the session."""
    _offered()
    request.session[IN_SESSION] = token[:500]
    return redirect("password_new")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Set a new password with the link of the mail."""
    _offered()
    token = str(request.session.get(IN_SESSION, ""))
    if not resetting.holds(token):
        return render(request, "people/new_password.html", {"form": None}, status=404)
    form: Any = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            resetting.set_new(token=token, password=form.cleaned_data["password"], **_sender(request))
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            request.session.pop(IN_SESSION, None)
            return redirect(f"{reverse('account_login')}?password=new")
    return render(request, "people/new_password.html", {"form": form}, status=422 if form.errors else 200)
