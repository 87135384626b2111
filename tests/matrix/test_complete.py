"""Nothing is left out of the matrix: every address and every operation has a row."""

import re
from collections.abc import Iterator

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.matrix.rows import operations, pages

# Addresses of the API that are no operations of its framework.
OUTSIDE = {("GET", "/api/v1/health"), ("GET", "/api/v1/openapi.json")}
HOW = "tests/README.md says how to add a row to tests/matrix/modules/."


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every route of the product and its view."""
    for item in resolver.url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, route)
        elif isinstance(item, URLPattern):
            yield route, item.callback


def route_of(address: str) -> str | None:
    """The route that answers at an address of a row, None for none."""
    path = re.sub(r"\{[a-z_]+(:pk)?\}", "1", address.partition("?")[0])
    try:
        return resolve(path).route
    except Resolver404:
        return None


def test_every_address_has_a_row() -> None:
    known = {route_of(page.address) for page in pages()} | {route_of(row.address) for row in operations()}
    # An address that an earlier pattern answers is never reached.
    reached = {route for route, _view in patterns(get_resolver()) if "^" not in route and is_reached(route)}
    missing = sorted(route for route in reached - known if not route.startswith("api/v1"))
    assert not missing, f"without a row: {missing}. {HOW}"


def is_reached(route: str) -> bool:
    """Whether its own pattern answers at an address."""
    filled = re.sub(r"<(\w+:)?\w+>", "1", route)
    try:
        return resolve(f"/{filled}").route == route
    except Resolver404:
        return True


def test_every_row_has_an_address() -> None:
    lost = [page.address for page in pages() if route_of(page.address) is None]
    assert not lost, f"nothing answers at {lost}"


def shape(address: str) -> str:
    """An address with its ids left out."""
    return re.sub(r"\{[^}]*\}", "{}", address.partition("?")[0]).rstrip("/")


def test_every_operation_has_a_row() -> None:
    served = {
        (method, shape("/" + route.replace("<", "{").replace(">", "}")))
        for route, view in patterns(get_resolver())
        for method in getattr(view, "operations", ())
        if method not in {"HEAD", "OPTIONS"}
    }
    known = {(row.method, shape(row.address)) for row in operations()}
    assert not served - known, f"operations without a row: {sorted(served - known)}. {HOW}"
    assert served, "no operation is served"
    assert not known - served - OUTSIDE, f"rows without an operation: {sorted(known - served - OUTSIDE)}"
