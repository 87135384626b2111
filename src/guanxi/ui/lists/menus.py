"""Menus of a list's toolbar that are fetched when opened: filters, columns, sorting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.core.errors import NotFound
from guanxi.ui.lists.endpoints import private, scene_of
from guanxi.ui.lists.page import hidden_inputs
from guanxi.ui.lists.state import Scene


@require_GET
@private
def menu(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One menu."""
    scene = scene_of(request, key)
    if name == "columns":
        context = {
            "columns": _column_choices(scene),
            "first_columns": scene.state.query(columns=()),
            "hidden": [pair for pair in hidden_inputs(scene.state) if pair[0] != "cols"],
            "url_name": scene.page.url_name,
        }
        return render(request, "ui/list_menu_columns.html", context)
    if name == "filters":
        found = [item for key, item in scene.filters.items() if key not in scene.state.filters]
        base = f"/ui/list/{scene.page.key}"
        return render(
            request, "ui/list_menu_filters.html", {"open_filters": found, "base": base, "query": scene.state.query()}
        )
    if name == "sort":
        return render(request, "ui/list_menu_sort.html", {"sorts": _sorts(scene)})
    raise NotFound(gettext("There is no such menu."))


def _column_choices(scene: Scene) -> list[dict[str, Any]]:
    """Every column with whether it is shown, the shown ones first, in their order."""
    shown = scene.shown()
    hidden = [c for c in scene.columns.values() if c not in shown]
    return [{"column": c, "is_on": c in shown} for c in [*shown, *hidden]]


def _sorts(scene: Scene) -> list[dict[str, Any]]:
    """What the rows can be sorted by, for narrow screens and boards without heads."""
    found = []
    for column in scene.columns.values():
        if column.sort is None:
            continue
        for key, arrow in ((column.key, "↑"), (f"-{column.key}", "↓")):
            found.append(
                {
                    "label": column.label,
                    "arrow": arrow,
                    "url": scene.state.query(sort=key),
                    "is_on": scene.state.sort == key,
                }
            )
    return found
