"""Bringing files in and taking them back: what the command line, the browser and other modules call."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from guanxi.core import access, clock, ids, money
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, GuanxiError, InvalidInput, NotFound
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import kept
from guanxi.importing import erased
from guanxi.importing.afterwards import bring_up_to_date
from guanxi.importing.choices import ErasedRows, ImportState
from guanxi.importing.engine import faults, folders, running, undoing
from guanxi.importing.engine.folders import Folder, folder_of
from guanxi.importing.engine.refusals import Refused
from guanxi.importing.engine.staging import Progress, Stager, Staging, no_progress, no_rows
from guanxi.importing.engine.undoing import Undone
from guanxi.importing.mapping import MappingDefinition, ResolvedMapping, find_mapping, resolve
from guanxi.importing.mapping.definition import check_date_order, check_source, check_timezone
from guanxi.importing.models import Import
from guanxi.importing.readers import Table, open_table
from guanxi.importing.targets import ImportTarget, targets

COUNTED = ("customers_created", "orders_created", "lines_created")
"""What every answer counts, 0 where a target makes none of it."""


@dataclass(frozen=True)
class ImportRequest:
    """What somebody asks for: which file, as what, read how."""

    target: str
    path: Path
    mapping: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    currency: str = ""
    timezone: str = ""
    date_order: str = ""
    is_dry_run: bool = False
    take_erased: str | None = None


@dataclass
class ImportResult:
    """What an import (or a dry run) came to."""

    run: Import
    refused: list[Refused]
    refused_file: Path | None
    counts: dict[str, int]
    is_dry_run: bool = False

    @property
    def erased_rows(self) -> list[int]:
        """Rows that name people who were erased, where whoever imports may know of them."""
        is_told = self.is_dry_run or self.run.erased_choice != ErasedRows.UNSEEN
        return list(self.run.erased_rows) if is_told else []

    def as_json(self) -> dict[str, Any]:
        """The answer of the command line: the same keys whatever came of it, for nearly every target the same ones."""
        target = targets[self.run.target]
        told = self.told()
        if target.is_answered_in_full:
            return told
        wanted = ("import_id", "rows_read", "rows_stored", "rows_refused", "refused", *target.counted)
        return {key: told.get(key, 0) for key in wanted}

    def told(self) -> dict[str, Any]:
        """All that there is to tell."""
        return {
            "import_id": None if self.is_dry_run else self.run.public_id,
            "rows_read": self.run.rows_read,
            "rows_stored": self.run.rows_stored,
            "rows_refused": self.run.rows_refused,
            "refused": [refused.as_json() for refused in self.refused],
            "refused_file": str(self.refused_file) if self.refused_file else None,
            **dict.fromkeys(COUNTED, 0),
            **self.counts,
            "amount_stored": money.plain(self.run.amount_minor or 0, self.run.currency),
            "currency": self.run.currency,
            "rows_erased": len(self.erased_rows),
            "erased": self.erased_rows[: erased.LISTED],
            "erased_choice": str(self.run.erased_choice) if self.erased_rows and self.run.erased_choice else None,
            "notes": notes_of(self.run),
        }


def is_counted(run: Import) -> bool:
    """Whether figures count what an import brought: they do not where no rate of its currency is known."""
    return not targets[run.target].has_money or money.settled_currency() in (None, run.currency)


def notes_of(run: Import) -> list[str]:
    """What whoever imports should know of it: how the file was read, and what no figure will count."""
    notes = [*(str(note) for note in run.table.get("notes", ())), *targets[run.target].notes(run)]
    if run.rows_stored and not is_counted(run):
        notes.append(
            _(
                "Figures are kept in %(own)s and no rate for %(other)s is known: "
                "net revenue, tiers and classes leave these orders out."
            )
            % {"own": money.reporting_currency(), "other": run.currency}
        )
    return notes


class NothingImported(InvalidInput):
    """Not one row of the file could be used; the result tells why."""

    def __init__(self, message: str, result: ImportResult) -> None:
        """Keep the refused rows."""
        super().__init__(message)
        self.result = result


def target_of(key: str) -> ImportTarget:
    """The target of a name."""
    target = targets.get(key)
    if target is None:
        raise NotFound(
            _("“%(key)s” cannot be imported; there are: %(keys)s.") % {"key": key, "keys": ", ".join(targets.keys())}
        )
    return target


def run_import(*, actor: Actor, request: ImportRequest, progress: Progress = no_progress) -> ImportResult:
    """Bring a file in from start to end; a run of the same file that was cut short is taken up again."""
    target = target_of(request.target)
    access.require(actor, target.kind, "import")
    with faults.told(), _given_file(request) as folder:
        digest = folders.digest_of(folder.original)
        table = open_table(folder.original, scratch=folder.path)
        mapping = _mapping_for(request, target, table, actor)
        run = _described(request, target, mapping, actor)
        run.digest, run.file_size = digest, folder.original.stat().st_size
        run.table = table.about()
        if request.is_dry_run:
            return _dry_run(actor, run, target, table, mapping, folder, progress)
        with running.held_lock(run.file_name) as lock:
            standing = _cut_short(run)
            running.clear_unfinished(lock, but=standing)
            run = standing or run
            run.save()
            with _told_on(run, folder):
                staging = Stager(run=run, target=target, table=table, mapping=mapping, folder=folder).stage(progress)
                _note_reading(run, staging)
                _keep_refused(run, folder)
            if not staging.rows.count:
                raise _nothing(run, staging)
            if run.state != ImportState.WRITING:
                for name, value in erased.settle(run, actor=actor, reason=request.take_erased).items():
                    setattr(run, name, value)
                run.save(update_fields=["erased_choice", "erased_reason"])
            running.write(run=run, target=target, staging=staging, lock=lock, progress=progress)
    progress("figures", 0, 0)
    bring_up_to_date(run.pk)
    return result_of(run, staging)


@contextmanager
def _told_on(run: Import, folder: Folder) -> Iterator[None]:
    """Leave a word on an import whose rows could not be checked to the end."""
    try:
        yield
    except (GuanxiError, DatabaseError, OSError) as error:
        # On a full disk the rows that were kept make room for the word.
        folder.forget_rows()
        told = faults.DiskFull() if faults.is_disk_full(error) else error
        with suppress(DatabaseError):
            # One that had written before stays as it is: a rerun goes on, or its rows are taken out.
            checking = Import.objects.filter(pk=run.pk, state=ImportState.CHECKING)
            checking.update(state=ImportState.FAILED, fault=_fault_of(told))
        raise


def _fault_of(error: BaseException) -> dict[str, Any]:
    """What is kept of an error, of whichever kind."""
    return kept(error if isinstance(error, GuanxiError) else str(error))


@contextmanager
def _given_file(request: ImportRequest) -> Iterator[Folder]:
    """A folder with a copy of the file, so that nothing changes under the reader; gone afterwards but for refusals."""
    folder = folders.trial_folder()
    try:
        if not request.path.exists():
            raise NotFound(_("There is no file “%(name)s”.") % {"name": request.path})
        if not request.path.is_file():
            raise InvalidInput(_("“%(name)s” is not a file.") % {"name": request.path})
        folders.keep(request.path, folder.original)
        yield folder
    finally:
        folder.forget_rows()
        if not folder.refused.exists():
            folder.remove()


def _mapping_for(request: ImportRequest, target: ImportTarget, table: Table, actor: Actor) -> ResolvedMapping:
    """The columns of the file, as asked for."""
    definition = find_mapping(request.mapping, target=target.key, actor=actor) if request.mapping else None
    mapping = resolve(target, table, definition=definition, given=request.columns, actor=actor)
    if request.date_order:
        known = mapping.definition.as_json() | {"date_order": check_date_order(request.date_order)}
        changed = MappingDefinition(**(known | {"name": mapping.definition.name}))
        mapping = ResolvedMapping(mapping.columns, mapping.names, changed, mapping.is_guess, mapping.guessed)
    return mapping


def _described(request: ImportRequest, target: ImportTarget, mapping: ResolvedMapping, actor: Actor) -> Import:
    """The record of an import that is about to begin, not saved yet."""
    definition = mapping.definition
    source = request.source or definition.settled_source
    return Import(
        target=target.key,
        source=check_source(source),
        state=ImportState.CHECKING,
        file_name=request.path.name[:255],
        mapping=mapping.as_json(),
        mapping_name=definition.name,
        currency=settled_currency(request.currency or definition.currency),
        timezone=check_timezone(request.timezone or definition.timezone or settings.TIME_ZONE),
        by_id=actor.user_id,
        by_name=actor.name[:150],
        means=actor.means,
        created_at=clock.now(),
    )


def settled_currency(given: str) -> str:
    """The currency as given, else the one in which the company adds up."""
    return money.check_currency(given) if given else money.reporting_currency()


def _cut_short(run: Import) -> Import | None:
    """The import of the very same file in the very same way whose process died, to be taken up again."""
    found = Import.objects.filter(
        state=ImportState.WRITING,
        digest=run.digest,
        target=run.target,
        source=run.source,
        currency=run.currency,
        timezone=run.timezone,
    )
    return next((standing for standing in found if standing.mapping == run.mapping and not standing.corrections), None)


def _note_reading(run: Import, staging: Staging) -> None:
    """Keep what reading came to."""
    run.rows_read, run.rows_refused = staging.rows_read, staging.rows_refused
    run.rows_stored, run.amount_minor = staging.rows.count, staging.amount_minor
    Import.objects.filter(pk=run.pk).update(
        rows_read=run.rows_read, rows_refused=run.rows_refused, amount_minor=run.amount_minor
    )


def _keep_refused(run: Import, folder: Folder) -> None:
    """Put the file of refused rows where the import's files are; an undone beginning may have left one of that number."""
    own = folder_of(run.pk)
    for fresh, kept_at in ((folder.refused, own.refused), (folder.reasons, own.reasons)):
        if fresh.exists():
            fresh.replace(kept_at)
        else:
            kept_at.unlink(missing_ok=True)


def _nothing(run: Import, staging: Staging) -> NothingImported:
    """The error for a file of which no row can be used; nothing was written."""
    sentence = no_rows(staging)
    Import.objects.filter(pk=run.pk).update(state=ImportState.FAILED, fault=kept(sentence))
    run.state = ImportState.FAILED
    return NothingImported(sentence, result_of(run, staging))


def result_of(run: Import, staging: Staging) -> ImportResult:
    """The result as it is reported."""
    path = folder_of(run.pk).refused
    counts = dict.fromkeys(target_of(run.target).counted, 0) | run.counts
    return ImportResult(run, staging.refused, path if path.exists() else None, counts)


def _dry_run(
    actor: Actor,
    run: Import,
    target: ImportTarget,
    table: Table,
    mapping: ResolvedMapping,
    folder: Folder,
    progress: Progress,
) -> ImportResult:
    """Everything but the writing: what would be stored, refused and made."""
    staging = Stager(run=run, target=target, table=table, mapping=mapping, folder=folder).stage(progress)
    run.rows_read, run.rows_refused = staging.rows_read, staging.rows_refused
    run.rows_stored, run.amount_minor = staging.rows.count, staging.amount_minor
    counts = dict.fromkeys(target.counted, 0)
    if staging.rows.count:
        writer = target.writer(run)
        writer.prepare(staging.rows)
        for batch in staging.rows.batches():
            writer.foresee(batch)
        counts |= writer.foreseen()
        if erased.may_know(actor):
            run.erased_rows = erased.rows_naming(run, target, staging.rows)
    refused = folder.refused if folder.refused.exists() else None
    result = ImportResult(run, staging.refused, refused, counts, is_dry_run=True)
    if not staging.rows.count:
        raise NothingImported(no_rows(staging), result)
    return result


def undo_import(*, actor: Actor, import_id: int, rest: bool = False) -> Undone:
    """Take an import back; with `rest`, records that were changed since stay and everything else goes."""
    run = Import.objects.visible_to(actor, "undo").filter(pk=import_id).first()
    if run is None:
        raise NotFound(_("There is no such import, or you may not undo it."))
    if run.target not in targets:
        raise Conflict(_("This kind of import is no longer known."))
    with running.held_lock(_("undo of %(name)s") % {"name": run.file_name}) as lock:
        undone = undoing.take_back(run, actor=actor, rest=rest, lock=lock)
    bring_up_to_date(run.pk)
    return undone


def parse_import_id(text: str) -> int:
    """The number of an import from the id shown outside, or from the bare number."""
    number = ids.parse("imp", text)
    if number is None and text.isascii() and text.isdigit() and len(text) < 19:
        number = int(text)
    if number is None:
        raise NotFound(_("“%(text)s” is not the id of an import.") % {"text": text[:40]})
    return number
