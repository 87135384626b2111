"""Who else may say who somebody is."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Protocol(models.TextChoices):
    """How a provider speaks."""

    OIDC = "oidc", _("OpenID Connect")
    SAML = "saml", _("SAML")


class IdentityProvider(models.Model):
    """One provider through which people may sign in, and what its word counts here."""

    slug = models.SlugField(_("Short name"), max_length=40, unique=True)
    label = models.CharField(pgettext_lazy("provider", "Name"), max_length=80)
    is_active = models.BooleanField(_("In use"), default=True)
    protocol = models.CharField(_("Protocol"), max_length=8, choices=Protocol.choices, default=Protocol.OIDC)
    # OpenID Connect: issuer, client_id, scopes. SAML: entity_id, sso_url, certificates.
    settings = models.JSONField(default=dict)
    secret_sealed = models.TextField(blank=True)
    matches_email = models.BooleanField(default=False)
    provisions = models.BooleanField(default=False)
    default_role = models.ForeignKey("core.Role", null=True, on_delete=models.PROTECT, related_name="+")
    # [[claim, value, role key], ...]; the first that fits gives the role at each sign-in.
    role_rules = models.JSONField(default=list)
    has_second_factor = models.BooleanField(default=False)
    # Whether the environment says all this: then the row only holds who is who.
    is_given = False

    def __str__(self) -> str:
        """What people call it."""
        return self.label


class Identity(models.Model):
    """Somebody as a provider knows them, and which user they are here."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255)
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        """One user for each subject."""

        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="identity_once")]

    def __str__(self) -> str:
        """The subject."""
        return self.subject


class UsedAssertion(models.Model):
    """One assertion of a SAML provider that let somebody in, or link that was found too old, as a digest: it counts no more."""

    key = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """The digest."""
        return self.key
