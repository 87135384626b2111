"""The list of looks at what is guarded, on screen and as a file."""

import csv
import io

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.core import ids
from guanxi.core.access import require
from guanxi.customers.privacy import access_log
from guanxi.customers.views.answers import actor_in
from guanxi.importing.neutral import neutral


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Who looked at what when."""
    actor = actor_in(request)
    require(actor, "privacy", "view")
    customer = request.GET.get("customer", "").strip()[:40]
    who = request.GET.get("who", "").replace("\x00", "").strip()[:100]
    number = ids.parse("cus", customer) or 0 if customer else None
    rows = access_log.looks(actor, customer_id=number, who=who)
    if request.GET.get("format") == "csv":
        require(actor, "privacy", "export")
        return _file(rows)
    context = {"rows": rows, "customer": customer, "who": who, "may_export": actor.can("privacy", "export")}
    return render(request, "customers/privacy/access_log.html", context)


def _file(rows: list[access_log.Look]) -> HttpResponse:
    """The list as CSV, harmless in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("When"), _("Who"), _("What"), _("Customer"), _("Means"), _("Address"), _("Reason")])
    for row in rows:
        cells = (row.at.isoformat(), row.who, row.what, row.customer, row.means, row.address, row.reason)
        writer.writerow([neutral(cell) for cell in cells])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="access-log.csv"'
    response["Cache-Control"] = "no-store"
    return response
