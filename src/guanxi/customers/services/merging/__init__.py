"""Merging customers that turned out to be one, and parting them again."""

from guanxi.customers.services.merging.joining import merge_customers
from guanxi.customers.services.merging.parting import Parted, undo_merge, undo_merges

__all__ = ["Parted", "merge_customers", "undo_merge", "undo_merges"]
