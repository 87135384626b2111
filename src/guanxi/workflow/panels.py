"""What approvals bring to other pages: what waits on the home page, the card on a record."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.ui import panels
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


def add_to(kind: str, *, order: int = 60) -> None:
    """Show the approvals about a record on the page of its kind; nothing where there are none open to the reader."""

    def draw(request: HttpRequest, record_id: int) -> str:
        """The latest approvals about the record."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        rows = list(queries.approvals_about(actor, RecordRef(kind, record_id))[:SHOWN])
        context = {"lines": approvals_shown.lines(actor, rows)}
        return render_to_string("workflow/approval_panel.html", context, request=request)

    def count(actor: Actor, record_id: int) -> int:
        """How many there are."""
        return queries.approvals_about(actor, RecordRef(kind, record_id)).count()

    panels.register(kind, panels.Panel("approvals", _("Approvals"), draw, order=order, icon="checklist", count=count))
