"""Customers in the API: handlers over the same queries and services as the screens and the command line."""

from ninja import Router

from guanxi.customers.api import duplicates, listing, parts, records

router = Router()
# Fixed addresses stand before those with an id in their place.
for _part in (duplicates, listing, records, parts):
    router.add_router("", _part.router)

__all__ = ["router"]
