"""Forms of working calendars: hours as one writes them, dates that differ."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.calendars import DAY_MINUTES, Window, merged
from guanxi.core.errors import InvalidInput
from guanxi.people.forms import zone_names
from guanxi.people.holiday_lists import MOST_CHARACTERS, read
from guanxi.ui.forms import LongSelect, RecordForm, Section

MOST_DAYS = 62
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = re.compile(r"[\s,，;；、]*")


def shown_hours(windows: Any) -> str:
    """Windows as one writes them: 09:00-12:00, 13:00-18:00."""
    return ", ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in windows)


class HoursField(forms.CharField):
    """The working hours of a weekday; empty on a day off."""

    def to_python(self, value: Any) -> tuple[Window, ...]:  # type: ignore[override]
        """The windows that the text tells."""
        text = str(value or "")
        windows = []
        for found in _SPAN.finditer(text):
            start, end = (int(found[n]) * 60 + int(found[n + 1]) for n in (1, 3))
            if int(found[2]) > 59 or int(found[4]) > 59 or not start < end <= DAY_MINUTES:
                raise forms.ValidationError(_("Working hours must begin before they end, within one day."))
            windows.append((start, end))
        if not _BETWEEN.fullmatch(_SPAN.sub("", text)):
            raise forms.ValidationError(_("Write hours as 09:00-12:00, 13:00-18:00; leave a day off empty."))
        return merged(windows)

    def prepare_value(self, value: Any) -> str:
        """The windows, or what was typed."""
        return value if isinstance(value, str) else shown_hours(value or ())

    def validate(self, value: Any) -> None:
        """A day off is no mistake."""


def _zones() -> list[tuple[str, str]]:
    """Time zones to choose from."""
    return [(name, name) for name in ("UTC", *zone_names())]


class CalendarForm(RecordForm):
    """Name, zone and weekly hours of a calendar."""

    name = forms.CharField(label=pgettext_lazy("calendar", "Name"), max_length=120)
    zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, widget=LongSelect)
    is_default = forms.BooleanField(
        label=_("The company's calendar"), required=False, help_text=_("It counts where no other calendar is named.")
    )
    sections = (
        Section("calendar", _("Calendar"), ("name", "zone", "is_default")),
        Section(
            "hours",
            _("Working hours"),
            tuple(f"day_{n}" for n in range(7)),
            _("As 09:00-12:00, 13:00-18:00; a day off stays empty. A shift over midnight is written on both days."),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """One line for each weekday."""
        super().__init__(*args, **kwargs)
        for number, name in WEEKDAYS.items():
            field = HoursField(label=name, required=False, max_length=200)
            field.widget.attrs.update({"class": "form-control", "autocomplete": "off"})
            self.fields[f"day_{number}"] = field

    def weekly(self) -> dict[int, tuple[Window, ...]]:
        """The hours of each working day."""
        return {number: self.cleaned_data[f"day_{number}"] for number in range(7) if self.cleaned_data[f"day_{number}"]}


class HolidayListForm(RecordForm):
    """A list of holidays and make-up days, pasted or as a file."""

    text = forms.CharField(
        label=_("The list"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "The State Council's yearly notice as it stands, lines such as 2027-01-01~2027-01-03 元旦 and 2027-01-04 班, or JSON with “days”."
        ),
    )  # fmt: skip
    file = forms.FileField(label=_("or a file"), required=False)
    year = forms.IntegerField(label=_("Year, where the list names none"), min_value=1970, max_value=2200)

    def clean(self) -> dict[str, Any]:
        """The text of either."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            if file.size > MOST_CHARACTERS:
                self.add_error("file", _("This list is too long."))
                return data
            raw = file.read()
            for encoding in ("utf-8-sig", "gb18030"):
                try:
                    data["text"] = raw.decode(encoding)
                    break
                except UnicodeDecodeError:
                    continue
        try:
            data["days"] = read(data.get("text") or "", year=data.get("year") or 0) if not self.errors else []
        except InvalidInput as error:
            self.add_error("text", str(error))
        return data


class DaysForm(RecordForm):
    """Dates that differ from their weekday."""

    first = forms.DateField(label=pgettext_lazy("date", "From"), widget=forms.DateInput)
    last = forms.DateField(label=pgettext_lazy("date", "To"), widget=forms.DateInput, required=False)
    works_as = forms.TypedChoiceField(
        label=_("Worked as"), required=False, empty_value=None, coerce=int,
        choices=[("", _("not at all: holiday")), *WEEKDAYS.items()],
    )  # fmt: skip
    title = forms.CharField(label=_("Occasion"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """The last date is not before the first, and not a year away."""
        data = super().clean() or {}
        first = data.get("first")
        last = data["last"] = data.get("last") or first
        if first and last and not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            self.add_error("last", _("Choose a last date within two months after the first."))
        return data
