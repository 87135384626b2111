"""Imports in the browser, step by step: upload, columns, check, corrections, commit, undo."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from guanxi.core import access, clock, live, locks
from guanxi.core.actor import Actor, actor_of
from guanxi.core.database_away import is_away
from guanxi.core.errors import Conflict, GuanxiError, InvalidInput, NotFound
from guanxi.core.jobs import HandBack
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import kept
from guanxi.files.public import receive, store
from guanxi.importing import erased
from guanxi.importing.afterwards import bring_up_to_date
from guanxi.importing.choices import ErasedRows, ImportState
from guanxi.importing.engine import faults, folders, running, uploaded
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.engine.refusals import refused_rows
from guanxi.importing.engine.staging import Progress, Stager, Staging, no_rows
from guanxi.importing.mapping import MappingDefinition, ResolvedMapping, find_mapping, resolve
from guanxi.importing.mapping.definition import DEFAULT_SOURCE, check_date_order, check_source, check_timezone
from guanxi.importing.models import Import
from guanxi.importing.readers import Table, open_table
from guanxi.importing.services import mappings
from guanxi.importing.services.files import settled_currency, target_of, undo_import
from guanxi.importing.sight import open_fields, refuse_unseen_columns

OPEN_STATES = frozenset({ImportState.DRAFT, ImportState.CHECKED, ImportState.FAILED})


def receive_upload(*, actor: Actor, target_key: str, file: IO[bytes], file_name: str) -> Import:
    """Take in a file: kept, opened, its columns guessed; nothing is imported yet."""
    target = target_of(target_key)
    access.require(actor, target.kind, "import")
    with faults.told():
        received = receive(file)
        trial = folders.trial_folder()
        try:
            table = open_table(received.path, scratch=trial.path)
            mapping = resolve(target, table, must_be_complete=False, actor=actor)
            with transaction.atomic():
                run = Import.objects.create(
                    target=target.key,
                    source=DEFAULT_SOURCE,
                    file_name=Path(file_name.replace("\\", "/")).name.replace("\x00", "")[:255] or "upload",
                    digest=received.sha256,
                    file_size=received.size,
                    table=table.about(),
                    mapping=mapping.as_json(),
                    currency=settled_currency(mapping.definition.currency),
                    timezone=mapping.definition.timezone or settings.TIME_ZONE,
                    by_id=actor.user_id,
                    by_name=actor.name[:150],
                    means=actor.means,
                    created_at=clock.now(),
                )
                store(actor=actor, name=run.file_name, source=received, record_kind=uploaded.KIND, record_id=run.pk)
        finally:
            trial.remove()
    return run


def open_import(actor: Actor, import_id: int, action: str = "import") -> Import:
    """One import, or NotFound when it is missing or not for this actor."""
    run: Import = Import.objects.get_visible(actor, action, pk=import_id)
    return run


def table_of(run: Import) -> Table:
    """The table in the file of an import that is not in force yet."""
    path = uploaded.upload_of(run)
    if path is None:
        raise NotFound(_("The file of this import is no longer kept; upload it again."))
    return open_table(path, scratch=folder_of(run.pk).path)


def mapping_of(run: Import, table: Table, *, must_be_complete: bool = True) -> ResolvedMapping:
    """The columns as they were settled."""
    target = target_of(run.target)
    given = dict(run.mapping)
    if not given.get("columns"):
        by = actor_of(run.by) if run.by is not None else None
        return resolve(target, table, must_be_complete=must_be_complete, actor=by)
    definition = MappingDefinition.from_json(given, name=run.mapping_name, target=run.target)
    return resolve(target, table, definition=definition, must_be_complete=must_be_complete)


def choose_mapping(*, actor: Actor, import_id: int, name: str) -> Import:
    """Take the columns of a saved or shipped mapping, or guess anew when no name is given."""
    run = _in_preparation(actor, import_id)
    _refuse_others_columns(run, actor)
    target, table = target_of(run.target), table_of(run)
    definition = find_mapping(name, target=run.target, actor=actor) if name else None
    mapping = resolve(target, table, definition=definition, must_be_complete=False, actor=actor)
    run.mapping, run.mapping_name = mapping.as_json(), mapping.definition.name
    run.source = mapping.definition.settled_source
    run.currency = settled_currency(mapping.definition.currency)
    run.timezone = mapping.definition.timezone or settings.TIME_ZONE
    run.state, run.error, run.fault = ImportState.DRAFT, "", None
    run.save()
    return run


def settle_columns(
    *, actor: Actor, import_id: int, columns: Mapping[str, str], source: str, currency: str, timezone: str,
    date_order: str,
) -> Import:  # fmt: skip
    """Settle which column holds what and how the file is to be read."""
    run = _in_preparation(actor, import_id)
    _refuse_others_columns(run, actor)
    target, table = target_of(run.target), table_of(run)
    given = {key: name for key, name in columns.items() if name}
    if not given:
        raise InvalidInput(_("Choose at least one column."))
    known = MappingDefinition.from_json(
        {**run.mapping, "columns": given, "date_order": check_date_order(date_order)},
        name=run.mapping_name,
        target=run.target,
    )
    mapping = resolve(target, table, definition=known, actor=actor)
    run.mapping = mapping.as_json()
    run.source = check_source(source.strip() or known.settled_source)
    run.currency = settled_currency(currency)
    run.timezone = check_timezone(timezone or settings.TIME_ZONE)
    run.error, run.fault = "", None
    run.save()
    return run


def ask_for_check(*, actor: Actor, import_id: int, enqueue: Callable[..., Any]) -> Import:
    """Have every row read and checked in a job."""
    run = _in_preparation(actor, import_id)
    refuse_unseen_columns(run, actor)
    with transaction.atomic():
        _set(run, state=ImportState.CHECKING, asked="check", error="", fault=None, rows_done=0, rows_total=0)
        enqueue(run.pk, get_language())
    return run


def correct_cells(*, actor: Actor, import_id: int, cells: Mapping[tuple[int, int], str], start: int, limit: int) -> int:
    """Keep the cells that somebody changed on a page of refused rows; how many differ from the file."""
    run = _in_preparation(actor, import_id)
    refuse_unseen_columns(run, actor)
    shown = {refused.row: refused for refused in refused_rows(folder_of(run.pk).refused, start=start, limit=limit)}
    corrections: dict[str, dict[str, str]] = {row: dict(kept) for row, kept in run.corrections.items()}
    count = 0
    for (row, place), text in cells.items():
        refused = shown.get(row)
        if refused is None or place >= len(refused.cells) or refused.cells[place] == text:
            continue
        corrections.setdefault(str(row), {})[str(place)] = text
        count += 1
    _set(run, corrections=corrections)
    return count


def ask_for_commit(
    *, actor: Actor, import_id: int, enqueue: Callable[..., Any], take_erased: str | None = None
) -> Import:
    """Have the checked rows written in a job; `take_erased` says why people who were erased are taken in again."""
    run = open_import(actor, import_id)
    if run.asked or run.state not in {ImportState.CHECKED, ImportState.WRITING}:
        raise Conflict(_("This import is not ready to be written."))
    if run.state == ImportState.CHECKED and not run.rows_stored:
        raise InvalidInput(_("There is no row to import."))
    refuse_unseen_columns(run, actor)
    settled = erased.settle(run, actor=actor, reason=take_erased) if run.state == ImportState.CHECKED else {}
    with transaction.atomic():
        _set(run, asked="commit", error="", fault=None, **settled)
        enqueue(run.pk, get_language())
    return run


def ask_for_undo(*, actor: Actor, import_id: int, rest: bool, enqueue: Callable[..., Any]) -> Import:
    """Have an import taken back in a job."""
    run = open_import(actor, import_id, "undo")
    if run.asked or run.state not in {ImportState.IN_FORCE, ImportState.WRITING, ImportState.UNDOING}:
        raise Conflict(_("This import cannot be undone now."))
    with transaction.atomic():
        _set(run, asked="undo", error="", fault=None)
        enqueue(run.pk, actor.user_id, rest, get_language())
    return run


def discard(*, actor: Actor, import_id: int) -> None:
    """Forget an upload of which nothing was imported."""
    run = _in_preparation(actor, import_id)
    uploaded.forget(run)
    run.delete()


def check_rows(*, import_id: int) -> None:
    """Read and check every row of an upload; runs in a job."""
    run = Import.objects.get(pk=import_id)
    if run.state != ImportState.CHECKING:
        return
    try:
        with _noted(run, state=ImportState.DRAFT), faults.told():
            staging = _stage(run)
            counts = _foresee(run, staging) if staging.rows.count else {}
            named = erased.rows_naming(run, target_of(run.target), staging.rows) if staging.rows.count else []
    except GuanxiError as error:
        _set(run, state=ImportState.DRAFT, asked="", fault=kept(error))
        return
    _set(
        run,
        state=ImportState.CHECKED,
        asked="",
        rows_read=staging.rows_read,
        rows_stored=staging.rows.count,
        rows_refused=staging.rows_refused,
        rows_done=staging.rows_read,
        rows_total=staging.rows_read,
        amount_minor=staging.amount_minor,
        counts=counts,
        erased_rows=named,
        erased_choice=ErasedRows.UNSEEN,
        error="",
        fault=None if staging.rows.count else kept(no_rows(staging)),
    )


def _stage(run: Import) -> Staging:
    """Read the file of an import into staged rows."""
    table = table_of(run)
    stager = Stager(
        run=run, target=target_of(run.target), table=table, mapping=mapping_of(run, table), folder=folder_of(run.pk)
    )
    return stager.stage(progress_of(run))


def _foresee(run: Import, staging: Staging) -> dict[str, int]:
    """What writing would make."""
    writer = target_of(run.target).writer(run)
    writer.prepare(staging.rows)
    for batch in staging.rows.batches():
        writer.foresee(batch)
    return writer.foreseen()


def commit_rows(*, import_id: int) -> None:
    """Write the checked rows and put them in force; runs in a job, which a second worker may take up again."""
    run = Import.objects.get(pk=import_id)
    if run.state not in {ImportState.CHECKED, ImportState.WRITING}:
        return
    try:
        with _noted(run), running.held_lock(run.file_name) as lock:
            run.refresh_from_db()
            if run.state not in {ImportState.CHECKED, ImportState.WRITING}:
                return
            running.clear_unfinished(lock, but=run)
            staging = _staged(run)
            target = target_of(run.target)
            running.write(run=run, target=target, staging=staging, lock=lock, progress=progress_of(run))
    except locks.LostLock:
        raise
    except GuanxiError as error:
        _set(run, asked="", fault=kept(error))
        return
    bring_up_to_date(run.pk)
    _set(run, asked="")


def undo_rows(*, actor: Actor, import_id: int, rest: bool) -> None:
    """Take an import back; runs in a job. What stands in the way is noted on the import."""
    fault = None
    try:
        with _noted(Import.objects.get(pk=import_id)):
            undo_import(actor=actor, import_id=import_id, rest=rest)
    except locks.LostLock:
        raise
    except GuanxiError as refused:
        fault = kept(refused)
    run = Import.objects.filter(pk=import_id).first()
    if run:
        _set(run, asked="", error="", fault=fault)


@contextmanager
def _noted(run: Import, **values: object) -> Iterator[None]:
    """Let a page that waits for a job know when the job breaks by a fault of ours; the job is tried again all the same."""
    try:
        yield
    except (GuanxiError, HandBack):
        raise
    except Exception as error:
        if not is_away(error):
            fault = kept(_("This failed for a reason that is not known yet; the log says more."))
            _set(run, asked="", fault=fault, **values)
        raise


def _staged(run: Import) -> Staging:
    """The rows as they were checked; read once more when their file is gone."""
    table = table_of(run)
    mapping = mapping_of(run, table)
    folder = folder_of(run.pk)
    stager = Stager(run=run, target=target_of(run.target), table=table, mapping=mapping, folder=folder)
    if not folder.staged.exists():
        return stager.stage(progress_of(run))
    rows = stager.staged_rows()
    rows.count = run.rows_stored
    return Staging(rows, run.rows_read, run.rows_refused, amount_minor=run.amount_minor)


def progress_of(run: Import) -> Progress:
    """Keeps the import's figures and wakes the pages that show them."""

    def tell(phase: str, done: int, total: int) -> None:
        """Some rows further."""
        with transaction.atomic():
            if phase != "writing":
                Import.objects.filter(pk=run.pk).update(rows_done=done, rows_total=total)
            live.notify(topic_of(run), {"import_id": run.pk})

    return _at_most_twice_a_second(tell)


def _at_most_twice_a_second(tell: Progress) -> Progress:
    """Leave calls out that come too soon after the last one."""
    last = [0.0]

    def maybe(phase: str, done: int, total: int) -> None:
        """Call on if it is time."""
        moment = clock.now().timestamp()
        if moment - last[0] > 0.5:
            last[0] = moment
            tell(phase, done, total)

    return maybe


def topic_of(run: Import) -> str:
    """The live topic of an import."""
    return f"import:{run.pk}"


def preview_rows(run: Import, limit: int, actor: Actor) -> list[dict[str, Any]]:
    """The first rows as they would come in, as far as the actor may read them."""
    folder = folder_of(run.pk)
    if not folder.staged.exists():
        return []
    table = table_of(run)
    stager = Stager(run=run, target=target_of(run.target), table=table, mapping=mapping_of(run, table), folder=folder)
    for batch in stager.staged_rows().batches():
        keys = ["row", *(field.key for field in open_fields(stager.fields, actor))]
        columns: Sequence[Sequence[Any]] = [batch[key][:limit] for key in keys]
        return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]
    return []


def save_mapping(*, actor: Actor, import_id: int, name: str, is_shared: bool) -> str:
    """Keep the columns of an import under a name for the next file; the name."""
    run = open_import(actor, import_id)
    definition = MappingDefinition.from_json(run.mapping, name=name, target=run.target)
    kept = replace(definition, name=name, currency=run.currency, timezone=run.timezone, source=run.source)
    mappings.save_mapping(actor=actor, definition=kept, is_shared=is_shared)
    _set(run, mapping_name=name)
    return name


def _in_preparation(actor: Actor, import_id: int) -> Import:
    """An import of which nothing was written yet."""
    run = open_import(actor, import_id)
    if run.asked or run.state not in OPEN_STATES:
        raise Conflict(_("This import is under way or done; it cannot be changed any more."))
    return run


def _refuse_others_columns(run: Import, actor: Actor) -> None:
    """Raise InvalidInput where another's file has columns closed to the actor: as other fields they would be read."""
    if run.by_id != actor.user_id:
        refuse_unseen_columns(run, actor)


def _set(run: Import, **values: object) -> None:
    """Set fields of the import, here and in the database, and wake the pages that show it."""
    for name, value in values.items():
        setattr(run, name, value)
    with transaction.atomic():
        Import.objects.filter(pk=run.pk).update(**values)
        live.notify(topic_of(run), {"import_id": run.pk})
