"""Models of the core floor; importing this package loads them all."""

from importlib import import_module
from importlib.util import find_spec

from guanxi.core.models.custom_fields import CustomField
from guanxi.core.models.journal import Change, Operation
from guanxi.core.models.parameters import Parameter
from guanxi.core.models.people import (
    Department,
    Deputy,
    Role,
    RoleField,
    RolePermission,
    Team,
    TeamMember,
    User,
)
from guanxi.core.models.sessions import Session

for _part in ("events", "jobs", "locks", "live", "calendars", "seals", "backups", "checkups"):
    if find_spec(f"guanxi.core.models.{_part}"):
        import_module(f"guanxi.core.models.{_part}")

__all__ = [
    "Change",
    "CustomField",
    "Department",
    "Deputy",
    "Operation",
    "Parameter",
    "Role",
    "RoleField",
    "RolePermission",
    "Session",
    "Team",
    "TeamMember",
    "User",
]
