"""Pages of possible duplicates: the ranked list, two side by side, decisions, the card, the warning while typing."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.core.access import require
from guanxi.core.errors import NotFound
from guanxi.core.ids import public_id
from guanxi.customers import jobs
from guanxi.customers.duplicates import looking_up, queries, reasons, services, side_by_side
from guanxi.customers.duplicates.lists import PAGE
from guanxi.customers.models import DuplicateDecision, DuplicatePair
from guanxi.customers.views.answers import actor_in
from guanxi.ui import lists, toasts

SHOWN = 5
DECISIONS = 200


@login_required
@require_safe
def pair_list(request: HttpRequest) -> HttpResponse:
    """All pairs of which the actor may see both sides, the most likely first."""
    return lists.render_list(request, PAGE)


@login_required
@require_safe
def scan_state(request: HttpRequest) -> HttpResponse:
    """How far the search is, and when the last one ended."""
    actor = actor_in(request)
    require(actor, "customer", "view")
    context = {"scan": queries.last_scan(), "may_scan": actor.can("customer", "merge")}
    return render(request, "customers/duplicates/scan.html", context)


@login_required
@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Search the whole base."""
    asked = services.ask_for_scan(actor=actor_in(request))
    jobs.search_in_time(asked.pk)
    return redirect("customers:duplicates")


@login_required
@require_POST
def stop(request: HttpRequest, scan_id: int) -> HttpResponse:
    """Stop the search."""
    services.stop_scan(actor=actor_in(request), scan_id=scan_id)
    return redirect("customers:duplicates")


def _pair(request: HttpRequest, pair_id: int) -> DuplicatePair:
    """The pair of an address."""
    found: DuplicatePair | None = queries.pairs_open_to(actor_in(request), decided=True).filter(pk=pair_id).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def percent(score: float) -> str:
    """A likelihood as people read it; what is not certain is never said to be."""
    return f"{min(99, round(100 * score))} %"


def merge_url(*numbers: int) -> str:
    """The preview of a merge of some customers."""
    asked = "&".join(f"id={public_id('cus', number)}" for number in numbers)
    return f"{reverse('customers:merge')}?{asked}"


@login_required
@require_safe
def compare(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two customers side by side, with what speaks for and against their being one."""
    actor = actor_in(request)
    pair = _pair(request, pair_id)
    told = looking_up.compare_two(pair.first_id, pair.second_id)
    speaks, against = reasons.for_and_against(pair.findings)
    if told is not None:
        said = looking_up.in_words(actor, told)
        signs = [e.bits < 0 for e in told.evidence if e.bits][: len(said)]
        speaks = [words for words, is_against in zip(said, signs, strict=True) if not is_against]
        against = [words for words, is_against in zip(said, signs, strict=True) if is_against]
    decision = queries.decision_on(pair.first_id, pair.second_id)
    customers = side_by_side.two(actor, pair.first_id, pair.second_id)
    context: dict[str, Any] = {
        "pair": pair,
        "percent_words": percent(pair.score),
        "speaks": speaks,
        "against": against,
        "decision": decision,
        "customers": customers,
        "rows": side_by_side.rows(actor, customers),
        "merge_url": merge_url(pair.first_id, pair.second_id) if actor.can("customer", "merge") else "",
        "can_decide": side_by_side.may_decide(actor, customers),
    }
    return render(request, "customers/duplicates/compare.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The two are not the same."""
    pair = _pair(request, pair_id)
    operation = services.decide_different(
        actor=actor_in(request), one_id=pair.first_id, other_id=pair.second_id, reason=request.POST.get("reason", "")
    )
    toasts.message(request, _("Noted: these are two customers."), operation)
    return redirect("customers:duplicates")


@login_required
@require_POST
def withdraw(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision back."""
    actor = actor_in(request)
    row = DuplicateDecision.objects.get_visible(actor, "change", pk=decision_id)
    operation = services.withdraw_decision(actor=actor, one_id=row.customer_id, other_id=row.other_id)
    toasts.message(request, _("The pair is shown again."), operation)
    return redirect("customers:decisions")


@login_required
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided not to be the same: who, when, why."""
    actor = actor_in(request)
    require(actor, "customer", "view")
    rows = DuplicateDecision.objects.visible_to(actor).select_related("customer", "other").order_by("-at", "-pk")
    context = {"rows": rows[:DECISIONS], "can_decide": actor.can("customer", "change")}
    return render(request, "customers/duplicates/decisions.html", context)


@login_required
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Who on record may be the one that is being typed in; nothing where there is nobody."""
    actor = actor_in(request)
    require(actor, "customer", "create")
    typed = {key: str(value) for key, value in request.POST.items()}
    points = [{"kind": kind, "value": typed.get(kind, "")} for kind in ("phone", "email", "wechat", "address")]
    found = looking_up.possible_duplicates(actor, typed, points)
    return render(request, "customers/duplicates/similar.html", {"found": found})


def card(request: HttpRequest, customer_id: int) -> str:
    """The card on a customer's page: who may be the same."""
    actor = actor_in(request)
    shown: list[DuplicatePair] = []
    if queries.is_in_pairs(customer_id):
        pairs = queries.pairs_of(actor, customer_id, min_score=services.DEFAULT_SCORE)
        shown = list(pairs.select_related("first", "second")[:SHOWN])
    rows = []
    for pair in shown:
        other = pair.second if pair.first_id == customer_id else pair.first
        rows.append(
            {
                "pair": pair,
                "other": other,
                "percent_words": percent(pair.score),
                "said": reasons.for_and_against(pair.findings)[0][:3],
            }
        )
    return render_to_string("customers/duplicates/card.html", {"rows": rows}, request=request)
