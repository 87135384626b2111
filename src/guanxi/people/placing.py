"""Departments, teams and deputies: who works where, and who stands in for whom; all journaled."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.models import Department, Deputy, Team, TeamMember, User
from guanxi.people.events import DepartmentMoved

DEEPEST = 12


def _name(text: str) -> str:
    """A name of 1 to 120 characters."""
    clean = " ".join(text.replace("\x00", "").split())
    if not clean or len(clean) > 120:
        raise InvalidInput(gettext("A name has 1 to 120 characters."), column="name")
    return clean


def department_with(actor: Actor, department_id: int) -> Department:
    """A department, for those who manage users."""
    access.require(actor, "user", "manage")
    found = Department.objects.select_for_update().filter(pk=department_id, is_closed=False).first()
    if found is None:
        raise NotFound(gettext("There is no such department."))
    return found


@transaction.atomic
def save_department(*, actor: Actor, department_id: int | None, name: str, parent_id: int | None) -> Department:
    """Make a department, or rename and move one; everything below moves along."""
    access.require(actor, "user", "manage")
    parent = department_with(actor, parent_id) if parent_id is not None else None
    above = parent.path if parent else "/"
    if above.count("/") > DEEPEST:
        raise InvalidInput(gettext("The tree of departments is at most %(n)s levels deep.") % {"n": DEEPEST})
    with changes.operation(actor=actor, name="people.save_department") as op:
        if department_id is None:
            made: Department = op.create(Department(name=_name(name), parent=parent))
            op.update(made, path=f"{above}{made.pk}/")
            return made
        row = department_with(actor, department_id)
        if parent is not None and parent.path.startswith(row.path):
            raise Conflict(gettext("A department cannot be moved below itself."), column="parent")
        before = row.path
        op.update(row, name=_name(name), parent=parent, path=f"{above}{row.pk}/")
        if row.path != before:
            publish(DepartmentMoved(department_id=row.pk))
            for below in Department.objects.select_for_update().filter(path__startswith=before).exclude(pk=row.pk):
                op.update(below, path=row.path + below.path.removeprefix(before))
    return row


@transaction.atomic
def close_department(*, actor: Actor, department_id: int, into_id: int | None = None) -> int:
    """Close a department, its people moving to another one; its records keep its name. The operation's number."""
    row = department_with(actor, department_id)
    if Department.objects.filter(parent=row, is_closed=False).exists():
        raise Conflict(gettext("Close or move the departments below it first."))
    into = department_with(actor, into_id) if into_id is not None else None
    if into is not None and into.pk == row.pk:
        raise Conflict(gettext("A department cannot be moved below itself."))
    people = list(User.objects.select_for_update().filter(department=row))
    if people and into is None:
        raise Conflict(gettext("%(count)s people work there; name where they go.") % {"count": len(people)})
    with changes.operation(actor=actor, name="people.close_department") as op:
        for user in people:
            op.update(user, department=into)
        op.update(row, is_closed=True)
    return op.id


@transaction.atomic
def save_team(*, actor: Actor, team_id: int | None, name: str, member_ids: Iterable[int]) -> Team:
    """Make a team, or give one another name and other members."""
    access.require(actor, "user", "manage")
    team = Team.objects.select_for_update().filter(pk=team_id).first() if team_id is not None else None
    if team is None and team_id is not None:
        raise NotFound(gettext("There is no such team."))
    clean = _name(name)
    if Team.objects.filter(name=clean).exclude(pk=team_id or 0).exists():
        raise Conflict(gettext("There is already a team “%(name)s”.") % {"name": clean}, column="name")
    wanted = set(User.objects.filter(pk__in=set(member_ids)).values_list("pk", flat=True))
    with changes.operation(actor=actor, name="people.save_team") as op:
        if team is None:
            team = op.create(Team(name=clean))
        else:
            op.update(team, name=clean)
        held = {row.user_id: row for row in TeamMember.objects.filter(team=team)}
        for user_id, row in held.items():
            if user_id not in wanted:
                op.delete(row)
        for user_id in sorted(wanted - held.keys()):
            op.create(TeamMember(team=team, user_id=user_id))
        if wanted != held.keys():
            op.touch(team)
    found: Team = team
    return found


@transaction.atomic
def remove_team(*, actor: Actor, team_id: int) -> int:
    """Remove a team; its members stay where they are. The operation's number."""
    access.require(actor, "user", "manage")
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise NotFound(gettext("There is no such team."))
    with changes.operation(actor=actor, name="people.remove_team") as op:
        for row in TeamMember.objects.filter(team=team):
            op.delete(row)
        try:
            op.delete(team)
        except ProtectedError as error:
            raise Conflict(_what_is_kept(error)) from None
    return op.id


def _what_is_kept(error: ProtectedError) -> str:
    """What other modules keep for a team, which stands in the way of removing it."""
    kinds = {str(row._meta.verbose_name_plural) for row in error.protected_objects}
    return gettext("It is still needed by: %(what)s. Change or remove them first.") % {"what": ", ".join(sorted(kinds))}


@transaction.atomic
def name_deputy(
    *, actor: Actor, user_id: int, deputy_id: int, from_at: datetime, to_at: datetime, reason: str
) -> Deputy:
    """Say who stands in for somebody, from when to when and why: for oneself, or for anybody by those who manage users."""
    if actor.user_id != user_id:
        access.require(actor, "user", "manage")
    people = User.objects.filter(pk__in=(user_id, deputy_id), is_active=True).in_bulk()
    if user_id not in people or deputy_id not in people:
        raise InvalidInput(gettext("There is no such user."), column="deputy")
    if user_id == deputy_id:
        raise InvalidInput(gettext("Nobody stands in for themselves."), column="deputy")
    if to_at <= from_at:
        raise InvalidInput(gettext("An absence ends after it begins."), column="to_at")
    clean = " ".join(reason.replace("\x00", "").split())
    if not clean or len(clean) > 200:
        raise InvalidInput(gettext("Say why, in at most 200 characters."), column="reason")
    with changes.operation(actor=actor, name="people.name_deputy") as op:
        made: Deputy = op.create(
            Deputy(user_id=user_id, deputy_id=deputy_id, from_at=from_at, to_at=to_at, reason=clean)
        )
    return made


@transaction.atomic
def end_deputy(*, actor: Actor, row_id: int) -> int:
    """End an absence before its time, or take back one to come; the operation's number."""
    rows: Any = Deputy.objects.select_for_update().filter(pk=row_id)
    row = rows.first()
    if row is None or (actor.user_id != row.user_id and not actor.can("user", "manage")):
        raise NotFound(gettext("There is no such absence."))
    with changes.operation(actor=actor, name="people.end_deputy") as op:
        op.delete(row)
    return op.id
