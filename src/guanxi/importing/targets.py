"""What can be imported: each kind of record registers a target here, and the engine does the rest.

A target names its fields; the engine reads the file, parses the cells, refuses what cannot be used, and hands the
rows to the target's writer in chunks, each in a transaction of its own. Rows that a writer makes carry
`import_run_id = writer.run.pk` and are not seen until the import comes in force. A chunk may be handed over again
after a crash, so `write` must find what it wrote before (unique keys and ON CONFLICT DO NOTHING).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.utils.functional import Promise

from guanxi.core.actor import SHOWN, Actor
from guanxi.core.models import Operation
from guanxi.core.registry import Registry
from guanxi.importing.choices import ValueKind
from guanxi.importing.models import Import


@dataclass(frozen=True)
class Field:
    """One field that a column of a file can fill.

    `check` gets the parsed value (str, Decimal, date or aware datetime; never None) and returns what is handed to
    the writer, or raises InvalidInput, whose sentence becomes the reason why the row is refused. Fields of a `group`
    are shown together, under `short_label`, and only when one of them is used or asked for.
    """

    key: str
    label: Promise | str
    kind: ValueKind = ValueKind.TEXT
    is_required: bool = False
    needs_value: bool = False
    aliases: tuple[str, ...] = ()
    max_length: int = 200
    has_lines: bool = False
    check: Callable[[Any], Any] | None = None
    choices: dict[str, str] = dataclass_field(default_factory=dict)  # how a choice may be written -> what is stored
    group: str = ""
    group_label: Promise | str = ""
    short_label: Promise | str = ""
    # The guarded field (kind, field) that it fills: who does not see it in full neither brings it in nor reads it.
    guard: tuple[str, str] | None = None

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the actor sees in full what it fills."""
        return self.guard is None or actor.sees(*self.guard) == SHOWN


@dataclass
class RowBatch:
    """Rows of a file after their cells were parsed; a target may refuse rows and add columns."""

    numbers: list[int]
    values: dict[str, list[Any]]
    refusals: dict[int, tuple[str, str]] = dataclass_field(default_factory=dict)

    def __len__(self) -> int:
        """How many rows."""
        return len(self.numbers)

    def column(self, key: str) -> list[Any]:
        """The values of a field, all None where no column holds it."""
        return self.values.get(key) or [None] * len(self.numbers)

    def refuse(self, index: int, key: str, reason: str) -> None:
        """Refuse the row at an index because of a field."""
        self.refusals.setdefault(index, (key, reason))


@dataclass(frozen=True)
class UndoConflict:
    """One record that cannot simply be taken back, and why."""

    kind: str
    record_id: int
    title: str
    what: str
    by: str
    at: datetime | None = None


class StagedSource(Protocol):
    """The rows of an import as read and checked, to be seen as often as needed."""

    count: int

    def batches(self, *, only: Sequence[str] | None = None) -> Iterator[dict[str, Sequence[Any]]]:
        """All rows in order, as values."""

    def arrays(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Whole-number columns of all rows in order, as numpy arrays."""


class Writer(ABC):
    """Writes the rows of one import; made anew for each run of it."""

    def __init__(self, run: Import) -> None:
        """Keep the import whose rows these are."""
        self.run = run

    def prepare(self, rows: StagedSource) -> None:  # noqa: B027 - optional
        """See every row once before the first is written (ordinals, totals); keep arrays, not rows."""

    def ready(self, rows: dict[str, Sequence[Any]]) -> None:  # noqa: B027 - optional
        """Before the transaction of a chunk: look up and work out what `write` will need, so that it is short."""

    @abstractmethod
    def write(self, rows: dict[str, Sequence[Any]]) -> None:
        """Write one chunk: field or derived column -> values, `row` holding the row numbers. In a transaction."""

    @abstractmethod
    def foresee(self, rows: dict[str, Sequence[Any]]) -> None:
        """Dry run: count what `write` would make of a chunk, writing nothing."""

    def settle(self) -> Iterator[None]:
        """After the last chunk: further work, one short transaction up to each `yield`."""
        yield from ()

    def put_in_force(self) -> None:  # noqa: B027 - optional
        """In the transaction that puts the import in force: only what is short and set-based."""

    def journal(self, operation: Operation) -> None:  # noqa: B027 - optional
        """After `put_in_force`, in the same transaction: journal what was added to standing records."""

    @abstractmethod
    def counts(self) -> dict[str, int]:
        """What this import created so far, counted in the archive (`customers_created` and the like)."""

    def foreseen(self) -> dict[str, int]:
        """What the chunks seen by `foresee` would create."""
        return {}


class Undoer(ABC):
    """Takes one import back."""

    pace = 1.0
    """How much of its usual portion each step should do; the engine adapts it to the clock."""

    def portion(self, usual: int) -> int:
        """How many rows the step in hand should do."""
        return max(1, int(usual * self.pace))

    def __init__(self, run: Import) -> None:
        """Keep the import."""
        self.run = run

    @abstractmethod
    def conflicts(self) -> list[UndoConflict]:
        """Records of this import that were changed since, or that others have come to lean on."""

    def look(self) -> bool:
        """Before the import is hidden, outside any transaction: find what is to be handed over next; whether anything is.

        Asked again after each `hand_over`. No other import runs meanwhile.
        """
        return False

    def hand_over(self) -> Iterator[None]:
        """Give what later imports brought or need too to them, a short transaction to each `yield`."""
        yield from ()

    def keep(self, conflicts: Sequence[UndoConflict]) -> None:  # noqa: B027 - optional
        """Before the rest is taken back: let the records in conflict stand (hand them to another import or none)."""

    def take_back(self) -> None:  # noqa: B027 - optional
        """In the transaction that hides the import: restore standing records. Short and set-based."""

    def journal(self, operation: Operation) -> None:  # noqa: B027 - optional
        """After `take_back`, in the same transaction: journal what goes from standing records."""

    @abstractmethod
    def remove(self) -> Iterator[None]:
        """Delete the rows of the import, one short transaction up to each `yield`; may be run again."""


class ImportTarget(ABC):
    """One kind of import."""

    key: ClassVar[str]
    label: ClassVar[Promise | str]
    kind: ClassVar[str]
    """The record kind whose `import` and `undo` permissions are asked for."""
    one_of: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Groups of fields of which at least one must be mapped."""
    derived: ClassVar[dict[str, str]] = {}
    """Columns that `derive` adds: name -> `int64`, `string` or `json`."""
    has_money = False
    counted: ClassVar[tuple[str, ...]] = ("customers_created",)
    """The keys of what its writers always count, in the order in which they are told; others may follow them."""
    is_answered_in_full = True
    """Whether the command line's JSON has the keys that all targets share, or only those of its own counts."""
    patterns: ClassVar[tuple[str, ...]] = ()
    """How the names of grouped fields are made, for sentences that cannot list them all."""

    @abstractmethod
    def fields(self) -> Sequence[Field]:
        """The fields, in the order in which they are shown."""

    def derive(self, batch: RowBatch, run: Import) -> None:  # noqa: B027 - optional
        """Check rows as a whole: `batch.refuse(...)` what cannot stand, add the derived columns to `batch.values`."""

    def guess_by_content(self, names: Sequence[str], sample: Any, found: dict[str, int]) -> dict[str, int]:
        """Columns for fields that no name gave away, from the cells of a sample (`readers.Batch`)."""
        return {}

    def named_in(self, run: Import, rows: dict[str, Sequence[Any]]) -> Iterator[tuple[int, str, str]]:
        """Row number, kind and text of everything by which staged rows name people."""
        yield from ()

    def notes(self, run: Import) -> list[str]:
        """What whoever imports should know about the columns of the file."""
        return []

    @abstractmethod
    def writer(self, run: Import) -> Writer:
        """The writer for one run."""

    @abstractmethod
    def undoer(self, run: Import) -> Undoer:
        """What takes one run back."""


targets: Registry[ImportTarget] = Registry("import targets")
