"""Turns cells into values: text, identifiers, dates and numbers, as people and programs write them."""

from guanxi.importing.parsing.columns import ColumnParser, Unsettled

__all__ = ["ColumnParser", "Unsettled"]
