"""What other modules may call."""

from guanxi.catalog.bulk_codes import ensure as ensure_products
from guanxi.catalog.bulk_codes import hand_over as hand_over_products
from guanxi.catalog.bulk_codes import known as known_products
from guanxi.catalog.bulk_codes import remove as remove_products

__all__ = ["ensure_products", "hand_over_products", "known_products", "remove_products"]
