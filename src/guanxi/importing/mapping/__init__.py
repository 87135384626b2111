"""Which column of a file fills which field: given, saved, shipped, or guessed from names and contents."""

from guanxi.importing.mapping.definition import MappingDefinition
from guanxi.importing.mapping.guess import guess_columns
from guanxi.importing.mapping.resolve import ResolvedMapping, resolve
from guanxi.importing.mapping.store import find_mapping, shipped_mappings

__all__ = [
    "MappingDefinition",
    "ResolvedMapping",
    "find_mapping",
    "guess_columns",
    "resolve",
    "shipped_mappings",
]
