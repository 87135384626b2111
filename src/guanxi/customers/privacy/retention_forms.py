"""Forms of retention."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.customers.privacy.retention import rules
from guanxi.ui.forms import RecordForm, Section
from guanxi.ui.together import Hand

UNITS = (("days", _("days")), ("years", _("years")))


class RuleForm(RecordForm):
    """How long one kind is kept."""

    sections: ClassVar = (
        Section("period", _("Period"), ("period", "unit", "basis")),
        Section("begins", _("How runs begin"), ("is_automatic", "notice_days")),
    )

    period = forms.IntegerField(
        label=_("Kept for"),
        min_value=1,
        max_value=rules.LONGEST_DAYS,
        required=False,
        help_text=_("Left empty: until somebody sets a period."),
    )
    unit = forms.ChoiceField(label=_("Days or years"), choices=UNITS)
    is_automatic = forms.BooleanField(label=_("Ends by itself"), required=False)
    notice_days = forms.IntegerField(
        label=_("Days of notice"),
        min_value=1,
        max_value=rules.LONGEST_NOTICE,
        help_text=_("Before a run begins by itself, those who manage personal data are told and can stop it."),
    )
    basis = forms.CharField(
        label=_("Why so long"),
        max_length=300,
        required=False,
        help_text=_("The law, a contract, what the data is needed for."),
    )

    def __init__(self, *args: Any, rule: rules.Rule, **kwargs: Any) -> None:
        """Begin with the rule that stands."""
        years = round(rule.days / rules.DAYS_OF_YEAR) if rule.days else 0
        is_years = bool(years) and rule.days in (rules.years_as_days(years), years * 365)
        kwargs["initial"] = {
            "period": years if is_years else rule.days,
            "unit": "years" if is_years or rule.days is None else "days",
            "is_automatic": rule.is_automatic,
            "notice_days": rule.notice_days,
            "basis": rule.basis,
        }
        super().__init__(*args, **kwargs)
        if rule.kind.is_log:
            del self.fields["notice_days"]
            self.fields["is_automatic"].help_text = _("Every night, without a notice.")

    def hands(self, names: Sequence[str]) -> dict[str, Hand]:
        """Period and unit are kept as one number of days."""
        kept = {name: "days" if name in {"period", "unit"} else name for name in names}
        found = super().hands(list(kept.values()))
        return {name: found[field] for name, field in kept.items() if field in found}

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        days = given["period"]
        if days is not None and given["unit"] == "years":
            days = rules.years_as_days(days)
        return {
            "days": days,
            "is_automatic": given["is_automatic"],
            "notice_days": given.get("notice_days") or rules.NOTICE_DAYS,
            "basis": given["basis"],
        }


class ConfirmForm(RecordForm):
    """The word that a run begins."""

    typed = forms.CharField(label=_("Type the number of rows to confirm"), max_length=20)
