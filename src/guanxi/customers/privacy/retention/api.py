"""Periods of retention and the runs that end data, in the API."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access, ids
from guanxi.core.api import Whole, cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer
from guanxi.customers.models import RetentionRun
from guanxi.customers.privacy.retention import jobs, previewing, requesting, rules

router = Router()
RunId = Annotated[str, id_of("retentionrun")]


class MinimumData(Schema):
    """The least that the law asks."""

    parameter: str
    value: int
    unit: str
    source: str


class RuleData(Schema):
    """How long one kind of data is kept."""

    kind: str
    label: str
    counted_from: str
    ending: str
    what_happens: str
    days: int | None
    is_automatic: bool
    notice_days: int | None
    basis: str
    set_by: str
    set_at: str | None
    minimums: list[MinimumData]


class RuleItems(Schema):
    """Every kind of data that has a period or may have one."""

    items: list[RuleData]


class PartData(Schema):
    """What a preview found in one table."""

    past: int
    held: int
    all: int
    oldest: str | None
    newest: str | None


class RunData(Schema):
    """One ending of data past its period, from its preview on."""

    id: str
    kind: str
    state: str
    days: int
    before: str
    past: int
    held: int
    parts: dict[str, PartData]
    ended: dict[str, int]
    left: int
    previewed_at: str | None
    due_at: str | None
    confirmed_at: str | None
    confirmed_by: str
    started_at: str | None
    ended_at: str | None
    by: str
    error: str


class RunItems(Schema):
    """A page of runs, the newest first; `next` goes on after it."""

    items: list[RunData]
    next: str | None


class RunQuery(Strict):
    """Of which kind, where the list begins and how long it is."""

    kind: str = Field("", max_length=40)
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=2000, description="`next` of the page before")


class BeginInput(Strict):
    """That the caller knows what ends."""

    count: Whole = Field(ge=0, description="`past` of the preview; another number is refused.")


def _rule(rule: rules.Rule) -> dict[str, Any]:
    """A rule as promised."""
    return {
        "kind": rule.key,
        "label": str(rule.kind.label),
        "counted_from": str(rule.kind.counted),
        "ending": rule.kind.ending.value,
        "what_happens": str(rule.kind.what_happens),
        "days": rule.days,
        "is_automatic": rule.is_automatic,
        "notice_days": None if rule.kind.is_log else rule.notice_days,
        "basis": rule.basis,
        "set_by": rule.set_by_name,
        "set_at": rule.set_at,
        "minimums": [
            {"parameter": one.key, "value": one.value, "unit": one.unit, "source": one.source}
            for one in rules.minimums(rule.kind)
        ],
    }


def _run(run: RetentionRun) -> dict[str, Any]:
    """A run as promised."""
    return {
        "id": run.public_id,
        "kind": run.kind,
        "state": run.state,
        "days": run.days,
        "before": run.before,
        "past": run.expected_count,
        "held": run.held_count,
        "parts": {
            name: {key: part.get(key) for key in ("past", "held", "all", "oldest", "newest")}
            for name, part in run.parts.items()
        },
        "ended": run.counts,
        "left": run.left_count,
        "previewed_at": run.previewed_at,
        "due_at": run.due_at,
        "confirmed_at": run.confirmed_at,
        "confirmed_by": run.confirmed_by_name,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "by": run.by_name,
        "error": run.error,
    }


def _run_with(request: HttpRequest, text: str, action: str = "view") -> RetentionRun:
    """One run by its public id."""
    found: RetentionRun = RetentionRun.objects.get_visible(actor_in(request), action, pk=ids.parse("rtn", text) or 0)
    return found


@router.get("/rules", response=RuleItems, summary="List how long each kind of data is kept")
def list_rules(request: HttpRequest) -> HttpResponse:
    """Give every kind of data with its period and what becomes of it."""
    access.require(actor_in(request), "privacy", "view")
    return answer({"items": [_rule(rule) for rule in rules.all_rules()]})


@router.get("/rules/{kind}", response=RuleData, summary="Read how long one kind of data is kept")
def read_rule(request: HttpRequest, kind: str) -> HttpResponse:
    """Give one kind of data."""
    access.require(actor_in(request), "privacy", "view")
    return answer(_rule(rules.rule_of(kind)))


@router.post("/rules/{kind}/preview", response={202: RunData}, summary="Have it counted what would end")
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """Order a preview; a job counts, and the run becomes `previewed`."""
    run = previewing.order(actor=actor_in(request), key=kind)
    jobs.count(run.pk)
    return answer(_run(run), 202, location=f"/api/v1/retention/runs/{run.public_id}")


@router.get("/runs", response=RunItems, summary="List runs of retention, the newest first")
def list_runs(request: HttpRequest, query: Query[RunQuery]) -> HttpResponse:
    """Give one page of the previews and runs."""
    access.require(actor_in(request), "privacy", "view")
    rows = RetentionRun.objects.visible_to(actor_in(request))
    if query.kind:
        rows = rows.filter(kind=query.kind)
    found, following = cursors.newest_first(rows, f"retention {query.kind}", query.after, query.limit)
    return answer({"items": [_run(run) for run in found], "next": following})


@router.get("/runs/{run_id}", response=RunData, summary="Read one run of retention and how far it is")
def read_run(request: HttpRequest, run_id: RunId) -> HttpResponse:
    """Give one run."""
    return answer(_run(_run_with(request, run_id)))


@router.post("/runs/{run_id}/begin", response={202: RunData}, summary="Let a run begin from its preview")
def begin(request: HttpRequest, run_id: RunId, data: BeginInput) -> HttpResponse:
    """End what the preview shows; erasing people also asks for the right to erase every customer."""
    number = _run_with(request, run_id).pk
    run = requesting.confirm(actor=actor_in(request), run_id=number, typed=str(data.count))
    jobs.start(run.pk)
    return answer(_run(run), 202)


@router.post("/runs/{run_id}/stop", response=RunData, summary="Stop a run of retention")
def stop(request: HttpRequest, run_id: RunId) -> HttpResponse:
    """Stop a run, begun or not; what has ended stays so."""
    return answer(_run(requesting.stop(actor=actor_in(request), run_id=_run_with(request, run_id).pk)))
