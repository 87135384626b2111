"""Managers: rows in force by default, all rows on demand."""

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
    """Only customers in force."""

    def get_queryset(self) -> CustomerQuerySet:
        """Leave out what an import still holds back."""
        return super().get_queryset().filter(in_force_q("import_run"))


EveryCustomerManager = models.Manager.from_queryset(CustomerQuerySet)
