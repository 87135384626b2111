"""Everything looked at now, for the command; the quick parts now and the others as last seen, for the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.utils.translation import gettext as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.checkup import standing
from guanxi.core.checkup.findings import ORDER, Finding, Level
from guanxi.core.checkup.registry import Check, checks
from guanxi.core.models import RolePermission, User

KIND, SEE = "health", "manage"
# While the database is away, or has not all its tables, nothing that needs it is looked at.
FIRST = ("database", "migrations")


def keepers() -> list[int]:
    """The people who may see how the installation is, and are told when something is wrong with it."""
    roles = RolePermission.objects.filter(kind__in=(KIND, "*"), action__in=(SEE, "*")).values("role")
    return list(User.objects.filter(is_active=True, role__in=roles).order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class Seen:
    """Findings with the time of the look, for what is not looked at on the spot."""

    check: Check
    findings: list[Finding]
    looked_at: datetime | None = None
    took_ms: int = 0


def examine(*, with_long: bool = True) -> list[Finding]:
    """Look at everything now; parts that need the database are left out while it is away."""
    return [finding for seen in _now(with_long=with_long) for finding in seen.findings]


def _now(*, with_long: bool) -> Iterator[Seen]:
    """Every check in order."""
    is_away = False
    for check in checks:
        if (is_away and check.needs_database) or (check.queue and not with_long):
            continue
        seen = Seen(check, _looked(check))
        is_away = is_away or (check.key in FIRST and any(one.level == Level.PROBLEM for one in seen.findings))
        yield seen


def _looked(check: Check) -> list[Finding]:
    """What one look finds; a look that fails says so itself."""
    try:
        return list(check.tell(check.look()))
    except (DatabaseError, OSError) as error:
        text = _("%(what)s could not be looked at: %(reason)s")
        about = {"what": check.label, "reason": (str(error).strip().splitlines() or [type(error).__name__])[0]}
        return [Finding(check.key, Level.PROBLEM, text % about)]


def seen_by(actor: Actor) -> list[Seen]:
    """For the page: what is quick looked at now, what takes long as it was last seen; the worst first."""
    access.require(actor, KIND, SEE)
    rows = standing.kept()
    found = list(_now(with_long=False))
    for check in checks:
        row = rows.get(check.key)
        if check.queue and row is not None:
            found.append(Seen(check, list(check.tell(row.facts)), row.looked_at, row.took_ms))
        elif check.queue:
            found.append(Seen(check, []))
    return sorted(found, key=lambda seen: min((ORDER.index(one.level) for one in seen.findings), default=len(ORDER)))
