"""What complaints are arranged by in the API: units, causes, kinds of remedy."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.core.api import Flag, Strict
from guanxi.core.api.answers import actor_in, answer
from guanxi.service.complaints import queries
from guanxi.service.complaints.api.schemas import Number
from guanxi.service.complaints.services import settings as acts
from guanxi.service.models import Cause, RemedyKind, ResponsibleUnit

units_router, causes_router, remedies_router = Router(), Router(), Router()


class UnitData(Schema):
    """Who can be responsible; a department that was none so far has no number of a unit yet."""

    id: int | None
    name: str
    department: int | None
    outside: bool
    active: bool


class UnitItems(Schema):
    """Units: our departments, then firms outside."""

    items: list[UnitData]


class CauseData(Schema):
    """One cause, with the branch it stands on."""

    id: int
    name: str
    parent: int | None
    path: list[str] = Field(description="the names from the root down")
    active: bool


class CauseItems(Schema):
    """Causes in the order of the tree."""

    items: list[CauseData]


class RemedyKindData(Schema):
    """One way of making good."""

    id: int
    name: str
    has_amount: bool
    active: bool


class RemedyKindItems(Schema):
    """Kinds of remedy in their order."""

    items: list[RemedyKindData]


class UnitInput(Strict):
    """A firm outside that can be responsible."""

    name: str = Field(min_length=1, max_length=200)


class UnitChange(Strict):
    """Fields of a unit; those left out stay as they are. A department keeps its name."""

    name: str | None = Field(None, min_length=1, max_length=200)
    active: Flag | None = None


class CauseInput(Strict):
    """A new cause, in a branch of the tree."""

    name: str = Field(min_length=1, max_length=120)
    parent: Number | None = Field(None, description="the number of the cause that it is part of")


class CauseChange(Strict):
    """Fields of a cause; those left out stay as they are. Without a name one of ours is called as before."""

    name: str | None = Field(None, max_length=120)
    active: Flag | None = None


class RemedyKindInput(Strict):
    """A new kind of remedy."""

    name: str = Field(min_length=1, max_length=80)
    has_amount: Flag = Field(True, description="whether it costs money")


class RemedyKindChange(Strict):
    """Fields of a kind of remedy; those left out stay as they are."""

    name: str | None = Field(None, max_length=80)
    has_amount: Flag | None = None
    active: Flag | None = None


class SettingQuery(Strict):
    """Whether those out of use are listed too."""

    retired: bool = False


@units_router.get("", response=UnitItems, summary="List who can be responsible for complaints")
def list_units(request: HttpRequest, query: Query[SettingQuery]) -> HttpResponse:
    """Give our departments, those that were no unit so far too, and firms outside."""
    _may_list(actor_in(request), query)
    rows = [unit_data(row) for row in queries.units_in_order(with_retired=query.retired)]
    fresh = [
        {"id": None, "name": name, "department": number, "outside": False, "active": True}
        for number, name in queries.departments_without_unit()
    ]
    return answer({"items": [*fresh, *rows]})


@units_router.post("", response={201: UnitData}, summary="Enter a firm that can be responsible")
def create_unit(request: HttpRequest, data: UnitInput) -> HttpResponse:
    """Make a unit outside the company."""
    made = acts.save_unit(actor=actor_in(request), name=data.name)
    return answer(unit_data(made), status=201, location="/api/v1/units")


@units_router.patch("/{number}", response=UnitData, summary="Rename a responsible unit, or take it out of use")
def change_unit(request: HttpRequest, number: Number, data: UnitChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    row = queries.unit_of(actor, number)
    values = _standing(data, name=row.name, active=row.is_active)
    return answer(unit_data(acts.save_unit(actor=actor, unit_id=row.pk, **values)))


@causes_router.get("", response=CauseItems, summary="List the causes of complaints in the order of their tree")
def list_causes(request: HttpRequest, query: Query[SettingQuery]) -> HttpResponse:
    """Give the tree."""
    _may_list(actor_in(request), query)
    return answer({"items": [cause_data(*pair) for pair in queries.causes_in_order(with_retired=query.retired)]})


@causes_router.post("", response={201: CauseData}, summary="Enter a cause of complaints")
def create_cause(request: HttpRequest, data: CauseInput) -> HttpResponse:
    """Make a cause in a branch of the tree."""
    made = acts.save_cause(actor=actor_in(request), name=data.name, parent_id=data.parent)
    return answer(cause_data(made, queries.names_above(made)), status=201, location="/api/v1/causes")


@causes_router.patch("/{number}", response=CauseData, summary="Rename a cause, or take it out of use")
def change_cause(request: HttpRequest, number: Number, data: CauseChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    row = queries.cause_of(actor, number)
    made = acts.save_cause(actor=actor, cause_id=row.pk, **_standing(data, name=row.name, active=row.is_active))
    return answer(cause_data(made, queries.names_above(made)))


@remedies_router.get("", response=RemedyKindItems, summary="List the ways of making good")
def list_kinds(request: HttpRequest, query: Query[SettingQuery]) -> HttpResponse:
    """Give the kinds of remedy."""
    _may_list(actor_in(request), query)
    return answer({"items": [kind_data(row) for row in queries.remedy_kinds(with_retired=query.retired)]})


@remedies_router.post("", response={201: RemedyKindData}, summary="Enter a way of making good")
def create_kind(request: HttpRequest, data: RemedyKindInput) -> HttpResponse:
    """Make a kind of remedy."""
    made = acts.save_remedy_kind(actor=actor_in(request), name=data.name, has_amount=data.has_amount)
    return answer(kind_data(made), status=201, location="/api/v1/remedy-kinds")


@remedies_router.patch("/{number}", response=RemedyKindData, summary="Change a way of making good")
def change_kind(request: HttpRequest, number: Number, data: RemedyKindChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    row = queries.remedy_kind_of(actor, number)
    values = _standing(data, name=row.name, active=row.is_active, has_amount=row.has_amount)
    return answer(kind_data(acts.save_remedy_kind(actor=actor, kind_id=row.pk, **values)))


def _may_list(actor: Actor, query: SettingQuery) -> None:
    """Whoever sees cases sees what they are arranged by; what is out of use is for those who see the settings."""
    access.require(actor, "case", "view")
    if query.retired:
        access.require(actor, "service_setting", "view")


def _standing(data: Strict, **standing: Any) -> dict[str, Any]:
    """What was sent, the rest as it stands; the services write all of a setting at once."""
    given = {name: value for name, value in data.dict(exclude_unset=True).items() if value is not None}
    values = {**standing, **given}
    values["is_active"] = values.pop("active")
    return values


def unit_data(row: ResponsibleUnit) -> dict[str, Any]:
    """A unit for programs."""
    return {
        "id": row.pk, "name": str(row), "department": row.department_id, "outside": row.is_outside,
        "active": row.is_active,
    }  # fmt: skip


def cause_data(row: Cause, path: Iterable[str]) -> dict[str, Any]:
    """A cause for programs."""
    return {"id": row.pk, "name": str(row), "parent": row.parent_id, "path": [*path], "active": row.is_active}


def kind_data(row: RemedyKind) -> dict[str, Any]:
    """A kind of remedy for programs."""
    return {"id": row.pk, "name": str(row), "has_amount": row.has_amount, "active": row.is_active}
