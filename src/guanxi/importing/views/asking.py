"""Finding the import an address names."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.importing.models import Import
from guanxi.importing.services import uploads


def actor_in(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def import_in(request: HttpRequest, key: str, action: str = "view") -> Import:
    """The import whose public id stands in the address."""
    number = ids.parse("imp", key)
    if number is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return uploads.open_import(actor_in(request), number, action)
