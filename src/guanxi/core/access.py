"""The one door to rows: `Model.objects.visible_to(actor, action)`; missing and forbidden look the same."""

from collections.abc import Hashable
from typing import Any, Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.core import records
from guanxi.core.actor import Actor, ownership_filter
from guanxi.core.errors import Forbidden, NotFound
from guanxi.core.reading_in_reach import Reach

_policies: dict[type[models.Model], "Policy"] = {}


class Policy:
    """Who may see or do what to one model's rows; subclasses name the kind and may narrow the rows."""

    kind = ""
    owner = ""
    department = ""
    # Whether there may be so many rows that it matters how a page of those in reach is read (`reading_in_reach`).
    has_long_lists = False
    # What is open to people because it is theirs, whatever their role says, in words.
    owned: Promise | str = ""

    def filter(self, queryset: models.QuerySet[Any], actor: Actor, action: str) -> models.QuerySet[Any]:
        """Only the rows this actor may `action`."""
        scope = actor.scope(self.kind, action)
        if scope is None:
            return queryset.none()
        if scope == "all" or not self.owner:
            return queryset if scope == "all" else queryset.none()
        reach = self.reach(actor, action)
        if reach is not None:
            found = queryset.filter(reach.condition())
            found.reach = reach  # type: ignore[attr-defined]
            return found
        return queryset.filter(
            ownership_filter(actor, (self.kind, action), owner=self.owner, department=self.department)
        )

    def reach(self, actor: Actor, action: str) -> Reach | None:
        """Whose rows of a long list a scope narrower than all reaches; None elsewhere."""
        if not self.has_long_lists or actor.scope(self.kind, action) in {None, "all"}:
            return None
        owners, departments = actor.reach(self.kind, action)
        return Reach(self.owner, self.department, tuple(sorted(owners)), tuple(sorted(departments)))


def register(model: type[models.Model], policy: Policy) -> None:
    """Say which policy guards a model."""
    _policies[model] = policy


def policy_of(model: type[models.Model]) -> Policy:
    """The policy that guards a model; a model without one cannot be read through `visible_to`."""
    return _policies[model]


def policy_or_none(model: type[models.Model]) -> Policy | None:
    """The policy that guards a model, None where it has none of its own."""
    return _policies.get(model)


def policies() -> list[Policy]:
    """Every policy that guards some model."""
    return list(_policies.values())


def reaches_by_owner(kind: str) -> bool:
    """Whether records of a kind have owners, so that a scope narrower than all reaches any."""
    model = records.model_of(kind)
    policy = policy_or_none(model) if model is not None else None
    return policy is None or bool(policy.owner) or type(policy).filter is not Policy.filter


class VisibleQuerySet(models.QuerySet[Any]):
    """A queryset that can be narrowed to what an actor may see."""

    # What it was narrowed to, for those who read it page by page (`reading_in_reach`).
    reach: Reach | None = None

    def _clone(self) -> Self:
        """Keep in mind what it was narrowed to."""
        found = super()._clone()  # type: ignore[misc]
        found.reach = self.reach
        return found

    def visible_to(self, actor: Actor, action: str = "view") -> Self:
        """Only the rows this actor may `action`."""
        return policy_of(self.model).filter(self, actor, action)  # type: ignore[return-value]

    def get_visible(self, actor: Actor, action: str = "view", **lookup: object) -> Any:
        """One row, or NotFound when it is missing or not for this actor."""
        found = self.visible_to(actor, action).filter(**lookup).first()
        if found is None:
            raise NotFound(_("There is no such record, or it is not open to you."))
        return found


VisibleManager = models.Manager.from_queryset(VisibleQuerySet)


def reading_key(actor: Actor, kind: str, action: str = "view") -> Hashable:
    """What a statement that is kept for a list of a kind depends on besides who asks: whose rows, and how they are read."""
    scope = actor.scope(kind, action)
    if scope == "all":
        return scope
    model = records.model_of(kind)
    policy = policy_or_none(model) if model is not None else None
    reach = policy.reach(actor, action) if policy is not None else None
    if model is None or reach is None:
        return actor.reach(kind, action)
    return reach, reach.is_little(model)


def may_see(actor: Actor, kind: str, record_id: int) -> bool:
    """Whether a record of a kind is open to the actor, for parts of pages that get its number only."""
    if actor.scope(kind, "view") == "all":
        return True
    model = records.model_of(kind)
    policy = policy_or_none(model) if model is not None else None
    if model is None or policy is None:
        return actor.scope(kind, "view") is not None
    return policy.filter(model._base_manager.filter(pk=record_id), actor, "view").exists()


def require(actor: Actor, kind: str, action: str) -> str:
    """The scope in which the actor may do this; Forbidden when there is none."""
    scope = actor.scope(kind, action)
    if scope is None:
        raise Forbidden(_("Your role does not allow this."))
    return scope
