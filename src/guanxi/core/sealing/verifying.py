"""Reading the whole history again and naming every row that is not as it was sealed."""

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from guanxi.core.models import Change, Operation
from guanxi.core.models.seals import Seal
from guanxi.core.sealing import reading
from guanxi.core.sealing.anchors import Anchor
from guanxi.core.sealing.digests import batch_digest, row_digest, values_digest
from guanxi.core.sealing.findings import Fault, Finding
from guanxi.core.sealing.making import change_counts, head
from guanxi.core.sealing.reading import Journal, Sealed, Standing, Stream

NAMED_AT_MOST = 1000
EMPTY: tuple[Any, ...] = ({}, [], "", None)


@dataclass
class Report:
    """What was read and what was found."""

    seals: int = 0
    operations: int = 0
    changes: int = 0
    erased: int = 0
    unsealed: int = 0
    jumps: int = 0
    found: int = 0
    findings: list[Finding] = field(default_factory=list)
    anchor: Anchor | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found

    def add(self, findings: Iterable[Finding]) -> None:
        """Note what was found; the first thousand by name."""
        for finding in findings:
            self.found += 1
            if len(self.findings) < NAMED_AT_MOST:
                self.findings.append(finding)


Progress = Callable[[int, int], None]


def verify(*, anchors: Sequence[Anchor] = (), progress: Progress = lambda _done, _total: None) -> Report:
    """Read everything that was sealed until now; anchors are seals that were kept elsewhere."""
    report = Report()
    last = Seal.objects.order_by("-number").first()
    if last is not None:
        report.anchor = Anchor(last.number, bytes(last.digest).hex())
        _read_batches(report, last, progress)
    operations_to, changes_to = (last.operations_to, last.changes_to) if last else (0, 0)
    report.add(_beyond_the_end(last))
    report.add(_not_as_kept(anchors, last))
    report.unsealed = (
        Operation.objects.filter(pk__gt=operations_to).count() + Change.objects.filter(pk__gt=changes_to).count()
    )
    return report


def _read_batches(report: Report, last: Seal, progress: Progress) -> None:
    """Every batch in order: its rows against their digests, its digest against theirs."""
    ends: dict[Journal, int] = {Operation: last.operations_to, Change: last.changes_to}
    rows = {model: Stream(reading.standing(model, end)) for model, end in ends.items()}
    kept = {model: Stream(reading.sealed(model, end)) for model, end in ends.items()}
    counts: dict[Journal, int] = {Operation: 0, Change: 0}
    before, number = b"", 0
    for seal in Seal.objects.filter(number__lte=last.number).order_by("number").iterator(chunk_size=500):
        is_next = seal.number == number + 1
        if not is_next:
            report.add(Finding(Fault.BATCH_REMOVED, "seal", gone) for gone in range(number + 1, seal.number))
        digests: list[bytes] = []
        for model, up_to in ((Operation, seal.operations_to), (Change, seal.changes_to)):
            counted: list[Sealed] = []
            for row, sealed in _side_by_side(rows[model].through(up_to), kept[model].through(up_to)):
                if sealed is not None:
                    digests.append(sealed.digest)
                    if sealed.change_count is not None:
                        counted.append(sealed)
                if row is not None:
                    counts[model] += 1
                    report.erased += row.erased_at is not None
                report.add(_compared(model, row, sealed))
            report.add(_with_more_changes(counted))
        if is_next and batch_digest(before, head(seal), digests) != bytes(seal.digest):
            report.add([Finding(Fault.BATCH, "seal", seal.number, _range(seal))])
        before, number = bytes(seal.digest), seal.number
        report.seals += 1
        report.jumps += seal.jump_count
        progress(seal.number, last.number)
    report.operations, report.changes = counts[Operation], counts[Change]


def _with_more_changes(operations: Sequence[Sealed]) -> Iterator[Finding]:
    """Operations to which changes were added after the transaction that wrote them."""
    if not operations:
        return
    counts = change_counts(operations[0].id, operations[-1].id)
    for sealed in operations:
        if sealed.change_count is not None and counts.get(sealed.id, 0) > sealed.change_count:
            row, _sealed_row = reading.one(Operation, sealed.id)
            yield Finding(Fault.ADDED, "operation", sealed.id, _about(Operation, row) if row is not None else "")


def _range(seal: Seal) -> str:
    """Which rows a batch ends with, for people who look for them."""
    return f"≤ operation {seal.operations_to}, change {seal.changes_to}; {seal.sealed_at:%Y-%m-%d %H:%M} UTC"


def _side_by_side(rows: Iterator[Standing], kept: Iterator[Sealed]) -> Iterator[tuple[Standing | None, Sealed | None]]:
    """Rows and digests of equal number together, in order."""
    row, sealed = next(rows, None), next(kept, None)
    while row is not None or sealed is not None:
        if sealed is None or (row is not None and row.id < sealed.id):
            yield row, None
            row = next(rows, None)
        elif row is None or sealed.id < row.id:
            yield None, sealed
            sealed = next(kept, None)
        else:
            yield row, sealed
            row, sealed = next(rows, None), next(kept, None)


def _compared(model: Journal, row: Standing | None, sealed: Sealed | None) -> Iterator[Finding]:
    """What is wrong with a row; looked at a second time first, as an erasure may have come in between."""
    if row is not None and sealed is not None and _fault(model, row, sealed) is None:
        return
    number = row.id if row is not None else sealed.id if sealed is not None else 0
    row, sealed = reading.one(model, number)
    table = model._meta.model_name or ""
    if row is None and sealed is not None:
        yield Finding(Fault.REMOVED, table, number)
    elif row is not None and sealed is None:
        yield Finding(Fault.INSERTED, table, number, _about(model, row))
    elif row is not None and sealed is not None:
        fault = _fault(model, row, sealed)
        if fault is not None:
            yield Finding(fault, table, number, _about(model, row))


def _fault(model: Journal, row: Standing, sealed: Sealed) -> Fault | None:
    """What is wrong with a row that stands and was sealed."""
    if row_digest(row.names, sealed.values_digest, sealed.change_count) != sealed.digest:
        return Fault.NAMES
    if row.erased_at is not None or sealed.salt is None:
        if row.erased_at is None or sealed.salt is not None or not _is_erasure_recorded(model, row.id):
            return Fault.ERASED
        if any(value not in EMPTY for value in row.values):
            return Fault.VALUE
    elif not hmac.compare_digest(values_digest(sealed.salt, row.values), sealed.values_digest):
        return Fault.VALUE
    if row.undone_at is not None and not Operation.objects.filter(undoes_id=row.id).exists():
        return Fault.UNDONE
    return None


def _is_erasure_recorded(model: Journal, number: int) -> bool:
    """Whether an operation says that it took this row's values."""
    return Change.objects.filter(kind=model._meta.model_name, record_id=number, act="erase").exists()


def _about(model: Journal, row: Standing) -> str:
    """What a row is about."""
    if model is Operation:
        return str(row.names[1])
    _id, operation, kind, record, act, name, _customer = row.names
    return f"{act} {kind} {record}{f' {name}' if name else ''}, operation {operation}"


def _beyond_the_end(last: Seal | None) -> Iterator[Finding]:
    """Digests that no seal covers: the seals over them were removed."""
    ends: dict[Journal, int] = {
        Operation: last.operations_to if last else 0,
        Change: last.changes_to if last else 0,
    }
    for model, end in ends.items():
        beyond: Any = reading.SEALED[model]._default_manager.filter(row_id__gt=end)
        highest = beyond.aggregate(last=Max("row_id"))["last"]
        if highest is not None:
            yield Finding(Fault.CUT, model._meta.model_name or "", highest)


def _not_as_kept(anchors: Iterable[Anchor], last: Seal | None) -> Iterator[Finding]:
    """Anchors that the history does not lead to any more."""
    for anchor in anchors:
        if last is None or anchor.number > last.number:
            yield Finding(Fault.CUT, "seal", anchor.number)
            continue
        standing = Seal.objects.filter(number=anchor.number).first()
        if standing is None or bytes(standing.digest).hex() != anchor.digest:
            yield Finding(Fault.REWRITTEN, "seal", anchor.number)
