"""What the history calls what core, screens and people write: settings are records too."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import parameters
from guanxi.core.models import Change
from guanxi.ui import history
from guanxi.ui.history import Line, Reader, Words
from guanxi.ui.html import escape

NAME = pgettext_lazy("person", "Name")
IN_TWO = {"name_en": _("English name"), "name_zh": _("Chinese name")}
DONE = {"totp": _("App with codes"), "webauthn": _("Passkey"), "recovery_codes": _("Recovery codes"), "open": _("Open")}


def _done(reader: Reader, change: Change) -> list[Line]:
    """What was done to the sign-in of a user, which nothing takes back."""
    before, after = (escape(DONE.get(value, value)) if value else "" for value in (change.before, change.after))
    return [Line(escape(history.words_of("user").field_name(None, change.field)), before, after)]


def _time(reader: Reader, column: Any, value: Any) -> str | None:
    """Minutes of a day as the clock has them."""
    if column is None or not column.name.endswith("_minute"):
        return None
    return f"{int(value) // 60:02}:{int(value) % 60:02}"


KINDS = (
    Words("user", _("User"), {"role": _("Role"), "is_active": _("May sign in"), "department": _("Department"),
        "theme": _("Theme"), "timezone": _("Time zone"), "language": _("Language"), "password": _("Password"),
        "second_factors": _("Second factors"), "sessions": _("Sessions"), "identity": _("Sign-in through a provider"),
        "waiting": _("Failed sign-ins"), "calendar_feed": _("Calendar feed")},
        left_out=frozenset({"last_login", "date_joined"}), other_acts=_done),
    Words("role", _("Role"), {"key": _("Key"), **IN_TWO}, left_out=frozenset({"is_builtin"})),
    Words("rolepermission", _("Permission"), {"role": _("Role"), "kind": _("Kind"), "action": _("Act"), "scope": _("Scope")}),
    Words("rolefield", _("Field of a role"), {"role": _("Role"), "kind": _("Kind"), "field": _("Field"), "visibility": _("Visibility")}),
    Words("department", _("Department"), {"name": NAME, "parent": _("Department above"), "is_closed": _("Closed")}, left_out=frozenset({"path"})),
    Words("team", _("Team"), {"name": NAME}),
    Words("teammember", _("Team member"), {"team": _("Team"), "user": _("User")}),
    Words("deputy", _("Deputy"), {"user": _("Absent"), "deputy": _("Deputy"), "from_at": _("Since"), "to_at": _("Until"), "reason": _("Reason")}),
    Words("customfield", _("Custom field"), {"label_zh": _("Chinese label"), "label_en": _("English label"), "key": _("Key"), "type": _("Type"),
        "choices": _("Choices"), "position": _("Place in the order"), "is_filterable": _("Filter and sort lists by it"), "is_active": _("In use"), "kind": _("Kind")}),
    Words("parameter", _("Setting of the company"), call=parameters.label_of, left_out=frozenset({"key", "value"})),
    Words("workingcalendar", _("Working calendar"), {"name": NAME, "zone": _("Time zone"), "is_default": _("The company's own")}),
    Words("workingwindow", _("Working hours"), {"weekday": _("Weekday"), "start_minute": _("Since"), "end_minute": _("Until")},
        left_out=frozenset({"calendar_id"}), show=_time),
    Words("calendarday", _("Day of a calendar"), {"on": _("Day"), "works_as": _("Works as"), "title": _("Title")}, left_out=frozenset({"calendar_id"})),
    Words("export", _("File"), {"customers": _("Customers"), "orders": _("Orders"), "products": _("Products"), "history": _("History")}),
    Words("saved_view", _("Saved view"), {"name": NAME, "state": _("Filters and columns"), "is_shared": _("Shared"), "list_key": _("List")},
        left_out=frozenset({"position", "owner_id"})),
    Words("identity_provider", _("Sign-in provider"), {"settings": _("Addresses and ids"), "secret_sealed": _("Secret"),
        "matches_email": _("Known users are found by their e-mail"), "provisions": _("Makes users that are not there yet"),
        "default_role": _("Role of new users"), "role_rules": _("Roles by what the provider says"),
        "has_second_factor": _("Asks for a second factor itself")}),
    Words("identity", _("Sign-in through a provider"), {"provider": _("Sign-in provider"), "subject": _("Id at the provider"), "user": _("User"),
        "made_at": _("Since")}),
    Words("seed", _("Invented base")),
    # What the modules beside and above have put into the journal.
    Words("token", _("Token"), left_out=frozenset({"digest"})),
    Words("webhook", _("Webhook"), {"messages": _("Messages"), "stopped_because": _("Stopped because"), "secret": _("Secret"), "old_secret": _("Earlier secret")},
        left_out=frozenset({"old_secret_until", "rests_until", "failing_since", "failures_in_row", "last_delivered_at"})),
    Words("mapping", _("Mapping"), {"definition": _("Columns and rules")}),
    Words("task", _("Task"), {"is_all_day": _("All day")}, left_out=frozenset({"about_kind", "about_id", "reminded_at"})),
    Words("file", _("Stored file"), left_out=frozenset({"sha256", "record_kind", "record_id", "by_id"})),
    Words("product", _("Product"), left_out=frozenset({"import_run_id"})),
    Words("order", _("Order"), {"customer": _("Customer"), "customer_ref": _("Id of the customer")}, left_out=frozenset({"import_run_id"})),
)  # fmt: skip
OPERATIONS = {
    "people.create_user": _("User made"),
    "people.update_user": _("User changed"),
    "people.set_password": _("Password set"),
    "people.save_role": _("Role saved"),
    "people.remove_role": _("Role removed"),
    "people.save_department": _("Department saved"),
    "people.close_department": _("Department closed"),
    "people.save_team": _("Team saved"),
    "people.remove_team": _("Team removed"),
    "people.name_deputy": _("Absence entered"),
    "people.end_deputy": _("Absence ended"),
    "people.end_sessions": _("Sessions ended"),
    "people.unlock_user": _("User let in again after failed sign-ins"),
    "people.reset_second_factors": _("Second factors of a user reset"),
    "people.add_second_factor": _("Second factor added"),
    "people.remove_second_factor": _("Second factor removed"),
    "people.rename_passkey": _("Passkey renamed"),
    "people.make_recovery_codes": _("Recovery codes made"),
    "people.link_identity": _("User tied to a sign-in provider"),
    "people.set_sign_in_rules": _("Rules of signing in set"),
    "people.save_provider": _("Sign-in provider saved"),
    "people.remove_provider": _("Sign-in provider removed"),
    "people.see_as": _("Began to look with the rights of another"),
    "people.see_as_ended": _("Ended to look with the rights of another"),
    "ui.export_in_full": _("List taken as a file, in full"),
    "ui.export_masked": _("List taken as a file, masked"),
    "ui.create_view": _("View saved"),
    "ui.update_view": _("View changed"),
    "ui.delete_view": _("View thrown away"),
    "ui.set_preferences": _("Own settings changed"),
    "core.save_calendar": _("Calendar changed"),
    "core.set_calendar_day": _("Day of a calendar set"),
    "core.clear_calendar_day": _("Day of a calendar cleared"),
    "core.set_parameter": _("Setting changed"),
    "core.schedule_backups": _("Backups by themselves set"),
    "value.settle_currency": _("Reporting currency taken from the first orders"),
    "tasks.choose_notifications": _("Own notifications chosen"),
    "tasks.open_feed": _("Calendar feed opened"),
    "tasks.close_feed": _("Calendar feed closed"),
    "tasks.create_task": _("Task set"),
    "tasks.update_task": _("Task changed"),
    "tasks.complete_task": _("Task done"),
    "tasks.drop_task": _("Task dropped"),
    "tasks.reopen_task": _("Task opened again"),
    "tasks.delete_task": _("Task removed"),
    "catalog.update_product": _("Product changed"),
    "files.store": _("File stored"),
    "files.attach": _("File attached"),
    "files.discard": _("File thrown away"),
    "importing.import_customers": _("Customers imported"),
    "importing.import_orders": _("Orders imported"),
    "importing.undo_import": _("Import taken back"),
    "importing.take_erased": _("Rows about erased people taken in"),
    "importing.save_mapping": _("Mapping saved"),
    "importing.change_mapping": _("Mapping changed"),
    "importing.remove_mapping": _("Mapping removed"),
    "integration.create_token": _("Token made"),
    "integration.revoke_token": _("Token revoked"),
    "integration.create_webhook": _("Webhook made"),
    "integration.update_webhook": _("Webhook changed"),
    "integration.remove_webhook": _("Webhook removed"),
    "integration.test_webhook": _("Test message sent to a webhook"),
    "integration.replay_webhook": _("Messages of a webhook sent again"),
    "integration.change_webhook_secret": _("Secret of a webhook changed"),
    "demo.seed_base": _("Demo customers made"),
    "demo.seed_talks": _("Demo conversations made"),
    "demo.make_organisation": _("Demo company made"),
    "demo.place_colleague": _("Demo colleague placed"),
}

for _one in KINDS:
    history.register(_one)
history.operations(OPERATIONS)
