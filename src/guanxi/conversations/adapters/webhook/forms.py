"""The form of a webhook channel."""

from collections.abc import Sequence
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.forms import COMMON, ChannelForm
from guanxi.ui.forms import Section


class WebhookForm(ChannelForm):
    """Where answers go, besides what all channels have."""

    address = forms.CharField(
        label=_("Address of the connector"),
        required=False,
        max_length=254,
        widget=forms.TextInput({"inputmode": "url", "placeholder": "https://"}),
        help_text=_("Answers are sent there, signed. Left empty, nothing can be sent by this channel."),
    )
    sections: ClassVar[Sequence[Section]] = (
        Section("channel", _("Channel"), COMMON),
        Section("connector", _("Connector"), ("address",)),
    )
