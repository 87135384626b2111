"""What importing brings to the home page: the first step of a new installation, and the newest imports."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.importing.choices import ImportState
from guanxi.importing.lists import import_url, state_badge, target_label
from guanxi.importing.models import Import
from guanxi.ui.home import Step
from guanxi.ui.html import safe

SHOWN = 4


def import_step(request: HttpRequest) -> Step | None:
    """Bring in the order file; done once an import is in force."""
    imports = Import.objects.visible_to(request.actor)  # type: ignore[attr-defined]
    return Step(
        title=_("Bring in your order file"),
        text=_("Customers, products and orders follow from it, and value is measured. Every import can be taken back."),
        button=_("Import a file"),
        url=reverse("importing:start"),
        is_done=imports.filter(state=ImportState.IN_FORCE).exists(),
        icon="upload",
    )


def imports_panel(request: HttpRequest) -> str | None:
    """The newest imports and where they stand."""
    newest = Import.objects.visible_to(request.actor).order_by("-id")[:SHOWN]  # type: ignore[attr-defined]
    rows = [
        {"run": run, "url": import_url(run.pk), "kind": target_label(run.target), "state": safe(state_badge(run.state))}
        for run in newest
    ]
    return render_to_string("importing/home.html", {"rows": rows}, request) if rows else None
