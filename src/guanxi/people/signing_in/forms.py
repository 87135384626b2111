"""Forms of codes and passkeys; each attempt is throttled and written down."""

import json
import struct
from typing import Any

from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in import attempts
from guanxi.people.signing_in.services import factors
from guanxi.ui.forms import RecordForm

LONGEST_CREDENTIAL = 20_000
# What a malformed credential makes the library raise.
MALFORMED = (TypeError, ValueError, LookupError, AttributeError, struct.error, OverflowError, RecursionError)
WRONG = _("This code is not right, or it was used before.")
NOT_ACCEPTED = _("The passkey was not accepted.")


class CodeForm(RecordForm):
    """A code from the authenticator application, or a recovery code."""

    code = forms.CharField(
        label=pgettext_lazy("sign-in", "Code"),
        max_length=40,
        widget=forms.TextInput(
            {
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )
    reauthenticated = False

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Keep whose it must be."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.authenticator: Any = None

    def clean_code(self) -> str:
        """It is right, and was not used before."""
        code = str(self.cleaned_data["code"])
        attempt = attempts.by_code(context.request, self.user.pk, _kind_of(code))
        attempt.begin()
        found = factors.use_code(self.user.pk, code)
        if found is None:
            attempt.note(Outcome.WRONG_CODE)
            raise forms.ValidationError(WRONG)
        attempt.succeeded()
        self.authenticator = found
        return code

    def save(self) -> None:
        """Note in the session what was shown."""
        self.authenticator.user = self.user
        post_authentication(context.request, self.authenticator, reauthenticated=self.reauthenticated)


class ConfirmCodeForm(CodeForm):
    """The same, of somebody who is signed in already."""

    reauthenticated = True


def _kind_of(code: str) -> str:
    """What somebody seems to be typing."""
    return str(factors.TOTP if sum(sign.isdigit() for sign in factors.typed(code)) <= 8 else factors.CODES)


def _parsed(text: str) -> dict[str, Any]:
    """A credential as a browser sends it."""
    try:
        found = json.loads(text[:LONGEST_CREDENTIAL])
    except (ValueError, RecursionError):
        raise forms.ValidationError(NOT_ACCEPTED) from None
    if not isinstance(found, dict):
        raise forms.ValidationError(NOT_ACCEPTED)
    return found


class CredentialForm(forms.Form):
    """What a passkey answers."""

    credential = forms.CharField(max_length=LONGEST_CREDENTIAL, widget=forms.HiddenInput)
    reauthenticated = False
    passwordless = False

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        """Keep whose it must be; nobody's where it says so itself."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_credential(self) -> Authenticator:
        """It is a passkey of the user, and answers what we asked just now."""
        credential = _parsed(self.cleaned_data["credential"])
        attempt = (
            attempts.by_passkey(context.request)
            if self.user is None
            else attempts.by_code(context.request, self.user.pk, factors.PASSKEY)
        )
        attempt.begin()
        try:
            webauthn.parse_authentication_response(credential)
            user = self.user or webauthn.extract_user_from_response(credential)
            found = webauthn.complete_authentication(user, credential)
        except (*MALFORMED, forms.ValidationError):
            attempt.note(Outcome.WRONG_CODE)
            raise forms.ValidationError(NOT_ACCEPTED) from None
        attempt.succeeded()
        return found

    def save(self) -> None:
        """Note in the session what was shown."""
        post_authentication(
            context.request,
            self.cleaned_data["credential"],
            reauthenticated=self.reauthenticated,
            passwordless=self.passwordless,
        )


class PasskeySignInForm(CredentialForm):
    """A passkey that signs in alone."""

    passwordless = True


class ConfirmCredentialForm(CredentialForm):
    """A passkey of somebody who is signed in already."""

    reauthenticated = True


class NewPasskeyForm(RecordForm):
    """A passkey to be kept."""

    name = forms.CharField(
        label=_("What you call it"),
        max_length=60,
        required=False,
        help_text=_("The device or key that holds it, so that you know it again."),
    )
    credential = forms.CharField(max_length=LONGEST_CREDENTIAL, widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, Any]:
        """It answers what we asked just now."""
        credential = _parsed(self.cleaned_data["credential"])
        try:
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
        except (*MALFORMED, forms.ValidationError):
            raise forms.ValidationError(NOT_ACCEPTED) from None
        return credential


class AppForm(RecordForm):
    """The first code of an authenticator application."""

    code = forms.CharField(
        label=pgettext_lazy("sign-in", "Code"),
        max_length=10,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "class": "code-input"}
        ),
    )
