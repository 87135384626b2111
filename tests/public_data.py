"""Whole public data sets for slow tests, from the folder GUANXI_TEST_DATA names.

Without it the excerpt that ships with the demo company serves where there is one, and the run says so.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from tests.reporting import leave_out, note

DEMO_DATA = Path(__file__).resolve().parent.parent / "src" / "guanxi" / "demo" / "data"
EXCERPTS = {"online_retail/online_retail.parquet": "online_retail.parquet"}


@dataclass(frozen=True)
class PublicData:
    """A file of a public data set: the whole of it, or only the excerpt in the repository."""

    path: Path
    is_whole: bool


class PublicDataFinder(Protocol):
    """The type of the `public_data` fixture."""

    def __call__(self, name: str, *, whole: bool = False) -> PublicData:
        """Find a file such as `online_retail/online_retail.parquet`."""
        ...


@pytest.fixture(scope="session")
def public_data(pytestconfig: pytest.Config) -> PublicDataFinder:
    """Find a file of a public data set by its path below GUANXI_TEST_DATA.

    `public_data("online_retail/online_retail.parquet")` gives the whole file or the excerpt (see `.is_whole`);
    with `whole=True` the test is left out when only the excerpt is there.
    """
    folder = os.environ.get("GUANXI_TEST_DATA", "")

    def find(name: str, *, whole: bool = False) -> PublicData:
        if folder and (Path(folder) / name).exists():
            return PublicData(Path(folder).resolve() / name, is_whole=True)
        why = f"{folder} has no {name}" if folder else "GUANXI_TEST_DATA is not set"
        excerpt = DEMO_DATA / EXCERPTS.get(name, "")
        if whole or not excerpt.is_file() or pytestconfig.getoption("--nothing-left-out"):
            leave_out(pytestconfig, f"public data set {name}", why)
        note(pytestconfig, f"public data set {name}", f"the excerpt in the repository served ({why})")
        return PublicData(excerpt, is_whole=False)

    return find
