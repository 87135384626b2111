"""What is sent and given: complaints. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class AuthorityAnswer(TypedDict):
    """When the authority was answered."""

    at: NotRequired[str | None]


class ComplaintData(TypedDict):
    """One complaint with all that its six steps found, and what is missing."""

    authority: Literal["12315", "12345", "other"] | None
    authority_answered_at: str | None
    authority_due_at: str | None
    authority_number: str | None
    cause: int | None
    checks: list[RecurrenceData]
    closed_at: str | None
    customer: str | None
    elsewhere: dict[str, Any]
    entitlements: dict[str, Literal["yes", "no"]]
    evidence: list[EvidenceData]
    grade: Literal["ordinary", "major", "group", "public"]
    id: str
    last_words: list[LastWordData]
    missing: list[str]
    missing_for_closing: list[str]
    objected_at: str | None
    objected_by: str | None
    objection: str
    objection_answer: str
    objection_settled_at: str | None
    opened_at: str
    owner: str | None
    past_objections: list[PastObjectionData]
    prevention: str
    promises: list[str]
    remedies: list[RemedyData]
    reopened_count: int
    responsibility: str
    state: Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"]
    step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"]
    steps: list[ComplaintStepData]
    subject: str
    tellings: list[TellingData]
    unit: int | None
    wanted: str
    whys: list[str]
    words: str


class ComplaintEntitlements(TypedDict):
    """What the law gives a consumer, and whether it applies; null: not looked at."""

    refund_plus_three: NotRequired[Literal["yes", "no"] | None]
    seven_days: NotRequired[Literal["yes", "no"] | None]
    three_guarantees: NotRequired[Literal["yes", "no"] | None]


class ComplaintListed(TypedDict):
    """What a list says of a complaint."""

    authority: Literal["12315", "12345", "other"] | None
    authority_answered_at: str | None
    authority_due_at: str | None
    authority_number: str | None
    cause: int | None
    closed_at: str | None
    customer: str | None
    grade: Literal["ordinary", "major", "group", "public"]
    id: str
    opened_at: str
    owner: str | None
    reopened_count: int
    state: Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"]
    step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"]
    subject: str
    unit: int | None


class ComplaintPage(TypedDict):
    """A page of complaints; `next` goes on after it."""

    items: list[ComplaintListed]
    next: str | None


class ComplaintRecord(TypedDict):
    """What is known at first; fields left out stay as they are."""

    authority: NotRequired[Literal["12315", "12345", "other"] | None]
    authority_due_at: NotRequired[str | None]
    authority_number: NotRequired[str | None]
    entitlements: NotRequired[ComplaintEntitlements | None]
    grade: NotRequired[Literal["ordinary", "major", "group", "public"] | None]
    wanted: NotRequired[str | None]
    words: NotRequired[str | None]


class ComplaintStepData(TypedDict):
    """How one step went, in its round: how often the case had been opened again."""

    began_at: str
    due_at: str | None
    ended_at: str | None
    owner: str | None
    round: int
    step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"]


class DocumentData(TypedDict):
    """A document within the answer."""

    content: str
    name: str
    type: Literal['application/pdf']


class EvidenceData(TypedDict):
    """A piece of evidence or a statement."""

    at: str
    by: str | None
    file: str | None
    said_by: str
    sort: Literal["statement", "photo", "recording", "document", "test", "other"]
    step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"]
    text: str


class EvidenceInput(TypedDict):
    """A piece of evidence or a statement: what it says or shows, the file, or both."""

    file: NotRequired[FileInput | None]
    said_by: NotRequired[str]
    sort: Literal["statement", "photo", "recording", "document", "test", "other"]
    text: NotRequired[str]


class FileInput(TypedDict):
    """A file within the request."""

    content: str
    name: str


class LastWordData(TypedDict):
    """Once the customer was asked at the end."""

    at: str
    by: str | None
    channel: str
    outcome: Literal["confirmed", "not_settled", "not_reached"]
    round: int
    words: str


class LastWordInput(TypedDict):
    """What the customer answered at the end, or that nobody was reached."""

    at: NotRequired[str | None]
    channel: Literal["email", "chat", "form", "phone", "visit", "letter", "fax", "webhook"]
    outcome: Literal["confirmed", "not_settled", "not_reached"]
    words: NotRequired[str]


class MoveInput(TypedDict):
    """Why it is closed or opened again, for the history."""

    reason: NotRequired[str]


class ObjectionDecision(TypedDict):
    """What becomes of the objection: dismissed, or upheld with another unit in its place."""

    answer: str
    department: NotRequired[int | None]
    unit: NotRequired[int | None]
    upheld: bool


class ObjectionInput(TypedDict):
    """Why the unit is not responsible; a unit objects once."""

    reasons: str


class PastObjectionData(TypedDict):
    """What a unit objected in whose place another was settled since."""

    answer: str
    objected_at: str
    objected_by: str | None
    objection: str
    settled_at: str | None
    unit: int


class ReasonInput(TypedDict):
    """Why."""

    reason: str


class RecurrenceData(TypedDict):
    """A look back, some days after the closing: how many of the like had come again; null before it was done."""

    after_days: int
    due_on: str
    found: int | None


class RemedyData(TypedDict):
    """A remedy; amounts are decimal strings."""

    amount: str
    cost: str | None
    currency: str
    done_at: str | None
    id: str
    kind: int
    reason: str
    state: Literal["planned", "asked", "approved", "refused", "done", "dropped"]
    text: str
    unit: int | None


class RemedyDone(TypedDict):
    """What a remedy came to in the end; left out, as approved."""

    cost: NotRequired[str | None]


class RemedyInput(TypedDict):
    """A remedy to plan; over the limit of the caller's role an approval is asked for."""

    amount: NotRequired[str | None]
    currency: NotRequired[str]
    kind: int
    text: NotRequired[str]


class ResponsibilityInput(TypedDict):
    """What the responsible unit answers for."""

    text: str


class StepEnd(TypedDict):
    """Which step is over, and who has the next one."""

    owner: NotRequired[str | None]
    step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up"]


class SummaryInput(TypedDict):
    """The cause, the whys that led there, what prevents that it happens again; all of it is written anew."""

    cause: NotRequired[int | None]
    prevention: NotRequired[str]
    whys: NotRequired[list[str]]


class TellingData(TypedDict):
    """Once the customer was told."""

    at: str
    by: str | None
    channel: str
    message: str | None
    step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"]
    words: str


class TellingInput(TypedDict):
    """What the customer was told, how, when and in which words."""

    at: NotRequired[str | None]
    channel: Literal["email", "chat", "form", "phone", "visit", "letter", "fax", "webhook"]
    words: str


class UnitChoice(TypedDict):
    """Which unit is responsible; a department that was none so far becomes one."""

    department: NotRequired[int | None]
    unit: NotRequired[int | None]
