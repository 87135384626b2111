"""What pages ask about products."""

from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound


def product_by_key(actor: Actor, key: str) -> Product:
    """The product whose public id stands in an address."""
    number = ids.parse("prd", key)
    if number is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    product: Product = Product.objects.get_visible(actor, pk=number)
    return product
