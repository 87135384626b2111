"""Signing in: what was tried, and who has to wait."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(models.TextChoices):
    """What became of an attempt to sign in."""

    SIGNED_IN = "signed_in", _("Signed in")
    WRONG_PASSWORD = "wrong_password", _("Wrong password")
    UNKNOWN_NAME = "unknown_name", _("No such user")
    WRONG_CODE = "wrong_code", _("Wrong code or passkey")
    DISABLED = "disabled", _("May not sign in")
    THROTTLED = "throttled", _("Had to wait")
    NOT_ALLOWED = "not_allowed", _("Not allowed this way")
    BAD_ANSWER = "bad_answer", _("Answer of the provider refused")
    AWAY = "provider_away", _("The provider did not answer")
    REFUSED_US = "refused_us", _("The provider refused us: client id or secret")
    DECLINED = "declined", _("Declined at the provider")
    WRONG_SIGNATURE = "wrong_signature", _("Answer not signed by the provider")
    WRONG_AUDIENCE = "wrong_audience", _("Answer meant for another program")
    NOT_NOW = "not_now", _("Answer too old, or not yet good")
    NOT_ASKED = "not_asked", _("Answer to no question of this browser")
    NO_USER = "no_user", _("Known to the provider, no user here")
    RESET_ASKED = "reset_asked", _("New password asked for by mail")
    PASSWORD_RESET = "password_reset", _("Password set anew by mail")


class Means(models.TextChoices):
    """How somebody signs in."""

    PASSWORD = "password", _("Password")
    PASSKEY = "passkey", pgettext_lazy("sign-in", "Passkey")
    OIDC = "oidc", _("OpenID Connect")
    SAML = "saml", _("SAML")
    MAIL = "mail", pgettext_lazy("sign-in", "Mail")


class Second(models.TextChoices):
    """What was asked for besides the password."""

    TOTP = "totp", pgettext_lazy("sign-in", "Authenticator code")
    WEBAUTHN = "webauthn", _("Security key")
    RECOVERY_CODES = "recovery_codes", _("Recovery code")


class SignIn(models.Model):
    """One attempt to sign in. What was typed as a name is kept only where it is the name of a user."""

    at = models.DateTimeField(pgettext_lazy("moment", "When"))
    user = models.ForeignKey("core.User", null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("User"))
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome.choices)
    means = models.CharField(_("Means"), max_length=20, choices=Means.choices)
    second = models.CharField(_("Second factor"), max_length=20, choices=Second.choices, blank=True)
    address = models.CharField(pgettext_lazy("network", "Address"), max_length=45, blank=True)
    agent = models.CharField(_("Browser"), max_length=300, blank=True)

    class Meta:
        """One person's history and the company's are one index read each."""

        indexes = [
            models.Index(fields=["user", "-at"], name="sign_in_user"),
            models.Index(fields=["-at"], name="sign_in_at"),
        ]

    def __str__(self) -> str:
        """What, when."""
        return f"{self.outcome} {self.at}"


class Throttle(models.Model):
    """How often something failed for one account, sender, pair of both or device, and until when it has to wait."""

    key = models.CharField(max_length=80, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)
    # The account it is about, so that it can be freed; none for a sender or a name that no user has.
    user_id = models.BigIntegerField(null=True, db_index=True)

    def __str__(self) -> str:
        """What it counts."""
        return self.key
