"""Forms of who approves what."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.errors import InvalidInput
from guanxi.core.money import check_currency, from_minor, to_minor
from guanxi.tasks.queries import people
from guanxi.ui.forms import LongSelect, RecordForm, Section
from guanxi.workflow.choices import Approver
from guanxi.workflow.models import ApprovalPolicy
from guanxi.workflow.queries import department_choices, role_choices
from guanxi.workflow.registries.approvals import approval_sorts


def sort_choices() -> list[tuple[str, Any]]:
    """The sorts of approval that modules ask for."""
    return [(sort.key, sort.label) for sort in approval_sorts]


def _with_none(choices: Any) -> Any:
    """Choices with none among them."""
    return lambda: [("", "–"), *choices()]


class CurrencyField(forms.CharField):
    """A currency by its three letters."""

    def clean(self, value: Any) -> str:
        """In upper case, one that exists; '' for none."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return check_currency(text)
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from None


def amount_field(label: Any, *, is_required: bool = False) -> forms.DecimalField:
    """An amount as people write it."""
    return forms.DecimalField(label=label, required=is_required, min_value=Decimal(0), max_digits=15, decimal_places=3)


class PolicyForm(RecordForm):
    """Who approves a sort of thing between two amounts."""

    sort = forms.ChoiceField(label=_("What is to be approved"), choices=sort_choices)
    from_amount = amount_field(_("From amount"))
    to_amount = amount_field(_("Up to amount"))
    currency = CurrencyField(label=_("Currency"), required=False, max_length=3)
    approver = forms.ChoiceField(label=_("Who decides"), choices=Approver.choices, initial=Approver.ROLE)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=_with_none(role_choices))
    user = forms.ChoiceField(label=_("Person"), required=False, choices=_with_none(people), widget=LongSelect)
    needs_second = forms.BooleanField(label=_("A second person must agree too"), required=False)
    hours = forms.IntegerField(
        label=_("Working hours to decide"), required=False, min_value=1, max_value=8760,
        help_text=_("When nobody has decided by then, the role below may decide too."),
    )  # fmt: skip
    escalates_to = forms.ChoiceField(label=_("Then also"), required=False, choices=_with_none(role_choices))
    order = forms.IntegerField(
        label=pgettext_lazy("place in a row", "Order"), required=False, min_value=0, max_value=1_000_000,
        help_text=_("Where several policies hold for one amount, all are asked, lower numbers first."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=pgettext_lazy("policy", "In force"), required=False, initial=True)
    sections = (
        Section("what", "", ("sort", "from_amount", "to_amount", "currency")),
        Section("who", _("Who decides"), ("approver", "role", "user", "needs_second")),
        Section("when", _("In time"), ("hours", "escalates_to", "order", "is_active")),
    )

    def clean(self) -> dict[str, Any]:
        """Amounts need a currency."""
        data = super().clean() or {}
        if (data.get("from_amount") is not None or data.get("to_amount") is not None) and not data.get("currency"):
            self.add_error("currency", _("Amounts need a currency."))
        return data

    def values(self) -> dict[str, Any]:
        """The values as the services take them."""
        data = dict(self.cleaned_data)
        currency = data["currency"]
        for name in ("from", "to"):
            amount = data.pop(f"{name}_amount")
            data[f"{name}_minor"] = to_minor(amount, currency) if amount is not None and currency else None
        return data


def initial_of(row: ApprovalPolicy) -> dict[str, Any]:
    """What the form shows of a policy."""
    return {
        "sort": row.sort,
        "from_amount": from_minor(row.from_minor, row.currency) if row.from_minor is not None else None,
        "to_amount": from_minor(row.to_minor, row.currency) if row.to_minor is not None else None,
        "currency": row.currency,
        "approver": row.approver,
        "role": row.role_id or "",
        "user": row.user_id or "",
        "needs_second": row.needs_second,
        "hours": row.hours,
        "escalates_to": row.escalates_to_id or "",
        "order": row.order,
        "is_active": row.is_active,
    }


class LimitForm(RecordForm):
    """Up to which amount a role approves."""

    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    sort = forms.ChoiceField(
        label=_("What is to be approved"), required=False, choices=lambda: [("", _("everything")), *sort_choices()]
    )
    amount = amount_field(_("Up to amount"), is_required=True)
    currency = CurrencyField(label=_("Currency"), max_length=3)


class HeadForm(RecordForm):
    """Who heads a department."""

    department = forms.ChoiceField(label=_("Department"), choices=department_choices)
    user = forms.ChoiceField(label=_("Head"), required=False, choices=_with_none(people), widget=LongSelect)
