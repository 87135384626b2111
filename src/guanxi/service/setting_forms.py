"""Forms of what cases are arranged by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.service import queries
from guanxi.service.choices import CaseType
from guanxi.service.moments.choices import Step
from guanxi.ui.forms import LongSelect, RecordForm


def _any_category() -> list[tuple[Any, Any]]:
    """Categories to choose from, and none."""
    return [("", "—"), *queries.categories()]


class CategoryForm(RecordForm):
    """A category and where it lies."""

    name = forms.CharField(
        label=pgettext_lazy("setting", "Name"), max_length=200, widget=forms.TextInput({"autofocus": True})
    )
    parent = forms.TypedChoiceField(
        label=_("Part of"), coerce=int, required=False, empty_value=None, widget=LongSelect, choices=_any_category
    )
    position = forms.IntegerField(label=_("Place"), min_value=0, max_value=10_000, initial=0)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class ChecklistForm(RecordForm):
    """A checklist, one item a line."""

    name = forms.CharField(
        label=pgettext_lazy("setting", "Name"), max_length=120, widget=forms.TextInput({"autofocus": True})
    )
    case_type = forms.ChoiceField(label=_("Type"), choices=CaseType.choices)
    category = forms.TypedChoiceField(
        label=_("Category"), coerce=int, required=False, empty_value=None, widget=LongSelect, choices=_any_category,
        help_text=_("Left empty: in all cases of the type. Categories below it are meant too."),
    )  # fmt: skip
    items = forms.CharField(
        label=_("Items"), max_length=20_000, widget=forms.Textarea({"rows": 8}), help_text=_("One a line")
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class CriterionForm(RecordForm):
    """One more thing that is asked at a step."""

    text = forms.CharField(
        label=pgettext_lazy("moment of truth", "What is asked"),
        max_length=200,
        widget=forms.TextInput({"autofocus": True}),
    )
    step = forms.ChoiceField(label=_("Step"), choices=Step.choices)
    case_type = forms.ChoiceField(
        label=_("Type"), required=False, choices=lambda: [("", _("all types")), *CaseType.choices]
    )
    position = forms.IntegerField(label=_("Place"), min_value=0, max_value=10_000, initial=0)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
