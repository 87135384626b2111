"""Reading users and roles."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language, gettext

from guanxi.core import access, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Change, Department, Deputy, Operation, Role, Team, User


def users(actor: Actor, action: str = "manage") -> QuerySet[User]:
    """The users that an actor may see or manage."""
    found: QuerySet[Any] = access.policy_of(User).filter(User.objects.all(), actor, action)
    return found


def has_users() -> bool:
    """Whether anybody can sign in at all."""
    return User.objects.filter(is_active=True).exists()


def roles_with_users(actor: Actor) -> list[Role]:
    """The roles with their permissions and how many people hold each."""
    found: QuerySet[Any] = access.policy_of(Role).filter(Role.objects.all(), actor, "manage")
    active = Count("users", filter=Q(users__is_active=True), distinct=True)
    return list(found.annotate(user_count=active).prefetch_related("permissions").order_by("id"))


def role_name(role: Role) -> str:
    """The role in the reader's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return role.name_zh if is_chinese else role.name_en


def role_choices() -> list[tuple[int, str]]:
    """The roles to choose from."""
    return [(role.pk, role_name(role)) for role in Role.objects.order_by("id")]


def roles_with_factor() -> list[int]:
    """The roles that ask for a second factor."""
    return list(Role.objects.filter(requires_mfa=True).values_list("id", flat=True))


def last_to_ask_for_factors() -> tuple[int | None, str, datetime] | None:
    """Who said last of a role whether it asks for a second factor, and when."""
    rows = Change.objects.filter(kind="role", field="requires_mfa").order_by("-operation_id", "-id")
    return rows.values_list("operation__actor_id", "operation__actor_name", "operation__at").first()


def active_people(text: str = "", limit: int = 200) -> list[tuple[int, str]]:
    """Active users by name, for owners of records."""
    found = User.objects.filter(is_active=True)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return [(user.pk, user.display_name) for user in found.order_by("name", "username")[:limit]]


def user(actor: Actor, user_id: int) -> User:
    """One user that an actor may manage, or NotFound."""
    found = users(actor).select_related("role", "department").filter(pk=user_id).first()
    if found is None:
        raise NotFound(gettext("There is no such user."))
    return found


def role_key(role_id: str) -> str:
    """The key of a role by its number, '' for none."""
    return Role.objects.filter(pk=role_id).values_list("key", flat=True).first() or ""


def everybody() -> list[tuple[int, str]]:
    """All users by name, those who may no longer sign in too: the history speaks of them."""
    return [(user.pk, user.display_name) for user in User.objects.order_by("name", "username")[:500]]


def undone_by(operation: Operation) -> Operation | None:
    """The operation that took another one back."""
    return Operation.objects.filter(undoes=operation).order_by("-pk").first()


def department_rows() -> list[dict[str, Any]]:
    """The open departments as a tree: each with its depth and how many people work there."""
    counts = dict(
        User.objects.filter(is_active=True, department__isnull=False)
        .values("department")
        .annotate(n=Count("pk"))
        .values_list("department", "n")
    )
    rows = {row.pk: row for row in Department.objects.filter(is_closed=False).order_by("name")}
    below: dict[int | None, list[Department]] = {}
    for row in rows.values():
        below.setdefault(row.parent_id if row.parent_id in rows else None, []).append(row)
    found: list[dict[str, Any]] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in below.get(parent, ()):
            indent = "\u2003" * depth
            found.append({"row": row, "depth": depth, "indent": indent, "people": counts.get(row.pk, 0)})
            walk(row.pk, depth + 1)

    walk(None, 0)
    return found


def department_choices(without: int | None = None) -> list[tuple[int | str, str]]:
    """Open departments to choose from, indented; without one and those below it."""
    mark = f"/{without}/"
    return [
        ("", "–"),
        *(
            (item["row"].pk, "\u2003" * item["depth"] + item["row"].name)
            for item in department_rows()
            if without is None or mark not in item["row"].path
        ),
    ]


def teams_with_members() -> list[Team]:
    """The teams and who is in them."""
    return list(Team.objects.prefetch_related("members").order_by("name"))


def absences_of(actor: Actor) -> list[Deputy]:
    """Absences that have not ended: one's own and those one stands in for, or all for those who manage users."""
    rows = Deputy.objects.filter(to_at__gt=clock.now()).select_related("user", "deputy").order_by("from_at")
    if not actor.can("user", "manage"):
        rows = rows.filter(Q(user=actor.user_id) | Q(deputy=actor.user_id))
    return list(rows)


def department(department_id: int) -> Department:
    """One open department, or NotFound."""
    found = Department.objects.filter(pk=department_id, is_closed=False).first()
    if found is None:
        raise NotFound(gettext("There is no such department."))
    return found


def team(team_id: int) -> Team:
    """One team with its members, or NotFound."""
    found = Team.objects.prefetch_related("members").filter(pk=team_id).first()
    if found is None:
        raise NotFound(gettext("There is no such team."))
    return found


def teams_of(found: User) -> list[Team]:
    """The teams that a user is in."""
    return list(Team.objects.filter(members=found).order_by("name"))
