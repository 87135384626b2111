"""Which modules bring the measures."""

from collections.abc import Iterator
from importlib import import_module

from guanxi.project.measure.definition import Measure

MODULES = ("value", "queueing")


def measures() -> Iterator[Measure]:
    """Every measure, by name."""
    found = [one for name in MODULES for one in import_module(f"guanxi.project.measure.{name}").MEASURES]
    yield from sorted(found, key=lambda one: one.name)
