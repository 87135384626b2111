"""Whether the installation is well: what was found, why it matters, what to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.core.checkup import Finding, Level, jobs
from guanxi.core.checkup.examining import Seen, seen_by
from guanxi.core.checkup.standing import TOPIC
from guanxi.ui import toasts


@dataclass(frozen=True)
class Row:
    """One finding on the page."""

    label: str
    finding: Finding
    url: str
    looked_at: datetime | None
    took_seconds: float


def _rows(seen: list[Seen]) -> list[Row]:
    """The findings, each with where it is put right and when it was looked at."""
    return [
        Row(
            label=str(one.check.label),
            finding=finding,
            url=reverse(finding.page) if finding.page else "",
            looked_at=one.looked_at,
            took_seconds=one.took_ms / 1000,
        )
        for one in seen
        for finding in one.findings
    ]


def _context(seen: list[Seen]) -> dict[str, Any]:
    """What the page shows."""
    rows = _rows(seen)
    return {
        "sections": [
            (key, title, tone, [row for row in rows if row.finding.level == key])
            for key, title, tone in (
                (Level.PROBLEM, _("Put right now"), "danger"),
                (Level.WARNING, _("See to it"), "warning"),
                (Level.OK, _("In order"), "success"),
            )
        ],
        "is_well": not any(row.finding.level == Level.PROBLEM for row in rows),
        "not_yet": [str(one.check.label) for one in seen if not one.findings and one.looked_at is None],
        "topic": TOPIC,
    }


@login_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Every finding, the worst first; the page keeps itself up to date."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    response = render(request, "people/health.html", _context(seen_by(actor)))
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Have workers look at everything now."""
    jobs.look_again(actor=request.actor)  # type: ignore[attr-defined]
    toasts.message(request, _("A worker looks at everything again; what takes long shows when it is done."))
    return redirect("people:health")
