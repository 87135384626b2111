"""What personal data the models of core hold, and those of the parts that sign people in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.core import journal_ending  # noqa: F401 - registers what ends after a period
from guanxi.core.personal_data import Category, Form, Whose, held, masked_value, nothing, state, user_names
from guanxi.core.pseudonyms import Pseudonyms


def _mask_change(row: dict[str, Any], writer: Pseudonyms) -> dict[str, Any]:
    """A journal row: its values as the columns they come from are masked."""
    source = row["_row"]
    for name in ("before", "after"):
        if name in source:
            row[name] = masked_value(source["kind"], source["field"], source[name], writer)
    return row


def _mask_user(row: dict[str, Any], writer: Pseudonyms) -> dict[str, Any]:
    """A colleague: no password of a copy opens anything."""
    return {**row, "password": "!"} if "password" in row else row


state(
    "core.User",
    _("Who works here and signs in"),
    held("username name", Whose.USER, Category.IDENTITY, Form.NAME),
    held("email", Whose.USER, Category.CONTACT, Form.EMAIL),
    held("password", Whose.USER, Category.SENSITIVE, Form.EMPTY),
    plain="language theme timezone",
    kept_because=_("The journal and the records name who did what."),
    mask=_mask_user,
)
state(
    "core.Deputy",
    _("Who stands in for whom, and why"),
    held("reason", Whose.USER, Category.CONTENT),
)
nothing("core.Department", _("The company's organisation"), "name path")
nothing("core.Team", _("Groups of colleagues"), "name")
nothing("core.Role", _("What roles there are"), "key name_en name_zh")
nothing("core.RolePermission", _("What roles may do"), "kind action")
nothing("core.RoleField", _("Which fields roles do not see in full"), "kind field visibility")
nothing("core.TeamMember", _("Which colleagues are in which group"))
state(
    "core.Operation",
    _("Who did what when: proof of every write"),
    user_names("actor_name"),
    held("address", Whose.USER, Category.BEHAVIOUR, Form.EMPTY),
    held("reason", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    plain="name means",
    kept_because=_("That something was done stays as proof; what it said goes."),
)
state(
    "core.Change",
    _("What every write changed: history and undo"),
    held("before after", Whose.CUSTOMER, Category.CONTENT, Form.SAME),
    plain="kind act field",
    kept_because=_("That something was changed stays as proof; the values go."),
    retention="journal_values",
    mask=_mask_change,
)
# A copy for testing has other values: seals over them would not fit.
nothing("core.Seal", _("Proof that the history is as it was written"), "digest", in_copies=False)
nothing("core.SealedOperation", _("Digests of acts"), "salt values_digest digest", in_copies=False)
nothing("core.SealedChange", _("Digests of changes"), "salt values_digest digest", in_copies=False)
nothing("core.Parameter", _("Settings of the company"), "key value")
nothing("core.CustomField", _("Which fields the company added"), "kind key label_en label_zh choices")
nothing("core.CustomFieldIndex", _("How indexes of added fields stand"), "error")
nothing("core.OutboxEvent", _("What happened, as ids, until it was told"), "name payload passed", in_copies=False)
nothing("core.EventDelivery", _("To whom it was told"), "handler error", in_copies=False)
nothing(
    "core.Job",
    _("Work to do, as ids, for a week after it was done"),
    "id task queue args kwargs passed unique_key worker_ids errors return_value lease_by",
    in_copies=False,
)
nothing("core.Schedule", _("When work is due"), "name expression")
nothing("core.Worker", _("Which worker processes run"), "id queues host", in_copies=False)
nothing("core.Lock", _("Which work is in hand"), "name holder about", in_copies=False)
nothing("core.LiveMessage", _("Messages to open pages, as ids, for a minute"), "topic data", in_copies=False)
state(
    "core.BackupRun",
    _("Which backups were made, and how they went"),
    user_names("by_name"),
    plain="path error",
    in_copies=False,
)
nothing(
    "core.CheckResult",
    _("How the installation was when it was last looked over"),
    "check_key facts level",
    in_copies=False,
)
nothing("core.WorkingCalendar", _("Working hours"), "name zone")
nothing("core.WorkingWindow", _("Working hours"))
nothing("core.CalendarDay", _("Holidays and make-up days"), "title")
state(
    "core.Session",
    _("Who is signed in, from where and with what"),
    held("session_key session_data", Whose.USER, Category.IDENTITY, Form.EMPTY),
    held("address agent means", Whose.USER, Category.BEHAVIOUR, Form.EMPTY),
    in_copies=False,
)
nothing("sessions.Session", _("Sessions of an earlier version; empty"), "session_key session_data", in_copies=False)
