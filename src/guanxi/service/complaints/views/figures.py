"""Pages of what complaints add up to: the Pareto of causes, and customers who fell silent."""

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import access, clock, ids, money
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.records import RecordRef
from guanxi.customers.models import Customer
from guanxi.service.complaints import pareto
from guanxi.service.complaints.silent import LOOKED_BACK, silent_customers
from guanxi.tasks.public import create_task
from guanxi.ui import charts, forms, toasts

CALL_WITHIN = timedelta(days=2)


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def pareto_page(request: HttpRequest) -> HttpResponse:
    """What complaints come from, the largest first; every number leads to its complaints."""
    actor = _actor(request)
    access.require(actor, "case", "view")
    asked = pareto.Asked(
        by=request.GET.get("by", "") if request.GET.get("by") in pareto.DIMENSIONS else "cause",
        since=_day(request.GET.get("since", "")),
        until=_day(request.GET.get("until", "")),
        is_elsewhere_in=request.GET.get("elsewhere", "yes") != "no",
        within=tuple((key, value) for key in pareto.NARROWING if (value := _one(request.GET.get(key, "")))),
    )
    currency = money.reporting_currency()
    found = pareto.pareto(actor, asked)
    bars = found.bars
    dimension = pareto.DIMENSIONS[asked.by]
    choices = pareto.choices_within(actor)
    few = asked.by == "month" or found.vital_count == len(bars)
    lesser = () if few else [place for place, bar in enumerate(bars) if not bar.is_vital]
    series = [charts.Series(_("Complaints"), [bar.count for bar in bars], [bar.url for bar in bars], faint=lesser)]
    if asked.by != "month":
        so_far = [bar.cumulative for bar in bars]
        series.append(charts.Series(_("All so far"), so_far, tone="neutral", is_share=True, mark=pareto.VITAL))
    chart = charts.bar(
        _("Complaints by %(what)s") % {"what": _inside(str(dimension.label()))},
        [bar.label for bar in bars],
        series,
        horizontal=asked.by != "month",
    )
    context = {
        "asked": asked,
        "bars": bars,
        "chart": chart if bars else None,
        "vital_count": found.vital_count,
        "dimensions": [(key, one.label()) for key, one in pareto.DIMENSIONS.items()],
        "label": dimension.label(),
        "narrowing": [
            (key, pareto.DIMENSIONS[key].label(), choices[key], dict(asked.within).get(key, ""))
            for key in pareto.NARROWING
        ],
        "totals": pareto.totals(actor, asked, currency),
        "all_url": pareto.list_url(asked),
        "costs": pareto.costs_by_unit(actor, asked),
    }
    return render(request, "service/complaints/pareto.html", context)


@login_required
@require_GET
def silent(request: HttpRequest) -> HttpResponse:
    """Customers with signs of trouble and no contact since."""
    actor = _actor(request)
    access.require(actor, "customer", "view")
    context = {
        "rows": silent_customers(actor),
        "days": LOOKED_BACK.days,
        "may_call": actor.can("task", "create"),
    }
    return render(request, "service/complaints/silent.html", context)


@login_required
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Set a task to call a silent customer: for whoever looks after them, else for oneself."""
    actor = _actor(request)
    access.require(actor, "task", "create")
    number = ids.parse("cus", request.POST.get("customer", ""))
    customer: Customer = Customer.objects.get_visible(actor, pk=number or 0)
    create_task(
        actor=actor,
        values={
            "title": _("Call the customer and listen"),
            "assignee": customer.owner_id or actor.user_id,
            "due_at": clock.now() + CALL_WITHIN,
            "about": RecordRef("customer", customer.pk),
        },
    )
    toasts.message(request, _("The task is set."))
    return forms.done(request, reverse("complaints:silent"))


def _inside(label: str) -> str:
    """A label as it stands within a line."""
    return label[:1].lower() + label[1:]


def _one(text: str) -> str:
    """The one value that something is narrowed to: a number, or none at all."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return text if text == pareto.NOBODY or is_number else ""


def _day(text: str) -> date | None:
    """A day of the address; nothing where none is given."""
    if not text:
        return None
    day = clock.day_named(text)
    if day is None:
        raise InvalidInput(_("“%(text)s” is not a date.") % {"text": text[:20]})
    return day
