"""Who acts, by what means, how far each right reaches, and which fields they see."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from guanxi.core.models import User

SCOPES = ("own", "team", "department", "all")
SHOWN, MASKED, HIDDEN = "shown", "masked", "hidden"
# Acts that only write: nobody has them while looking as another, so that no page offers what it would refuse.
WRITING = frozenset({"create", "change", "delete", "undo", "merge", "erase"})
Act = tuple[str, str]


def widest(permissions: Mapping[Act, str], kind: str, action: str) -> str | None:
    """The widest scope among the rules that match, or None when no rule allows it; `*` stands for every kind or act."""
    keys = ((kind, action), (kind, "*"), ("*", action), ("*", "*"))
    found = [permissions[key] for key in keys if key in permissions]
    return max(found, key=SCOPES.index) if found else None


@dataclass(frozen=True)
class Rights:
    """What a user's role allows and shows, the teams and the department that its scopes mean, and who is absent."""

    role: str
    permissions: Mapping[Act, str]
    team_ids: frozenset[int] = frozenset()
    department_path: str = ""
    fields: Mapping[Act, str] = field(default_factory=dict)
    # Those whom the user stands in for at this moment, without those whom these stand in for.
    absent_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class StandIn:
    """An absent person whose place the actor takes, until when and why; `through` is who handed the place on."""

    user_id: int
    name: str
    until: datetime
    reason: str
    rights: Rights
    through: str = ""

    def scope(self, kind: str, action: str) -> str | None:
        """How far the absent person's place reaches: their own rows and their teams' even where their role sees all."""
        found = widest(self.rights.permissions, kind, action)
        return "team" if found == "all" else found


@dataclass(frozen=True)
class Looker:
    """Who really looks where somebody reads with the rights of another role or person, as whom, and until when."""

    user_id: int
    name: str
    seen_as: str
    until: datetime
    # Rights of the other that reach further than the looker's own were left out.
    is_cut: bool = False


@dataclass(frozen=True)
class Actor:
    """One user or program in the act; permissions map (kind, action) to a scope, `*` standing for every one."""

    user_id: int | None
    name: str
    means: str
    permissions: Mapping[Act, str] = field(default_factory=dict)
    team_ids: frozenset[int] = frozenset()
    department_path: str = ""
    role: str = ""
    # Fields that the role does not see in full: (kind, field) to "masked" or "hidden".
    fields: Mapping[Act, str] = field(default_factory=dict)
    # Where the request came from, '' where there was none.
    address: str = ""
    standing_in: tuple[StandIn, ...] = ()
    # Somebody looks with these rights who may change nothing with them; `looker` is who, where it is another one.
    is_read_only: bool = False
    looker: Looker | None = None
    _reaches: dict[Act, "tuple[frozenset[int], frozenset[int]]"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    _found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def scope(self, kind: str, action: str) -> str | None:
        """The widest scope among the rules that match, or None when no rule allows it."""
        if self.is_read_only and action in WRITING:
            return None
        return widest(self.permissions, kind, action)

    def sees(self, kind: str, field: str) -> str:
        """How the actor sees a field of a kind: "shown", "masked" or "hidden"; names are those of the journal."""
        return self.fields.get((kind, field), SHOWN) if self.fields else SHOWN

    def with_fields(self, fields: Mapping[Act, str]) -> "Actor":
        """The same actor, seeing these fields masked or not at all."""
        return replace(self, fields=fields)

    @property
    def person_ids(self) -> frozenset[int]:
        """The actor and those whom they stand in for: whose records are the actor's own at this moment."""
        own = () if self.user_id is None else (self.user_id,)
        return frozenset((*own, *(absent.user_id for absent in self.standing_in)))

    @property
    def private_id(self) -> int | None:
        """Whose notifications, saved views and the like these are; nobody's while somebody looks as another."""
        return None if self.is_read_only else self.user_id

    @property
    def answerable(self) -> tuple[int | None, str]:
        """Who answers for a look at something guarded: the id and the name for a log of readings."""
        if self.looker is None:
            return self.user_id, self.name
        return self.looker.user_id, f"{self.looker.name} → {self.looker.seen_as}"

    def key(self) -> Hashable:
        """What all that is open to this actor depends on, as a key for what may be kept for them."""
        return (
            self.user_id,
            self.role,
            frozenset(self.permissions.items()),
            self.team_ids,
            self.department_path,
            frozenset(self.fields.items()),
            self.person_ids,
            self.is_read_only,
        )

    def can(self, kind: str, action: str) -> bool:
        """Whether the act is allowed on at least some records of the kind."""
        return self.scope(kind, action) is not None

    def reach(self, kind: str, action: str) -> tuple[frozenset[int], frozenset[int]]:
        """Whose records, and of which departments, a narrow scope reaches; found out once for an actor."""
        known = self._reaches.get((kind, action))
        if known is None:
            from guanxi.core.reaching import reach_of  # models load after this module

            known = self._reaches[(kind, action)] = reach_of(self, kind, action)
        return known

    def found_once(self, what: Hashable, find: "Callable[[Actor], Any]") -> Any:
        """What is found out once for an actor, like whose records a scope reaches."""
        if what not in self._found:
            self._found[what] = find(self)
        return self._found[what]


EVERYTHING = {("*", "*"): "all"}


def system_actor(means: str = "system", name: str = "Guanxi") -> Actor:
    """The system itself: handlers, imports and jobs without a person behind them."""
    return Actor(user_id=None, name=name, means=means, permissions=EVERYTHING)


def console_actor() -> Actor:
    """Whoever has a shell on the machine: may do everything, named in the journal as the console."""
    return Actor(user_id=None, name="console", means="cli", permissions=EVERYTHING)


def actor_of(user: "User", means: str = "web", rights: Rights | None = None, *, address: str = "") -> Actor:
    """The actor for a user, with the permissions of their role; `rights` where they have just been read."""
    from guanxi.core import deputising  # models load after this module
    from guanxi.core import rights as reading

    held = rights if rights is not None else reading.rights_of(user.pk)
    standing_in = deputising.standing_in(user.pk, held.absent_ids) if held.absent_ids else ()
    narrow = any(scope in {"team", "department"} for scope in held.permissions.values())
    return Actor(
        user_id=user.pk,
        name=user.display_name,
        means=means,
        permissions=held.permissions,
        team_ids=held.team_ids if narrow else frozenset(),
        department_path=held.department_path if narrow else "",
        role=held.role,
        fields=held.fields,
        address=address,
        standing_in=standing_in,
    )


def ownership_filter(actor: Actor, act: Act, *, owner: str = "owner", department: str = "") -> Q:
    """The rows that an act of the actor reaches, for records that have an owner and perhaps a department."""
    if actor.scope(*act) == "all":
        return Q()
    owners, departments = actor.reach(*act)
    mine = Q(**{f"{owner}__in": sorted(owners)})
    if department and departments:
        mine |= Q(**{f"{department}__in": sorted(departments)})
    return mine
