"""The search page and what the palette reads."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guanxi.search.kinds import kinds
from guanxi.search.queries import Hit, allowed_kinds, search

PAGE_HITS = 50
SUGGESTED_HITS = 12


def _text_and_kinds(request: HttpRequest) -> tuple[str, list[str] | None]:
    """Return what is searched for and in which kinds (None: all)."""
    chosen = [key for key in request.GET.get("kind", "").split(",") if key in kinds]
    return request.GET.get("q", "").strip(), chosen or None


def _shown(hit: Hit) -> dict[str, Any]:
    """Return a hit as the page and programs see it."""
    kind = kinds[hit.kind]
    return {
        "kind": hit.kind,
        "kind_label": str(kind.label),
        "icon": kind.icon,
        "title": hit.title,
        "subtitle": hit.subtitle,
        "url": hit.url,
        "rank": hit.rank,
        "match": hit.match,
    }


@require_GET
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Show what is found, filtered by kind."""
    text, chosen = _text_and_kinds(request)
    hits = search(actor=request.actor, text=text, only=chosen, limit=PAGE_HITS)  # type: ignore[attr-defined]
    tabs = [{"key": key, "label": kinds[key].label, "is_on": chosen == [key]} for key in allowed_kinds(request.actor)]  # type: ignore[attr-defined]
    context = {
        "text": text,
        "hits": [_shown(hit) for hit in hits],
        "is_full": len(hits) == PAGE_HITS,
        "tabs": tabs,
        "is_all": chosen is None,
    }
    template = "search/results.html" if request.headers.get("HX-Target") == "search-results" else "search/page.html"
    return render(request, template, context)


@require_GET
@login_required
def hits(request: HttpRequest) -> HttpResponse:
    """Answer with the best hits as JSON."""
    text, chosen = _text_and_kinds(request)
    found = search(actor=request.actor, text=text, only=chosen, limit=SUGGESTED_HITS)  # type: ignore[attr-defined]
    return JsonResponse({"items": [_shown(hit) for hit in found]})
