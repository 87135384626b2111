"""What the history calls what core, screens and people write: settings are records too."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.ui import history
from guanxi.ui.history import Words

NAME = pgettext_lazy("person", "Name")
IN_TWO = {"name_en": _("English name"), "name_zh": _("Chinese name")}
KINDS = (
    Words("user", _("User"), {"role": _("Role"), "is_active": _("May sign in"), "department": _("Department"),
        "theme": _("Theme"), "timezone": _("Time zone"), "language": _("Language"), "password": _("Password")},
        left_out=frozenset({"last_login", "date_joined"})),
    Words("role", _("Role"), {"key": _("Key"), **IN_TWO}, left_out=frozenset({"is_builtin"})),
    Words("rolepermission", _("Permission"), {"role": _("Role"), "kind": _("Kind"), "action": _("Act"), "scope": _("Scope")}),
    Words("rolefield", _("Field of a role"), {"role": _("Role"), "kind": _("Kind"), "field": _("Field"), "visibility": _("Visibility")}),
    Words("department", _("Department"), {"name": NAME, "parent": _("Department above"), "is_closed": _("Closed")}, left_out=frozenset({"path"})),
    Words("team", _("Team"), {"name": NAME}),
    Words("teammember", _("Team member"), {"team": _("Team"), "user": _("User")}),
    Words("deputy", _("Deputy"), {"user": _("Absent"), "deputy": _("Deputy"), "from_at": _("Since"), "to_at": _("Until"), "reason": _("Reason")}),
    Words("customfield", _("Custom field"), {"label_zh": _("Chinese label"), "label_en": _("English label"), "key": _("Key"), "type": _("Type"),
        "choices": _("Choices"), "position": _("Place in the order"), "is_filterable": _("Filter and sort lists by it"), "is_active": _("In use"), "kind": _("Kind")}),
    Words("parameter", _("Setting of the company"), {"value": _("Value"), "key": _("Key")}),
    Words("workingcalendar", _("Working calendar"), {"name": NAME, "zone": _("Time zone"), "is_default": _("The company's own")}),
    Words("workingwindow", _("Working hours"), {"weekday": _("Weekday"), "start": _("Since"), "end": _("Until")}, left_out=frozenset({"calendar_id"})),
    Words("calendarday", _("Day of a calendar"), {"on": _("Day"), "works_as": _("Works as"), "title": _("Title")}, left_out=frozenset({"calendar_id"})),
    Words("export", _("File"), {"customers": _("Customers"), "orders": _("Orders"), "products": _("Products")}),
    Words("savedview", _("Saved view"), {"name": NAME, "state": _("Filters and columns"), "is_shared": _("Shared"), "list_key": _("List")},
        left_out=frozenset({"position", "owner_id"})),
)  # fmt: skip
OPERATIONS = {
    "people.create_user": _("User made"),
    "people.update_user": _("User changed"),
    "people.set_password": _("Password set"),
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
    "catalog.update_product": _("Product changed"),
    "files.store": _("File stored"),
    "files.attach": _("File attached"),
    "files.discard": _("File thrown away"),
    "importing.import_customers": _("Customers imported"),
    "importing.import_orders": _("Orders imported"),
    "importing.undo_import": _("Import taken back"),
    "importing.save_mapping": _("Mapping saved"),
    "importing.change_mapping": _("Mapping changed"),
    "importing.remove_mapping": _("Mapping removed"),
    "integration.create_token": _("Token made"),
    "integration.revoke_token": _("Token revoked"),
    "integration.create_webhook": _("Webhook made"),
    "integration.update_webhook": _("Webhook changed"),
    "integration.remove_webhook": _("Webhook removed"),
    "integration.change_webhook_secret": _("Secret of a webhook changed"),
    "demo.seed_base": _("Demo customers made"),
    "demo.make_organisation": _("Demo company made"),
    "demo.place_colleague": _("Demo colleague placed"),
}

for _one in KINDS:
    history.register(_one)
history.operations(OPERATIONS)
