"""Longer work of the catalogue."""

from guanxi.catalog.models import Product
from guanxi.core import jobs
from guanxi.search.public import refresh

STEP = 2_000


@jobs.task(queue_name="default")
def refresh_search_of_import(import_id: int) -> None:
    """Bring the search entries of an import's products up to date."""
    last = 0
    while True:
        rows = Product.everything.filter(import_run=import_id, pk__gt=last).order_by("pk")
        found = list(rows.values_list("pk", flat=True)[:STEP])
        if not found:
            return
        refresh("product", found)
        last = found[-1]
