"""The one door to rows: `Model.objects.visible_to(actor, action)`; missing and forbidden look the same."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _

from guanxi.core import records
from guanxi.core.actor import Actor, ownership_filter
from guanxi.core.errors import Forbidden, NotFound

_policies: dict[type[models.Model], "Policy"] = {}


class Policy:
    """Who may see or do what to one model's rows; subclasses name the kind and may narrow the rows."""

    kind = ""
    owner = ""
    department = ""

    def filter(self, queryset: models.QuerySet[Any], actor: Actor, action: str) -> models.QuerySet[Any]:
        """Only the rows this actor may `action`."""
        scope = actor.scope(self.kind, action)
        if scope is None:
            return queryset.none()
        if scope == "all" or not self.owner:
            return queryset if scope == "all" else queryset.none()
        return queryset.filter(
            ownership_filter(actor, (self.kind, action), owner=self.owner, department=self.department)
        )


def register(model: type[models.Model], policy: Policy) -> None:
    """Say which policy guards a model."""
    _policies[model] = policy


def policy_of(model: type[models.Model]) -> Policy:
    """The policy that guards a model; a model without one cannot be read through `visible_to`."""
    return _policies[model]


def policy_or_none(model: type[models.Model]) -> Policy | None:
    """The policy that guards a model, None where it has none of its own."""
    return _policies.get(model)


class VisibleQuerySet(models.QuerySet[Any]):
    """A queryset that can be narrowed to what an actor may see."""

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
