"""Forms of the settings of complaints."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import money
from guanxi.core.models import Role
from guanxi.people.queries import role_name
from guanxi.service.complaint_choices import STEPS, EvidenceSort, Grade
from guanxi.service.complaints import queries, steps
from guanxi.ui.forms import RecordForm


class UnitSettingForm(RecordForm):
    """A unit that can be responsible."""

    name = forms.CharField(label=pgettext_lazy("setting", "Name"), max_length=200, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class CauseSettingForm(RecordForm):
    """A cause."""

    name = forms.CharField(label=pgettext_lazy("setting", "Name"), max_length=120, required=False)
    parent = forms.TypedChoiceField(
        label=_("Part of"), coerce=int, empty_value=None, required=False, choices=queries.cause_choices
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class RemedySettingForm(RecordForm):
    """A kind of remedy, with the limit of each role."""

    name = forms.CharField(label=pgettext_lazy("setting", "Name"), max_length=80, required=False)
    has_amount = forms.BooleanField(label=_("Costs money"), required=False, initial=True)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add one limit for each role."""
        super().__init__(*args, **kwargs)
        self.currency = money.reporting_currency()
        self.roles = list(Role.objects.order_by("pk")[:100])
        for role in self.roles:
            field = forms.DecimalField(
                label=_("Limit of %(role)s (%(currency)s)") % {"role": role_name(role), "currency": self.currency},
                required=False, min_value=Decimal(0), max_digits=15, decimal_places=3,
            )  # fmt: skip
            field.widget.attrs["class"] = "form-control"
            self.fields[f"limit_{role.pk}"] = field

    def limits(self) -> dict[int, int | None]:
        """The limit of each role in minor units; None where it has none."""
        found: dict[int, int | None] = {}
        for role in self.roles:
            value = self.cleaned_data.get(f"limit_{role.pk}")
            found[role.pk] = money.to_minor(value, self.currency) if value is not None else None
        return found


class StepSettingForm(RecordForm):
    """How long a step may take and which evidence it needs."""

    step = forms.ChoiceField(label=_("Step"), choices=[(step.value, step.label) for step in STEPS])
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=[("", _("every other")), *Grade.choices])
    hours = forms.DecimalField(label=_("Working hours"), min_value=Decimal("0.1"), max_digits=7, decimal_places=2)
    evidence = forms.MultipleChoiceField(
        label=_("Evidence needed"), required=False, choices=EvidenceSort.choices, widget=forms.CheckboxSelectMultiple
    )
    journaled: ClassVar = {"hours": "working_minutes"}


def step_initial(step: str, grade: str) -> dict[str, Any]:
    """What holds for a step now."""
    minutes, evidence = steps.rule_of(step, grade)
    return {"step": step, "grade": grade, "hours": Decimal(minutes) / 60, "evidence": evidence}
