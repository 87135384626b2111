"""What is sent and given: customers. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from guanxi_client.types.shared import MergeData


class ContactPointChange(TypedDict):
    """Fields of a contact point; those left out stay as they are."""

    is_primary: NotRequired[Literal[True] | None]
    label: NotRequired[str | None]
    value: NotRequired[str | None]


class ContactPointData(TypedDict):
    """One way to reach a customer, as written and as compared; a role may see it masked, or not these two fields."""

    id: str
    kind: str
    label: str
    normalised: NotRequired[str | None]
    primary: bool
    value: NotRequired[str | None]


class ContactPointInput(TypedDict):
    """One way to reach a customer."""

    is_primary: NotRequired[bool]
    kind: Literal["phone", "email", "wechat", "address"]
    label: NotRequired[str]
    value: str


class ContactPointItems(TypedDict):
    """How a customer can be reached."""

    items: list[ContactPointData]


class CustomerChange(TypedDict):
    """Fields of a customer; those left out stay as they are."""

    city: NotRequired[str | None]
    country: NotRequired[str | None]
    custom: NotRequired[dict[str, Any] | None]
    kind: NotRequired[Literal["person", "organisation", "internal"] | None]
    language: NotRequired[str | None]
    name: NotRequired[str | None]
    note: NotRequired[str | None]
    position: NotRequired[Literal["final", "intermediate", ""] | None]
    status: NotRequired[Literal["active", "dormant", "archived"] | None]
    tags: NotRequired[list[str] | None]
    tax_id: NotRequired[str | None]
    title: NotRequired[str | None]


class CustomerDetails(TypedDict):
    """Everything of a customer that one look-up gives; a field that the caller's role does not see is not there."""

    abc: Literal["A", "B", "C"] | None
    as_of: str | None
    city: str
    contact_points: list[ContactPointData]
    country: str
    created_at: str
    currency: str | None
    custom: dict[str, Any]
    external_id: str | None
    external_ids: list[ExternalIdData]
    first_order_on: str | None
    id: str
    kind: Literal["person", "organisation", "internal"]
    language: str | None
    last_contact_at: str | None
    last_order_on: str | None
    level: str | None
    merged_from: NotRequired[str | None]
    method: str | None
    name: str
    net_revenue: str | None
    note: NotRequired[str | None]
    orders: int
    owner: str | None
    period: Period
    position: str | None
    rank: int | None
    rfm: Rfm | None
    status: Literal["active", "dormant", "archived"]
    tags: list[str]
    tax_id: NotRequired[str | None]
    tier: Literal["vip", "major", "ordinary", "small"] | None
    title: str
    updated_at: str


class CustomerEntered(TypedDict):
    """A customer right after it was entered, and who on record may be the same, the most likely first."""

    abc: Literal["A", "B", "C"] | None
    as_of: str | None
    city: str
    contact_points: list[ContactPointData]
    country: str
    created_at: str
    currency: str | None
    custom: dict[str, Any]
    external_id: str | None
    external_ids: list[ExternalIdData]
    first_order_on: str | None
    id: str
    kind: Literal["person", "organisation", "internal"]
    language: str | None
    last_contact_at: str | None
    last_order_on: str | None
    level: str | None
    merged_from: NotRequired[str | None]
    method: str | None
    name: str
    net_revenue: str | None
    note: NotRequired[str | None]
    orders: int
    owner: str | None
    period: Period
    position: str | None
    possible_duplicates: list[PossibleDuplicateData]
    rank: int | None
    rfm: Rfm | None
    status: Literal["active", "dormant", "archived"]
    tags: list[str]
    tax_id: NotRequired[str | None]
    tier: Literal["vip", "major", "ordinary", "small"] | None
    title: str
    updated_at: str


class CustomerInput(TypedDict):
    """A new customer."""

    city: NotRequired[str | None]
    contact_points: NotRequired[list[ContactPointInput]]
    country: NotRequired[str | None]
    custom: NotRequired[dict[str, Any] | None]
    external_ids: NotRequired[list[ExternalIdData]]
    kind: NotRequired[Literal["person", "organisation", "internal"] | None]
    language: NotRequired[str | None]
    name: str
    note: NotRequired[str | None]
    position: NotRequired[Literal["final", "intermediate", ""] | None]
    status: NotRequired[Literal["active", "dormant", "archived"] | None]
    tags: NotRequired[list[str] | None]
    tax_id: NotRequired[str | None]
    title: NotRequired[str | None]


class CustomerItems(TypedDict):
    """Customers found."""

    items: list[CustomerSummary]


class CustomerPage(TypedDict):
    """A page of customers; `next` goes on after it."""

    items: list[CustomerSummary]
    next: str | None


class CustomerSummary(TypedDict):
    """What a list says of a customer; amounts are decimal strings."""

    abc: Literal["A", "B", "C"] | None
    as_of: str | None
    city: str
    country: str
    currency: str | None
    external_id: str | None
    external_ids: list[ExternalIdData]
    first_order_on: str | None
    id: str
    kind: Literal["person", "organisation", "internal"]
    last_order_on: str | None
    level: str | None
    method: str | None
    name: str
    net_revenue: str | None
    orders: int
    owner: str | None
    period: Period
    rank: int | None
    rfm: Rfm | None
    status: Literal["active", "dormant", "archived"]
    tier: Literal["vip", "major", "ordinary", "small"] | None
    title: str
    updated_at: str


class DuplicatePairData(TypedDict):
    """Two customers that may be one: how likely, and why, in words without values."""

    a: str
    a_name: str
    against: list[str]
    b: str
    b_name: str
    reasons: list[str]
    score: float


class DuplicatePairs(TypedDict):
    """A page of pairs, the most likely first; `next` goes on after it."""

    items: list[DuplicatePairData]
    next: str | None


class ExternalIdData(TypedDict):
    """The id under which a source knows a customer."""

    source: str
    value: str


class MergeInput(TypedDict):
    """Which customers this one absorbs, and whose value counts in which field."""

    absorb: list[str]
    choices: NotRequired[dict[str, str | Literal['all']]]


class MergeItems(TypedDict):
    """Merges."""

    items: list[MergeData]


Period = TypedDict("Period", {"from": "str | None", "to": "str | None"})


class PossibleDuplicateData(TypedDict):
    """A customer on record who may be the one described."""

    id: str
    name: str
    reasons: list[str]
    score: float


class PossibleDuplicates(TypedDict):
    """Customers on record, the most likely first."""

    items: list[PossibleDuplicateData]


class RelationData(TypedDict):
    """`subject` works for / belongs to / supplies ... `object`."""

    attitude: str
    buying_role: str
    id: str
    kind: Literal["works_for", "parent", "owns", "supplies", "customer_of", "refers", "household", "knows"]
    note: str
    object: str
    object_name: str
    role: str
    share_ratio: str | None
    since_on: str | None
    strength: int | None
    subject: str
    subject_name: str
    until_on: str | None


class RelationFields(TypedDict):
    """What may be said of a relation."""

    attitude: NotRequired[str | None]
    buying_role: NotRequired[str | None]
    note: NotRequired[str | None]
    role: NotRequired[str | None]
    share_ratio: NotRequired[str | None]
    since_on: NotRequired[str | None]
    strength: NotRequired[int | None]
    until_on: NotRequired[str | None]


class RelationInput(TypedDict):
    """The customer of the address is this to another one."""

    attitude: NotRequired[str | None]
    buying_role: NotRequired[str | None]
    kind: Literal["works_for", "parent", "owns", "supplies", "customer_of", "refers", "household", "knows"]
    note: NotRequired[str | None]
    object: str
    role: NotRequired[str | None]
    share_ratio: NotRequired[str | None]
    since_on: NotRequired[str | None]
    strength: NotRequired[int | None]
    until_on: NotRequired[str | None]


class RelationItems(TypedDict):
    """The relations of a customer, the lasting ones first."""

    items: list[RelationData]


class Rfm(TypedDict):
    """Recency, frequency and monetary scores and what they come from."""

    f: int
    frequency: int
    m: int
    monetary: str | None
    r: int
    recency_days: int


class Taken(TypedDict):
    """What was done, and the operation by which it can be taken back."""

    done: Literal["deleted", "archived", "undone", "removed"]
    operation: str | None


class TimelineEntry(TypedDict):
    """One thing that happened; `text` is what the timeline shows, without markup."""

    at: str
    by: str
    kind: str
    text: str
    title: str


class TimelinePage(TypedDict):
    """A page of the timeline, the newest first; `next` goes on after it."""

    items: list[TimelineEntry]
    next: str | None


class UndoInput(TypedDict):
    """Which operation is to be taken back."""

    operation: str
