"""The form for a contact that took place outside the system."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.conversations.choices import BY_HAND, ChannelKind, Direction
from guanxi.customers.picking import CustomerPickField
from guanxi.ui.forms import RecordForm, Section

KINDS = tuple((kind.value, kind.label) for kind in ChannelKind if kind in BY_HAND)
WHO = ((Direction.IN.value, _("The customer to us")), (Direction.OUT.value, _("We to the customer")))


class ContactForm(RecordForm):
    """By which means, who spoke to whom, what was said, when."""

    kind = forms.ChoiceField(label=_("How"), choices=KINDS)
    direction = forms.ChoiceField(label=_("Who spoke to whom"), choices=WHO)
    contact_name = forms.CharField(label=pgettext_lazy("contact", "With whom"), required=False, max_length=200)
    contact_value = forms.CharField(label=_("Number or address"), required=False, max_length=254)
    subject = forms.CharField(
        label=_("Subject"), required=False, max_length=255, widget=forms.TextInput({"class": "is-wide"})
    )
    text = forms.CharField(
        label=_("What was said"), required=False, max_length=100_000,
        widget=forms.Textarea({"rows": 5, "autofocus": True}),
    )  # fmt: skip
    said_on = forms.DateField(label=_("On"), widget=forms.DateInput)
    said_time = forms.TimeField(
        label=pgettext_lazy("contact", "At"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    needs_answer = forms.BooleanField(label=_("The customer waits for an answer"), required=False)
    attached = forms.FileField(
        label=_("Files"), required=False, help_text=_("A scan of the letter, a photograph, a recording.")
    )
    customer = CustomerPickField(help_text=_("Left empty, the number or address tells who it is."))
    conversation = forms.CharField(required=False, widget=forms.HiddenInput)
    sections: ClassVar[tuple[Section, ...]] = (
        Section("how", "", ("kind", "direction", "customer", "contact_name", "contact_value", "said_on", "said_time")),
        Section("what", "", ("subject", "text", "attached", "needs_answer")),
    )

    def said_at(self) -> datetime:
        """When it took place, in the reader's time zone."""
        data: dict[str, Any] = self.cleaned_data
        return datetime.combine(data["said_on"], data["said_time"], tzinfo=timezone.get_current_timezone())
