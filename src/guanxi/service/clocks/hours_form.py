"""The form of a calendar of one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.service import queries as case_queries
from guanxi.service.clocks import queries
from guanxi.ui.forms import LongSelect, RecordForm


class HoursForm(RecordForm):
    """Whose clocks run by which calendar."""

    department = forms.TypedChoiceField(
        label=gettext_lazy("Department"), coerce=int, widget=LongSelect,
        choices=lambda: [("", "—"), *case_queries.departments()],
    )  # fmt: skip
    calendar = forms.TypedChoiceField(
        label=gettext_lazy("Working calendar"), required=False, coerce=int, empty_value=None,
        choices=lambda: [("", _("none of its own")), *((row.pk, row.name) for row in queries.calendars())],
    )  # fmt: skip

    def __init__(self, *args: Any, chooses_department: bool = True, **kwargs: Any) -> None:
        """Without a choice of the department where it stands already whose it is."""
        super().__init__(*args, **kwargs)
        if not chooses_department:
            del self.fields["department"]
