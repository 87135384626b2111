"""What people of the company in the matrix may do, in plain words and without the product's own code, so that a mistake there shows.

The keeper holds the records; the mate is in the keeper's team; the head leads the department above; the outsider has the
keeper's role elsewhere and holds records of the same kinds.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

Rights = Mapping[tuple[str, str], str]
SCOPES = ("own", "team", "department", "all")
SELLING = (
    {("customer", action): "" for action in ("view", "create", "change", "delete", "export")}
    | {("order", action): "" for action in ("view", "create", "export")}
    | {("webhook", action): "" for action in ("view", "create", "change", "delete")}
    | {("task", action): "" for action in ("view", "create", "change", "delete")}
    | {("queue", "view"): "", ("work_item", "view"): "", ("work_item", "change"): ""}
    | {(kind, action): "" for kind in ("conversation", "case", "promise") for action in ("view", "create", "change")}
    | {("macro", action): "" for action in ("view", "create", "change", "delete")}
)
# Everybody has tasks and approvals of their own.
OWN_TASKS = {("task", action): "own" for action in ("view", "create", "change", "delete")} | {
    ("approval", "view"): "own"
}


def selling(scope: str) -> dict[tuple[str, str], str]:
    """The rights of a seller as far as a scope reaches, and the price list."""
    return dict.fromkeys(SELLING, scope) | {("product", "view"): "all"}


# The roles every company starts with, as the handbook has them.
BUILT_IN: dict[str, Rights] = {
    "owner": {("*", "*"): "all"},
    "manager": {("*", action): "all" for action in ("view", "create", "change", "delete", "export", "import", "undo")}
    | {("view", "share"): "all", ("value", "compare"): "all", ("customer", "merge"): "all"},
    "agent": {
        ("customer", "view"): "all",
        ("customer", "create"): "all",
        ("customer", "change"): "all",
        ("product", "view"): "all",
        ("order", "view"): "all",
        ("order", "create"): "all",
        ("history", "view"): "own",
        ("queue", "view"): "own",
        ("work_item", "view"): "own",
        ("work_item", "change"): "own",
        ("presence", "view"): "all",
        ("service_setting", "view"): "all",
        ("macro", "view"): "all",
        ("macro", "create"): "own",
        ("macro", "change"): "own",
        ("macro", "delete"): "own",
    }
    | {(kind, action): "all" for kind in ("conversation", "case", "promise") for action in ("view", "create", "change")}
    | OWN_TASKS,
    "analyst": {("*", "view"): "all", ("*", "export"): "all", ("view", "share"): "all", ("value", "compare"): "all"}
    | OWN_TASKS,
    "auditor": {("*", "view"): "all"} | OWN_TASKS,
}
OWN_ROLES: dict[str, Rights] = {
    "seller": selling("own"),
    "leader": selling("team"),
    "head": selling("department"),
    "masked": dict.fromkeys(selling("all"), "all"),
    "nothing": {},
}
# Everybody who tries, and the role they hold; "" is a stranger.
PEOPLE = {
    "owner": "owner",
    "keeper": "seller",
    "mate": "leader",
    "head": "head",
    "outsider": "seller",
    "stranger": "",
    "manager": "manager",
    "agent": "agent",
    "analyst": "analyst",
    "auditor": "auditor",
    "masked": "masked",
    "nothing": "nothing",
}
TEAM = {"keeper", "mate"}
BELOW_HEAD = {"keeper", "mate", "head"}
# What the masked role does not see in full, and how it would show if it were told after all.
UNSEEN = {("contactpoint", "value"): "masked", ("customer", "tax_id"): "hidden", ("personprofile", "health"): "hidden"}


def quickly(people: Iterable[str], *, full: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> list[Any]:
    """People to try as; those named by `full`, who differ little from others, only with --full."""
    marks = {person: [pytest.mark.full] for person in full}
    return [pytest.param(person, marks=marks.get(person, ())) for person in people if person not in without]


def may_do(rights: Rights, kind: str, action: str) -> str:
    """The widest scope of a right, '' for none."""
    keys = ((kind, action), (kind, "*"), ("*", action), ("*", "*"))
    return max((rights[key] for key in keys if key in rights), key=SCOPES.index, default="")


def rights_of(person: str) -> Rights:
    """What a person's role allows."""
    role = PEOPLE[person]
    return (BUILT_IN | OWN_ROLES).get(role, {})


def reaches(person: str, holder: str, scope: str) -> bool:
    """Whether a scope of the person reaches the records of a holder ('' for the company's own)."""
    if scope == "all":
        return True
    if not scope or not holder:
        return False
    if scope == "team" and {person, holder} <= TEAM:
        return True
    if scope == "department" and person == "head" and holder in BELOW_HEAD:
        return True
    return person == holder
