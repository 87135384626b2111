"""The home page, the palette, the shortcuts and the reader's preferences."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import access, live
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.registry import Registry
from guanxi.ui import home as home_registry
from guanxi.ui import palette, panels, presence, services, settings_area
from guanxi.ui.context import THEME_COOKIE
from guanxi.ui.html import safe
from guanxi.ui.lists.endpoints import private
from guanxi.ui.menu import is_open

YEAR_SECONDS = 365 * 24 * 3600


def _drawn(registry: Registry[home_registry.Source], request: HttpRequest, actor: Actor) -> list[object]:
    """What the sources of a registry have to say to this actor."""
    found = [source.draw(request) for source in registry if is_open(source.permission, actor)]
    return [item for item in found if item]


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    actor = request.actor  # type: ignore[attr-defined]
    steps = _drawn(home_registry.steps, request, actor)
    context = {
        "tiles": _drawn(home_registry.tiles, request, actor),
        "steps": steps if any(not step.is_done for step in steps) else [],  # type: ignore[attr-defined]
        "panels": [safe(str(panel)) for panel in _drawn(home_registry.panels, request, actor)],
    }
    return render(request, "ui/home.html", context)


@login_required
@require_GET
@private
def palette_items(request: HttpRequest) -> JsonResponse:
    """The fixed part of the palette for this actor."""
    return JsonResponse({"items": palette.items_for(request.actor)})  # type: ignore[attr-defined]


@login_required
@require_GET
@private
def palette_search(request: HttpRequest) -> JsonResponse:
    """What the searches of the modules find for a text."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    hits = palette.find(request.actor, text) if text else []  # type: ignore[attr-defined]
    found = [
        {"title": h.title, "url": h.url, "kind": str(h.kind), "subtitle": h.subtitle, "icon": h.icon} for h in hits
    ]
    return JsonResponse({"hits": found, "more": palette.results_url()})


@login_required
@require_GET
@private
def cards(request: HttpRequest, kind: str, record_id: int) -> HttpResponse:
    """The bodies of all cards of a record's page, each for its own place: one request, not one for each card."""
    actor = request.actor  # type: ignore[attr-defined]
    if not access.may_see(actor, kind, record_id):
        raise NotFound(gettext("There is no such card, or it is not open to you."))
    found = [panel for panel in panels.panels_for(kind, actor) if not panel.is_eager]
    bodies = [panels.drawn(panel, request, record_id) for panel in found]
    return render(request, "ui/cards.html", {"cards": bodies})


@login_required
@require_POST
@private
def here(request: HttpRequest, kind: str, record_id: int) -> HttpResponse:
    """Say that one has a record open (or leaves it), and draw those whom the page heard the same of."""
    actor = request.actor  # type: ignore[attr-defined]
    presence.announce(
        actor=actor,
        kind=kind,
        record_id=record_id,
        session=live.mark_of(request.session.session_key),
        has_left="has_left" in request.POST,
        is_first="is_first" in request.POST,
    )
    heard = presence.read_heard(request.POST.get("heard", ""))
    return render(request, "ui/here.html", {"people": presence.others(actor, kind, record_id, heard)})


@login_required
@require_GET
def settings_home(request: HttpRequest) -> HttpResponse:
    """The settings begin with the first page that is open to the reader."""
    for _label, entries in settings_area.groups_for(request.actor):  # type: ignore[attr-defined]
        return HttpResponseRedirect(entries[0].url)
    raise NotFound(gettext("There are no settings for your role."))


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the language or the theme, in a cookie and with the user who is signed in; lead back."""
    given: dict[str, str] = {}
    if request.POST.get("language") in dict(settings.LANGUAGES):
        given["language"] = request.POST["language"]
    if request.POST.get("theme") in services.THEMES:
        given["theme"] = request.POST["theme"]
    # Whoever looks as another chooses for this browser alone.
    if given and request.user.is_authenticated and not request.actor.is_read_only:  # type: ignore[attr-defined]
        services.set_preferences(actor=request.actor, **given)  # type: ignore[attr-defined]
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    is_plain = not request.headers.get("HX-Request")
    response: HttpResponse = HttpResponseRedirect(target) if is_plain else HttpResponse(status=204)
    remember(response, request, **given)
    return response


def remember(response: HttpResponse, request: HttpRequest, language: str = "", theme: str = "") -> None:
    """Keep preferences in cookies, so that pages before sign-in follow them too."""
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), (THEME_COOKIE, theme)):
        if value:
            response.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
