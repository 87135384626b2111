"""One attempt to sign in by the web: throttled, checked, written down; the visitor learns only whether it was good."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from guanxi.core.client_address import address_of
from guanxi.core.models import User
from guanxi.people.models.signing_in import Means, Outcome
from guanxi.people.signing_in import device
from guanxi.people.signing_in.services import history, throttling

THROTTLED = "throttled"


@dataclass(frozen=True)
class Attempt:
    """What is being tried, by whom, from where."""

    request: HttpRequest
    user_id: int | None
    means: str
    second: str
    keys: Sequence[throttling.Key]

    def note(self, outcome: Outcome) -> None:
        """Write down how it went."""
        history.note(
            user_id=self.user_id,
            outcome=outcome,
            means=self.means,
            second=self.second,
            address=address_of(self.request),
            agent=self.request.headers.get("User-Agent", ""),
        )

    def begin(self) -> None:
        """Count it, or raise with how long to wait."""
        wait = throttling.begin(self.keys)
        if wait > timedelta(0):
            self.note(Outcome.THROTTLED)
            raise TooManyAttempts(wait)

    def succeeded(self) -> None:
        """It was good; whether the signing in is complete is another question."""
        throttling.succeeded(self.keys)


class TooManyAttempts(forms.ValidationError):
    """Somebody has to wait before the next attempt."""

    def __init__(self, wait: timedelta) -> None:
        """Say how long."""
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(
            too_many(self.seconds),
            code=THROTTLED,
            params={"seconds": self.seconds},
        )


def too_many(seconds: int) -> str:
    """That somebody has to wait, and how long."""
    return gettext("Too many failed attempts. Please try again in %(wait)s.") % {"wait": in_words(seconds)}


def in_words(seconds: int) -> str:
    """A span of time, rounded up."""
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def by_password(request: HttpRequest, name: str) -> tuple[Attempt, User | None]:
    """An attempt with a name and a password, and whose name it is."""
    user = User.objects.filter(username=name).first()
    user_id = user.pk if user is not None else None
    sign = device.sign_for(request, user_id)
    keys = throttling.password_keys(name, address_of(request), user_id=user_id, device=sign)
    return Attempt(request, user_id, Means.PASSWORD, "", keys), user


def by_code(request: HttpRequest, user_id: int, second: str) -> Attempt:
    """An attempt with a code or a security key by somebody whose password was right."""
    sign = device.sign_for(request, user_id)
    keys = throttling.code_keys(user_id, address_of(request), device=sign)
    return Attempt(request, user_id, Means.PASSWORD, second, keys)


def by_passkey(request: HttpRequest) -> Attempt:
    """An attempt with a passkey alone."""
    return Attempt(request, None, Means.PASSKEY, "", throttling.passkey_keys(address_of(request)))


def seconds_to_wait(form: forms.Form) -> int:
    """How long a form's errors say to wait; 0 when they say nothing of it."""
    found = [
        int(error.params["seconds"])
        for errors in form.errors.as_data().values()
        for error in errors
        if error.code == THROTTLED and error.params
    ]
    return max(found, default=0)


def answer_status(response: HttpResponse, form: forms.Form) -> HttpResponse:
    """The status that goes with a form's errors: 429 with Retry-After where somebody has to wait."""
    seconds = seconds_to_wait(form)
    if seconds:
        response.status_code = 429
        response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def means_of(records: Sequence[dict[str, Any]]) -> tuple[str, str]:
    """Means and second factor out of what a session says was shown."""
    means, second = Means.PASSWORD.value, ""
    for record in records:
        if record.get("reauthenticated"):
            continue
        if record.get("method") == "socialaccount":
            means = str(record.get("means") or Means.OIDC.value)
        elif record.get("method") == "mfa":
            if record.get("passwordless"):
                means = Means.PASSKEY.value
            else:
                second = str(record.get("type", ""))
    return means, second
