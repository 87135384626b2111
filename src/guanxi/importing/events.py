"""What importing tells others."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class ImportCommitted(Event):
    """An import came in force: its rows count from now on."""

    import_id: int
    target: str


@dataclass(frozen=True)
class ImportUndone(Event):
    """An import was taken back: its rows no longer count (they are deleted in chunks afterwards)."""

    import_id: int
    target: str
