"""Search in the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from guanxi.core import records
from guanxi.search.queries import Hit, search

router = Router()


class HitData(Schema):
    """One record found; `rank` 1 is the best of four, `match` says how it was found."""

    kind: str
    id: str
    title: str
    subtitle: str
    rank: int
    match: str


class HitItems(Schema):
    """What was found, best first."""

    items: list[HitData]


class SearchQuery(Schema):
    """What is looked for."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(max_length=500, description="one Chinese character is enough")
    kind: str = Field("", description="only these kinds, separated by commas")
    limit: int = Field(20, ge=1, le=100)


@router.get("", response=HitItems, summary="Search everything")
def find(request: HttpRequest, query: Query[SearchQuery]) -> dict[str, Any]:
    """Give what the caller may see, best first."""
    only = [part for part in query.kind.split(",") if part] or None
    return {"items": [_hit(hit) for hit in search(actor=request.actor, text=query.q, only=only, limit=query.limit)]}  # type: ignore[attr-defined]


def _hit(hit: Hit) -> dict[str, Any]:
    """Return a hit as plain data."""
    shown = {name: getattr(hit, name) for name in ("kind", "title", "subtitle", "rank", "match")}
    return {**shown, "id": records.kinds[hit.kind].public_id(hit.record_id)}
