"""Reading users and roles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import get_language, gettext

from guanxi.core import access, records
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Change, Operation, Role, User


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


def active_people(text: str = "", limit: int = 200) -> list[tuple[int, str]]:
    """Active users by name, for owners of records."""
    found = User.objects.filter(is_active=True)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return [(user.pk, user.display_name) for user in found.order_by("name", "username")[:limit]]


def user(actor: Actor, user_id: int) -> User:
    """One user that an actor may manage, or NotFound."""
    found = users(actor).select_related("role").filter(pk=user_id).first()
    if found is None:
        raise NotFound(gettext("There is no such user."))
    return found


def role_key(role_id: str) -> str:
    """The key of a role by its number, '' for none."""
    return Role.objects.filter(pk=role_id).values_list("key", flat=True).first() or ""


@dataclass(frozen=True)
class Deed:
    """One operation of a user in words: what became of which record, and of how many."""

    act: str
    kind: str
    url: str
    public_id: str
    count: int
    at: datetime
    undone_at: datetime | None


def deeds_of(user: User, limit: int = 50) -> list[Deed]:
    """The latest operations of a user that changed anything."""
    found = Operation.objects.filter(actor_id=user.pk).order_by("-id")[:limit]
    rows = list(found.annotate(change_count=Count("changes"), first_id=Min("changes__id")))
    firsts = Change.objects.in_bulk([row.first_id for row in rows if row.first_id])
    return [_deed(row, firsts[row.first_id]) for row in rows if row.first_id in firsts]


def _deed(operation: Any, change: Change) -> Deed:
    """One operation, told by its first change."""
    kind = records.kinds.get(change.kind)
    words = {"create": gettext("Created"), "delete": gettext("Deleted")}.get(change.act, gettext("Changed"))
    return Deed(
        act=words,
        kind=str(kind.label) if kind else change.kind,
        url=kind.url(change.record_id) if kind and kind.url and change.act != "delete" else "",
        public_id=kind.public_id(change.record_id) if kind else str(change.record_id),
        count=operation.change_count,
        at=operation.at,
        undone_at=operation.undone_at,
    )


def everybody() -> list[tuple[int, str]]:
    """All users by name, those who may no longer sign in too: the history speaks of them."""
    return [(user.pk, user.display_name) for user in User.objects.order_by("name", "username")[:500]]


def undone_by(operation: Operation) -> Operation | None:
    """The operation that took another one back."""
    return Operation.objects.filter(undoes=operation).order_by("-pk").first()
