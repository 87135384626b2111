"""Forms about people."""

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.people import queries
from guanxi.ui.forms import LongSelect, RecordForm, Section

# The zones people live in; old aliases stay out of the list.
REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The names of the zones; finding them reads hundreds of files, so it is done once."""
    return tuple(sorted(name for name in available_timezones() if name.startswith(REGIONS)))


def zones() -> list[tuple[str, str]]:
    """Time zones to choose from."""
    names = zone_names()
    return [("", _("as the company: %(zone)s") % {"zone": settings.TIME_ZONE}), *((name, name) for name in names)]


class ProfileForm(RecordForm):
    """What a person says about themselves and how they like their screens."""

    sections = (
        Section("person", _("You"), ("name", "email")),
        Section("screens", _("Your screens"), ("language", "theme", "timezone")),
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=(("en", "English"), ("zh-hans", "简体中文")))
    theme = forms.ChoiceField(
        label=_("Light or dark"), choices=(("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False, widget=LongSelect)


class NewPasswordForm(RecordForm):
    """A new password, twice."""

    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least 10 characters; a sentence is easier to remember than signs."),
    )
    again = forms.CharField(
        label=_("New password again"), widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False
    )

    def clean(self) -> dict[str, object]:
        """Both new ones are the same."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data


class PasswordForm(NewPasswordForm):
    """Changing one's own password."""

    current = forms.CharField(
        label=_("Your password now"), widget=forms.PasswordInput({"autocomplete": "current-password"}), strip=False
    )
    field_order = ("current", "password", "again")


class UserForm(RecordForm):
    """A new user."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("The name to sign in with."),
        widget=forms.TextInput({"autofocus": True}),
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=queries.role_choices)
    department = forms.ChoiceField(label=_("Department"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the open departments."""
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = queries.department_choices()  # type: ignore[attr-defined]
