"""Customers in the API: handlers over the same queries and services as the screens and the command line."""

from ninja import Router

from guanxi.customers.api import duplicates, listing, merging, parts, records

router = Router(by_alias=True)
# Fixed addresses stand before those with an id in their place.
for _part in (duplicates, listing, records, parts, merging):
    router.add_router("", _part.router)

merges_router = merging.merges_router

__all__ = ["merges_router", "router"]
