"""A small company in which every address can be tried: people with known rights, records with known holders."""

from collections.abc import Mapping
from dataclasses import dataclass

from guanxi.core.actor import system_actor
from guanxi.core.models import Department, Role, RoleField, RolePermission, Team, User
from guanxi.integration.services import create_token
from tests.matrix.belongings import OTHER_WORD, WORD, Record, records_of
from tests.matrix.rights import OWN_ROLES, PEOPLE, UNSEEN, may_do, reaches, rights_of
from tests.matrix.rows import Need


@dataclass(frozen=True)
class World:
    """The company."""

    users: Mapping[str, User]
    records: Mapping[str, Record]
    others: Mapping[str, Record]
    tokens: Mapping[str, str]
    reading_tokens: Mapping[str, str]

    def fill(self, text: str, *, other: str = "") -> str:
        """A text with records put in their places; the one named `other` is the outsider's."""
        records = dict(self.records) | ({other: self.others[other]} if other else {})
        return text.format(**records)

    def lets_in(self, person: str, need: Need) -> bool:
        """Whether a person has what it takes."""
        if need.either:
            return any(self.lets_in(person, part) for part in need.either)
        if need.both:
            return all(self.lets_in(person, part) for part in need.both)
        if need.people or not need.kind:
            return "anybody" in need.people or (person != "stranger" and "*" in need.people) or person in need.people
        scope = may_do(rights_of(person), need.kind, need.action)
        if not need.of:
            return bool(scope)
        if need.of == "company":
            return scope == "all"
        return reaches(person, self.records[need.of].holder, scope)


def build() -> World:
    """Make the company."""
    users = _people()
    return World(
        users=users,
        records=records_of(users, "keeper", WORD, "13900001111", "11010519491231002X"),
        others=records_of(users, "outsider", OTHER_WORD, "13900002222", "440308199901010012"),
        tokens={name: _token(user, "write") for name, user in users.items()},
        reading_tokens={name: _token(user, "read") for name, user in users.items()},
    )


def _token(user: User, scope: str) -> str:
    """A key for a person's programs."""
    _row, key = create_token(actor=system_actor(), user=user, scope=scope)
    return key


def _people() -> dict[str, User]:
    """Departments, teams, roles, people."""
    sales = Department.objects.create(name="Sales")
    east = Department.objects.create(name="East", parent=sales)
    west = Department.objects.create(name="West")
    for department, path in ((sales, f"/{sales.pk}/"), (east, f"/{sales.pk}/{east.pk}/"), (west, f"/{west.pk}/")):
        Department.objects.filter(pk=department.pk).update(path=path)
    for key, rights in OWN_ROLES.items():
        role = Role.objects.create(key=key, name_en=key.title(), name_zh=key)
        for (kind, action), scope in rights.items():
            RolePermission.objects.create(role=role, kind=kind, action=action, scope=scope)
    for (kind, field), visibility in UNSEEN.items():
        RoleField.objects.create(role=Role.objects.get(key="masked"), kind=kind, field=field, visibility=visibility)
    places = {"keeper": east, "mate": east, "head": sales, "outsider": west}
    users = {
        name: User.objects.create(
            username=f"m-{name}",
            name=f"M {name}",
            password="!",
            role=Role.objects.get(key=role),
            department=places.get(name),
        )
        for name, role in PEOPLE.items()
        if role
    }
    Team.objects.create(name="North").members.set([users["keeper"], users["mate"]])
    Team.objects.create(name="South").members.set([users["outsider"]])
    return users
