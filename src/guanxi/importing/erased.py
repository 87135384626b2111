"""Rows of a file that name people who were erased: known before an import is confirmed, left out unless somebody says why.

Who was erased is known to a module above, which registers how it is asked. Only those who see what is done about
personal data are told anything of it: for everybody else a file behaves as if no such list were there.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.core.registry import Registry
from guanxi.core.sentences import gettext as _
from guanxi.importing.choices import ErasedRows
from guanxi.importing.models import Import
from guanxi.importing.targets import ImportTarget, StagedSource

LISTED = 1_000
REASON_LENGTH = 300
Named = tuple[str, str]
"""Kind and text of what a person is known by: a contact point, an external id, a number of the state."""


@dataclass(frozen=True)
class ErasedList:
    """How the list of erasures is asked: whether it holds anything, and which of these are on it."""

    is_kept: Callable[[], bool]
    among: Callable[[set[Named]], set[Named]]
    permission: tuple[str, str]


lists: Registry[ErasedList] = Registry("lists of the erased")


def may_know(actor: Actor) -> bool:
    """Whether the actor may be told who was erased."""
    return all(actor.can(*one.permission) for one in lists)


def rows_naming(run: Import, target: ImportTarget, rows: StagedSource) -> list[int]:
    """The numbers of the rows that name somebody who was erased."""
    asked = [one for one in lists if one.is_kept()]
    found: set[int] = set()
    for batch in rows.batches() if asked else ():
        named = list(target.named_in(run, batch))
        wanted = {(kind, text) for _row, kind, text in named}
        known = set().union(*(one.among(wanted) for one in asked)) if wanted else set()
        found.update(row for row, kind, text in named if (kind, text) in known)
    return sorted(found)


def settle(run: Import, *, actor: Actor, reason: str | None) -> dict[str, Any]:
    """What becomes of such rows, as somebody confirms the import: left out, or taken for a reason that is kept."""
    if not may_know(actor):
        if reason:
            raise Forbidden(_("You may not take in people who were erased."))
        return {"erased_choice": ErasedRows.UNSEEN}
    if reason is None:
        return {"erased_choice": ErasedRows.LEFT_OUT, "erased_reason": ""}
    said = " ".join(reason.split())
    if not said:
        raise InvalidInput(_("Say why people who were erased are to be taken in again."), column="take_erased")
    if len(said) > REASON_LENGTH:
        text = _("At most %(limit)s characters can be kept here.") % {"limit": REASON_LENGTH}
        raise InvalidInput(text, column="take_erased")
    with changes.operation(actor=actor, name="importing.take_erased", reason=said) as op:
        op.record(kind="import", record_id=run.pk, field="erased_choice", before=run.erased_choice, after="taken")
    return {"erased_choice": ErasedRows.TAKEN, "erased_reason": said}


class Without:
    """The rows of an import but for some."""

    def __init__(self, rows: StagedSource, left_out: Iterable[int]) -> None:
        """Remember which are left out."""
        self._rows = rows
        self._left_out = frozenset(left_out)
        self.count = rows.count - len(self._left_out)

    def batches(self, *, only: Sequence[str] | None = None) -> Iterator[dict[str, Sequence[Any]]]:
        """The rows that stay, as values."""
        wanted = None if only is None else {*only, "row"}
        for batch in self._rows.batches(only=None if wanted is None else sorted(wanted)):
            places = [place for place, number in enumerate(batch["row"]) if number not in self._left_out]
            if len(places) < len(batch["row"]):
                batch = {name: [column[place] for place in places] for name, column in batch.items()}
            if places:
                yield {name: column for name, column in batch.items() if only is None or name in only}

    def arrays(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Whole-number columns of the rows that stay."""
        for batch in self._rows.arrays([*names, "row"]):
            stays = [number not in self._left_out for number in batch["row"].tolist()]
            yield {name: batch[name][stays] for name in names}


def left_out_of(run: Import, target: ImportTarget, rows: StagedSource) -> tuple[StagedSource, int]:
    """The rows that an import writes, and the amount of those that it leaves out."""
    if run.erased_choice != ErasedRows.LEFT_OUT or not run.erased_rows:
        return rows, 0
    amount = 0
    if target.has_money:
        gone = frozenset(run.erased_rows)
        for batch in rows.arrays(["row", "amount_minor"]):
            pairs = zip(batch["row"].tolist(), batch["amount_minor"].tolist(), strict=True)
            amount += sum(minor for number, minor in pairs if number in gone)
    return Without(rows, run.erased_rows), amount
