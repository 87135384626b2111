"""Who may see products."""

from guanxi.catalog.models import Product
from guanxi.core import access


class ProductPolicy(access.Policy):
    """Products belong to the company as a whole."""

    kind = "product"


access.register(Product, ProductPolicy())
