"""The form of scheduled backups."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.core.backup.schedule import MOST_KEPT, Schedule
from guanxi.ui.forms import RecordForm, Section


def _count(label: Any) -> forms.IntegerField:
    """How many to keep."""
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_KEPT)


class ScheduleForm(RecordForm):
    """When, where, how many, for whose key."""

    is_on = forms.BooleanField(label=_("Back up every day"), required=False)
    at = forms.TimeField(label=_("At"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    folder = forms.CharField(
        label=_("Folder"),
        required=False,
        max_length=500,
        help_text=_("On this machine, best on another disk; empty for the folder backups beside the data."),
    )
    public_key = forms.CharField(
        label=_("Public key"),
        required=False,
        max_length=100,
        help_text=_(
            "Encrypts for the holder of the private key (guanxi backup --new-key FILE). A passphrase comes from "
            "GUANXI_BACKUP_PASSPHRASE. Without either, backups are not encrypted."
        ),
    )
    keep_daily = _count(_("Days"))
    keep_weekly = _count(_("Weeks"))
    keep_monthly = _count(_("Months"))
    is_rehearsed = forms.BooleanField(
        label=_("Restore one into a scratch place every week and compare every row"), required=False
    )
    sections = (
        Section("schedule", _("Schedule"), ("is_on", "at", "folder", "public_key", "is_rehearsed")),
        Section("kept", _("Keep one backup for each of the last"), ("keep_daily", "keep_weekly", "keep_monthly")),
    )

    def schedule(self) -> Schedule:
        """What was set."""
        values = self.cleaned_data
        return Schedule(**{**values, "at": f"{values['at']:%H:%M}"})
