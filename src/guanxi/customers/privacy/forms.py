"""Forms about personal data."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import clock
from guanxi.customers.choices import AskedBy, ConsentChannel, ConsentState, LegalBasis
from guanxi.customers.privacy import purposes
from guanxi.ui.forms import RecordForm, Section

EVERY = ("every", _("every channel, and uses that reach nobody"))


class ConsentForm(RecordForm):
    """What a customer said about a purpose."""

    sections: ClassVar = (
        Section("said", _("What was said"), ("purpose", "state", "channels", "at", "expires_on", "is_separate")),
        Section("proof", _("How it can be proved"), ("source", "evidence", "file")),
    )

    purpose = forms.ChoiceField(label=_("Purpose"))
    state = forms.ChoiceField(label=_("State"), choices=ConsentState.choices)
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=(EVERY, *ConsentChannel.choices),
        widget=forms.CheckboxSelectMultiple,
        initial=["every"],
    )
    at = forms.DateField(label=_("Said on"), widget=forms.DateInput)
    expires_on = forms.DateField(
        label=_("Lasts until"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Left empty: as long as the purpose says, else until it is withdrawn."),
    )
    is_separate = forms.BooleanField(
        label=_("Given separately"),
        required=False,
        help_text=_("Asked and answered by itself, not among other terms (单独同意)."),
    )
    source = forms.CharField(
        label=_("Where it was said"), max_length=120, required=False, help_text=_("Form, shop, call, chat …")
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea,
        help_text=_("What shows it: who was there, the words, the number of a recording."),
    )
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("The signed form, a picture of it, a recording.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the purposes in use and today."""
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(row.key, str(row)) for row in purposes.in_use()]  # type: ignore[attr-defined]
        self.fields["at"].initial = clock.today()

    def chosen_channels(self) -> list[str]:
        """The channels as the service takes them: one '' for every channel."""
        chosen = self.cleaned_data["channels"]
        return [""] if "every" in chosen else list(chosen)


class WithdrawForm(RecordForm):
    """How a customer took consent back."""

    source = forms.CharField(
        label=_("Where it was said"), max_length=120, required=False, help_text=_("Form, shop, call, chat …")
    )
    evidence = forms.CharField(label=_("Evidence"), required=False, max_length=5_000, widget=forms.Textarea)


class PurposeForm(RecordForm):
    """One purpose."""

    key = forms.CharField(label=_("Key"), max_length=40, help_text=_("For programs; it stays as it is."))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120)
    basis = forms.ChoiceField(label=_("What allows it"), choices=LegalBasis.choices)
    needs_separate = forms.BooleanField(label=_("Needs separate consent"), required=False)
    valid_days = forms.IntegerField(label=_("A consent lasts (days)"), min_value=1, max_value=36_500, required=False)
    valid_from = forms.DateField(label=_("Used from"), widget=forms.DateInput, required=False)
    valid_until = forms.DateField(label=_("Used until"), widget=forms.DateInput, required=False)


class NoticeForm(RecordForm):
    """One version of the text that people are shown."""

    text_zh = forms.CharField(label=_("Chinese text"), required=False, widget=forms.Textarea, max_length=20_000)
    text_en = forms.CharField(label=_("English text"), required=False, widget=forms.Textarea, max_length=20_000)
    valid_from = forms.DateField(label=_("Shown from"), widget=forms.DateInput)


class ErasureForm(RecordForm):
    """The order to erase a person."""

    requested_by = forms.ChoiceField(label=_("Asked by"), choices=AskedBy.choices)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays on the certificate: name no personal data here.")
    )
    typed = forms.CharField(label=_("Type the customer's number to confirm"), max_length=40)


class HoldForm(RecordForm):
    """Why nothing may be erased."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("A dispute, an order of a court, an audit, with its number.")
    )


class ReleaseForm(RecordForm):
    """Why a hold ends."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays in the history: name no personal data here.")
    )


class ParameterForm(RecordForm):
    """A number of the law."""

    value = forms.IntegerField(label=pgettext_lazy("legal parameter", "Value"), min_value=1, max_value=100_000)
    valid_from = forms.DateField(label=_("In force from"), widget=forms.DateInput)
    source = forms.CharField(label=_("Source: law and article"), max_length=300)
    jurisdiction = forms.CharField(label=_("Law of"), max_length=20, required=False)
    note = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=forms.Textarea)
    is_checked = forms.BooleanField(label=_("I checked it against the text in force today"), required=False)
