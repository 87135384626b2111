"""What search registers on the floors below."""

from collections.abc import Iterator

from guanxi.core.actor import Actor
from guanxi.core.api import add_router
from guanxi.core.backup.hooks import after_restore
from guanxi.core.references import ANY, Reference, Treatment, register
from guanxi.search import api, checkup
from guanxi.search.kinds import kinds
from guanxi.search.queries import search
from guanxi.search.services import make_after_restore
from guanxi.ui import palette

__all__ = ["checkup"]


def palette_hits(actor: Actor, text: str, limit: int) -> Iterator[palette.Hit]:
    """Yield what the palette shows while one types."""
    for hit in search(actor=actor, text=text, limit=limit):
        kind = kinds[hit.kind]
        yield palette.Hit(title=hit.title, url=hit.url, kind=kind.label, subtitle=hit.subtitle, icon=kind.icon)


palette.register_search("search", palette_hits, results_url_name="search:page")
register(Reference(ANY, "search.SearchEntry", "record_id", Treatment.DERIVED, kind_column="kind"))
add_router("search", api.router, order=40)
after_restore.add("search.index", make_after_restore)
