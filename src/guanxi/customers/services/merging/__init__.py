"""Merging customers that turned out to be one, and parting them again."""

from guanxi.customers.services.merging.joining import merge_customers
from guanxi.customers.services.merging.pairs import PairsMerged, merge_pairs
from guanxi.customers.services.merging.parting import Parted, undo_merge, undo_merges

__all__ = ["PairsMerged", "Parted", "merge_customers", "merge_pairs", "undo_merge", "undo_merges"]
