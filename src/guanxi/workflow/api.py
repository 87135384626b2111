"""Rules, their log and approvals in the API."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.core import access
from guanxi.core.api import Flag, Moment, cursors, id_of
from guanxi.core.api.answers import Strict, actor_in, answer
from guanxi.core.errors import InvalidInput
from guanxi.tasks.queries import person_named
from guanxi.workflow import presenting_api as presenting
from guanxi.workflow import queries
from guanxi.workflow.services import approvals, rules

rules_router = Router()
approvals_router = Router()
RuleId = Annotated[str, id_of("rule")]
ApprovalId = Annotated[str, id_of("approval")]
LimitName = Literal["always", "day", "once"]
OutcomeName = Literal["fired", "not_met", "limited", "stopped_loop", "failed", ""]
StateName = Literal["waiting", "approved", "refused", "withdrawn", "lapsed"]


class StepData(Schema):
    """One act of a rule."""

    action: str
    via: str
    parameters: dict[str, Any]


class WorkflowRuleData(Schema):
    """One rule; `sentence` says it in the caller's language."""

    id: str
    name: str
    note: str
    sentence: str
    trigger: str
    offset_minutes: int
    conditions: dict[str, Any]
    actions: list[StepData]
    active: bool
    order: int
    stops_others: bool
    limit: LimitName
    from_at: str | None
    until_at: str | None
    version: int


class WorkflowRuleList(Schema):
    """All rules, in their order."""

    items: list[WorkflowRuleData]


class StepInput(Strict):
    """One act: its key, the link that it goes over ('' for the record itself), its parameters."""

    action: str = Field(max_length=120)
    via: str = Field("", max_length=120)
    parameters: dict[str, Any] = Field(default_factory=dict, description="by the keys that `GET /rules/parts` names")


class RuleInput(Strict):
    """A new rule; it does nothing until it is switched on."""

    name: str = Field(max_length=120)
    note: str = Field("", max_length=500)
    trigger: str = Field(max_length=80, description="the key of a trigger or a moment")
    offset_minutes: int = Field(0, ge=-525600, le=525600, description="of a moment: minutes after, negative for before")
    conditions: dict[str, Any] = Field(default_factory=dict, description="`all`, `any`, `not` over questions")
    actions: list[StepInput] = Field(max_length=10)
    order: int | None = Field(None, ge=0, le=1_000_000)
    stops_others: Flag = False
    limit: LimitName = "always"
    from_at: Moment | None = None
    until_at: Moment | None = None


class RuleChange(Strict):
    """Fields of a rule; those left out stay as they are."""

    name: str | None = Field(None, max_length=120)
    note: str | None = Field(None, max_length=500)
    trigger: str | None = Field(None, max_length=80)
    offset_minutes: int | None = Field(None, ge=-525600, le=525600)
    conditions: dict[str, Any] | None = None
    actions: list[StepInput] | None = Field(None, max_length=10)
    order: int | None = Field(None, ge=0, le=1_000_000)
    stops_others: Flag | None = None
    limit: LimitName | None = None
    from_at: Moment | None = None
    until_at: Moment | None = None


class WorkflowPartData(Schema):
    """One trigger, moment, fact or act that rules may use; `kind` is the kind of record it is about, '' for any."""

    key: str
    label: str
    kind: str


class FactData(WorkflowPartData):
    """One fact, with the questions that can be asked of it."""

    type: str
    questions: list[str]


class ActionData(WorkflowPartData):
    """One act, with its parameters."""

    parameters: list["ParameterData"]


class ParameterData(Schema):
    """One parameter of an act."""

    key: str
    label: str
    type: str
    required: bool


class LinkData(WorkflowPartData):
    """How records of a kind lead to one of another: its facts have the key `link>fact`."""

    to: str


class Parts(Schema):
    """All that rules can be made of here."""

    triggers: list[WorkflowPartData]
    moments: list[WorkflowPartData]
    facts: list[FactData]
    links: list[LinkData]
    actions: list[ActionData]


class TrialData(Schema):
    """What a rule would have made of one thing that happened."""

    record: str | None
    at: str
    outcome: Literal["fired", "not_met", "limited"]
    why: dict[str, Any]


class DryRunData(Schema):
    """What would have come of a rule lately; `of_today` are facts whose earlier values nobody knows."""

    since: str
    noted_since: str | None
    fired: int
    not_met: int
    limited: int
    of_today: list[str]
    latest: list[TrialData]


class RuleSwitch(Strict):
    """Whether the rule is to be in force."""

    active: bool


class FiringData(Schema):
    """What one rule made of one thing that happened to one record, and why."""

    id: int
    rule: str
    version: int
    trigger: str
    record: str | None
    at: str
    outcome: Literal["fired", "not_met", "limited", "stopped_loop", "failed"]
    why: dict[str, Any]


class FiringPage(Schema):
    """Firings, the newest first; `next` goes on after the page."""

    items: list[FiringData]
    next: str | None


class FiringQuery(Strict):
    """Which firings, and where the list begins."""

    outcome: OutcomeName = ""
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class ApprovalStepData(Schema):
    """One word that an approval needs."""

    approver: Literal["role", "head", "user"]
    role: str | None
    user: str | None
    second: bool
    state: Literal["pending", "waiting", "approved", "refused", "closed"]
    decided_by: str | None
    on_behalf_of: str | None
    delegated_to: str | None
    delegated_by: str | None
    words: str
    decided_at: str | None


class ApprovalData(Schema):
    """One request for approval."""

    id: str
    sort: str
    about: str | None
    amount: str | None
    currency: str | None
    asked_by: str | None
    reason: str
    state: StateName
    decided_by: str | None
    on_behalf_of: str | None
    words: str
    decided_at: str | None
    created_at: str
    steps: list[ApprovalStepData]


class ApprovalPage(Schema):
    """Approvals, the newest first; `next` goes on after the page."""

    items: list[ApprovalData]
    next: str | None


class ApprovalQuery(Strict):
    """Which approvals, and where the list begins."""

    show: Literal["all", "mine", "ended"] = "all"
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class Word(Strict):
    """One's word on the step that waits; a refusal says why."""

    approved: bool
    words: str = Field("", max_length=2000)


class Delegation(Strict):
    """Who is to decide in one's place; null: nobody after all."""

    to: str | None = Field(max_length=150, description="the name somebody signs in with")


@rules_router.get("", response=WorkflowRuleList, summary="List the rules in their order")
def list_rules(request: HttpRequest) -> HttpResponse:
    """Give every rule."""
    actor = actor_in(request)
    access.require(actor, "rule", "view")
    return answer({"items": [presenting.rule_data(rule) for rule in queries.rules_of(actor)]})


@rules_router.post("", response={201: WorkflowRuleData}, summary="Write a rule")
def create_rule(request: HttpRequest, data: RuleInput) -> HttpResponse:
    """Write a rule that is off."""
    values = {name: value for name, value in data.dict().items() if name != "order" or value is not None}
    made = rules.create_rule(actor=actor_in(request), values=values)
    return answer(presenting.rule_data(made), status=201, location=f"/api/v1/rules/{made.public_id}")


@rules_router.get("/parts", response=Parts, summary="What rules can be made of")
def list_parts(request: HttpRequest) -> HttpResponse:
    """Give triggers, moments, facts, links and acts."""
    access.require(actor_in(request), "rule", "view")
    return answer(presenting.parts_data())


@rules_router.patch("/{rule_id}", response=WorkflowRuleData, summary="Change a rule")
def change_rule(request: HttpRequest, rule_id: RuleId, data: RuleChange) -> HttpResponse:
    """Change the fields sent and leave the others."""
    actor = actor_in(request)
    rule = queries.rule_of(actor, rule_id, "change")
    moments = {"from_at", "until_at"}
    given = data.dict(exclude_unset=True)
    values = {name: value for name, value in given.items() if value is not None or name in moments}
    rules.update_rule(actor=actor, rule_id=rule.pk, values=values)
    return answer(presenting.rule_data(queries.rule_of(actor, rule_id)))


@rules_router.delete("/{rule_id}", response={204: None}, summary="Take a rule away that never did anything")
def remove_rule(request: HttpRequest, rule_id: RuleId) -> HttpResponse:
    """Take a rule away."""
    actor = actor_in(request)
    rules.delete_rule(actor=actor, rule_id=queries.rule_of(actor, rule_id, "delete").pk)
    return HttpResponse(status=204)


@rules_router.get("/{rule_id}/dry-run", response=DryRunData, summary="What a rule would have done lately")
def try_rule(request: HttpRequest, rule_id: RuleId) -> HttpResponse:
    """Try a rule over the last 30 days; nothing is done."""
    actor = actor_in(request)
    rule = queries.rule_of(actor, rule_id)
    rules.require_sight(actor=actor, rule=rule)
    return answer(presenting.dry_run_data(rule))


@rules_router.get("/{rule_id}", response=WorkflowRuleData, summary="Read one rule")
def read_rule(request: HttpRequest, rule_id: RuleId) -> HttpResponse:
    """Give one rule."""
    return answer(presenting.rule_data(queries.rule_of(actor_in(request), rule_id)), request=request)


@rules_router.post("/{rule_id}/switch", response=WorkflowRuleData, summary="Switch a rule on or off")
def switch_rule(request: HttpRequest, rule_id: RuleId, data: RuleSwitch) -> HttpResponse:
    """Let a rule be in force, or not."""
    actor = actor_in(request)
    rules.switch_rule(actor=actor, rule_id=queries.rule_of(actor, rule_id, "change").pk, is_active=data.active)
    return answer(presenting.rule_data(queries.rule_of(actor, rule_id)))


@rules_router.get("/{rule_id}/firings", response=FiringPage, summary="What a rule did and why, the newest first")
def list_firings(request: HttpRequest, rule_id: RuleId, query: Query[FiringQuery]) -> HttpResponse:
    """Give one page of a rule's log."""
    actor = actor_in(request)
    rule = queries.rule_of(actor, rule_id)
    rows = queries.firings(actor, rule=rule, outcome=query.outcome).order_by()
    items, following = cursors.newest_first(rows, f"firings:{rule.pk}:{query.outcome}", query.after, query.limit)
    return answer({"items": [presenting.firing_data(row) for row in items], "next": following})


@approvals_router.get("", response=ApprovalPage, summary="List approvals, the newest first")
def list_approvals(request: HttpRequest, query: Query[ApprovalQuery]) -> HttpResponse:
    """Give one page of the approvals that are open to the caller."""
    actor = actor_in(request)
    access.require(actor, "approval", "view")
    rows = queries.approvals_of(actor, query.show).order_by()
    items, following = cursors.newest_first(rows, f"approvals:{query.show}", query.after, query.limit)
    return answer({"items": [presenting.approval_data(row) for row in items], "next": following})


@approvals_router.get("/{approval_id}", response=ApprovalData, summary="Read one approval")
def read_approval(request: HttpRequest, approval_id: ApprovalId) -> HttpResponse:
    """Give one approval with every word on it."""
    return answer(presenting.approval_data(queries.approval_by_id(actor_in(request), approval_id)), request=request)


@approvals_router.post("/{approval_id}/decide", response=ApprovalData, summary="Give one's word on an approval")
def decide(request: HttpRequest, approval_id: ApprovalId, data: Word) -> HttpResponse:
    """Approve or refuse, in one's own place or that of somebody absent."""
    actor = actor_in(request)
    found = queries.approval_by_id(actor, approval_id)
    approvals.decide_approval(actor=actor, approval_id=found.pk, is_approved=data.approved, words=data.words)
    return answer(presenting.approval_data(queries.approval_by_id(actor, approval_id)))


@approvals_router.post(
    "/{approval_id}/delegate", response=ApprovalData, summary="Let somebody else decide in one's place"
)
def delegate(request: HttpRequest, approval_id: ApprovalId, data: Delegation) -> HttpResponse:
    """Hand one's word over to a colleague, within one's own limit, or take it back."""
    actor = actor_in(request)
    found = queries.approval_by_id(actor, approval_id)
    to = person_named(data.to) if data.to is not None else None
    if data.to is not None and to is None:
        raise InvalidInput(_("There is no user “%(name)s”.") % {"name": data.to[:60]}, column="to")
    approvals.delegate_approval(actor=actor, approval_id=found.pk, to_id=to.pk if to is not None else None)
    return answer(presenting.approval_data(queries.approval_by_id(actor, approval_id)))


@approvals_router.post("/{approval_id}/withdraw", response=ApprovalData, summary="Withdraw what one asked for")
def withdraw(request: HttpRequest, approval_id: ApprovalId) -> HttpResponse:
    """Take back a request for approval that waits."""
    actor = actor_in(request)
    approvals.withdraw_approval(actor=actor, approval_id=queries.approval_by_id(actor, approval_id).pk)
    return answer(presenting.approval_data(queries.approval_by_id(actor, approval_id)))
