"""What every page's shell needs."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.ui import header, menu, palette
from guanxi.ui.drawn_once import drawn_once
from guanxi.ui.html import avatar, safe

SIDEBAR_COOKIE = "guanxi_sidebar"
THEME_COOKIE = "guanxi_theme"
FOLDED_COOKIE = "guanxi_folded"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Values for the page shell; costly ones are computed only when a template asks."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "shell": {
            "theme": theme if theme in {"light", "dark"} else "system",
            "sidebar": "closed" if request.COOKIES.get(SIDEBAR_COOKIE) == "closed" else "open",
            "folded": " ".join(
                key for key in request.COOKIES.get(FOLDED_COOKIE, "").split(".") if key in menu.SECTIONS
            ),
            "languages": settings.LANGUAGES,
            "is_known": is_known,
            # Buttons above a page write, nearly all: nobody writes while looking as another.
            "is_looking": is_known and request.actor.looker is not None,  # type: ignore[attr-defined]
            "drawn_at": clock.now().isoformat(),
            "sidebar_html": SimpleLazyObject(lambda: _sidebar_of(request)) if is_known else "",
            "assets_html": SimpleLazyObject(_assets),
            "bars_html": SimpleLazyObject(lambda: bars(request)) if is_known else "",
            "user_key": SimpleLazyObject(lambda: _user_key(request)) if is_known else "",
            "topbar_html": SimpleLazyObject(lambda: _topbar(request, is_known=is_known)),
            "overlays_html": SimpleLazyObject(lambda: _overlays(get_language() or "en")),
            "results_url": palette.results_url(),
        }
    }


@lru_cache(maxsize=1)
def _assets() -> SafeString:
    """The scripts and styles of every page."""
    return render_to_string("ui/parts/assets.html")


def _topbar(request: HttpRequest, *, is_known: bool) -> SafeString:
    """The bar at the top; the same for one person on every page but for where they are and their form token."""
    user: Any = request.user if is_known else None
    signs = header.visible(request.actor) if is_known else []  # type: ignore[attr-defined]
    facts = (user.pk, user.display_name, user.username, *(sign.key for sign in signs)) if is_known else ()

    def context() -> dict[str, Any]:
        """Who is signed in, and which signs they have there."""
        return {"user": user, "signs": signs, "avatar": safe(avatar(user.display_name, user.pk)) if is_known else ""}

    token, path = get_token(request), request.get_full_path()
    return drawn_once(facts, "ui/parts/topbar.html", context, csrf_token=token, next_path=path)


def bars(request: HttpRequest) -> SafeString:
    """What stands above every page: that one looks as another, and whose place one takes; mostly nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.looker is None and not actor.standing_in:
        return safe("")
    context = {"looker": actor.looker, "standing_in": actor.standing_in, "csrf_token": get_token(request)}
    return render_to_string("ui/parts/bars.html", context)


def _user_key(request: HttpRequest) -> str:
    """Under which key a browser keeps what it remembers of a person; what is seen as another stays apart."""
    looker = request.actor.looker  # type: ignore[attr-defined]
    return f"{request.user.pk}" if looker is None else f"{request.user.pk}-as-another"


def _sidebar_of(request: HttpRequest) -> SafeString:
    """The sidebar for the person who asks, the entry of this page marked."""
    found = menu.visible(request.actor)  # type: ignore[attr-defined]
    path, current = request.path, ""
    for entry in found:
        url = entry.url
        if path.startswith(url) and len(url) > len(current) and (url != "/" or path == "/"):
            current = url
    match = request.resolver_match
    if match is not None:
        current = next((entry.url for entry in found if match.view_name in entry.pages), current)
    keys = tuple(entry.key for entry in found)
    badges = tuple(entry.badge(request) if entry.badge else "" for entry in found)
    return _sidebar(get_language() or "en", keys, badges, current)


@lru_cache(maxsize=512)
def _sidebar(language: str, keys: tuple[str, ...], badges: tuple[str, ...], current: str) -> SafeString:
    """The sidebar; the same for all who see the same entries, so it is drawn once for them."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for key, badge in zip(keys, badges, strict=True):
        entry = menu.entries[key]
        sections.setdefault(entry.section, []).append({"entry": entry, "is_on": entry.url == current, "badge": badge})
    drawn = [(key, label, sections[key]) for key, label in menu.SECTIONS.items() if key in sections]
    return render_to_string("ui/parts/sidebar.html", {"sections": drawn})


@lru_cache(maxsize=8)
def _overlays(language: str) -> SafeString:
    """Palette, shortcuts, dialog and words: the same on every page in one language."""
    return render_to_string("ui/parts/overlays_fixed.html")
