"""What a product is found by."""

from collections.abc import Iterator

from guanxi.catalog.models import Product
from guanxi.search.public import Entry


def ids_after(after_id: int, limit: int) -> list[int]:
    """Ids of all products in force, ascending."""
    return list(Product.objects.filter(pk__gt=after_id).order_by("pk").values_list("pk", flat=True)[:limit])


def search_entries(product_ids: list[int]) -> Iterator[Entry]:
    """The search entries of products in force."""
    for product in Product.objects.filter(pk__in=product_ids):
        yield Entry(
            product.pk,
            product.name or product.code,
            subtitle=product.code,
            words=[product.category] if product.category else [],
            exact=[product.code],
        )
