"""Keeping, changing and throwing away views of a list."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from guanxi.core.errors import InvalidInput
from guanxi.ui import services, toasts
from guanxi.ui.lists.endpoints import private, scene_of
from guanxi.ui.lists.state import Scene


def _go(request: HttpRequest, scene: Scene, view_id: int | None) -> HttpResponse:
    """Lead the page to a view, by htmx or plainly."""
    url = reverse(scene.page.url_name) + (f"?view={view_id}" if view_id else "")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


@require_GET
@private
def view_form(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the name of a new view."""
    scene = scene_of(request, key)
    return _form(request, scene)


def _form(request: HttpRequest, scene: Scene, error: str = "", name: str = "", status: int = 200) -> HttpResponse:
    """The form for a new view."""
    context = {
        "url": f"/ui/list/{scene.page.key}/views/new{scene.state.query()}",
        "can_share": scene.actor.scope("view", "share") is not None,
        "error": error,
        "name": name,
    }
    return render(request, "ui/view_form.html", context, status=status)


@require_POST
def create(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the state as a new view."""
    scene = scene_of(request, key)
    name = request.POST.get("name", "")
    try:
        view = services.create_view(
            actor=scene.actor,
            list_key=key,
            name=name,
            state=scene.state.canonical(),
            is_shared="is_shared" in request.POST,
        )
    except InvalidInput as error:
        return _form(request, scene, str(error), name)
    toasts.message(request, gettext("The view “%(name)s” is kept.") % {"name": view.name})
    return _go(request, scene, view.pk)


@require_POST
def update(request: HttpRequest, key: str, view_id: int) -> HttpResponse:
    """Overwrite one's view with the state as it is now, or share it, or stop sharing."""
    scene = scene_of(request, key)
    if "share" in request.POST:
        number = services.update_view(actor=scene.actor, view_id=view_id, is_shared=request.POST["share"] == "1")
    else:
        number = services.update_view(actor=scene.actor, view_id=view_id, state=scene.state.canonical())
    toasts.message(request, gettext("The view is saved."), number)
    return _go(request, scene, view_id)


@require_POST
def delete(request: HttpRequest, key: str, view_id: int) -> HttpResponse:
    """Throw one's view away."""
    scene = scene_of(request, key)
    number = services.delete_view(actor=scene.actor, view_id=view_id)
    toasts.message(request, gettext("The view is deleted."), number)
    return _go(request, scene, None)
