"""What points at a record that can be merged into another, and what becomes of it then.

Each module says so for its own columns in `registrations.py`:

    references.register(Reference("customer", "commerce.Order", "customer_id"))                     # moves
    references.register(Reference("customer", "files.StoredFile", "record_id", kind_column="record_kind"))
    references.register(Reference("customer", "insight.PastTier", "customer_id", Treatment.DERIVED))

A merge re-points rows that move, and back when it is undone. A row that cannot stand twice (the same tag, the same
telephone number, a relation to oneself) is set aside: it stays with the record that was absorbed, unseen, and counts
again after the undo. A test walks every key and every record reference of all modules and fails on one that nobody
has spoken for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.core.registry import Registry

ANY = "*"
CHUNK = 5_000


class Treatment(StrEnum):
    """What becomes of the rows that point at a record which is absorbed."""

    MOVES = "moves"  # they point at the survivor, until the merge is undone
    FIELDS = "fields"  # one row of the record's own: merged field by field
    DERIVED = "derived"  # they follow from others and are made anew
    ABOUT = "about"  # they speak of that very record (journal, claims, merges) and stay


@dataclass(frozen=True)
class Reference:
    """One column that holds the number of a record of the target's kind ('*': of the kind that `kind_column` names).

    `alike(rows, source, target)` narrows rows that point at `source` to those that the target has already in some form
    that no constraint of the database knows; they are set aside like those that break one.
    """

    target: str
    model_label: str
    column: str
    treatment: Treatment = Treatment.MOVES
    kind_column: str = ""
    alike: Callable[[QuerySet[Any], int, int], QuerySet[Any]] | None = None

    @property
    def key(self) -> str:
        """Its name where rows are noted."""
        return f"{self.model_label.lower()}.{self.column}"

    @property
    def model(self) -> type[models.Model]:
        """The model whose rows point."""
        return apps.get_model(self.model_label)

    def every_row(self) -> QuerySet[Any]:
        """All rows that point at any record of the kind, in force or not."""
        rows = self.model._base_manager.all()
        return rows.filter(**{self.kind_column: self.target}) if self.kind_column else rows

    def rows(self, *record_ids: int) -> QuerySet[Any]:
        """The rows that point at these records."""
        return self.every_row().filter(**{f"{self.column}__in": record_ids})

    def set_aside(
        self, source: int, target: int, numbers: Iterable[int] | None = None, *, with_alike: bool = True
    ) -> set[int]:
        """Which rows of `source` (or which of these) cannot point at `target`, because something stands there already."""
        rows = self.rows(source)
        if numbers is not None:
            rows = rows.filter(pk__in=numbers)
        found: set[int] = set()
        blocked = self._blocked(target)
        if blocked:
            found.update(rows.filter(blocked).values_list("pk", flat=True))
        if self.alike is not None and with_alike:
            found.update(self.alike(rows, source, target).values_list("pk", flat=True))
        return found

    def _blocked(self, target: int) -> Q:
        """The condition on rows that would break a constraint when pointed at `target`."""
        blocked = Q()
        for names, condition in _unique_sets(self.model, self.column):
            others = {name: OuterRef(name) for name in names if name != self.column}
            there = self.rows(target).filter(**others)
            if condition is not None:
                there = there.filter(condition)
            blocked |= Q(Exists(there)) if condition is None else Q(Exists(there)) & condition
        for other in of(self.target):
            is_alike = other.treatment is Treatment.MOVES and other.model_label == self.model_label and other != self
            if is_alike and not (self.kind_column or other.kind_column):
                # Both ends at one record: nobody stands to themselves. What is about a record is no end of a relation.
                blocked |= Q(**{other.column: target})
        return blocked

    def point_at(self, target: int, numbers: Sequence[int], *, now_at: Iterable[int]) -> None:
        """Write the column of these rows, of those that point at any of `now_at`."""
        holders = list(now_at)
        for start in range(0, len(numbers), CHUNK):
            rows = self.rows(*holders).filter(pk__in=numbers[start : start + CHUNK])
            rows.update(**{self.column: target})  # house: writes: for merges, which journal each row


def _unique_sets(model: type[models.Model], column: str) -> Iterator[tuple[list[str], Q | None]]:
    """The sets of columns, this one among them, that stand once in a table, with the condition where there is one."""
    attnames = {f.name: f.attname for f in model._meta.concrete_fields} | {
        f.attname: f.attname for f in model._meta.concrete_fields
    }
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = [attnames[name] for name in constraint.fields]
            if column in names:
                yield names, constraint.condition
    for together in model._meta.unique_together:
        names = [attnames[name] for name in together]
        if column in names:
            yield names, None
    for field in model._meta.concrete_fields:
        if field.attname == column and field.unique:
            yield [column], None


_references: Registry[Reference] = Registry("references")


def register(reference: Reference) -> Reference:
    """Say what becomes of a column's rows in a merge."""
    return _references.add(f"{reference.target}:{reference.key}", reference)


def of(target: str, treatment: Treatment | None = None) -> list[Reference]:
    """What points at records of a kind; columns that may point at any kind among them."""
    found = [r for r in _references if r.target in {target, ANY}]
    return [r for r in found if treatment is None or r.treatment is treatment]


def moving(target: str) -> dict[str, Reference]:
    """The references whose rows move, by key."""
    return {reference.key: reference for reference in of(target, Treatment.MOVES)}


def unspoken(target: str, model: type[models.Model]) -> list[str]:
    """Columns of all models that point at records of a kind, or may, and that nobody has registered."""
    known = {reference.key for reference in of(target)}
    return sorted({key for key in _pointers(target, model) if key not in known})


def _pointers(target: str, model: type[models.Model]) -> Iterator[str]:
    """Keys to the model, keys to its own sections, and plain numbers whose name says that they mean a record."""
    hinted = (f"{target}_id", "record_id", "object_id", "target_id")
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.concrete_fields:
            key = f"{other._meta.label_lower}.{field.attname}"
            if field.is_relation:
                if _leads_to(field.related_model, model):
                    yield key
            elif other.__module__.startswith("guanxi.") and field.attname.endswith(hinted):
                yield key


def _leads_to(related: Any, model: type[models.Model]) -> bool:
    """Whether a key to `related` holds a number of the model: the model itself, or a section with the same key."""
    seen = related
    while isinstance(seen, type) and issubclass(seen, models.Model) and seen is not model:
        key = seen._meta.pk
        if key is None or not key.is_relation:
            return False
        seen = key.related_model
    return seen is model


# The journal speaks of the records themselves.
register(Reference(ANY, "core.Change", "record_id", Treatment.ABOUT, kind_column="kind"))
register(Reference(ANY, "core.Change", "customer_id", Treatment.ABOUT))
