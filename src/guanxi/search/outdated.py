"""Words that are to be found no more, from one moment to the next, though taking them out of the index takes a while.

`forget_words("customer", "custom.colour")` says so in the transaction that ends them; a job does the rest.
"""

from datetime import datetime

from guanxi.core.compiled import Compiled
from guanxi.search.models import OutdatedWords

_KINDS = Compiled(lambda: OutdatedWords.objects.values_list("kind"))


def pending(kind: str) -> list[tuple[str, datetime]]:
    """The words of a kind that are still in the index, and since when they should not be."""
    return list(OutdatedWords.objects.filter(kind=kind).order_by("since").values_list("about", "since"))


def kinds_with_any() -> frozenset[str]:
    """The kinds of which any words are outdated."""
    return frozenset(kind for (kind,) in _KINDS.rows())
