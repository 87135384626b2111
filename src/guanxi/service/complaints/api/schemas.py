"""What the API takes and gives of complaints and promises."""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from guanxi.core.api import Flag, Moment, Strict, id_of

CaseId = Annotated[str, id_of("case")]
CustomerId = Annotated[str, id_of("customer")]
PromiseId = Annotated[str, id_of("promise")]
RemedyId = Annotated[str, id_of("remedy")]
Number = Annotated[int, Field(ge=1, le=2**53)]
StepName = Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"]
GradeName = Literal["ordinary", "major", "group", "public"]
AuthorityName = Literal["12315", "12345", "other"]
AppliesName = Literal["yes", "no"]
StateName = Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"]
SortName = Literal["statement", "photo", "recording", "document", "test", "other"]
ChannelName = Literal["email", "chat", "form", "phone", "visit", "letter", "fax", "webhook"]
OutcomeName = Literal["confirmed", "not_settled", "not_reached"]
RemedyStateName = Literal["planned", "asked", "approved", "refused", "done", "dropped"]
PromiseStateName = Literal["open", "kept", "kept_late", "broken", "released"]
Person = Annotated[str, Field(max_length=150, description="the name somebody signs in with")]
Text = Annotated[str, Field(max_length=20_000)]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$", description="a decimal number, such as 80.00")]


class ComplaintEntitlements(Strict):
    """What the law gives a consumer, and whether it applies; null: not looked at."""

    seven_days: AppliesName | None = None
    three_guarantees: AppliesName | None = None
    refund_plus_three: AppliesName | None = None


class ComplaintRecord(Strict):
    """What is known at first; fields left out stay as they are."""

    words: str | None = Field(None, max_length=100_000, description="in the customer's words")
    wanted: Text | None = Field(None, description="what the customer asks for")
    grade: GradeName | None = None
    authority: AuthorityName | None = Field(None, description="which authority handed it on; null for none")
    authority_number: str | None = Field(None, max_length=80)
    authority_due_at: Moment | None = None
    entitlements: ComplaintEntitlements | None = None


class FileInput(Strict):
    """A file within the request."""

    name: str = Field(min_length=1, max_length=200)
    content: str = Field(min_length=1, max_length=20_000_000, description="the bytes in base64")


class EvidenceInput(Strict):
    """A piece of evidence or a statement: what it says or shows, the file, or both."""

    sort: SortName
    text: Text = ""
    said_by: str = Field("", max_length=120, description="from whom")
    file: FileInput | None = None


class UnitChoice(Strict):
    """Which unit is responsible; a department that was none so far becomes one."""

    unit: Number | None = Field(None, description="the number of a unit")
    department: Number | None = Field(None, description="the number of a department, instead")


class ObjectionInput(Strict):
    """Why the unit is not responsible; a unit objects once."""

    reasons: Text = Field(min_length=1)


class ObjectionDecision(UnitChoice):
    """What becomes of the objection: dismissed, or upheld with another unit in its place."""

    upheld: Flag
    answer: Text = Field(min_length=1)


class RemedyInput(Strict):
    """A remedy to plan; over the limit of the caller's role an approval is asked for."""

    kind: Number = Field(description="the number of a kind of remedy")
    text: Text = Field("", description="what exactly")
    amount: Amount | None = None
    currency: str = Field("", max_length=3, description="left out, the company's reporting currency")


class RemedyDone(Strict):
    """What a remedy came to in the end; left out, as approved."""

    cost: Amount | None = None


class ReasonInput(Strict):
    """Why."""

    reason: Text = Field(min_length=1)


class TellingInput(Strict):
    """What the customer was told, how, when and in which words."""

    channel: ChannelName
    words: Text = Field(min_length=1)
    at: Moment | None = Field(None, description="left out, now")


class ResponsibilityInput(Strict):
    """What the responsible unit answers for."""

    text: Text = Field(min_length=1)


class SummaryInput(Strict):
    """The cause, the whys that led there, what prevents that it happens again; all of it is written anew."""

    cause: Number | None = Field(None, description="the number of a cause; null for none")
    whys: list[Annotated[str, Field(max_length=1000)]] = Field([], max_length=5)
    prevention: Text = ""


class LastWordInput(Strict):
    """What the customer answered at the end, or that nobody was reached."""

    outcome: OutcomeName
    channel: ChannelName
    words: Text = Field("", description="the customer's words, or what was tried")
    at: Moment | None = Field(None, description="left out, now")


class AuthorityAnswer(Strict):
    """When the authority was answered."""

    at: Moment | None = Field(None, description="left out, now")


class StepEnd(Strict):
    """Which step is over, and who has the next one."""

    step: Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up"]
    owner: Person | None = None


class MoveInput(Strict):
    """Why it is closed or opened again, for the history."""

    reason: str = Field("", max_length=500)


class ComplaintListed(Schema):
    """What a list says of a complaint."""

    id: str
    subject: str
    state: StateName
    step: StepName
    grade: GradeName
    customer: str | None
    owner: str | None
    unit: int | None
    cause: int | None
    authority: AuthorityName | None
    authority_number: str | None
    authority_due_at: str | None
    authority_answered_at: str | None
    opened_at: str
    closed_at: str | None
    reopened_count: int


class ComplaintPage(Schema):
    """A page of complaints; `next` goes on after it."""

    items: list[ComplaintListed]
    next: str | None


class ComplaintStepData(Schema):
    """How one step went, in its round: how often the case had been opened again."""

    step: StepName
    round: int
    owner: str | None
    began_at: str
    due_at: str | None
    ended_at: str | None


class EvidenceData(Schema):
    """A piece of evidence or a statement."""

    step: StepName
    sort: SortName
    said_by: str
    text: str
    file: str | None = Field(description="the name of the file")
    by: str | None
    at: str


class RemedyData(Schema):
    """A remedy; amounts are decimal strings."""

    id: str
    kind: int
    text: str
    amount: str
    currency: str
    state: RemedyStateName
    reason: str
    cost: str | None
    unit: int | None = Field(description="whose cost it is")
    done_at: str | None


class TellingData(Schema):
    """Once the customer was told."""

    step: StepName
    at: str
    channel: str
    words: str
    message: str | None
    by: str | None


class LastWordData(Schema):
    """Once the customer was asked at the end."""

    round: int
    outcome: OutcomeName
    channel: str
    words: str
    at: str
    by: str | None


class RecurrenceData(Schema):
    """A look back, some days after the closing: how many of the like had come again; null before it was done."""

    after_days: int
    due_on: str
    found: int | None


class PastObjectionData(Schema):
    """What a unit objected in whose place another was settled since."""

    unit: int
    objection: str
    objected_at: str
    objected_by: str | None
    answer: str
    settled_at: str | None


class ComplaintData(ComplaintListed):
    """One complaint with all that its six steps found, and what is missing."""

    words: str
    wanted: str
    entitlements: dict[str, AppliesName]
    objection: str
    objected_at: str | None
    objected_by: str | None
    objection_answer: str
    objection_settled_at: str | None
    past_objections: list[PastObjectionData] = Field(description="those of units that were responsible before")
    responsibility: str
    whys: list[str]
    prevention: str
    elsewhere: dict[str, Any] = Field(description="what the system that it came from says of it")
    steps: list[ComplaintStepData]
    evidence: list[EvidenceData]
    remedies: list[RemedyData]
    tellings: list[TellingData]
    last_words: list[LastWordData]
    checks: list[RecurrenceData]
    promises: list[str]
    missing: list[str] = Field(description="what is missing before the step under way can end, in sentences")
    missing_for_closing: list[str] = Field(description="what is missing before it can close, in sentences")


class ComplaintQuery(Strict):
    """Which complaints, and where the list begins."""

    state: StateName | Literal["", "live"] = Field("", description="`live`: those that have not ended")
    step: StepName | Literal[""] = ""
    grade: GradeName | Literal[""] = ""
    authority: AuthorityName | Literal["", "any"] = ""
    unit: Number | None = Field(None, description="the number of a unit")
    cause: Number | None = Field(None, description="the number of a cause; those below it are meant too")
    owner: str = Field("", max_length=150, description="the name somebody signs in with; `me` for the caller")
    customer: CustomerId = Field("", max_length=30, description="our id of a customer")
    opened_from: Moment | None = None
    opened_before: Moment | None = None
    limit: int = Field(50, ge=1, le=200)
    after: str = Field("", max_length=400, description="`next` of the page before")


class LanguageQuery(Strict):
    """In which language."""

    language: Literal["en", "zh-hans", ""] = ""


class DocumentData(Schema):
    """A document within the answer."""

    name: str
    type: Literal["application/pdf"]
    content: str = Field(description="the bytes in base64")
