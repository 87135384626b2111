"""Bringing in complaints: one a row, of identified customers or of nobody, ended elsewhere or still open."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext_lazy

from guanxi.core.sentences import gettext as _
from guanxi.importing.models import Import
from guanxi.importing.targets import Field, ImportTarget, RowBatch
from guanxi.service.complaints.import_fields import CHANNELS, FIELDS, OPEN_STATUSES
from guanxi.service.complaints.import_undo import ComplaintsUndoer
from guanxi.service.complaints.import_writer import ComplaintsWriter

SUBJECT_LIMIT = 255
# What the other system said beside what we have fields for: kept under these names.
ELSEWHERE = ("status", "response", "disputed", "sub_product", "sub_issue", "channel")


class ComplaintsTarget(ImportTarget):
    """Complaints: one row each. Without a customer's id they are of unidentified people, and no customer is made."""

    key = "complaints"
    label = gettext_lazy("Complaints")
    kind = "case"
    one_of = (("narrative", "issue", "subject"),)
    derived = {"ref": "string", "heading": "string", "is_ended": "int64", "elsewhere": "json", "channel_kind": "string"}
    counted = ("complaints_created", "customers_created")
    is_answered_in_full = False

    def fields(self) -> Sequence[Field]:
        """The fields in the order in which they are shown."""
        return FIELDS

    def named_in(self, run: Import, rows: dict[str, Sequence[Any]]) -> Iterator[tuple[int, str, str]]:
        """The customers, by their ids."""
        for number, customer in zip(rows["row"], rows.get("customer") or (), strict=False):
            if customer is not None:
                yield number, "external_id", f"{run.source}:{customer}"

    def derive(self, batch: RowBatch, run: Import) -> None:
        """Under which number each is known again, what it is called, whether it ended elsewhere."""
        column = {field.key: batch.column(field.key) for field in FIELDS}
        told = {str(word).strip().casefold() for word in (run.mapping.get("options") or {}).get("open_statuses") or ()}
        open_statuses = told or OPEN_STATUSES
        refs: list[str | None] = []
        headings: list[str] = []
        ended: list[int] = []
        elsewhere: list[dict[str, str]] = []
        kinds: list[str] = []
        for index in range(len(batch)):
            row = {key: values[index] for key, values in column.items()}
            heading = _heading(row)
            if not heading and index not in batch.refusals:
                batch.refuse(index, "narrative", _("says neither what happened nor about what"))
            refs.append(row["complaint"] or _digest(row))
            headings.append(heading)
            ended.append(int(_is_ended(row, open_statuses)))
            elsewhere.append({key: row[key] for key in ELSEWHERE if row[key]})
            kinds.append(CHANNELS.get((row["channel"] or "").strip().casefold(), ""))
        batch.values |= {
            "ref": refs,
            "heading": headings,
            "is_ended": ended,
            "elsewhere": elsewhere,
            "channel_kind": kinds,
        }

    def writer(self, run: Import) -> ComplaintsWriter:
        """What writes the rows."""
        return ComplaintsWriter(run)

    def undoer(self, run: Import) -> ComplaintsUndoer:
        """What takes them back."""
        return ComplaintsUndoer(run)


def _heading(row: dict[str, Any]) -> str:
    """The subject: as given, else issue and sub-issue, else the first words of the narrative."""
    about = ": ".join(part for part in (row["issue"], row["sub_issue"]) if part)
    return " ".join(str(row["subject"] or about or row["narrative"] or "").split())[:SUBJECT_LIMIT]


def _is_ended(row: dict[str, Any], open_statuses: frozenset[str] | set[str]) -> bool:
    """Whether it came to an end where it comes from: its end has a date, or its state is none of the open ones."""
    if row["closed"] is not None:
        return True
    status = (row["status"] or "").strip().casefold()
    return bool(status) and status not in open_statuses


def _digest(row: dict[str, Any]) -> str:
    """For a row without a number: one that the same row has again the next time."""
    told = "\x1f".join(str(row[key] or "") for key in ("date", "subject", "product", "issue", "company", "narrative"))
    return f"row-{blake2b(told.encode('utf-8', 'surrogatepass'), digest_size=10).hexdigest()}"
