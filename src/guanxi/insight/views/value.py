"""The Value page: what customers are worth, how it is spread, who moved."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import access
from guanxi.core.errors import InvalidInput
from guanxi.customers.models import Customer
from guanxi.insight import jobs
from guanxi.insight.filters import STATE_LABELS
from guanxi.insight.models import StandingRun
from guanxi.insight.value import movement, presenting, services
from guanxi.insight.value.measuring import Ints
from guanxi.insight.value.queries import earlier_runs, latest_run, room_to_climb
from guanxi.insight.value.words import DEFINITIONS
from guanxi.ui import lists

WAITED_FOR = 100_000  # customers up to which a page waits for the tiers of another day


@login_required
@require_GET
def value_page(request: HttpRequest) -> HttpResponse:
    """The page, or what it takes to fill it."""
    access.require(request.actor, "value", "view")  # type: ignore[attr-defined]
    run = latest_run()
    if run is None or not run.customer_count:
        may_import = request.actor.can("order", "import")  # type: ignore[attr-defined]
        url = reverse("importing:start") if may_import else ""
        return render(request, "insight/value_empty.html", {"run": run, "import_url": url})
    language = get_language() or "en"
    tiers = presenting.class_rows(run, "pyramid", "tier")
    classes = presenting.class_rows(run, "abc", "abc")
    measure = "net_revenue" if request.GET.get("rfm") == "net_revenue" else "customers"
    context = {
        "run": run,
        "definitions": DEFINITIONS,
        "kpis": presenting.kpis(run, earlier_runs().last(), language),
        "may_measure": request.actor.can("value", "change"),  # type: ignore[attr-defined]
        "may_compare": request.actor.can("value", "compare"),  # type: ignore[attr-defined]
        "tiers": tiers,
        "pyramid_chart": presenting.pyramid_chart(tiers),
        "classes": classes,
        "abc_chart": presenting.abc_chart(classes),
        "levels": presenting.class_rows(run, "levels", "level"),
        "whale_chart": presenting.whale_chart(run),
        "rfm_chart": presenting.rfm_chart(run, measure),
        "rfm_measure": measure,
        "scores": presenting.score_rows(run),
        "segments": presenting.segment_rows(run),
        "room": room_to_climb(Customer.objects.visible_to(request.actor), run),  # type: ignore[attr-defined]
        **_movements(request, run),
    }
    return render(request, "insight/value.html", context)


@login_required
@require_POST
def add_date(request: HttpRequest) -> HttpResponse:
    """Work out the tiers at another day, then show the movements from it."""
    access.require(request.actor, "value", "compare")  # type: ignore[attr-defined]
    day = _day(request.POST.get("day", ""))
    if day is None:
        raise InvalidInput(services.WRONG_DAY, column="day")
    run = latest_run()
    if run is not None and run.customer_count > WAITED_FOR:
        services.check_earlier_date(day)
        jobs.measure_earlier_date.using(unique_key=f"insight.day:{day}").enqueue(day.isoformat())  # type: ignore[call-arg]
        messages.info(request, _("The tiers of that day are being worked out. Look again in a minute."))
    else:
        services.add_earlier_date(day=day)
    return redirect(f"{reverse('insight:value')}?from={day}#movements")


@login_required
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Measure anew, for whoever has just entered costs or changed the currency and will not wait for the night."""
    access.require(request.actor, "value", "change")  # type: ignore[attr-defined]
    jobs.refresh_standings.using(unique_key=jobs.STANDINGS_KEY).enqueue("by hand")  # type: ignore[call-arg]
    messages.info(request, _("Value is being measured anew. Look again in a minute."))
    return redirect("insight:value")


def _day(text: str) -> date | None:
    """The day that a text names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _movements(request: HttpRequest, run: StandingRun) -> dict[str, Any]:
    """The matrix between the two dates that the address asks for; by default a quarter back and now."""
    runs = [*earlier_runs(), run]
    by_day = {found.period_to: found for found in runs}
    second = by_day.get(_day(request.GET.get("to", "")) or run.period_to, run)
    before = [found for found in runs if found.period_to < second.period_to]
    if not before:
        return {"dates": [found.period_to for found in runs], "matrix": None, "run_from": run.period_from}
    first = by_day.get(_day(request.GET.get("from", "")) or before[-1].period_to, before[-1])
    if first.period_to >= second.period_to:
        first = before[-1]
    cells = movement.matrix(first, second)
    return {
        "dates": [found.period_to for found in runs],
        "first": first,
        "second": second,
        "matrix": _matrix_rows(first, second, cells),
        "after_labels": [STATE_LABELS[state] for state in movement.TIERS],
        "moved": movement.summed(cells),
    }


def _matrix_rows(first: StandingRun, second: StandingRun, cells: Ints) -> list[dict[str, Any]]:
    """The rows of the table, each cell with the list behind it."""
    rows = []
    for i, before in enumerate(movement.STATES):
        row: list[dict[str, Any]] = []
        for j, after in enumerate(movement.TIERS):
            cell = movement.Movement(first.period_to, second.period_to, before, after)
            kind = "new" if before == movement.ABSENT else "stayed" if i == j else "climbed" if j < i else "fallen"
            row.append({"count": int(cells[i, j]), "url": lists.url("customers", movement=str(cell)), "kind": kind})
        rows.append({"label": STATE_LABELS[before], "cells": row, "total": sum(cell["count"] for cell in row)})
    return rows
