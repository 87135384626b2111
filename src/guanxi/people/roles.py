"""Making, changing, copying and removing roles; every act is an operation of the journal and can be undone.

Nobody gives a role more than they may do themselves, and a role that people hold stays.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext

from guanxi.core import access, changes, masking
from guanxi.core.actor import SCOPES, SHOWN, Act, Actor, widest
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import CustomField, Role, RoleField, RolePermission

OWNER = "owner"
VISIBILITIES = ("masked", "hidden")
_NAME = re.compile(r"^(\*|[a-z][a-z_]{0,39})$")


def role_with(actor: Actor, role_id: int) -> Role:
    """A role, for those who manage roles."""
    access.require(actor, "role", "manage")
    found = Role.objects.filter(pk=role_id).first()
    if found is None:
        raise NotFound(gettext("There is no such role."))
    return found


def permissions_of(role: Role) -> dict[Act, str]:
    """What a role may do, how far."""
    rows = RolePermission.objects.filter(role=role)
    return {(kind, action): scope for kind, action, scope in rows.values_list("kind", "action", "scope")}


def fields_of(role: Role) -> dict[Act, str]:
    """Which fields a role does not see in full."""
    rows = RoleField.objects.filter(role=role)
    return {(kind, field): seen for kind, field, seen in rows.values_list("kind", "field", "visibility")}


def check_not_wider(actor: Actor, permissions: Mapping[Act, str], fields: Mapping[Act, str]) -> None:
    """Refuse rights that reach further than the actor's own, or that show what the actor does not see."""
    for (kind, action), scope in permissions.items():
        own = widest(actor.permissions, kind, action)
        if own is None or SCOPES.index(own) < SCOPES.index(scope):
            raise Forbidden(gettext("Nobody gives away more than they may do themselves."))
    for (kind, field), how in actor.fields.items():
        given = fields.get((kind, field), SHOWN)
        is_guarded = masking.guarded.get(f"{kind}.{field}") or field.startswith(masking.OWN)
        if is_guarded and (given == SHOWN or (how == "hidden" and given != "hidden")):
            raise Forbidden(gettext("Nobody shows others what they do not see themselves."))


def save_role(
    *,
    actor: Actor,
    role_id: int | None,
    name_en: str,
    name_zh: str,
    permissions: Mapping[Act, str],
    fields: Mapping[Act, str],
    requires_mfa: bool = False,
) -> Role:
    """Make a role, or bring one to these rights; what stays as it is is not written."""
    names = _names(name_en, name_zh)
    _check(permissions, fields)
    with transaction.atomic():
        role = role_with(actor, role_id) if role_id is not None else None
        if role is not None and role.key == OWNER:
            raise Conflict(gettext("The owner's role stays as it is, so that somebody may always do everything."))
        if role is not None:
            check_not_wider(actor, permissions_of(role), fields_of(role))
        check_not_wider(actor, permissions, fields)
        with changes.operation(actor=actor, name="people.save_role") as op:
            if role is None:
                access.require(actor, "role", "manage")
                role = op.create(
                    Role(key=_key(names[0]), name_en=names[0], name_zh=names[1], requires_mfa=bool(requires_mfa))
                )
            else:
                wanted = role.requires_mfa if requires_mfa is None else requires_mfa
                op.update(role, name_en=names[0], name_zh=names[1], requires_mfa=wanted)
            is_new = bool(op.pending) and op.pending[0].act == "create"
            before = len(op.pending)
            _bring(op, role, RolePermission, ("kind", "action", "scope"), permissions)
            _bring(op, role, RoleField, ("kind", "field", "visibility"), fields)
            if len(op.pending) > before and not is_new:
                op.touch(role)
    return role


def copy_role(*, actor: Actor, role_id: int) -> Role:
    """Make another role with the same rights."""
    source = role_with(actor, role_id)
    return save_role(
        actor=actor,
        role_id=None,
        name_en=f"{source.name_en} 2"[:80],
        name_zh=f"{source.name_zh} 2"[:80],
        permissions=permissions_of(source),
        fields=fields_of(source),
        requires_mfa=source.requires_mfa,
    )


def why_kept(role: Role) -> str:
    """Why a role cannot be removed, '' when it can."""
    if role.is_builtin:
        return gettext("It came with Guanxi.")
    count = role.users.count()
    if count:
        return gettext("%(count)s people hold it; give them another role first.") % {"count": count}
    return ""


def remove_role(*, actor: Actor, role_id: int) -> int:
    """Remove a role that nobody holds, with what was set for it elsewhere; the operation's number."""
    with transaction.atomic():
        role = role_with(actor, role_id)
        if reason := why_kept(role) or _why_named(role):
            raise Conflict(reason)
        with changes.operation(actor=actor, name="people.remove_role") as op:
            for model, column in _naming(models.CASCADE):
                for row in model._base_manager.filter(**{column: role}).order_by("pk"):
                    op.delete(row)
            op.delete(role)
    return op.id


def _why_named(role: Role) -> str:
    """Which settings name a role and would mean nothing without it, '' for none."""
    for model, column in _naming(models.PROTECT):
        if model._base_manager.filter(**{column: role}).exists():
            named = str(model._meta.verbose_name_plural)
            return gettext("It is named elsewhere (%(what)s); choose another role there first.") % {"what": named}
    return ""


def _naming(what_follows: Any) -> Iterator[tuple[type[models.Model], str]]:
    """The models of all modules whose rows name a role and, when it goes, go with it (CASCADE) or stand against it (PROTECT)."""
    for relation in Role._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is what_follows:
            yield relation.related_model, relation.field.name


def _names(name_en: str, name_zh: str) -> tuple[str, str]:
    """The two names, the one standing for the other where it is missing."""
    english, chinese = (" ".join(text.replace("\x00", "").split())[:80] for text in (name_en, name_zh))
    if not english and not chinese:
        raise InvalidInput(gettext("A role needs a name."), column="name_en")
    return english or chinese, chinese or english


def _key(name: str) -> str:
    """A key that no role has yet."""
    start = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "role"
    keys = set(Role.objects.filter(key__startswith=start).values_list("key", flat=True))
    number = 2
    found = start
    while found in keys:
        found, number = f"{start}-{number}", number + 1
    return found


def own_fields() -> list[CustomField]:
    """The fields that the company added; each may be hidden or masked."""
    return list(CustomField.objects.filter(is_active=True))


def _is_guarded(kind: str, field: str) -> bool:
    """Whether there is such a field whose sight a role may lose."""
    if field.startswith(masking.OWN):
        return CustomField.objects.filter(kind=kind, key=field.removeprefix(masking.OWN)).exists()
    return f"{kind}.{field}" in masking.guarded


def _check(permissions: Mapping[Act, str], fields: Mapping[Act, str]) -> None:
    """Refuse what no form of ours sends."""
    wrong = any(
        not _NAME.match(kind) or not _NAME.match(action) or scope not in SCOPES
        for (kind, action), scope in permissions.items()
    ) or any(not _is_guarded(kind, field) or seen not in VISIBILITIES for (kind, field), seen in fields.items())
    if wrong:
        raise InvalidInput(gettext("There is no such right."))


def _bring(
    op: changes.OperationInHand, role: Role, model: Any, names: tuple[str, str, str], wanted: Mapping[Act, str]
) -> None:
    """Make the rows of a role what is wanted."""
    first, second, third = names
    held = {(getattr(row, first), getattr(row, second)): row for row in model.objects.filter(role=role)}
    for key, row in held.items():
        if key not in wanted:
            op.delete(row)
        else:
            op.update(row, **{third: wanted[key]})
    for key, value in wanted.items():
        if key not in held:
            op.create(model(role=role, **{first: key[0], second: key[1], third: value}))
