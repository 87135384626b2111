"""What is sent and given: users. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, TypedDict


class DeputyData(TypedDict):
    """An absent person whose place adds records to a right, as far as theirs reaches."""

    absent: str
    reach: Literal["own", "team", "department", "all"]
    through: str | None
    until: str


class OwnedData(TypedDict):
    """What is open because it is one's own, whatever the role says."""

    kind: str
    what: str


class RightData(TypedDict):
    """One act on one kind of record; `rule` is that of the role (`*` for every kind or act)."""

    act: str
    holds_any: bool
    kind: str
    reach: Literal["own", "team", "department", "all"]
    rule: str
    standing_in: list[DeputyData]


class RightsData(TypedDict):
    """What a person may do at this moment."""

    department: str | None
    departments_below: int
    fields: list[UnseenData]
    is_active: bool
    name: str
    needs_second_factor: bool
    owned: list[OwnedData]
    rights: list[RightData]
    role: str
    teams: list[str]
    user: str


class UnseenData(TypedDict):
    """A field that is not seen in full."""

    field: str
    kind: str
    seen: Literal["masked", "hidden"]


class UserData(TypedDict):
    """One colleague."""

    department: str | None
    id: str
    is_active: bool
    name: str
    role: str
    username: str


class UserPage(TypedDict):
    """A page of users; `next` goes on after it."""

    items: list[UserData]
    next: str | None
