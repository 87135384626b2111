"""What rights are called: the kinds of record, the acts, and which acts a kind knows."""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext

from guanxi.core import records
from guanxi.core.actor import Act
from guanxi.core.acts import acts

ACTIONS = ("view", "create", "change", "delete", "export", "import", "undo", "manage", "share")
KNOWN = (
    "user",
    "role",
    "view",
    "value",
    "order",
    "product",
    "customer",
    "import",
    "mapping",
    "calendar",
    "token",
    "backup",
    "health",
)

# Kinds of record whose rights go by another name: saved views by "view".
ELSEWHERE = ("saved_view",)


def kind_word(kind: str) -> str:
    """A kind of record in words."""
    if kind == "*":
        return gettext("Everything")
    known = {
        "user": gettext("Users"),
        "role": gettext("Roles"),
        "view": gettext("Saved views"),
        "value": gettext("Customer value"),
        "contactpoint": gettext("Contact points"),
        "personprofile": gettext("Archive of persons"),
        "organisationprofile": gettext("Archive of organisations"),
        "token": gettext("API tokens"),
        "calendar": gettext("Working calendars"),
        "mapping": gettext("Mappings"),
        "import": gettext("Imports"),
        "history": gettext("History"),
        "operation": gettext("Operations"),
        "backup": gettext("Backups"),
        "health": gettext("Health"),
        "core_card": gettext("Core-customer cards"),
        "privacy": gettext("Personal data"),
        "team": gettext("Teams"),
        "department": gettext("Departments"),
    }
    return capfirst(str(records.kinds[kind].label_plural) if kind in records.kinds else known.get(kind, kind))


def action_word(action: str) -> str:
    """An act in words."""
    known = {
        "view": gettext("view"),
        "create": gettext("create"),
        "change": gettext("change"),
        "delete": gettext("delete"),
        "export": gettext("export"),
        "import": gettext("import"),
        "undo": gettext("undo"),
        "manage": gettext("manage"),
        "share": gettext("share"),
        "*": gettext("every act"),
    }
    own = next((act.label for act in acts if act.action == action), action)
    return known.get(action) or str(own)


def kinds_of(held: Mapping[Act, str]) -> list[str]:
    """Every kind that a role may have rights on: all that are registered, those named so far, and everything."""
    known = {*records.kinds.keys(), *KNOWN, *(act.kind for act in acts), *(kind for kind, _action in held)}
    known -= {"*", *ELSEWHERE}
    return ["*", *sorted(known, key=kind_word)]


def further_acts(kind: str, held: Mapping[Act, str]) -> list[str]:
    """The acts of a kind of its own: those that are known, and those that the role has been given."""
    known = [act.action for act in acts if act.kind == kind]
    given = sorted(action for of, action in held if of == kind and action not in ACTIONS and action not in known)
    return [*known, *given]
