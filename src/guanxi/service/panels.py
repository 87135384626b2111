"""What cases bring to a customer's page: the card of the newest, entries of the stream."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.customers.timeline import Entry, Place, before_q
from guanxi.service import queries
from guanxi.service.choices import OPEN_STATES, CaseState, CaseType
from guanxi.service.clocks.queries import hours_of_customer
from guanxi.service.lists import STATE_TONES, case_url
from guanxi.service.models import Case
from guanxi.service.moments.sheet import sheet_of
from guanxi.ui.html import badge

SHOWN = 6


def cases_panel(request: HttpRequest, customer_id: int) -> str:
    """The newest cases of a customer, open ones first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    newest = list(queries.cases_of_customer(actor, customer_id)[: SHOWN * 3])
    newest.sort(key=lambda case: case.state not in OPEN_STATES)
    rows = [{"case": case, "tone": STATE_TONES[CaseState(case.state)]} for case in newest[:SHOWN]]
    context = {
        "rows": rows,
        "hours": hours_of_customer(customer_id) if actor.can("service_setting", "view") else None,
        "may_set_hours": actor.can("service_setting", "change"),
        "customer_id": public_id("cus", customer_id),
    }
    return render_to_string("service/panel_cases.html", context, request=request)


def about_panel(kind: str) -> Callable[[HttpRequest, int], str]:
    """The card of the newest cases that concern a record of a kind."""

    def render(request: HttpRequest, record_id: int) -> str:
        """The card."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        found = queries.cases_about(actor, kind, record_id)[:SHOWN]
        rows = [{"case": case, "tone": STATE_TONES[CaseState(case.state)]} for case in found]
        return render_to_string("service/panel_cases.html", {"rows": rows}, request=request)

    return render


def count_of_customer(actor: Actor, customer_id: int) -> int:
    """How many open cases a customer has."""
    return queries.cases_of_customer(actor, customer_id).filter(state__in=OPEN_STATES).count()


def case_entries(actor: Actor, customer_id: int, before: Place | None, limit: int) -> Iterator[Entry]:
    """Cases in a customer's stream, at the moment they were opened."""
    found = Case.objects.visible_to(actor).filter(before_q(before, time="opened_at"), customer=customer_id)
    for case in found.order_by("-opened_at", "-id")[:limit]:
        state = CaseState(case.state)
        yield Entry(
            case.opened_at,
            case.pk,
            _("%(type)s: %(subject)s") % {"type": CaseType(case.case_type).label, "subject": case.subject},
            f"<p>{badge(str(state.label), STATE_TONES[state])}</p>",
            url=case_url(case.pk),
            icon="ticket",
            tone="danger" if case.case_type == CaseType.COMPLAINT else "info",
        )


def moments_panel(request: HttpRequest, case_id: int) -> str:
    """The moments of truth of a case: five steps, what is found by itself, what people say."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case: Case = Case.objects.get_visible(actor, pk=case_id)
    can_change = case.state != CaseState.CLOSED_ELSEWHERE and (
        Case.objects.visible_to(actor, "change").filter(pk=case_id).exists()
    )
    context = {"case": case, "steps": sheet_of(case), "can_change": can_change}
    return render_to_string("service/panel_moments.html", context, request=request)
