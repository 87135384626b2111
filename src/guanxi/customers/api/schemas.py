"""What is sent and given about customers."""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from guanxi.core.api import Day, Flag, Strict, Whole, id_of

CustomerId = Annotated[str, id_of("customer")]
ContactPointId = Annotated[str, id_of("contactpoint")]
RelationId = Annotated[str, id_of("relation")]
MergeId = Annotated[str, id_of("merge")]
OperationId = Annotated[str, id_of("operation")]

Kind = Literal["person", "organisation", "internal"]
Status = Literal["active", "dormant", "archived"]
Tier = Literal["vip", "major", "ordinary", "small"]
ContactKindWord = Literal["phone", "email", "wechat", "address"]


class ExternalIdData(Strict):
    """The id under which a source knows a customer."""

    source: str = Field(max_length=60)
    value: str = Field(max_length=200)


class ContactPointInput(Strict):
    """One way to reach a customer."""

    kind: ContactKindWord
    value: str = Field(max_length=500)
    label: str = Field("", max_length=60)
    is_primary: Flag = False


class CustomerChange(Strict):
    """Fields of a customer; those left out stay as they are."""

    kind: Kind | None = None
    name: str | None = Field(None, max_length=10_000)
    position: Literal["final", "intermediate", ""] | None = None
    title: str | None = None
    language: str | None = None
    tax_id: str | None = None
    city: str | None = None
    country: str | None = None
    status: Status | None = None
    note: str | None = None
    tags: list[str] | None = None
    custom: dict[str, Any] | None = Field(None, description="Values of added fields by their keys.")

    def values(self) -> dict[str, Any]:
        """What was really sent, as the services take it."""
        given = self.model_dump(exclude_unset=True, include=set(CustomerChange.model_fields))
        added = given.pop("custom", None) or {}
        return {**given, **{f"custom_{key}": value for key, value in added.items()}}


class CustomerInput(CustomerChange):
    """A new customer."""

    name: str = Field(max_length=10_000)
    contact_points: list[ContactPointInput] = Field(default_factory=list, max_length=50)
    external_ids: list[ExternalIdData] = Field(default_factory=list, max_length=20)


class Rfm(Schema):
    """Recency, frequency and monetary scores and what they come from."""

    r: int
    f: int
    m: int
    recency_days: int
    frequency: int
    monetary: str | None


class Period(Schema):
    """From the first to the last day, both included."""

    from_: Annotated[str | None, Field(alias="from")]
    to: str | None


class CustomerSummary(Schema):
    """What a list says of a customer; amounts are decimal strings."""

    id: str
    external_id: str | None
    external_ids: list[ExternalIdData]
    kind: Kind
    name: str
    title: str
    city: str
    country: str
    status: Status
    owner: str | None
    net_revenue: str | None
    currency: str | None
    orders: int
    first_order_on: str | None
    last_order_on: str | None
    tier: Tier | None
    abc: Literal["A", "B", "C"] | None
    level: str | None
    rank: int | None
    rfm: Rfm | None
    as_of: str | None
    period: Period
    method: str | None
    updated_at: str


class ContactPointData(Schema):
    """One way to reach a customer, as written and as compared; a role may see it masked, or not these two fields."""

    id: str
    kind: str
    value: str | None = None
    normalised: str | None = None
    label: str
    primary: bool


class CustomerDetails(CustomerSummary):
    """Everything of a customer that one look-up gives; a field that the caller's role does not see is not there."""

    position: str | None
    tax_id: str | None = None
    language: str | None
    contact_points: list[ContactPointData]
    tags: list[str]
    custom: dict[str, Any]
    note: str | None = None
    created_at: str
    last_contact_at: str | None
    merged_from: str | None = Field(None, description="The id asked for, where that customer was merged into this one.")


class PossibleDuplicateData(Schema):
    """A customer on record who may be the one described."""

    id: str
    name: str
    score: float
    reasons: list[str]


class CustomerEntered(CustomerDetails):
    """A customer right after it was entered, and who on record may be the same, the most likely first."""

    possible_duplicates: list[PossibleDuplicateData]


class CustomerPage(Schema):
    """A page of customers; `next` goes on after it."""

    items: list[CustomerSummary]
    next: str | None


class CustomerItems(Schema):
    """Customers found."""

    items: list[CustomerSummary]


class Taken(Schema):
    """What was done, and the operation by which it can be taken back."""

    done: Literal["deleted", "archived", "undone", "removed"]
    operation: str | None


class UndoInput(Strict):
    """Which operation is to be taken back."""

    operation: OperationId = Field(max_length=40, description="`opr_...`, as the answer to what was done told it")


class ContactPointItems(Schema):
    """How a customer can be reached."""

    items: list[ContactPointData]


class ContactPointChange(Strict):
    """Fields of a contact point; those left out stay as they are."""

    value: str | None = Field(None, max_length=500)
    label: str | None = Field(None, max_length=60)
    is_primary: Literal[True] | None = None


RelationWord = Literal["works_for", "parent", "owns", "supplies", "customer_of", "refers", "household", "knows"]


class RelationFields(Strict):
    """What may be said of a relation."""

    role: str | None = Field(None, max_length=80)
    since_on: Day | None = None
    until_on: Day | None = None
    buying_role: str | None = Field(None, max_length=20)
    attitude: str | None = Field(None, max_length=20)
    strength: Whole | None = Field(None, ge=1, le=5)
    share_ratio: str | None = Field(None, max_length=10)
    note: str | None = Field(None, max_length=300)


class RelationInput(RelationFields):
    """The customer of the address is this to another one."""

    kind: RelationWord
    object: CustomerId = Field(max_length=40, description="the other customer's id (cus_…)")


class RelationData(Schema):
    """`subject` works for / belongs to / supplies ... `object`."""

    id: str
    subject: str
    subject_name: str
    object: str
    object_name: str
    kind: RelationWord
    role: str
    since_on: str | None
    until_on: str | None
    buying_role: str
    attitude: str
    strength: int | None
    share_ratio: str | None
    note: str


class RelationItems(Schema):
    """The relations of a customer, the lasting ones first."""

    items: list[RelationData]


class TimelineEntry(Schema):
    """One thing that happened; `text` is what the timeline shows, without markup."""

    at: str
    kind: str
    title: str
    text: str
    by: str


class TimelinePage(Schema):
    """A page of the timeline, the newest first; `next` goes on after it."""

    items: list[TimelineEntry]
    next: str | None
