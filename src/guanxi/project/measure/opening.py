"""Opens the file a measure is asked about, once; what reads files is loaded only then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guanxi.project.measure.tables import Columns


def columns_of(path: Path) -> Columns:
    """The columns of a file of any kind; `-` is standard input.

    >>> columns = columns_of(args.file)                      # doctest: +SKIP
    >>> columns.numbers(args.score)                          # doctest: +SKIP
    """
    from guanxi.project.measure.tables import File  # pyarrow takes long to load

    return File(path).columns


def lists_or_columns_of(path: Path) -> list[list[str]] | Columns:
    """The lists of a file that has one JSON list on every line, else its columns."""
    from guanxi.project.measure.tables import File  # as above

    file = File(path)
    return file.columns if file.lists is None else file.lists
