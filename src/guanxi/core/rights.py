"""What a user may do and see, read in one statement: columns for any query of users, and rights out of a row of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from guanxi.core import clock, masking
from guanxi.core.actor import Act, Rights
from guanxi.core.compiled import Compiled
from guanxi.core.expressions import JoinedText
from guanxi.core.models import Deputy, Role, RoleField, RolePermission, TeamMember, User

_PART = "\x1e"
WIDTH = 6


def columns(now: datetime, prefix: str = "") -> tuple[Any, ...]:
    """The expressions that a query of users, or of rows with a user at `prefix`, needs to tell rights: WIDTH of them."""
    return (
        Subquery(_joined(RolePermission, "kind", "action", "scope", role=OuterRef(f"{prefix}role"))),
        Subquery(_joined(RoleField, "kind", "field", "visibility", role=OuterRef(f"{prefix}role"))),
        Subquery(_numbers_of(TeamMember.objects.filter(user=OuterRef(f"{prefix}pk")), "user", "team_id")),
        Subquery(
            _numbers_of(
                Deputy.objects.filter(deputy=OuterRef(f"{prefix}pk"), from_at__lte=now, to_at__gt=now),
                "deputy",
                "user_id",
            )
        ),
        F(f"{prefix}department__path"),
        F(f"{prefix}role__key"),
    )


def parsed(row: Sequence[Any]) -> Rights:
    """The rights that the columns of a row tell."""
    permissions, fields, teams, absent, path, role = row
    return Rights(
        role,
        _triples(permissions or ""),
        _numbers(teams or ""),
        path or "",
        _fields(fields) if fields else {},
        _numbers(absent or ""),
    )


def _joined(model: Any, *names: str, **lookup: Any) -> QuerySet[Any, Any]:
    """Three columns of the rows of a role, in one text."""
    first, second, third = names
    one = Concat(first, Value(_PART), second, Value(_PART), third, output_field=TextField())
    rows = model.objects.filter(**lookup).order_by().values("role")
    joined: QuerySet[Any, Any] = rows.annotate(text=JoinedText(one)).values("text")
    return joined


def _numbers_of(rows: QuerySet[Any, Any], group: str, column: str) -> QuerySet[Any, Any]:
    """One column of numbers, in one text."""
    grouped = rows.order_by().values(group)
    return grouped.annotate(text=JoinedText(Cast(column, CharField()))).values("text")


@lru_cache(maxsize=256)
def _triples(text: str) -> Mapping[Act, str]:
    """Pairs and what they lead to, out of their text."""
    rows = [part.split(_PART) for part in text.split(JoinedText.SEPARATOR) if part]
    return MappingProxyType({(first, second): third for first, second, third in rows})


@lru_cache(maxsize=256)
def _fields(text: str) -> Mapping[Act, str]:
    """Fields and how they are seen, with those that go along with them."""
    return MappingProxyType(masking.with_companions(_triples(text)))


@lru_cache(maxsize=256)
def _numbers(text: str) -> frozenset[int]:
    """Ids out of their text."""
    return frozenset(int(part) for part in text.split(JoinedText.SEPARATOR) if part)


def _of_user(user_id: int, now: datetime) -> QuerySet[Any, Any]:
    """The rights of one user."""
    return User.objects.filter(pk=user_id).values_list(*columns(now))


def _of_role(role_id: int) -> QuerySet[Any, Any]:
    """What a role allows and shows."""
    return Role.objects.filter(pk=role_id).values_list(
        Subquery(_joined(RolePermission, "kind", "action", "scope", role=OuterRef("pk"))),
        Subquery(_joined(RoleField, "kind", "field", "visibility", role=OuterRef("pk"))),
        F("key"),
    )


_OF_USER = Compiled(_of_user, int, datetime)
_OF_ROLE = Compiled(_of_role, int)


def rights_of(user_id: int) -> Rights:
    """The rights of a user, read now; none at all for a user who is not there."""
    row = _OF_USER.first(user_id, clock.now())
    return parsed(row) if row else Rights("", {})


def rights_of_role(role_id: int) -> Rights:
    """What a role allows and shows, without the place that a person has."""
    row = _OF_ROLE.first(role_id)
    return parsed((row[0], row[1], "", "", "", row[2])) if row else Rights("", {})
