"""Takes an import back: hidden at once, then deleted in chunks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import formats, timezone

from guanxi.core import clock, events, locks, records
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict
from guanxi.core.models import Change, Operation
from guanxi.core.sentences import gettext as _
from guanxi.importing import claims
from guanxi.importing.choices import ImportState
from guanxi.importing.engine import faults, uploaded
from guanxi.importing.engine.journal import journal_updates
from guanxi.importing.engine.pace import Pace, in_steps
from guanxi.importing.engine.running import clear_unfinished
from guanxi.importing.events import ImportUndone
from guanxi.importing.models import Import
from guanxi.importing.targets import UndoConflict, Undoer, targets

SHOWN = 3


class UndoRefused(Conflict):
    """Something was changed since; the error knows what and by whom."""

    def __init__(self, conflicts: Sequence[UndoConflict]) -> None:
        """Name the first few."""
        self.conflicts = list(conflicts)
        named = "; ".join(sentence(conflict) for conflict in self.conflicts[:SHOWN])
        more = len(self.conflicts) - SHOWN
        if more > 0:
            named = _("%(named)s; and %(count)d more") % {"named": named, "count": more}
        super().__init__(
            _(
                "Nothing was taken back, because something was changed since: %(named)s. The rest can be taken back alone."
            )
            % {"named": named}
        )


@dataclass
class Undone:
    """What an undo came to."""

    run: Import
    kept: list[UndoConflict] = field(default_factory=list)


def sentence(conflict: UndoConflict) -> str:
    """One conflict in words."""
    text = f"{conflict.title}: {conflict.what}"
    if conflict.by:
        text = _("%(what)s, by %(who)s") % {"what": text, "who": conflict.by}
    if conflict.at:
        moment = formats.date_format(timezone.localtime(conflict.at), "Y-m-d H:i")
        text = _("%(what)s on %(moment)s") % {"what": text, "moment": moment}
    return text


def conflict_as_json(conflict: UndoConflict) -> dict[str, Any]:
    """One conflict for programs."""
    kind = records.kinds.get(conflict.kind)
    return {
        "kind": conflict.kind,
        "id": kind.public_id(conflict.record_id) if kind else conflict.record_id,
        "title": conflict.title,
        "what": conflict.what,
        "by": conflict.by,
        "at": conflict.at.isoformat() if conflict.at else None,
    }


def take_back(run: Import, *, actor: Actor, rest: bool, lock: locks.HeldLock) -> Undone:
    """Undo one import under the lock; with `rest`, what was changed since stays as it is."""
    clear_unfinished(lock, but=run)
    run.refresh_from_db()
    undone = Undone(run)
    if run.state == ImportState.UNDONE:
        raise Conflict(_("This import was undone already."))
    if run.state == ImportState.IN_FORCE and run.values_ended_at is not None and not rest:
        raise Conflict(_("What this import changed in standing records is no longer kept. Undo the rest of it."))
    with faults.told():
        if run.state == ImportState.IN_FORCE:
            undone.kept = _hide(run, actor, rest, lock)
        elif run.state != ImportState.UNDOING:
            Import.objects.filter(pk=run.pk).update(
                state=ImportState.UNDOING, undone_at=clock.now(), undone_by_name=actor.name[:150]
            )
        finish_removal(run, lock)
    run.refresh_from_db()
    return undone


def conflicts_of(run: Import) -> list[UndoConflict]:
    """What stands in the way of taking an import back as a whole."""
    return targets[run.target].undoer(run).conflicts()


def _hide(run: Import, actor: Actor, rest: bool, lock: locks.HeldLock) -> list[UndoConflict]:
    """The step after which the rows no longer count and updated records are as they were."""
    undoer = targets[run.target].undoer(run)
    seen = _last_change()
    conflicts = _allowed(undoer.conflicts(), rest)
    while undoer.look():
        in_steps(undoer.hand_over(), Pace(), lock, worker=undoer)
    with transaction.atomic():
        lock.check()
        if _last_change() != seen:
            # Somebody wrote since we looked; looking is long, so it is done with the database held only then.
            conflicts = _allowed(undoer.conflicts(), rest)
        operation = Operation.objects.create(
            name="importing.undo_import",
            actor_id=actor.user_id,
            actor_name=actor.name[:150],
            means=actor.means,
            at=clock.now(),
            undoes=run.operation,
        )
        kept = _keep_all(undoer, conflicts)
        undoer.take_back()
        journal_updates(run, operation, is_undo=True)
        undoer.journal(operation)
        Operation.objects.filter(pk=run.operation_id or 0).update(undone_at=clock.now())
        counts = run.counts | ({"records_kept": len(kept)} if kept else {})
        Import.objects.filter(pk=run.pk).update(
            state=ImportState.UNDOING, undone_at=clock.now(), undone_by_name=actor.name[:150], counts=counts
        )
        events.publish(ImportUndone(import_id=run.pk, target=run.target))
    return kept


def _keep_all(undoer: Undoer, conflicts: list[UndoConflict]) -> list[UndoConflict]:
    """Let everything in conflict stand; a target names only so many at a time."""
    kept: list[UndoConflict] = []
    while conflicts:
        undoer.keep(conflicts)
        kept += conflicts
        known = {(conflict.kind, conflict.record_id) for conflict in kept}
        conflicts = [c for c in undoer.conflicts() if (c.kind, c.record_id) not in known]
    return kept


def _allowed(conflicts: list[UndoConflict], rest: bool) -> list[UndoConflict]:
    """The conflicts, unless they stand in the way."""
    if conflicts and not rest:
        raise UndoRefused(conflicts)
    return conflicts


def _last_change() -> int:
    """The newest row of the journal; other imports wait for the lock."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def finish_removal(run: Import, lock: locks.HeldLock) -> None:
    """Delete the rows of a hidden import; a run that is cut short goes on where it was."""
    undoer = targets[run.target].undoer(run)
    in_steps(undoer.remove(), Pace(), lock, worker=undoer)
    if shared := claims.count(run):
        # Told before it is forgotten; a run that was cut short while forgetting keeps what the first one told.
        counts = {"records_shared": shared} | Import.objects.values_list("counts", flat=True).get(pk=run.pk)
        Import.objects.filter(pk=run.pk).update(counts=counts)
    in_steps(claims.forget(run), Pace(), lock)
    Import.objects.filter(pk=run.pk).update(state=ImportState.UNDONE)
    uploaded.forget(run)
