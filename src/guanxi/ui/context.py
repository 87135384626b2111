"""What every page's shell needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from guanxi.ui import menu, palette
from guanxi.ui.html import avatar, safe

SIDEBAR_COOKIE = "guanxi_sidebar"
THEME_COOKIE = "guanxi_theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Values for the page shell; costly ones are computed only when a template asks."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "shell": {
            "theme": theme if theme in {"light", "dark"} else "system",
            "sidebar": "closed" if request.COOKIES.get(SIDEBAR_COOKIE) == "closed" else "open",
            "languages": settings.LANGUAGES,
            "is_known": is_known,
            "menu": SimpleLazyObject(lambda: _menu(request)) if is_known else [],
            "avatar": safe(avatar(user.display_name, user.pk)) if is_known else "",  # type: ignore[union-attr]
            "results_url": palette.results_url(),
        }
    }


def _menu(request: HttpRequest) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The sidebar: sections with their entries, the one of this page marked."""
    sections: dict[str, list[dict[str, Any]]] = {}
    best = ""
    found = menu.visible(request.actor)  # type: ignore[attr-defined]
    for entry in found:
        if request.path.startswith(entry.url) and len(entry.url) > len(best) and (entry.url != "/" or request.path == "/"):
            best = entry.url
    for entry in found:
        badge = entry.badge(request) if entry.badge else ""
        sections.setdefault(entry.section, []).append({"entry": entry, "is_on": entry.url == best, "badge": badge})
    return [(menu.SECTIONS[key], sections[key]) for key in menu.SECTIONS if key in sections]
