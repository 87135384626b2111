"""Writes imported complaints with their cases, categories and responsible units, in chunks that may be repeated."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from guanxi.core import bulk, clock
from guanxi.customers.public import count_imported_customers, ensure_customers, known_ids
from guanxi.importing import claims
from guanxi.importing.models import Import
from guanxi.importing.targets import Writer
from guanxi.service.choices import CaseState, CaseType
from guanxi.service.models import Case, CaseCategory, Complaint, ResponsibleUnit

CASE = "case"
CATEGORY = "casecategory"
NAME_LIMIT = 200
KNOWN_LIMIT = 100_000
_CASE_COLUMNS = tuple(field.attname for field in Case._meta.concrete_fields)
_COMPLAINT_COLUMNS = tuple(field.attname for field in Complaint._meta.concrete_fields)

CategoryRef = tuple[str, str]
"""Product and issue ('' where the row has none)."""


class ComplaintsWriter(Writer):
    """Writes the rows of one file of complaints."""

    def __init__(self, run: Import) -> None:
        """Begin without having seen a row."""
        super().__init__(run)
        self._categories: dict[CategoryRef, int] = {}
        self._units: dict[str, int] = {}
        self._customers: dict[str, int] = {}
        self._new: list[tuple[Any, ...]] = []
        self._complaints: list[tuple[Any, ...]] = []
        self._again: list[int] = []
        self._foreseen: set[str] = set()
        self._foreseen_new = 0
        self._foreseen_customers: set[str] = set()

    def ready(self, rows: dict[str, Sequence[Any]]) -> None:
        """Find or make what the rows of a chunk refer to, and work them out, before the transaction opens."""
        refs = list(rows["ref"])
        standing = self._standing(refs)
        self._ensure_categories(zip(_column(rows, "product"), _column(rows, "issue"), strict=True))
        self._ensure_units(_column(rows, "company"))
        self._ensure_customers(_column(rows, "customer"))
        seen: set[str] = set()
        fresh = []
        self._again = []
        for index, ref in enumerate(refs):
            found = standing.get(ref)
            if found is not None and found[1] is not None and found[1] != self.run.pk:
                self._again.append(found[0])
            if found is None and ref not in seen:
                seen.add(ref)
                fresh.append(index)
        numbers: Sequence[int] = ()
        if fresh:
            with transaction.atomic():
                numbers = bulk.next_ids(Case, len(fresh))
        now = clock.now()
        cases = [self._case(number, index, rows, now) for number, index in zip(numbers, fresh, strict=True)]
        self._new = [tuple(getattr(case, name) for name in _CASE_COLUMNS) for case in cases]
        self._complaints = [
            self._complaint(case, index, rows, now) for case, index in zip(cases, fresh, strict=True)
        ]  # fmt: skip

    def write(self, rows: dict[str, Sequence[Any]]) -> None:
        """Write one chunk of cases with their complaints."""
        bulk.insert(Case, _CASE_COLUMNS, self._new)
        bulk.insert(Complaint, _COMPLAINT_COLUMNS, self._complaints)
        claims.claim(self.run, CASE, self._again)

    def _case(self, number: int, index: int, rows: dict[str, Sequence[Any]], now: Any) -> Case:
        """The case of one row: read-only where it ended elsewhere, else new."""
        is_ended = bool(rows["is_ended"][index])
        product, issue = _column(rows, "product")[index], _column(rows, "issue")[index]
        customer = _column(rows, "customer")[index]
        return Case(
            id=number,
            case_type=CaseType.COMPLAINT,
            category_id=self._categories.get((_cut(product), _cut(issue))),
            subject=rows["heading"][index],
            description=_column(rows, "narrative")[index] or "",
            state=CaseState.CLOSED_ELSEWHERE if is_ended else CaseState.NEW,
            customer_id=self._customers.get(customer) if customer else None,
            channel_kind=rows["channel_kind"][index] or "",
            opened_at=rows["date"][index],
            closed_at=_column(rows, "closed")[index] if is_ended else None,
            source=self.run.source,
            external_ref=rows["ref"][index],
            import_run_id=self.run.pk,
            created_at=now,
            updated_at=now,
        )

    def _complaint(self, case: Case, index: int, rows: dict[str, Sequence[Any]], now: Any) -> tuple[Any, ...]:
        """What the row says of it as a complaint."""
        unit = _cut(_column(rows, "company")[index])
        made = Complaint(
            case_id=case.pk,
            unit_id=self._units.get(unit) if unit else None,
            elsewhere=rows["elsewhere"][index] or {},
            updated_at=now,
        )
        return tuple(getattr(made, name) for name in _COMPLAINT_COLUMNS)

    def _standing(self, refs: Iterable[str]) -> dict[str, tuple[int, int | None]]:
        """Which of the numbers stand already: case and the import that owns it."""
        found = Case.everything.filter(source=self.run.source, external_ref__in=set(refs))
        return {ref: (pk, run_id) for pk, ref, run_id in found.values_list("pk", "external_ref", "import_run_id")}

    def _ensure_categories(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """The tree of categories: products with their issues."""
        wanted = {(_cut(product), _cut(issue)) for product, issue in pairs} - self._categories.keys()
        for product, issue in sorted(wanted):
            if not product and not issue:
                continue
            names = [name for name in (product, issue) if name]
            self._categories[product, issue] = self._category(names)

    def _category(self, names: Sequence[str]) -> int:
        """The category at the end of a path of names, made where it is missing."""
        above: CaseCategory | None = None
        for name in names:
            found = CaseCategory.objects.filter(parent=above, name=name).first()
            if found is None:
                with transaction.atomic():
                    found = CaseCategory.objects.create(parent=above, name=name)
                    found.path = f"{above.path if above is not None else '/'}{found.pk}/"
                    found.save(update_fields=["path"])
                    claims.claim(self.run, CATEGORY, [found.pk])
            above = found
        assert above is not None  # there is at least one name
        return above.pk

    def _ensure_units(self, names: Iterable[Any]) -> None:
        """The firms outside that are responsible."""
        wanted = {_cut(name) for name in names} - self._units.keys() - {""}
        if not wanted:
            return
        standing = ResponsibleUnit.objects.filter(is_outside=True, name__in=wanted)
        self._units.update(standing.values_list("name", "pk"))
        with transaction.atomic():
            for name in sorted(wanted - self._units.keys()):
                made = ResponsibleUnit.objects.create(name=name, is_outside=True, import_run=self.run)
                self._units[name] = made.pk

    def _ensure_customers(self, values: Iterable[Any]) -> None:
        """The customers whose ids the rows give."""
        if len(self._customers) > KNOWN_LIMIT:
            self._customers.clear()
        fresh = {value for value in values if value} - self._customers.keys()
        if fresh:
            found = ensure_customers(source=self.run.source, values=fresh, import_run=self.run)
            self._customers.update(found)

    def counts(self) -> dict[str, int]:
        """What this import made."""
        return {
            "complaints_created": Case.everything.filter(import_run=self.run).count(),
            "customers_created": count_imported_customers(self.run),
        }

    def foresee(self, rows: dict[str, Sequence[Any]]) -> None:
        """Count what a chunk would make."""
        refs = set(rows["ref"]) - self._foreseen
        self._foreseen |= refs
        self._foreseen_new += len(refs - self._standing(refs).keys())
        values = {value for value in _column(rows, "customer") if value} - self._foreseen_customers
        known = known_ids(self.run.source, values) if values else {}
        self._foreseen_customers.update(value for value in values if value not in known)

    def foreseen(self) -> dict[str, int]:
        """What the whole file would make."""
        return {"complaints_created": self._foreseen_new, "customers_created": len(self._foreseen_customers)}


def _column(rows: dict[str, Sequence[Any]], key: str) -> Sequence[Any]:
    """A column, all None where no column of the file fills it."""
    return rows.get(key) or [None] * len(rows["row"])


def _cut(name: Any) -> str:
    """A name on one line, within its limit."""
    return " ".join(str(name or "").split())[:NAME_LIMIT]
