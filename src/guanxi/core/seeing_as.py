"""Looking with the rights of another role or person: reading only, and never with more than one's own rights.

The session holds whom somebody looks as and until when. What they see is worked out anew for each request from what
holds at that moment: what the other's rights and their own have in common, with the fields of both left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from guanxi.core import clock, rights
from guanxi.core.actor import HIDDEN, MASKED, SCOPES, SHOWN, Act, Actor, Looker, actor_of, widest
from guanxi.core.models import Role, User

SEE_AS = "guanxi_see_as"
ROLE, PERSON = "role", "user"
LONGEST = timedelta(hours=1)
_SIGHTS = (SHOWN, MASKED, HIDDEN)


@dataclass(frozen=True)
class Chosen:
    """Whom somebody looks as: a role or a person, since when and until when at the latest."""

    kind: str
    number: int
    began_at: datetime
    until: datetime

    @classmethod
    def within(cls, session: Mapping[str, Any]) -> Self | None:
        """What a session holds of it, None for nothing."""
        held = session.get(SEE_AS)
        if not held:
            return None
        began_at, until = parse_datetime(held["began_at"]), parse_datetime(held["until"])
        if began_at is None or until is None:
            return None
        return cls(held["kind"], int(held["number"]), began_at, until)

    def as_held(self) -> dict[str, Any]:
        """The form in which a session holds it."""
        return {
            "kind": self.kind,
            "number": self.number,
            "began_at": self.began_at.isoformat(),
            "until": self.until.isoformat(),
        }


def may_look(actor: Actor) -> bool:
    """Whether somebody may look as a role: those who manage both users and roles."""
    return not actor.is_read_only and actor.can("user", "manage") and actor.can("role", "manage")


def may_look_as_people(actor: Actor) -> bool:
    """Whether somebody may look as a person, whose own records are not theirs: only those who see all there is."""
    return may_look(actor) and widest(actor.permissions, "*", "view") == "all"


def looking_as(own: Actor, chosen: Chosen) -> Actor | None:
    """The actor with whose rights somebody looks; None when it is over, or no longer allowed."""
    now = clock.now()
    if own.user_id is None or not chosen.began_at <= now < chosen.until:
        return None
    if chosen.kind == ROLE:
        return _as_role(own, chosen) if may_look(own) else None
    return _as_person(own, chosen) if may_look_as_people(own) else None


def _as_role(own: Actor, chosen: Chosen) -> Actor | None:
    """The looker, in their own place, with the rights of a role."""
    role = Role.objects.filter(pk=chosen.number).first()
    if role is None:
        return None
    held, place = rights.rights_of_role(role.pk), rights.rights_of(own.user_id or 0)
    is_chinese = (get_language() or "").startswith("zh")
    seen = Actor(
        user_id=own.user_id,
        name=own.name,
        means=own.means,
        address=own.address,
        permissions=held.permissions,
        fields=held.fields,
        role=held.role,
        team_ids=place.team_ids,
        department_path=place.department_path,
    )
    return _narrowed(own, seen, chosen, role.name_zh if is_chinese else role.name_en)


def _as_person(own: Actor, chosen: Chosen) -> Actor | None:
    """The person, with the records that are theirs."""
    user = User.objects.filter(pk=chosen.number, is_active=True).first()
    if user is None:
        return None
    return _narrowed(own, actor_of(user, own.means, address=own.address), chosen, user.display_name)


def _narrowed(own: Actor, seen: Actor, chosen: Chosen, name: str) -> Actor:
    """The other's rights without what is not the looker's too."""
    permissions = in_common(seen.permissions, own.permissions, is_same_place=seen.user_id == own.user_id)
    is_cut = any(widest(permissions, kind, act) != scope for (kind, act), scope in seen.permissions.items())
    return replace(
        seen,
        permissions=permissions,
        fields=both_left_out(seen.fields, own.fields),
        is_read_only=True,
        looker=Looker(own.user_id or 0, own.name, name, chosen.until, is_cut),
    )


def in_common(seen: Mapping[Act, str], own: Mapping[Act, str], *, is_same_place: bool) -> dict[Act, str]:
    """What two sets of rights both allow, as far as both reach; `*` stands for every kind or act in either."""
    found: dict[Act, str] = {}
    for (kind, act), scope in seen.items():
        for (own_kind, own_act), own_scope in own.items():
            if "*" not in {kind, own_kind} and kind != own_kind:
                continue
            if "*" in {act, own_act} or act == own_act:
                key = (own_kind if kind == "*" else kind, own_act if act == "*" else act)
                both = _narrower(scope, own_scope, is_same_place=is_same_place)
                if both is not None and (key not in found or SCOPES.index(both) > SCOPES.index(found[key])):
                    found[key] = both
    return found


def _narrower(scope: str, own: str, *, is_same_place: bool) -> str | None:
    """The scope whose rows both reach; a team's people may sit in other departments, so these two share one's own."""
    if own == "all":
        return scope
    if not is_same_place:
        return None
    if scope == "all" or scope == own:
        return own
    return "own"


def both_left_out(seen: Mapping[Act, str], own: Mapping[Act, str]) -> dict[Act, str]:
    """Fields as the one of two sees them who sees less."""
    return {key: max(seen.get(key, SHOWN), own.get(key, SHOWN), key=_SIGHTS.index) for key in {**seen, **own}}
