"""Kinds of data that end after a period: what each module offers to the engine of retention.

    kinds.add("notifications", Kind(
        label=_("Notifications"), counted=_("the day they were told"), ending=Ending.DELETE, days=180, is_log=True,
        parts=(Part("tasks.Notification", rows=lambda before: Notification.objects.filter(at__lt=before), at="at"),),
    ))

A module states its kinds in its own `registrations.py` or `personal_data.py`; a statement of personal data names the
kind that ends its rows. The rules, previews and runs are those of `customers.privacy.retention`. What counts as
activity of a customer is registered here too, by whoever holds such rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max, Q, QuerySet
from django.utils.functional import Promise

from guanxi.core import changes, personal_data, records
from guanxi.core.changes import OperationInHand
from guanxi.core.holding import hold_rows
from guanxi.core.models import Change
from guanxi.core.registry import Registry

Words = str | Promise


class Ending(StrEnum):
    """What becomes of data at the end of its period."""

    ERASE = "erase"  # the person is erased, with a certificate
    DELETE = "delete"  # the rows go
    STRIP = "strip"  # the rows stay and their values go


class Group(StrEnum):
    """Where a kind stands on the page."""

    CUSTOMERS = "customers"
    HISTORY = "history"
    LOGS = "logs"


Counts = dict[str, int]
# Ends these rows within the caller's transaction; how many rows of which model went or were stripped.
EndRows = Callable[[OperationInHand, list[int]], Counts]


@dataclass(frozen=True)
class Part:
    """The rows of one model that a kind ends."""

    model_label: str
    # The rows whose age is over; the engine takes those out on whose customer a hold stands.
    rows: Callable[[datetime], QuerySet[Any]]
    # The column that tells the age.
    at: str
    # None: the rows are deleted, and nothing in the journal speaks of them.
    end: EndRows | None = None
    # The look-ups from a row to its customer, separated by spaces; '' where rows belong to none.
    customer: str = ""

    @property
    def model(self) -> type[models.Model]:
        """The model of the rows."""
        return apps.get_model(self.model_label)

    def finish(self, op: OperationInHand, numbers: list[int]) -> Counts:
        """End these rows."""
        hold_rows(self.model, numbers)
        if self.end is not None:
            return self.end(op, numbers)
        _all, counts = self.model._base_manager.filter(pk__in=numbers).delete()  # house: writes: the end of a log
        return counts


@dataclass(frozen=True)
class Kind:
    """One kind of data with a period of its own."""

    label: Words
    # From when the period counts, in words.
    counted: Words
    ending: Ending
    # What happens at the end, in words, where the ending does not say enough.
    what_happens: Words
    parts: tuple[Part, ...] = ()
    group: Group = Group.LOGS
    # The period until the company sets its own; None: kept until somebody sets one.
    days: int | None = None
    # A technical log: its rows go every night without anybody's word.
    is_log: bool = False
    # The parameters of the law below which no period goes.
    minimums: tuple[str, ...] = ()
    # What the law counts begins at the end of the year (accounts).
    is_counted_by_year: bool = False


kinds: Registry[Kind] = Registry("kinds of data with a period")


def forget_values(op: OperationInHand, model: type[models.Model], numbers: Sequence[int]) -> int:
    """Take from the journal what it says of these records."""
    rows = Change.objects.filter(kind=records.kind_of(model), record_id__in=numbers, erased_at__isnull=True)
    return changes.erase_values(op=op, change_ids=rows.exclude(act=changes.ERASE).values_list("pk", flat=True))


def wordless(model: type[models.Model]) -> dict[str, Any]:
    """The columns with words of or about a customer, as they stand when nothing is left in them; figures stay."""
    statement = personal_data.statements[model._meta.label]
    names = {
        name
        for held in statement.held
        if held.of != personal_data.Whose.USER and held.form != personal_data.Form.SAME
        for name in held.fields
    }
    found: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        if column.name in names:
            found[column.name] = column.get_default() if column.has_default() else None if column.null else ""
    return found


def strip_words(label: str) -> EndRows:
    """Ending rows of which the figures stay: their words go, and what the journal says of them."""

    def end(op: OperationInHand, numbers: list[int]) -> Counts:
        """Empty and forget."""
        model = apps.get_model(label)
        forgotten = forget_values(op, model, numbers)
        rows = model._base_manager.filter(pk__in=numbers)
        rows.update(**wordless(model))  # house: writes: the end of a period
        return {label: len(numbers), **({"core.Change": forgotten} if forgotten else {})}

    return end


def delete_with_history(label: str) -> EndRows:
    """Ending rows that the journal speaks of: they go, and what the journal says of them."""

    def end(op: OperationInHand, numbers: list[int]) -> Counts:
        """Delete and forget."""
        model = apps.get_model(label)
        forgotten = forget_values(op, model, numbers)
        model._base_manager.filter(pk__in=numbers).delete()  # house: writes: the end of a period
        return {label: len(numbers), **({"core.Change": forgotten} if forgotten else {})}

    return end


@dataclass(frozen=True)
class Activity:
    """Rows that show that a customer still deals with us."""

    label: Words
    rows: Callable[[], QuerySet[Any]]
    # The column with the customer's number, and those with a moment or day.
    customer: str
    at: tuple[str, ...]
    # Rows that count whatever their day: an open task.
    always: Q | None = field(default=None)

    def since(self, before: datetime) -> QuerySet[Any]:
        """The rows that show activity at or after a moment."""
        condition = self.always or Q()
        found = Q()
        for name in self.at:
            found |= Q(**{f"{name}__gte": before})
        return self.rows().filter(found | condition if self.always is not None else found)

    def latest(self, numbers: Sequence[int]) -> dict[int, Any]:
        """The last moment or day for each of some customers."""
        rows = self.rows().filter(**{f"{self.customer}__in": numbers}).order_by().values(self.customer)
        found: dict[int, Any] = {}
        for row in rows.annotate(**{f"last_{name}": Max(name) for name in self.at}):
            moments = [row[f"last_{name}"] for name in self.at if row[f"last_{name}"] is not None]
            if moments:
                found[row[self.customer]] = max(moments)
        return found


activities: Registry[Activity] = Registry("what counts as activity of a customer")
