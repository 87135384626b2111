"""The list of products and the page of one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guanxi.catalog.lists import PAGE
from guanxi.catalog.queries import product_by_key
from guanxi.ui import lists, records
from guanxi.ui.html import escape


@login_required
@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """All products."""
    return lists.render_list(request, PAGE)


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One product; who bought it and how it sold stand in the cards of other modules."""
    product = product_by_key(request.actor, key)  # type: ignore[attr-defined]
    basics = [
        records.Fact(_("Name"), edit="name"),
        records.Fact(_("Kind"), edit="kind"),
        records.Fact(_("Category"), edit="category"),
        records.Fact(_("Unit cost"), edit="unit_cost"),
    ]
    origin = [
        records.Fact(_("Code"), html=escape(product.code)),
        records.Fact(_("Source"), html=escape(product.source)),
        records.Fact(_("Number"), html=escape(product.public_id)),
    ]
    page = records.RecordPage(
        kind="product",
        record_id=product.pk,
        record=product,
        title=product.name or product.code,
        subtitle=product.code,
        icon="package",
        back_url=reverse("catalog:products"),
        back_label=_("Products"),
        facts=[records.Facts(_("Basics"), basics), records.Facts(_("Origin"), origin)],
    )
    return records.render_record(request, page)
