"""The forms by which a complaint is handled; each is one act."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from guanxi.conversations.choices import ChannelKind
from guanxi.core import money
from guanxi.service.complaint_choices import Applies, Authority, Entitlement, EvidenceSort, Grade, LastWord, RemedyState
from guanxi.service.complaints import queries
from guanxi.service.models import Complaint, Remedy
from guanxi.tasks.queries import people
from guanxi.ui.forms import LongSelect, RecordForm, Section

HOW = _("How")
WHEN = _("When")
# Not told elsewhere before: it goes out as an answer in the conversation.
SEND = "send"


def _text(label: Any, *, rows: int = 4, is_needed: bool = True, limit: int = 20_000, hint: Any = "") -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label, required=is_needed, max_length=limit, widget=forms.Textarea({"rows": rows}), help_text=hint
    )


def _moment(label: Any, *, is_needed: bool = False) -> forms.DateTimeField:
    """A moment in the reader's time zone."""
    return forms.DateTimeField(
        label=label,
        required=is_needed,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def _channel() -> forms.ChoiceField:
    """By which means."""
    return forms.ChoiceField(label=HOW, choices=ChannelKind.choices, initial=ChannelKind.PHONE)


class ComplaintForm(RecordForm):
    """A form about one complaint; `begun` gives what it shows at first."""

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        """Keep the complaint, and let the form begin with what stands."""
        self.complaint = complaint
        kwargs.setdefault("initial", self.begun(complaint))
        super().__init__(*args, **kwargs)

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """What the form shows at first."""
        return {}


class RecordingForm(ComplaintForm):
    """What is known at first."""

    words = _text(_("In the customer's words"), rows=6, limit=100_000, is_needed=False)
    wanted = _text(_("What the customer asks for"), rows=2, is_needed=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    authority = forms.ChoiceField(label=_("Authority"), choices=Authority.choices, required=False)
    authority_number = forms.CharField(label=_("Official number"), max_length=80, required=False)
    authority_due_at = _moment(_("Answer to the authority due"))
    sections = (
        Section("words", "", ("words", "wanted", "grade")),
        Section("authority", _("Handed on by an authority"), ("authority", "authority_number", "authority_due_at")),
        Section("law", _("What the law gives"), tuple(f"law_{key}" for key in Entitlement.values)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add one choice for each entitlement."""
        super().__init__(*args, **kwargs)
        for key, label in Entitlement.choices:
            field = forms.ChoiceField(label=label, choices=Applies.choices, required=False)
            field.widget.attrs["class"] = "form-select"
            self.fields[f"law_{key}"] = field

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """What stands."""
        due_at = complaint.authority_due_at
        return {
            "words": complaint.case.description,
            "wanted": complaint.wanted,
            "grade": complaint.grade,
            "authority": complaint.authority,
            "authority_number": complaint.authority_number,
            "authority_due_at": timezone.localtime(due_at) if due_at else None,
            **{f"law_{key}": value for key, value in complaint.entitlements.items()},
        }

    def values(self) -> dict[str, Any]:
        """The values as the service takes them."""
        data = dict(self.cleaned_data)
        entitlements = {key: data.pop(f"law_{key}", "") for key in Entitlement.values}
        return {**data, "entitlements": entitlements}


class EvidenceForm(ComplaintForm):
    """A piece of evidence or a statement."""

    sort = forms.ChoiceField(label=pgettext_lazy("evidence", "Sort"), choices=EvidenceSort.choices)
    said_by = forms.CharField(label=_("From whom"), max_length=120, required=False)
    text = _text(_("What it says or shows"), is_needed=False)
    file = forms.FileField(label=_("File"), required=False)


def _some_unit() -> list[tuple[str, str]]:
    """All who may answer for a complaint; nobody is chosen before somebody was."""
    return [("", "–"), *((str(key), name) for key, name in queries.who_answers_choices())]


class UnitForm(ComplaintForm):
    """Which unit is responsible."""

    unit = forms.TypedChoiceField(
        label=_("Responsible unit"),
        coerce=queries.chosen_unit,
        empty_value=None,
        choices=_some_unit,
        widget=LongSelect,
        help_text=_(
            "Departments are set up under Settings → Departments and teams, firms outside under Settings → Complaints."
        ),
    )

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """What stands."""
        return {"unit": complaint.unit_id}


class ObjectionForm(ComplaintForm):
    """Why the unit is not responsible."""

    reasons = _text(_("Why the unit is not responsible"), hint=_("A unit may object once."))


class DecisionForm(ComplaintForm):
    """What becomes of the objection."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(("dismissed", _("Dismissed: the unit stands")), ("upheld", _("Upheld: another unit is responsible"))),
        widget=forms.RadioSelect,
    )
    answer = _text(_("Reasons"))
    unit = forms.TypedChoiceField(
        label=_("The other unit"), coerce=queries.chosen_unit, empty_value=None, required=False,
        choices=_some_unit, widget=LongSelect,
    )  # fmt: skip


class RemedyForm(ComplaintForm):
    """A remedy to plan."""

    kind = forms.TypedChoiceField(label=_("Remedy"), coerce=int, choices=queries.remedy_choices)
    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=Decimal(0), max_digits=15, decimal_places=3
    )
    text = _text(_("What exactly"), rows=3, is_needed=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say in which currency."""
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _(
            "In %(currency)s; over the limit of your role an approval is asked for."
        ) % {"currency": money.reporting_currency()}

    def minor(self) -> int:
        """The amount in minor units."""
        return money.to_minor(self.cleaned_data.get("amount") or Decimal(0), money.reporting_currency())


class _OneRemedyForm(ComplaintForm):
    """A form about one of the remedies."""

    remedy = forms.TypedChoiceField(label=_("Remedy"), coerce=int)
    open_states: Sequence[RemedyState] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the remedies of the complaint."""
        super().__init__(*args, **kwargs)
        rows = Remedy.objects.filter(complaint=self.complaint.pk, state__in=self.open_states).select_related("kind")
        self.fields["remedy"].choices = [(row.pk, queries.remedy_words(row)) for row in rows]  # type: ignore[attr-defined]


class FinishForm(_OneRemedyForm):
    """A remedy that is done, and what it cost."""

    cost = forms.DecimalField(
        label=_("Cost"), required=False, min_value=Decimal(0), max_digits=15, decimal_places=3,
        help_text=_("Empty: as approved. It is booked to the responsible unit."),
    )  # fmt: skip
    open_states = (RemedyState.APPROVED,)

    def minor(self) -> int | None:
        """What it cost in minor units of the remedy's currency; None as approved."""
        cost = self.cleaned_data.get("cost")
        if cost is None:
            return None
        remedy = Remedy.objects.get(pk=self.cleaned_data["remedy"])
        return money.to_minor(cost, remedy.currency)


class DropForm(_OneRemedyForm):
    """A remedy to give up."""

    reason = _text(_("Reason"), rows=3)
    open_states = (RemedyState.PLANNED, RemedyState.ASKED, RemedyState.APPROVED, RemedyState.REFUSED)


class TellForm(ComplaintForm):
    """What the customer is told by a message that goes out now, or was told by other means."""

    channel = _channel()
    at = _moment(WHEN)
    words = _text(_("In which words"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer to send it first, where there is a conversation to send it in."""
        super().__init__(*args, **kwargs)
        if self.complaint.case.conversation_id is not None:
            field = self.fields["channel"]
            field.choices = [(SEND, _("By a message that goes out now")), *ChannelKind.choices]  # type: ignore[attr-defined]
            field.initial = SEND
            self.fields["at"].help_text = _("Only where the customer was told before, by other means.")


class PromiseForm(RecordForm):
    """What was promised by when."""

    text = forms.CharField(label=_("What was promised"), max_length=500, widget=forms.Textarea({"rows": 2}))
    due_at = _moment(pgettext_lazy("promise", "By"), is_needed=True)
    owner = forms.TypedChoiceField(
        label=_("Who keeps it"), coerce=int, empty_value=None, required=False, widget=LongSelect,
        choices=lambda: [("", "–"), *people()],
    )  # fmt: skip


class CasePromiseForm(ComplaintForm, PromiseForm):
    """A promise in a complaint, which a remedy may keep."""

    remedy = forms.TypedChoiceField(
        label=_("Kept by the remedy"), coerce=int, empty_value=None, required=False, choices=()
    )

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """Whoever answers for the case keeps it, unless somebody else is named."""
        return {"owner": complaint.case.owner_id}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the remedies that are still to be done."""
        super().__init__(*args, **kwargs)
        states = (RemedyState.PLANNED, RemedyState.ASKED, RemedyState.APPROVED)
        rows = Remedy.objects.filter(complaint=self.complaint.pk, state__in=states).select_related("kind")
        self.fields["remedy"].choices = [("", "–"), *((row.pk, queries.remedy_words(row)) for row in rows)]  # type: ignore[attr-defined]


class ResponsibilityForm(ComplaintForm):
    """What the responsible unit answers for."""

    responsibility = _text(_("What the unit answers for"))

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """What stands."""
        return {"responsibility": complaint.responsibility}


class SummingForm(ComplaintForm):
    """The cause, the five whys, what prevents it."""

    cause = forms.TypedChoiceField(
        label=_("Cause"), coerce=int, empty_value=None, required=False, choices=queries.cause_choices, widget=LongSelect
    )
    why_1 = forms.CharField(label=_("Why did it happen?"), max_length=1000, required=False)
    why_2 = forms.CharField(label=_("Why was that so?"), max_length=1000, required=False)
    why_3 = forms.CharField(label=_("And why that?"), max_length=1000, required=False)
    why_4 = forms.CharField(label=_("And why that?"), max_length=1000, required=False)
    why_5 = forms.CharField(label=_("And why that?"), max_length=1000, required=False)
    prevention = _text(_("What prevents that it happens again"), is_needed=False)

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """What stands."""
        whys = {f"why_{place}": why for place, why in enumerate(complaint.whys, start=1)}
        return {"cause": complaint.cause_id, "prevention": complaint.prevention, **whys}

    def whys(self) -> list[str]:
        """The whys in order."""
        return [self.cleaned_data.get(f"why_{place}", "") for place in range(1, 6)]


class LastWordForm(ComplaintForm):
    """What came of asking the customer."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=LastWord.choices, widget=forms.RadioSelect)
    channel = _channel()
    at = _moment(WHEN)
    words = _text(_("The customer's words, or what was tried"), rows=3, is_needed=False)

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """The answer that came last, where the customer has written since we did."""
        last = queries.last_said(complaint)
        return {"channel": last.channel_kind, "words": last.new_text} if last is not None else {}


class AuthorityForm(ComplaintForm):
    """When the authority was answered."""

    at = _moment(WHEN)


class StepOwnerForm(ComplaintForm):
    """Who has the step under way."""

    owner = forms.TypedChoiceField(label=_("Who has this step"), coerce=int, choices=people, widget=LongSelect)

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """Whoever has it."""
        return {"owner": complaint.steps.filter(ended_at=None).values_list("owner_id", flat=True).first()}


class NextForm(ComplaintForm):
    """Who has the next step."""

    owner = forms.TypedChoiceField(
        label=_("Who has the next step"), coerce=int, empty_value=None, required=False,
        choices=lambda: [("", pgettext("owner of a step", "Whoever answers for the case")), *people()],
        widget=LongSelect,
    )  # fmt: skip

    @classmethod
    def begun(cls, complaint: Complaint) -> dict[str, Any]:
        """Whoever answers for the case."""
        return {"owner": complaint.case.owner_id}
