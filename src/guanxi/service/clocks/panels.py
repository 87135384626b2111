"""What clocks bring to the page of a case: the card, the tab with their history."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.service.clocks import presenting
from guanxi.service.models import Case
from guanxi.ui.records import Tab


def clocks_panel(request: HttpRequest, case_id: int) -> str:
    """The clocks of a case, each with how much is left."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = Case.objects.get_visible(actor, pk=case_id)
    return render_to_string("service/clocks_card.html", {"clocks": presenting.of_case(case)})


def clocks_tab(actor: Actor, kind: str, record_id: int) -> Tab | None:
    """The history of the clocks, on the pages of cases alone."""
    if kind != "case":
        return None
    return Tab("clocks", _("Clocks"), url=reverse("service:case_clocks", args=[ids.public_id("cas", record_id)]))
