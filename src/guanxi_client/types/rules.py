"""What is sent and given: rules. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class ActionData(TypedDict):
    """One act, with its parameters."""

    key: str
    kind: str
    label: str
    parameters: list[ParameterData]


class DryRunData(TypedDict):
    """What would have come of a rule lately; `of_today` are facts whose earlier values nobody knows."""

    fired: int
    latest: list[TrialData]
    limited: int
    not_met: int
    noted_since: str | None
    of_today: list[str]
    since: str


class FactData(TypedDict):
    """One fact, with the questions that can be asked of it."""

    key: str
    kind: str
    label: str
    questions: list[str]
    type: str


class FiringData(TypedDict):
    """What one rule made of one thing that happened to one record, and why."""

    at: str
    id: int
    outcome: Literal["fired", "not_met", "limited", "stopped_loop", "failed"]
    record: str | None
    rule: str
    trigger: str
    version: int
    why: dict[str, Any]


class FiringPage(TypedDict):
    """Firings, the newest first; `next` goes on after the page."""

    items: list[FiringData]
    next: str | None


class LinkData(TypedDict):
    """How records of a kind lead to one of another: its facts have the key `link>fact`."""

    key: str
    kind: str
    label: str
    to: str


class ParameterData(TypedDict):
    """One parameter of an act."""

    key: str
    label: str
    required: bool
    type: str


class Parts(TypedDict):
    """All that rules can be made of here."""

    actions: list[ActionData]
    facts: list[FactData]
    links: list[LinkData]
    moments: list[WorkflowPartData]
    triggers: list[WorkflowPartData]


class RuleChange(TypedDict):
    """Fields of a rule; those left out stay as they are."""

    actions: NotRequired[list[StepInput] | None]
    conditions: NotRequired[dict[str, Any] | None]
    from_at: NotRequired[str | None]
    limit: NotRequired[Literal["always", "day", "once"] | None]
    name: NotRequired[str | None]
    note: NotRequired[str | None]
    offset_minutes: NotRequired[int | None]
    order: NotRequired[int | None]
    stops_others: NotRequired[bool | None]
    trigger: NotRequired[str | None]
    until_at: NotRequired[str | None]


class RuleInput(TypedDict):
    """A new rule; it does nothing until it is switched on."""

    actions: list[StepInput]
    conditions: NotRequired[dict[str, Any]]
    from_at: NotRequired[str | None]
    limit: NotRequired[Literal["always", "day", "once"]]
    name: str
    note: NotRequired[str]
    offset_minutes: NotRequired[int]
    order: NotRequired[int | None]
    stops_others: NotRequired[bool]
    trigger: str
    until_at: NotRequired[str | None]


class RuleSwitch(TypedDict):
    """Whether the rule is to be in force."""

    active: bool


class StepData(TypedDict):
    """One act of a rule."""

    action: str
    parameters: dict[str, Any]
    via: str


class StepInput(TypedDict):
    """One act: its key, the link that it goes over ('' for the record itself), its parameters."""

    action: str
    parameters: NotRequired[dict[str, Any]]
    via: NotRequired[str]


class TrialData(TypedDict):
    """What a rule would have made of one thing that happened."""

    at: str
    outcome: Literal["fired", "not_met", "limited"]
    record: str | None
    why: dict[str, Any]


class WorkflowPartData(TypedDict):
    """One trigger, moment, fact or act that rules may use; `kind` is the kind of record it is about, '' for any."""

    key: str
    kind: str
    label: str


class WorkflowRuleData(TypedDict):
    """One rule; `sentence` says it in the caller's language."""

    actions: list[StepData]
    active: bool
    conditions: dict[str, Any]
    from_at: str | None
    id: str
    limit: Literal["always", "day", "once"]
    name: str
    note: str
    offset_minutes: int
    order: int
    sentence: str
    stops_others: bool
    trigger: str
    until_at: str | None
    version: int


class WorkflowRuleList(TypedDict):
    """All rules, in their order."""

    items: list[WorkflowRuleData]
