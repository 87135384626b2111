"""The form of a mailbox."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters.email.configuration import Configuration, Existing, Security, SignIn
from guanxi.conversations.adapters.email.oauth import CLIENT_SECRET, REFRESH_TOKEN
from guanxi.conversations.adapters.email.reading.addresses import ADDRESS
from guanxi.conversations.adapters.email.servers import IMAP_PASSWORD, SMTP_PASSWORD
from guanxi.conversations.forms import COMMON, ChannelForm
from guanxi.conversations.models import Channel
from guanxi.core.errors import InvalidInput
from guanxi.ui.forms import Section

SECRETS = (IMAP_PASSWORD, SMTP_PASSWORD, CLIENT_SECRET, REFRESH_TOKEN)
LISTS = ("aliases", "folders")
PLAIN = (
    *(
        "sender_name",
        "has_plus_addresses",
        "imap_host",
        "imap_port",
        "imap_security",
        "imap_user",
        "existing",
        "sign_in",
    ),
    *("smtp_host", "smtp_port", "smtp_security", "smtp_user", "token_url", "client_id", "token_scope"),
)
MOST_LINES = 50


def _lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _host(label: Any, example: str) -> forms.CharField:
    """The name of a server."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=253,
        widget=forms.TextInput({"placeholder": example, "spellcheck": "false"}),
    )


def _secret(label: Any, help_text: Any = "") -> forms.CharField:
    """A secret: never shown; left empty it stays as it is."""
    widget = forms.PasswordInput({"autocomplete": "new-password"}, render_value=False)
    return forms.CharField(label=label, required=False, max_length=4000, widget=widget, help_text=help_text)


class MailboxForm(ChannelForm):
    """The common fields and those of a mailbox."""

    address = forms.CharField(
        label=_("Address"),
        max_length=254,
        widget=forms.TextInput({"placeholder": "support@example.com", "spellcheck": "false"}),
        help_text=_("Customers write to it, and answers come from it."),
    )
    aliases = forms.CharField(
        label=_("Other addresses of this mailbox"),
        required=False,
        widget=forms.Textarea({"rows": "2"}),
        help_text=_("One a line. Mails from any of our addresses are never answered."),
    )
    sender_name = forms.CharField(label=_("Name of the sender"), required=False, max_length=100)
    sign_in = forms.ChoiceField(label=_("Signing in"), choices=SignIn.choices)
    imap_host = _host(_("IMAP server"), "imap.example.com")
    imap_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    imap_security = forms.ChoiceField(label=_("Encryption"), choices=Security.choices)
    imap_user = forms.CharField(
        label=_("User name"), required=False, max_length=254, help_text=_("Empty: the address.")
    )
    imap_password = _secret(_("Password"), _("Left empty, the one that is set stays."))
    folders = forms.CharField(
        label=_("Folders"), widget=forms.Textarea({"rows": "2"}), help_text=_("Each is read by itself; one a line.")
    )
    existing = forms.ChoiceField(label=_("Mails that are taken in"), choices=Existing.choices)
    smtp_host = _host(_("SMTP server"), "smtp.example.com")
    smtp_port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("Encryption"), choices=Security.choices)
    smtp_user = forms.CharField(
        label=_("User name"), required=False, max_length=254, help_text=_("Empty: the one of the IMAP server.")
    )
    smtp_password = _secret(_("Password"), _("Empty: the one of the IMAP server."))
    has_plus_addresses = forms.BooleanField(
        label=_("Answers come back to an address with a signed mark (name+mark@...)"),
        required=False,
        help_text=_("Then they find their conversation even where mail programs lose the thread. The server must deliver such addresses."),
    )  # fmt: skip
    token_url = forms.CharField(label=_("Token address of the provider"), required=False, max_length=500)
    client_id = forms.CharField(label=_("Client ID"), required=False, max_length=300)
    client_secret = _secret(_("Client secret"), _("Left empty, the one that is set stays."))
    refresh_token = _secret(_("Refresh token"), _("Left empty, the one that is set stays."))
    token_scope = forms.CharField(label=_("Scope"), required=False, max_length=500)
    sections = (
        Section("channel", _("Channel"), (*COMMON, "address", "aliases", "sender_name")),
        Section(
            "in",
            _("Mail that comes in"),
            ("sign_in", "imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "folders", "existing"),
        ),
        Section(
            "out",
            _("Mail that goes out"),
            ("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password", "has_plus_addresses"),
        ),
        Section("oauth", _("OAuth 2"), ("token_url", "client_id", "client_secret", "refresh_token", "token_scope")),
    )
    journaled = {
        **ChannelForm.journaled,
        **dict.fromkeys((*PLAIN, *LISTS), "settings"),
        **dict.fromkeys(SECRETS, "secret_sealed"),
    }

    @classmethod
    def first(cls) -> dict[str, Any]:
        """How a new mailbox begins."""
        return {"is_active": True, **cls._shown(Configuration())}

    @classmethod
    def initial_of(cls, channel: Channel) -> dict[str, Any]:
        """How the fields of a mailbox stand; secrets are never shown."""
        return {**cls.common_initial(channel), "address": channel.address, **cls._shown(Configuration.of(channel))}

    @staticmethod
    def _shown(held: Configuration) -> dict[str, Any]:
        """Settings as the form shows them."""
        lists = {name: "\n".join(getattr(held, name)) for name in LISTS}
        return {**{name: getattr(held, name) for name in PLAIN}, **lists}

    def clean_address(self) -> str:
        """An address that mails can be sent to."""
        address = str(self.cleaned_data["address"]).strip()
        if not ADDRESS.fullmatch(address):
            raise forms.ValidationError(_now("“%(text)s” is no e-mail address.") % {"text": address[:100]})
        return address

    def clean(self) -> dict[str, Any] | None:
        """What OAuth needs is there; hosts are names."""
        data = super().clean()
        if self.cleaned_data.get("sign_in") == SignIn.OAUTH2 and not self.cleaned_data.get("token_url"):
            self.add_error("token_url", _now("OAuth 2 needs the token address of the provider."))
        for name in ("imap_host", "smtp_host"):
            host = self.cleaned_data.get(name) or ""
            if any(letter.isspace() or letter in "/:@?#" for letter in host):
                self.add_error(name, _now("The name of a server, without address and port."))
        return data

    def mailbox_values(self) -> dict[str, Any]:
        """The settings and secrets that the person changed."""
        given = {name: self.cleaned_data.get(name) for name in (*PLAIN, *LISTS) if name in self.cleaned_data}
        changed = self.touched(given)
        for name in LISTS:
            if name in changed:
                changed[name] = _lines(str(changed[name] or ""))
                if len(changed[name]) > MOST_LINES:
                    raise InvalidInput(_now("At most %(count)s lines.") % {"count": MOST_LINES}, column=name)
        for alias in changed.get("aliases", ()):
            if not ADDRESS.fullmatch(alias):
                raise InvalidInput(_now("“%(text)s” is no e-mail address.") % {"text": alias[:100]}, column="aliases")
        secrets: Mapping[str, str] = {name: self.cleaned_data[name] for name in SECRETS if self.cleaned_data.get(name)}
        values: dict[str, Any] = {"address": self.cleaned_data["address"], "settings": changed}
        return {**values, **({"secrets": dict(secrets)} if secrets else {})}
