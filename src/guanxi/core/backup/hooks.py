"""Where higher modules take part: masking of rows, and what is done after a restore.

    after_restore.add("customers.erasures", replay)      # registrations.py

A function registered there is called once the rows are in place and at the schema of this program, before the restored
system is used; it returns a sentence on what it did, or nothing. It may be called again when a restore that was
interrupted is begun anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from guanxi.core.backup.scope import Table
from guanxi.core.registry import Registry

Columns = list[Any]


class Masking(Protocol):
    """Turns the rows of a table into rows that may be given away."""

    def holds(self, table: Table) -> bool:
        """Whether a masked backup holds the table at all."""
        ...

    def mask_of(self, table: Table) -> Callable[[Columns], Columns] | None:
        """What replaces the columns of a chunk (in the order of the table's columns); None when nothing needs it."""
        ...


@dataclass(frozen=True)
class Restored:
    """What was restored: when the backup was made, and the list of erasures given beside it, if any."""

    made_at: datetime
    guanxi: str
    erasures: Path | None = None


after_restore: Registry[Callable[[Restored], str | None]] = Registry("what is done after a restore")
masking: Registry[Callable[[], Masking]] = Registry("masking of backups")
MASKING = "personal data"
