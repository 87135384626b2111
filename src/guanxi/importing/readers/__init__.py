"""Reads tables out of files of any kind; what a file is, is found from its content, never from its name."""

from guanxi.importing.readers.opening import open_table
from guanxi.importing.readers.table import Batch, Table, UnreadableFile

__all__ = ["Batch", "Table", "UnreadableFile", "open_table"]
