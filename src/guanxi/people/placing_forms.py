"""Forms for departments, teams and absences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import clock
from guanxi.people import queries
from guanxi.ui.forms import RecordForm


class DepartmentForm(RecordForm):
    """A department and where it stands."""

    name = forms.CharField(label=pgettext_lazy("department", "Name"), max_length=120)
    parent = forms.ChoiceField(label=_("Below"), required=False)

    def __init__(self, *args: Any, without: int | None = None, **kwargs: Any) -> None:
        """Offer every department that it may stand below."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = queries.department_choices(without)  # type: ignore[attr-defined]


class CloseForm(RecordForm):
    """Where the people of a department go."""

    into = forms.ChoiceField(label=_("Its people go to"), required=False)

    def __init__(self, *args: Any, without: int, **kwargs: Any) -> None:
        """Offer every other department."""
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = queries.department_choices(without)  # type: ignore[attr-defined]


class TeamForm(RecordForm):
    """A team and who is in it."""

    name = forms.CharField(label=pgettext_lazy("team", "Name"), max_length=120)
    members = forms.MultipleChoiceField(
        label=_("Members"),
        required=False,
        choices=queries.active_people,
        widget=forms.SelectMultiple({"data-pick": ""}),
        help_text=_("Whoever has the scope “team” reaches the records of all members."),
    )


class AbsenceForm(RecordForm):
    """Who is away, who stands in, from when to when and why."""

    user = forms.ChoiceField(label=_("Who is away"), choices=queries.active_people)
    deputy = forms.ChoiceField(label=_("Who stands in"), choices=queries.active_people)
    from_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    to_at = forms.DateTimeField(
        label=_("To"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        """For oneself the first field is settled."""
        kwargs.setdefault("initial", {}).setdefault("from_at", clock.now())
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["user"]
