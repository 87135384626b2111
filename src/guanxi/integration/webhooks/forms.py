"""The form of a webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.core.outbound import outbound_events
from guanxi.ui.forms import RecordForm, Section


def type_choices() -> list[tuple[str, Any]]:
    """Every type of event with its words."""
    return [(outbound.key, outbound.label) for outbound in outbound_events]


class EndpointForm(RecordForm):
    """Who is told what, and where."""

    label = forms.CharField(
        label=_("Used by"),
        max_length=80,
        help_text=_("The program or service that listens, so that you know it again."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput({"placeholder": "https://example.com/hooks/guanxi", "inputmode": "url"}),
    )
    types = forms.MultipleChoiceField(
        label=_("Events"),
        choices=type_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all events, those of later versions too."),
    )
    with_details = forms.BooleanField(
        label=_("Send details too"),
        required=False,
        help_text=_(
            "Otherwise only ids are sent, and the program asks the API for what it needs. "
            "With details, personal data that you may see go to this address."
        ),
    )
    sections = (
        Section("where", _("Where"), ("label", "url")),
        Section("what", _("What is told"), ("types", "with_details")),
    )
