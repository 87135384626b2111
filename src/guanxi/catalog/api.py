"""Products in the API."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.catalog.models import Product
from guanxi.catalog.queries import product_by_key
from guanxi.core import ids, money
from guanxi.core.api import Strict, actor_in, answer, cursors, id_of

router = Router()
MOST = 200
COLUMNS = ("pk", "source", "code", "name", "category", "kind", "unit_cost_minor", "currency")


class ProductData(Schema):
    """One thing sold, under the code that its source gives it; amounts are decimal strings."""

    id: str
    source: str
    code: str
    name: str
    category: str
    kind: str
    unit_cost: str | None
    currency: str | None


class ProductPage(Schema):
    """A page of products; `next` goes on after it."""

    items: list[ProductData]
    next: str | None


class ProductQuery(Strict):
    """Which products, and where the list begins."""

    code: str = Field("", max_length=200, description="exactly this code")
    q: str = Field("", max_length=200, description="a part of the name")
    sort: Literal["code", "name"] = "code"
    limit: int = Field(50, ge=1, le=MOST)
    after: str = Field("", max_length=2000, description="`next` of the page before")


@router.get("", response=ProductPage, summary="List products")
def list_products(request: HttpRequest, query: Query[ProductQuery]) -> HttpResponse:
    """Give one page of the products the caller may see."""
    about = f"products {query.code} {query.q} {query.sort}"
    rows = Product.objects.visible_to(actor_in(request))
    if query.code:
        rows = rows.filter(code=query.code)
    if query.q:
        rows = rows.filter(name__icontains=query.q)
    if place := cursors.decode(about, query.after):
        rows = rows.filter(**{f"{query.sort}__gte": place[0]}).exclude(**{query.sort: place[0], "pk__lte": place[1]})
    found = list(rows.order_by(query.sort, "pk").values(*COLUMNS)[: query.limit + 1])
    items = found[: query.limit]
    more = cursors.encode(about, [items[-1][query.sort], items[-1]["pk"]]) if len(found) > query.limit else None
    return answer({"items": [_told(row) for row in items], "next": more})


@router.get("/{product_id}", response=ProductData, summary="Read one product", openapi_extra={"x-etag": True})
def read_product(request: HttpRequest, product_id: Annotated[str, id_of("product")]) -> HttpResponse:
    """Give one product by our id."""
    found = product_by_key(actor_in(request), product_id)
    return answer(_told({"pk": found.pk, **{name: getattr(found, name) for name in COLUMNS[1:]}}), request=request)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """One product as plain data."""
    cost = row["unit_cost_minor"]
    return {
        "id": ids.public_id("prd", row["pk"]),
        **{name: row[name] for name in ("source", "code", "name", "category", "kind")},
        "unit_cost": None if cost is None else money.plain(cost, row["currency"] or "XXX"),
        "currency": row["currency"] or None,
    }
