"""Managers: customers in force that no other has absorbed by default, all rows on demand."""

from typing import Self

from django.db import models

from guanxi.core.access import VisibleQuerySet
from guanxi.importing.public import in_force_q


class CustomerQuerySet(VisibleQuerySet):
    """Customers, with the questions that lists ask."""

    def by_value(self) -> Self:
        """The best customers first; the join is an inner one so that the index on the standing leads."""
        return self.filter(standing__isnull=False).order_by("-standing__net_revenue_minor", "-pk")


class CustomerManager(models.Manager.from_queryset(CustomerQuerySet)):  # type: ignore[misc]
    """Only customers in force that stand for themselves."""

    def get_queryset(self) -> CustomerQuerySet:
        """Leave out what an import still holds back and what was merged into another customer."""
        return super().get_queryset().filter(in_force_q("import_run"), merged_into__isnull=True)


EveryCustomerManager = models.Manager.from_queryset(CustomerQuerySet)


class RelationManager(models.Manager.from_queryset(VisibleQuerySet)):  # type: ignore[misc]
    """Only relations between customers that stand for themselves."""

    def get_queryset(self) -> VisibleQuerySet:
        """Leave out those that a merge has set aside."""
        return super().get_queryset().filter(subject__merged_into__isnull=True, object__merged_into__isnull=True)


EveryRelationManager = models.Manager.from_queryset(VisibleQuerySet)
