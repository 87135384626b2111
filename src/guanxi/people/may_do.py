"""What a person may do: kind of record, act and reach, and whether it comes from a role, a deputyship or ownership."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from guanxi.core import access, masking
from guanxi.core.actor import SCOPES, SHOWN, Actor, StandIn, actor_of, widest
from guanxi.core.models import Department, Role, Team, User
from guanxi.core.models.people import Scope, Visibility
from guanxi.people import roles
from guanxi.people.right_words import ACTIONS, action_word, further_acts, kind_word, kinds_of

EVERY = "*"


@dataclass(frozen=True)
class Standing:
    """The place of an absent person in one act: whose records it adds, until when, and who handed it on."""

    user_id: int
    name: str
    reach: str
    until: datetime
    through: str = ""


@dataclass(frozen=True)
class Right:
    """One act on one kind of record: how far, by which rule of the role, and whose place adds to it."""

    kind: str
    action: str
    reach: str
    # The rule (kind, act) of the role that reaches furthest, `*` for every one.
    rule: tuple[str, str]
    # False where the records have no owner, so that a narrow reach holds none of them.
    holds_any: bool = True
    standing_in: tuple[Standing, ...] = ()

    @property
    def word(self) -> str:
        """How far, in a word."""
        return reach_word(self.reach) if self.holds_any else gettext("nothing")

    @property
    def rule_words(self) -> str:
        """The rule in words."""
        return f"{kind_word(self.rule[0])}: {action_word(self.rule[1])}"


@dataclass(frozen=True)
class MayDo:
    """Everything that one person may do at this moment, and what they do not see."""

    user_id: int | None
    name: str
    username: str
    role_key: str
    role_name: str
    is_active: bool
    needs_factor: bool
    department: str
    departments_below: int
    teams: tuple[str, ...]
    rights: tuple[Right, ...] = ()
    fields: tuple[tuple[str, str, str, str], ...] = ()
    owned: tuple[tuple[str, str], ...] = ()
    standing_in: tuple[StandIn, ...] = ()
    _by_kind: dict[str, dict[str, Right]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Have the rights at hand by kind and act."""
        for right in self.rights:
            self._by_kind.setdefault(right.kind, {})[right.action] = right

    def by_kind(self) -> Iterator[tuple[str, Mapping[str, Right]]]:
        """The rights, a kind at a time."""
        yield from self._by_kind.items()


def reach_word(reach: str) -> str:
    """How far a right reaches, in a word."""
    return str(Scope(reach).label)


def of_user(user: User) -> MayDo:
    """What a user may do now."""
    return of_actor(actor_of(user), user)


def of_actor(actor: Actor, user: User) -> MayDo:
    """What somebody may do, who may be looking as another; `user` is the person whose page it is."""
    role = Role.objects.filter(key=actor.role).first() if actor.role else None
    return MayDo(
        user_id=actor.user_id,
        name=actor.name,
        username=user.username,
        role_key=actor.role,
        role_name=_name(role),
        is_active=user.is_active,
        needs_factor=role is not None and role.requires_mfa,
        department=_department(actor.department_path or _path_of(user)),
        departments_below=_below(actor.department_path or _path_of(user)),
        teams=tuple(Team.objects.filter(members=user.pk).order_by("name").values_list("name", flat=True)),
        rights=tuple(_rights(actor)),
        fields=tuple(_fields(actor)),
        owned=tuple(sorted((policy.kind, str(policy.owned)) for policy in access.policies() if policy.owned)),
        standing_in=actor.standing_in,
    )


def _name(role: Role | None) -> str:
    """A role's name in the reader's language."""
    if role is None:
        return ""
    return role.name_zh if (get_language() or "").startswith("zh") else role.name_en


def _path_of(user: User) -> str:
    """The place of a user's department in the tree, '' without one."""
    return user.department.path if user.department is not None else ""


def _department(path: str) -> str:
    """The name of the department at a place of the tree."""
    return Department.objects.filter(path=path).values_list("name", flat=True).first() or "" if path else ""


def _below(path: str) -> int:
    """How many departments lie below a place of the tree."""
    return Department.objects.filter(path__startswith=path).exclude(path=path).count() if path else 0


def _rights(actor: Actor) -> Iterator[Right]:
    """Every act that the role allows, kind by kind."""
    held = actor.permissions
    for kind in kinds_of(held):
        has_owners = kind == EVERY or access.reaches_by_owner(kind)
        for action in (*ACTIONS, *further_acts(kind, held)):
            reach = widest(held, kind, action)
            if reach is not None and EVERY not in {kind, action}:
                standing = tuple(_standing(actor, kind, action)) if reach != "all" else ()
                rule = _rule(held, kind, action, reach)
                yield Right(kind, action, reach, rule, reach == "all" or has_owners, standing)


def _rule(held: Mapping[tuple[str, str], str], kind: str, action: str, reach: str) -> tuple[str, str]:
    """The rule that gives a right its reach, the closest one first."""
    rules = ((kind, action), (kind, EVERY), (EVERY, action), (EVERY, EVERY))
    return next(rule for rule in rules if held.get(rule) == reach)


def _standing(actor: Actor, kind: str, action: str) -> Iterator[Standing]:
    """The absent people whose place adds records to an act, as far as theirs reaches."""
    for absent in actor.standing_in:
        reach = absent.scope(kind, action)
        if reach is not None:
            yield Standing(absent.user_id, absent.name, reach, absent.until, absent.through)


def _fields(actor: Actor) -> Iterator[tuple[str, str, str, str]]:
    """The fields not seen in full: kind, field, label, how."""
    own = {(one.kind, masking.OWN + one.key): one.label for one in roles.own_fields()}
    labels = {(one.kind, one.field): str(one.label) for one in masking.guarded} | own
    for (kind, name), label in labels.items():
        how = actor.sees(kind, name)
        if how != SHOWN:
            yield kind, name, label, how


def as_json(told: MayDo) -> dict[str, Any]:
    """The same for programs."""
    return {
        "user": told.username,
        "name": told.name,
        "role": told.role_key,
        "is_active": told.is_active,
        "needs_second_factor": told.needs_factor,
        "department": told.department or None,
        "departments_below": told.departments_below,
        "teams": list(told.teams),
        "rights": [
            {
                "kind": right.kind,
                "act": right.action,
                "reach": right.reach,
                "holds_any": right.holds_any,
                "rule": ".".join(right.rule),
                "standing_in": [
                    {
                        "absent": one.name,
                        "reach": one.reach,
                        "until": one.until.isoformat(),
                        "through": one.through or None,
                    }
                    for one in right.standing_in
                ],
            }
            for right in told.rights
        ],
        "fields": [{"kind": kind, "field": name, "seen": how} for kind, name, _label, how in told.fields],
        "owned": [{"kind": kind, "what": what} for kind, what in told.owned],
    }


def lines(told: MayDo) -> Iterator[str]:
    """The same for a terminal."""
    yield f"{told.name} ({told.username}): {told.role_name}"
    yield from notes(told)
    for kind, acts in told.by_kind():
        grouped: dict[str, list[str]] = {}
        for right in acts.values():
            grouped.setdefault(right.word, []).append(action_word(right.action))
        yield f"{kind_word(kind)}: " + "; ".join(f"{', '.join(words)} ({reach})" for reach, words in grouped.items())
    for absent in told.standing_in:
        yield standing_words(absent)
    for kind, what in told.owned:
        yield f"{kind_word(kind)}: {what}"
    for kind, _name_of, label, how in told.fields:
        yield f"{kind_word(kind)}, {label}: {Visibility(how).label}"


def notes(told: MayDo) -> Iterator[str]:
    """What bears on all the rights of a person."""
    if not told.is_active:
        yield gettext("This person may not sign in: none of this counts now.")
    if told.needs_factor:
        yield gettext("The role asks for a second factor.")
    reaches = {right.reach for right in told.rights}
    if "department" in reaches:
        if told.department:
            text = ngettext(
                "“Department and below” is %(name)s with %(count)d department below it.",
                "“Department and below” is %(name)s with %(count)d departments below it.",
                told.departments_below,
            )
            yield text % {"name": told.department, "count": told.departments_below}
        else:
            yield gettext("“Department and below” is own records only: there is no department.")
    if "team" in reaches:
        if told.teams:
            yield gettext("“Team” is the records of all who are in %(teams)s.") % {"teams": ", ".join(told.teams)}
        else:
            yield gettext("“Team” is own records only: there is no team.")
    if any(not right.holds_any for right in told.rights):
        yield gettext("“Nothing”: these records have no owner, so only a right that reaches all of them counts.")


def standing_words(absent: StandIn) -> str:
    """Whose place is taken until when, in a sentence."""
    until = timezone.localtime(absent.until).strftime("%Y-%m-%d %H:%M")
    given = {"name": absent.name, "until": until, "through": absent.through}
    if absent.through:
        return gettext("In the place of %(name)s until %(until)s, handed on by %(through)s") % given
    return gettext("In the place of %(name)s until %(until)s") % given


def added_by(absent: StandIn, told: MayDo) -> list[tuple[str, str]]:
    """What the place of an absent person adds: the reach in words, and the acts by kind."""
    found: dict[str, dict[str, list[str]]] = {}
    for right in told.rights:
        for one in right.standing_in:
            if one.user_id == absent.user_id:
                acts = found.setdefault(one.reach, {}).setdefault(kind_word(right.kind), [])
                acts.append(action_word(right.action))
    return [
        (_theirs(reach), "; ".join(f"{kind}: {', '.join(acts)}" for kind, acts in found[reach].items()))
        for reach in SCOPES
        if reach in found
    ]


def _theirs(reach: str) -> str:
    """How far the place of another reaches, in words."""
    return {
        "own": gettext("their own records"),
        "team": gettext("the records of their teams"),
        "department": gettext("the records of their department and below"),
    }.get(reach, reach_word(reach))
