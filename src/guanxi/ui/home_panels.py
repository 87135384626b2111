"""What the screens themselves bring to the home page: the records opened last, the views one keeps."""

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from guanxi.core.actor import Actor
from guanxi.ui.lists.spec import pages
from guanxi.ui.models import SavedView

VIEWS_SHOWN = 8


def recent_panel(request: HttpRequest) -> str:
    """The place where the browser lists what was opened in it last; hidden as long as that is nothing."""
    return render_to_string("ui/home_recent.html", {}, request)


def views_panel(request: HttpRequest) -> str | None:
    """The views of lists that the reader made or that are shared."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = SavedView.objects.filter(Q(owner=actor.private_id or 0) | Q(is_shared=True)).order_by(
        "list_key", "position", "id"
    )
    rows = []
    for view in found[:VIEWS_SHOWN]:
        page = pages.get(view.list_key)
        if page is not None and actor.scope(page.kind, "view") is not None:
            rows.append({"view": view, "page": page, "url": f"{reverse(page.url_name)}?view={view.pk}"})
    return render_to_string("ui/home_views.html", {"rows": rows}, request) if rows else None
