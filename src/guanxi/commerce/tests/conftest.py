"""Small order files and the calls that bring them in."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from guanxi.core.actor import console_actor
from guanxi.importing.services import ImportRequest, ImportResult, run_import

HEADER = ("order", "date", "customer", "product", "description", "quantity", "unit_price", "country")
BASE = (
    ("1", "2024-05-01 10:00", "A", "P1", "Pen", "2", "1.50", "France"),
    ("1", "2024-05-01 10:00", "A", "P2", "Ink", "1", "2.25", "France"),
    ("2", "2024-05-02 11:00", "B", "P1", "Pen", "10", "1.50", "Italy"),
    ("C2", "2024-05-03 12:00", "B", "P1", "Pen", "-4", "1.50", "Italy"),
    ("3", "2024-05-04 13:00", "", "P1", "Pen", "1", "1.50", ""),
)
MORE = (
    ("1", "2024-05-01 10:00", "A", "P9", "Cap", "1", "9.00", "France"),
    ("7", "2024-06-01 10:00", "D", "P1", "Pen", "1", "1.50", "Spain"),
)

Bring = Callable[..., ImportResult]


def write_rows(path: Path, rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> Path:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def bring(db: None, tmp_path: Path) -> Bring:
    """Bring rows (or a file) in as orders: `bring(rows, source=..., is_dry_run=True)`."""
    made = iter(range(1000))

    def run(rows: Sequence[Sequence[Any]] | Path, *, header: Sequence[str] = HEADER, **options: Any) -> ImportResult:
        """Write the file and import it."""
        path = rows if isinstance(rows, Path) else write_rows(tmp_path / f"orders-{next(made)}.csv", rows, header)
        options.setdefault("currency", "EUR")
        options.setdefault("timezone", "Europe/Paris")
        return run_import(actor=console_actor(), request=ImportRequest(target="orders", path=path, **options))

    return run
