"""The pages of the API's description: what there is, and one page for each area."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.core.errors import NotFound
from guanxi.integration.guide import reading, words


def _told(area: str) -> dict[str, Any]:
    """An area with what it is about."""
    return {"key": area, "about": words.AREAS.get(area, "")}


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """How to call, and every operation in a line."""
    found = reading.areas()
    order = [*words.AREAS, *(area for area in found if area not in words.AREAS)]
    shown = [
        {**_told(area), "operations": [(name, method, path, _(summary)) for name, method, path, summary in found[area]]}
        for area in order
        if area in found
    ]
    return render(request, "integration/guide.html", {"areas": shown, "address": _address(request)})


@require_safe
@login_required
def area(request: HttpRequest, key: str) -> HttpResponse:
    """Every operation of an area: what it takes and gives, and a call to copy."""
    if key not in reading.areas():
        raise NotFound(_("There is no such page."))
    shown = [{"one": one, "summary": _(one.summary)} for one in reading.operations(key, _address(request))]
    return render(request, "integration/guide_area.html", {"area": _told(key), "operations": shown})


def _address(request: HttpRequest) -> str:
    """Where this installation is called."""
    return request.build_absolute_uri("/").rstrip("/")
