"""Forms of the register of requests."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.core import clock
from guanxi.customers.choices import IdentityCheck, RequestChannel, RequestKind, RequestLaw, RequestState
from guanxi.customers.privacy.register import reading
from guanxi.ui.forms import LongSelect, RecordForm, Section


class RequestForm(RecordForm):
    """What somebody asked; `keeps`: the reader keeps the register and may say who is in charge and which customer it is."""

    sections: ClassVar = (
        Section("asked", _("What is asked"), ("kind", "channel", "received_on", "law", "note")),
        Section("who", _("Who asks"), ("asked_by", "customer", "identity_check")),
        Section("charge", _("Who answers"), ("owner",)),
    )

    kind = forms.ChoiceField(label=_("What is asked"), choices=RequestKind.choices)
    channel = forms.ChoiceField(label=_("How it came"), choices=RequestChannel.choices)
    received_on = forms.DateField(label=_("Received"), widget=forms.DateInput)
    law = forms.ChoiceField(
        label=_("By the law"),
        choices=RequestLaw.choices,
        help_text=_("It sets the day by which the answer is due, by the numbers under Privacy."),
    )
    note = forms.CharField(label=_("What was asked, in short"), required=False, max_length=5_000, widget=forms.Textarea)
    asked_by = forms.CharField(
        label=_("Asked by"),
        max_length=200,
        required=False,
        help_text=_("Name, and where the answer goes if that is not on record."),
    )
    customer = forms.CharField(
        label=_("Customer"),
        max_length=260,
        required=False,
        help_text=_("cus_…, an external id, or source:external id."),
    )
    identity_check = forms.ChoiceField(
        label=_("How the person was recognised"), choices=IdentityCheck.choices, required=False
    )
    owner = forms.ChoiceField(
        label=_("In charge"),
        required=False,
        widget=LongSelect,
        help_text=_("Gets a task, and a reminder before the day it is due."),
    )

    def __init__(self, *args: Any, keeps: bool = True, **kwargs: Any) -> None:
        """Offer those who may be in charge, and today."""
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.today()
        if not keeps:
            del self.fields["owner"], self.fields["customer"]
            return
        people = [(str(user.pk), user.display_name) for user in reading.people_in_charge()]
        self.fields["owner"].choices = [("", "–"), *people]  # type: ignore[attr-defined]


class ExtendForm(RecordForm):
    """Why a request is put off."""

    extension_reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The person must be told it before the first day has passed.")
    )


class SettleForm(RecordForm):
    """How a request ended."""

    state = forms.ChoiceField(
        label=_("How it ended"), choices=[choice for choice in RequestState.choices if choice[0] != RequestState.OPEN]
    )
    answer = forms.CharField(
        label=_("What was answered"),
        max_length=10_000,
        widget=forms.Textarea,
        help_text=_("Of a refusal, the reasons and where the person may complain."),
    )
