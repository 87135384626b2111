"""Which measures there are: what every module of this package brings as `MEASURES`."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from guanxi.project import measure as package
from guanxi.project.measure.definition import Measure

# What the measures stand on; every other module of the package brings some.
FOUNDATION = frozenset(
    {"arguments", "command", "definition", "language", "opening", "reading", "registry", "tables", "tests"}
)


def measures() -> Iterator[Measure]:
    """Every measure, by name."""
    modules = sorted({module.name for module in pkgutil.iter_modules(package.__path__)} - FOUNDATION)
    found = [one for name in modules for one in import_module(f"{package.__name__}.{name}").MEASURES]
    yield from sorted(found, key=lambda one: one.name)
