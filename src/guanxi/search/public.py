"""What other modules may use of search."""

from guanxi.search.jobs import forget_words
from guanxi.search.jobs import soon as forget_deleted_soon
from guanxi.search.kinds import OTHER_RANK, Entry, SearchKind, kinds
from guanxi.search.queries import Hit, search
from guanxi.search.services import index_new_records, index_records, rebuild, refresh, refresh_ranks, remove

__all__ = [
    "OTHER_RANK",
    "Entry",
    "Hit",
    "SearchKind",
    "forget_deleted_soon",
    "forget_words",
    "index_new_records",
    "index_records",
    "kinds",
    "rebuild",
    "refresh",
    "refresh_ranks",
    "remove",
    "search",
]
