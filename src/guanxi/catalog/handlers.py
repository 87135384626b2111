"""What the catalogue does when something happened elsewhere."""

from guanxi.catalog import jobs
from guanxi.core import events
from guanxi.importing.events import ImportCommitted


@events.subscribe(ImportCommitted)
def index_imported_products(event: ImportCommitted) -> None:
    """Products that an import made can be found from now on."""
    jobs.refresh_search_of_import.enqueue(event.import_id)
