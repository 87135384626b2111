"""What of an import's file an actor may read and bring in: never a field that they do not see in full.

The rule is that of the screens: what a role sees masked or not at all it does not write over either. So its imports
fill no such field, neither of new records nor of standing ones; and of another's import it reads no such column.
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.importing.engine.refusals import Refused
from guanxi.importing.models import Import
from guanxi.importing.targets import Field, targets


def open_fields(fields: Iterable[Field], actor: Actor | None) -> list[Field]:
    """The fields that the actor's imports may fill."""
    return [field for field in fields if actor is None or field.is_open_to(actor)]


def refuse_unseen(fields: Iterable[Field], keys: Iterable[str], actor: Actor | None) -> None:
    """Raise InvalidInput where the actor does not see one of these fields in full."""
    asked = set(keys)
    for field in fields:
        if actor is not None and field.key in asked and not field.is_open_to(actor):
            raise InvalidInput(
                _("Your role does not see “%(field)s” in full, so your imports cannot fill it. Leave that column out.")
                % {"field": field.label},
                column=field.key,
            )


def refuse_unseen_columns(run: Import, actor: Actor) -> None:
    """Raise InvalidInput where an import fills a field that the actor does not see in full."""
    target = targets.get(run.target)
    if target is not None and actor.fields:
        refuse_unseen(target.fields(), run.mapping.get("columns") or (), actor)


def closed_columns(run: Import, actor: Actor) -> frozenset[str]:
    """The columns of an import's file that hold fields which the actor does not see in full."""
    target = targets.get(run.target)
    if target is None or not actor.fields:
        return frozenset()
    columns = run.mapping.get("columns") or {}
    return frozenset(
        columns[field.key] for field in target.fields() if field.key in columns and not field.is_open_to(actor)
    )


def error_of(run: Import, actor: Actor) -> str:
    """Why an import failed; without what a reason may quote from a closed column."""
    if run.error_text and closed_columns(run, actor):
        return _("It failed for a reason that names values which are not open to you.")
    return run.error_text


def as_seen(refused: Refused, names: Sequence[str], closed: frozenset[str]) -> Refused:
    """A refused row without the cells of closed columns, and without a reason that quotes one."""
    if not closed:
        return refused
    cells = tuple("" if name in closed else cell for name, cell in zip(names, refused.cells, strict=False))
    reason = _("This cell is not open to you.") if refused.column in closed else refused.reason
    return Refused(refused.row, refused.column, reason, cells)
