"""Forms of cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.conversations.choices import BY_HAND, ChannelKind
from guanxi.customers.picking import CustomerPickField
from guanxi.service import queries
from guanxi.service.choices import CaseType, Level
from guanxi.tasks.queries import people
from guanxi.ui.forms import LongSelect, RecordForm, Section

CHANNELS = tuple((kind.value, kind.label) for kind in ChannelKind if kind in BY_HAND)


class CaseForm(RecordForm):
    """A new case."""

    subject = forms.CharField(
        label=_("Subject"), max_length=255, widget=forms.TextInput({"autofocus": True, "class": "is-wide"})
    )
    description = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("A complaint stands here in the customer's own words."),
    )
    case_type = forms.ChoiceField(label=_("Type"), choices=CaseType.choices, initial=CaseType.ENQUIRY)
    category = forms.TypedChoiceField(
        label=_("Category"), coerce=int, required=False, empty_value=None, widget=LongSelect,
        choices=lambda: [("", "—"), *queries.categories()],
    )  # fmt: skip
    impact = forms.TypedChoiceField(label=_("Impact"), coerce=int, choices=Level.choices, initial=Level.LOW)
    urgency = forms.TypedChoiceField(label=_("Urgency"), coerce=int, choices=Level.choices, initial=Level.MEDIUM)
    owner = forms.TypedChoiceField(
        label=_("Who answers for it"), coerce=int, required=False, empty_value=None, widget=LongSelect,
        choices=lambda: [("", "—"), *people()],
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=pgettext_lazy("case", "It came by"), required=False, choices=lambda: [("", "—"), *CHANNELS]
    )
    tags = forms.CharField(label=_("Tags"), required=False, max_length=400, help_text=_("Separated by commas"))
    customer = CustomerPickField()
    conversation = forms.CharField(required=False, widget=forms.HiddenInput)
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    sections = (
        Section("what", "", ("subject", "description", "customer", "case_type", "category")),
        Section("weight", "", ("impact", "urgency", "owner", "channel", "tags")),
    )

    def values(self) -> dict[str, Any]:
        """The values as the services take them."""
        data = self.cleaned_data
        names = ("subject", "description", "case_type", "category", "impact", "urgency", "owner")
        tags = [name for name in data["tags"].replace("，", ",").split(",") if name.strip()]
        return {**{name: data[name] for name in names}, "tags": tags}
