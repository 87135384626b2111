"""The forms of identity providers, one for each protocol."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.people import queries as people
from guanxi.people.models import IdentityProvider
from guanxi.people.models.providers import Protocol
from guanxi.people.signing_in import oidc, role_rules, saml_metadata
from guanxi.people.signing_in.digests import digest
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.services import providers
from guanxi.ui.forms import RecordForm, Section

PEOPLE = Section(
    "people",
    _("Whom it lets in"),
    ("matches_email", "provisions", "default_role", "role_rules", "has_second_factor"),
)


class ProviderForm(RecordForm):
    """What holds for a provider of either protocol."""

    setting_names: ClassVar[tuple[str, ...]] = ()
    journaled: ClassVar[Mapping[str, str]] = {
        "secret": "secret_sealed",
        **dict.fromkeys(("metadata", "issuer", "client_id", "scopes"), "settings"),
    }
    label = forms.CharField(
        label=pgettext_lazy("provider", "Name"), max_length=80, help_text=_("What the button on the sign-in page says.")
    )
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        help_text=_("Part of the address that the provider sends people back to."),
        error_messages={
            "invalid": _("A short name has letters, digits, hyphens and underscores only, as in our-works.")
        },
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    matches_email = forms.BooleanField(
        label=_("Knows users by their verified mail address"), required=False, initial=True
    )
    provisions = forms.BooleanField(label=_("Makes users for people it knows and we do not"), required=False)
    default_role = forms.TypedChoiceField(
        label=_("Role of users made so"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=lambda: [("", "–"), *people.role_choices()],
    )
    role_rules = forms.CharField(
        label=_("Roles by claim"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One rule a line, the first that fits counts: groups = sales -> agent"),
    )
    has_second_factor = forms.BooleanField(
        label=_("Asks for a second factor itself, so that we do not"), required=False
    )

    def __init__(self, *args: Any, provider: IdentityProvider | None = None, **kwargs: Any) -> None:
        """Keep which one is changed."""
        super().__init__(*args, **kwargs)
        self.provider = provider

    def clean_role_rules(self) -> list[list[str]]:
        """Rules out of their lines."""
        try:
            return role_rules.parsed(self.cleaned_data["role_rules"].splitlines())
        except role_rules.WrongRuleError:
            raise forms.ValidationError(_("Write each rule as: claim = value -> role")) from None

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        settings = {name: data.pop(name) for name in self.setting_names}
        secret, role = data.pop("secret", ""), data.pop("default_role")
        return {**data, "settings": settings, "secret": secret, "default_role_id": role}


class OidcForm(ProviderForm):
    """An OpenID Connect provider."""

    sections = (
        Section("provider", _("Provider"), ("label", "slug", "issuer", "client_id", "secret", "scopes", "is_active")),
        PEOPLE,
    )
    setting_names = ("issuer", "client_id", "scopes")
    issuer = forms.CharField(label=_("Issuer"), max_length=300, help_text=_("Its address, beginning with https://"))
    client_id = forms.CharField(label=_("Client id"), max_length=300)
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        strip=True,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=_("Kept sealed and never shown; empty leaves the one that is kept."),
    )
    scopes = forms.CharField(label=_("Scopes"), max_length=200, initial="openid email profile")

    @property
    def sealed(self) -> Mapping[str, str]:
        """The secret is compared by a keyed digest."""
        return {"secret": providers.mark_of_secret(self.provider)} if self.provider is not None else {}

    def mark_of(self, name: str, text: str) -> str:
        """The same of the secret that was entered."""
        return digest(text.strip())

    def clean_issuer(self) -> str:
        """An address that may be trusted."""
        text = str(self.cleaned_data["issuer"]).rstrip("/")
        if not oidc.is_allowed(text):
            raise forms.ValidationError(_("The address must begin with https://"))
        return text


class SamlForm(ProviderForm):
    """A SAML provider, by its own description."""

    sections = (Section("provider", _("Provider"), ("label", "slug", "metadata", "is_active")), PEOPLE)
    metadata = forms.CharField(
        label=_("Metadata of the provider"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "The XML that it publishes: where people sign in and the certificates it signs with. "
            "Empty leaves what is kept."
        ),
    )

    @property
    def sealed(self) -> Mapping[str, str]:
        """What was read from the metadata is kept, not the text: it is compared by that."""
        return {"metadata": _mark(self.provider.settings)} if self.provider is not None else {}

    def mark_of(self, name: str, text: str) -> str:
        """The same of the metadata that were pasted; wrong ones are like none that are kept."""
        try:
            return _mark(saml_metadata.provider_settings(text))
        except ProviderError:
            return ""

    def clean_metadata(self) -> dict[str, Any]:
        """What the description says."""
        text = str(self.cleaned_data["metadata"])
        if not text.strip():
            if self.provider is None or not self.provider.settings:
                raise forms.ValidationError(_("Paste the metadata of the provider."))
            return dict(self.provider.settings)
        try:
            return saml_metadata.provider_settings(text)
        except ProviderError:
            raise forms.ValidationError(
                _("These are no metadata of one provider with https addresses and certificates.")
            ) from None

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        found = super().values()
        settings = found.pop("metadata")
        return {**found, "settings": settings, "protocol": Protocol.SAML.value}


def _mark(settings: Mapping[str, Any]) -> str:
    """What two descriptions are compared by."""
    return digest(json.dumps(settings, sort_keys=True))


FORMS: dict[str, type[ProviderForm]] = {Protocol.OIDC.value: OidcForm, Protocol.SAML.value: SamlForm}
