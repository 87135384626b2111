"""What approvals bring to the home page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from guanxi.core.actor import Actor
from guanxi.workflow import approvals_shown, queries

SHOWN = 5


def home_panel(request: HttpRequest) -> str | None:
    """What waits for the reader's word."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = queries.to_decide(actor)[:SHOWN]
    if not rows:
        return None
    lines = approvals_shown.lines(actor, rows, is_to_decide=True)
    return render_to_string("workflow/home.html", {"lines": lines}, request=request)
