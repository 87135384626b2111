"""Who acts, by what means, and how far each right reaches."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from guanxi.core.compiled import Compiled

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from guanxi.core.models import User

SCOPES = ("own", "team", "department", "all")


@dataclass(frozen=True)
class Actor:
    """One user or program in the act; permissions map (kind, action) to a scope, `*` standing for every one."""

    user_id: int | None
    name: str
    means: str
    permissions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    team_ids: frozenset[int] = frozenset()
    department_path: str = ""
    role: str = ""

    def scope(self, kind: str, action: str) -> str | None:
        """The widest scope among the rules that match, or None when no rule allows it."""
        keys = ((kind, action), (kind, "*"), ("*", action), ("*", "*"))
        found = [self.permissions[key] for key in keys if key in self.permissions]
        return max(found, key=SCOPES.index) if found else None

    def key(self) -> Hashable:
        """What all that is open to this actor depends on, as a key for what may be kept for them."""
        return (self.user_id, self.role, frozenset(self.permissions.items()), self.team_ids, self.department_path)

    def can(self, kind: str, action: str) -> bool:
        """Whether the act is allowed on at least some records of the kind."""
        return self.scope(kind, action) is not None


EVERYTHING = {("*", "*"): "all"}


def system_actor(means: str = "system", name: str = "Guanxi") -> Actor:
    """The system itself: handlers, imports and jobs without a person behind them."""
    return Actor(user_id=None, name=name, means=means, permissions=EVERYTHING)


def console_actor() -> Actor:
    """Whoever has a shell on the machine: may do everything, named in the journal as the console."""
    return Actor(user_id=None, name="console", means="cli", permissions=EVERYTHING)


def _permissions(role_id: int) -> "QuerySet[Any, Any]":
    """What a role may do, and the role's key."""
    from guanxi.core.models import RolePermission  # models load after this module

    return RolePermission.objects.filter(role_id=role_id).values_list("kind", "action", "scope", "role__key")


_PERMISSIONS = Compiled(_permissions, int)


@dataclass(frozen=True)
class Rights:
    """What a user's role allows, and the teams and the department that its scopes mean."""

    role: str
    permissions: Mapping[tuple[str, str], str]
    team_ids: frozenset[int] = frozenset()
    department_path: str = ""


def actor_of(user: "User", means: str = "web", rights: Rights | None = None) -> Actor:
    """The actor for a user, with the permissions of their role; `rights` where they have just been read."""
    held = rights if rights is not None else _rights_of(user)
    narrow = any(scope in {"team", "department"} for scope in held.permissions.values())
    return Actor(
        user_id=user.pk,
        name=user.display_name,
        means=means,
        permissions=held.permissions,
        team_ids=held.team_ids if narrow else frozenset(),
        department_path=held.department_path if narrow else "",
        role=held.role,
    )


def _rights_of(user: "User") -> Rights:
    """The rights of a user, read now."""
    from guanxi.core.models import Team  # models load after this module

    rows = _PERMISSIONS.rows(user.role_id)  # one query for the role and what it may do
    permissions = {(kind, action): scope for kind, action, scope, _key in rows}
    narrow = any(scope in {"team", "department"} for scope in permissions.values())
    teams = frozenset(Team.objects.filter(members=user).values_list("id", flat=True)) if narrow else frozenset()
    path = user.department.path if narrow and user.department_id and user.department else ""
    return Rights(rows[0][3] if rows else user.role.key, permissions, teams, path)


def ownership_filter(actor: Actor, scope: str, *, owner: str = "owner", department: str = "department") -> Q:
    """The rows within a scope, for records that have an owner and a department."""
    if scope == "all":
        return Q()
    mine = Q(**{owner: actor.user_id})
    if scope == "team" and actor.team_ids:
        mine |= Q(**{f"{owner}__teams__in": sorted(actor.team_ids)})
    if scope == "department" and actor.department_path:
        below = f"{department}__path__startswith"
        owners = f"{owner}__department__path__startswith"
        mine |= Q(**{below: actor.department_path}) | Q(**{owners: actor.department_path})
    return mine
