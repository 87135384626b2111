"""The fields of a web form: what a company asks, read from the channel's settings and checked when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.conversations.adapters.form.guarding import TRAP
from guanxi.conversations.models import Channel
from guanxi.core.errors import GuanxiError
from guanxi.customers.identifiers import normalise_phone

FILES_AT_MOST = 5
FILE_BYTES = 10 * 1024 * 1024
ASKED = ("phone", "subject", "topic", "files")
TOPICS_AT_MOST = 30


@dataclass(frozen=True)
class Asked:
    """What the form of a channel asks besides name, address and text."""

    phone: bool = True
    subject: bool = True
    files: bool = True
    topics: tuple[str, ...] = ()
    consent: str = ""
    intro: str = ""
    thanks: str = ""

    @classmethod
    def of(cls, channel: Channel, language: str) -> "Asked":
        """As the channel's settings say, its texts in the visitor's language."""
        held: Mapping[str, Any] = channel.settings or {}
        suffix = "zh" if language.startswith("zh") else "en"

        def text(name: str) -> str:
            """A text in the visitor's language, else in the other one."""
            return str(held.get(f"{name}_{suffix}") or held.get(f"{name}_{'en' if suffix == 'zh' else 'zh'}") or "")

        topics = tuple(line.strip() for line in text("topics").splitlines() if line.strip())[:TOPICS_AT_MOST]
        asks = {name: bool(held.get(f"asks_{name}", True)) for name in ("phone", "subject", "files")}
        return cls(
            **asks,
            topics=topics,
            consent=text("consent"),
            intro=text("intro"),
            thanks=str(held.get(f"thanks_{suffix}") or ""),
        )


class VisitorForm(forms.Form):
    """What a visitor fills in."""

    use_required_attribute = True
    name = forms.CharField(label=pgettext_lazy("web form", "Your name"), max_length=100)
    email = forms.CharField(
        label=pgettext_lazy("web form", "Your e-mail address"), max_length=254, validators=[validate_email],
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=pgettext_lazy("web form", "Your telephone number"), max_length=40, required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    topic = forms.ChoiceField(label=pgettext_lazy("web form", "What is it about?"), required=False)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=pgettext_lazy("web form", "Your message"), max_length=20_000, widget=forms.Textarea({"rows": 6})
    )
    attached = forms.FileField(label=gettext_lazy("Files"), required=False)
    consent = forms.BooleanField(label="")

    def __init__(self, asked: Asked, *args: Any, **kwargs: Any) -> None:
        """Leave out what this form does not ask."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields[TRAP] = forms.CharField(
            required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"})
        )
        kept = {"phone": asked.phone, "subject": asked.subject, "attached": asked.files}
        kept |= {"topic": bool(asked.topics), "consent": bool(asked.consent)}
        for left_out in [name for name, is_kept in kept.items() if not is_kept]:
            del self.fields[left_out]
        if asked.topics:
            self.fields["topic"].choices = [("", "—"), *((one, one) for one in asked.topics)]  # type: ignore[attr-defined]
        if asked.consent:
            self.fields["consent"].label = asked.consent
        for name, field in self.fields.items():
            css = "form-select" if name == "topic" else "form-check-input" if name == "consent" else "form-control"
            field.widget.attrs["class"] = css

    def clean_phone(self) -> str:
        """A number that can be called."""
        text = str(self.cleaned_data.get("phone") or "").strip()
        if text:
            try:
                normalise_phone(text)
            except GuanxiError as error:
                raise forms.ValidationError(str(error)) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Few files, none too large."""
        data = super().clean() or {}
        files = self.files.getlist("attached") if hasattr(self.files, "getlist") else []
        if len(files) > FILES_AT_MOST:
            self.add_error("attached", _("At most %(limit)s files can be sent.") % {"limit": FILES_AT_MOST})
        if any((one.size or 0) > FILE_BYTES for one in files):
            self.add_error("attached", _("A file has at most %(limit)s MB.") % {"limit": FILE_BYTES // 2**20})
        return data
