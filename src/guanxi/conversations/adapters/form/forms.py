"""The form in which a company arranges its web form."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters.form.origins import clean_origins
from guanxi.conversations.forms import COMMON, ChannelForm
from guanxi.conversations.models import Channel
from guanxi.ui.forms import Section

TEXTS = ("intro", "thanks", "topics", "consent")
FLAGS = ("asks_phone", "asks_subject", "asks_files")


def _area(label: Any, help_text: Any = "") -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label, required=False, max_length=2000, widget=forms.Textarea({"rows": 3}), help_text=help_text
    )


class WebFormForm(ChannelForm):
    """What the form asks and says, and on which pages it may stand."""

    origins = _area(
        _("Pages on which it may stand"),
        _("One origin a line, like https://www.example.com. Left empty, it stands only on its own address."),
    )
    asks_phone = forms.BooleanField(label=_("Ask for a telephone number"), required=False)
    asks_subject = forms.BooleanField(label=_("Ask for a subject"), required=False)
    asks_files = forms.BooleanField(label=_("Files can be sent"), required=False)
    intro_en = _area(_("Words above the form (English)"))
    intro_zh = _area(_("Words above the form (Chinese)"))
    topics_en = _area(_("Topics (English)"), _("One a line; left empty, no topic is asked."))
    topics_zh = _area(_("Topics (Chinese)"))
    consent_en = _area(_("Consent that must be given (English)"))
    consent_zh = _area(_("Consent that must be given (Chinese)"))
    thanks_en = _area(_("Thanks (English)"))
    thanks_zh = _area(_("Thanks (Chinese)"))
    sections: ClassVar[Sequence[Section]] = (
        Section("channel", _("Channel"), COMMON),
        Section("where", _("Where it stands"), ("origins",)),
        Section("asked", _("What is asked"), (*FLAGS, "topics_en", "topics_zh", "consent_en", "consent_zh")),
        Section("said", _("What is said"), ("intro_en", "intro_zh", "thanks_en", "thanks_zh")),
    )

    @staticmethod
    def form_initial(channel: Channel) -> dict[str, Any]:
        """How the settings of a channel stand."""
        held = channel.settings or {}
        texts = {f"{name}_{lang}": held.get(f"{name}_{lang}", "") for name in TEXTS for lang in ("en", "zh")}
        flags = {name: held.get(name, True) for name in FLAGS}
        return {**ChannelForm.common_initial(channel), **texts, **flags, "origins": "\n".join(held.get("origins", []))}

    def clean_origins(self) -> list[str]:
        """Origins, each by itself."""
        return clean_origins(self.cleaned_data["origins"])
