"""What people bring to the screens."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.core.actor import Actor
from guanxi.core.api import add_router
from guanxi.core.checkup.examining import KIND, SEE
from guanxi.people import api, checkup, tables, users_api
from guanxi.people.history import words
from guanxi.people.signing_in import tables as sign_in_tables
from guanxi.ui import menu, settings_area
from guanxi.ui.history import seeing
from guanxi.ui.records import Tab, common_tabs

__all__ = ["checkup", "sign_in_tables", "tables", "words"]


def _history_tab(actor: Actor, kind: str, record_id: int) -> Tab | None:
    """What was done to a record, on its page, for those who read histories."""
    if not actor.can(seeing.KIND, "view"):
        return None
    return Tab("history", _("History"), url=reverse("people:history_of", args=[kind, record_id]))


common_tabs.add("history", _history_tab)
add_router("history", api.router, order=60)
menu.register(
    "history",
    _("History"),
    "people:history",
    icon="history",
    section="settings",
    order=800,
    permission=(seeing.KIND, "view"),
)

for _kind in ("department", "team"):
    live.register(_kind, may_listen=lambda actor, _key: actor.can("user", "manage"))
for _kind in ("role", "identity_provider"):
    live.register(_kind, may_listen=lambda actor, _key: actor.can("role", "manage"), is_whole=True)
live.register("user", may_listen=lambda actor, key: key == str(actor.user_id) or actor.can("user", "manage"))
live.register("workingcalendar", may_listen=lambda actor, _key: actor.can("calendar", "view"))

if "user" not in records.kinds:
    records.register(
        records.RecordKind(
            kind="user",
            model_label="core.User",
            prefix="usr",
            label=_("User"),
            label_plural=_("Users"),
            title=lambda user: user.display_name,
            url=lambda user_id: f"/settings/users/{user_id}",
            icon="user",
        )
    )

records.register(
    records.RecordKind(
        kind="identity_provider",
        model_label="people.IdentityProvider",
        prefix="idp",
        label=_("Provider"),
        label_plural=_("Providers"),
        title=lambda provider: provider.label,
        url=lambda provider_id: f"/settings/sign-in-rules/providers/{provider_id}",
        icon="login",
    )
)

settings_area.register("profile", _("Profile"), "people:profile", icon="user", group="personal", order=10)
settings_area.register("security", _("Security"), "people:security", icon="shield-lock", group="personal", order=20)
settings_area.register("my_rights", _("Rights"), "people:my_rights", icon="shield", group="personal", order=30)
settings_area.register(
    "sign_in_rules",
    _("Sign-in rules"),
    "people:sign_in_rules",
    icon="lock",
    group="roles",
    order=20,
    permission=("role", "manage"),
)
settings_area.register(
    "sign_ins",
    _("Sign-in history"),
    "people:sign_ins",
    icon="history",
    group="workspace",
    order=12,
    permission=("user", "manage"),
)
settings_area.register(
    "users", _("Users"), "people:users", icon="users", group="workspace", order=10, permission=("user", "manage")
)
settings_area.register(
    "roles", _("Roles"), "people:roles", icon="shield", group="roles", order=10, permission=("role", "manage")
)
settings_area.register(
    "departments",
    _("Departments and teams"),
    "people:departments",
    icon="hierarchy",
    group="workspace",
    order=15,
    permission=("user", "manage"),
)
settings_area.register(
    "absences", _("Absence and deputies"), "people:absences", icon="user-check", group="personal", order=40
)
settings_area.register(
    "calendars",
    _("Working calendars"),
    "people:calendars",
    icon="calendar",
    group="workspace",
    order=20,
    permission=("calendar", "view"),
)
settings_area.register(
    "backups",
    _("Backups"),
    "people:backups",
    icon="file",
    group="workspace",
    order=90,
    permission=("backup", "manage"),
)
settings_area.register(
    "health",
    _("Health"),
    "people:health",
    icon="activity",
    group="workspace",
    order=95,
    permission=(KIND, SEE),
)
add_router("users", users_api.router, order=60)
