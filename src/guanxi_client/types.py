# house: length: one type for each schema of the API
"""What is sent and given. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class ColumnsInput(TypedDict):
    """Which column holds what, or the name of a saved mapping; and how the file is read."""

    columns: NotRequired[dict[str, str]]
    currency: NotRequired[str]
    date_order: NotRequired[str]
    mapping: NotRequired[str]
    source: NotRequired[str]
    timezone: NotRequired[str]


class ConsentData(TypedDict):
    """One word of a customer."""

    at: str
    channel: str
    customer: str
    evidence: str
    expires_on: str | None
    id: int
    is_separate: bool
    notice_version: int | None
    purpose: str
    recorded_by: str
    source: str
    state: Literal["given", "refused", "withdrawn"]


class ConsentInput(TypedDict):
    """What a customer said; it is added, nothing on record is changed."""

    at: NotRequired[str | None]
    channels: NotRequired[list[Literal["", "phone", "mail", "sms", "message", "post", "visit"]]]
    customer: str
    evidence: NotRequired[str]
    expires_on: NotRequired[str | None]
    is_separate: NotRequired[bool]
    purpose: str
    source: NotRequired[str]
    state: Literal["given", "refused", "withdrawn"]


class ConsentItems(TypedDict):
    """What holds, and every word, the latest first."""

    items: list[ConsentData]
    standing: list[StandingData]


class ConsentQuery(TypedDict):
    """Whose."""

    customer: str


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


class ContactQuery(TypedDict):
    """A way to reach somebody: one of `phone`, `email`, `wechat`, `address`, or `kind` and `value`."""

    address: NotRequired[str]
    email: NotRequired[str]
    kind: NotRequired[Literal["phone", "email", "wechat", "address"] | None]
    phone: NotRequired[str]
    value: NotRequired[str]
    wechat: NotRequired[str]


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


class CustomerQuery(TypedDict):
    """Which customers, in which order, and where the list begins."""

    after: NotRequired[str]
    kind: NotRequired[Literal["person", "organisation", "internal"] | Literal['']]
    limit: NotRequired[int]
    owner: NotRequired[str]
    q: NotRequired[str]
    sort: NotRequired[Literal["name", "-name", "city", "-city", "net_revenue", "-net_revenue", "orders", "-orders", "last_order_on", "-last_order_on", "created_at", "-created_at", "updated_at", "-updated_at"] | Literal['']]
    status: NotRequired[Literal["active", "dormant", "archived"] | Literal['']]
    tier: NotRequired[Literal["vip", "major", "ordinary", "small"] | Literal['']]
    updated_since: NotRequired[str | None]


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


class Entering(TypedDict):
    """How a customer is entered."""

    refuse_duplicates: NotRequired[bool]


class EventType(TypedDict):
    """One type of event."""

    label: str
    type: str


class EventTypes(TypedDict):
    """What webhooks may be told of."""

    items: list[EventType]


class ExternalIdData(TypedDict):
    """The id under which a source knows a customer."""

    source: str
    value: str


class Health(TypedDict):
    """Whether the installation serves."""

    reason: NotRequired[str | None]
    status: Literal["ok", "unavailable"]
    version: str


class HistoryAct(TypedDict):
    """One operation: everything in it was written together."""

    actor: HistoryActor
    address: str
    at: str
    changes: list[HistoryChange]
    deputising_for: str | None
    has_more_changes: bool
    id: str
    means: str
    name: str
    reason: str
    undoes: str | None
    undone_at: str | None


class HistoryActor(TypedDict):
    """Who did it: a user, or nobody's user for the console and Guanxi itself."""

    id: str | None
    name: str


class HistoryChange(TypedDict):
    """One field before and after, as far as the caller may see; `field` is '' for a record that came or went."""

    act: str
    after: Any
    before: Any
    customer: str | None
    erased_at: str | None
    field: str
    kind: str
    record: str


class HistoryPage(TypedDict):
    """A page of the history, newest first; `next` goes on after it, and may do so although `items` is empty."""

    items: list[HistoryAct]
    next: str | None


class HistoryQuery(TypedDict):
    """What is asked of the history."""

    actor: NotRequired[str]
    after: NotRequired[str]
    customer: NotRequired[str]
    kind: NotRequired[str]
    limit: NotRequired[int]
    means: NotRequired[str]
    operation: NotRequired[str]
    q: NotRequired[str]
    record: NotRequired[str]
    since: NotRequired[str]
    until: NotRequired[str]


class HitData(TypedDict):
    """One record found; `rank` 1 is the best of four, `match` says how it was found."""

    id: str
    kind: str
    match: str
    rank: int
    subtitle: str
    title: str


class HitItems(TypedDict):
    """What was found, best first."""

    items: list[HitData]


class ImportData(TypedDict):
    """One import: what was read, stored and refused, and what it created."""

    asked: str | None
    by: str
    columns: dict[str, Any]
    committed_at: str | None
    created_at: str
    currency: str
    error: str | None
    file: str
    import_id: str
    mapping: str | None
    progress: dict[str, int]
    rows_read: int
    rows_refused: int
    rows_stored: int
    source: str
    state: str
    target: str
    timezone: str
    undone_at: str | None
    undone_by: str | None


class ImportItems(TypedDict):
    """A page of imports, the newest first; `next` goes on after it."""

    items: list[ImportData]
    next: str | None


class ImportQuery(TypedDict):
    """Where the list begins and how long it is."""

    after: NotRequired[str]
    limit: NotRequired[int]


class ImportUndo(TypedDict):
    """What becomes of records that were changed since the import."""

    rest: NotRequired[bool]


class LineData(TypedDict):
    """One line of an order."""

    amount: str
    description: str
    kind: Literal["goods", "fee", "adjustment"]
    product: str | None
    quantity: str
    unit_price: str | None


class MergeData(TypedDict):
    """One customer absorbed by another."""

    absorbed: str
    at: str
    by: str
    id: str
    moved: int
    set_aside: int
    survivor: str
    undone_at: str | None


class MergeInput(TypedDict):
    """Which customers this one absorbs, and whose value counts in which field."""

    absorb: list[str]
    choices: NotRequired[dict[str, str]]


class MergeItems(TypedDict):
    """Merges."""

    items: list[MergeData]


class Message(TypedDict):
    """One message with its tries."""

    data: dict[str, Any]
    due_at: str | None
    happened_at: str
    id: str
    state: Literal["waiting", "delivered", "failed"]
    tries: list[Try]
    type: str


class MessageItems(TypedDict):
    """Messages, the newest first; `next` goes on after them."""

    items: list[Message]
    next: str | None


class MessageQuery(TypedDict):
    """Which messages."""

    after: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[Literal["waiting", "delivered", "failed", ""]]


class NotificationData(TypedDict):
    """One thing the caller was told."""

    about: str | None
    at: str
    count: int
    id: int
    read: bool
    sort: str
    text: str


class NotificationPage(TypedDict):
    """Notifications of the caller, the newest first, and how many are unread; `next` goes on after the page."""

    items: list[NotificationData]
    next: str | None
    unread: int


class NotificationQuery(TypedDict):
    """Which notifications."""

    after: NotRequired[str]
    limit: NotRequired[int]
    unread: NotRequired[bool]


class OrderDetails(TypedDict):
    """An order with its lines."""

    amount: str
    country: str
    currency: str
    customer_id: str | None
    id: str
    kind: Literal["sale", "return", "adjustment"]
    lines: int
    number: str
    order_lines: list[LineData]
    ordered_at: str
    ordered_on: str
    source: str


class OrderPage(TypedDict):
    """A page of orders; `next` goes on after it."""

    items: list[OrderSummary]
    next: str | None


class OrderQuery(TypedDict):
    """Which orders, in which order, and where the list begins."""

    after: NotRequired[str]
    customer: NotRequired[str]
    kind: NotRequired[Literal["sale", "return", "adjustment", ""]]
    limit: NotRequired[int]
    number: NotRequired[str]
    since: NotRequired[str | None]
    sort: NotRequired[Literal["ordered_at", "-ordered_at"]]
    until: NotRequired[str | None]


class OrderSummary(TypedDict):
    """What a list says of an order; amounts are decimal strings, those of returns negative."""

    amount: str
    country: str
    currency: str
    customer_id: str | None
    id: str
    kind: Literal["sale", "return", "adjustment"]
    lines: int
    number: str
    ordered_at: str
    ordered_on: str
    source: str


class PairQuery(TypedDict):
    """How likely pairs must be, and how many are given."""

    after: NotRequired[str]
    limit: NotRequired[int]
    min_score: NotRequired[float]


class PartedData(TypedDict):
    """What taking a merge back did."""

    kept_fields: list[str]
    merge: MergeData
    rows_back: int
    rows_gone: int
    rows_stayed: int
    survivor: str


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


class Problem(TypedDict):
    """What went wrong (RFC 9457)."""

    detail: NotRequired[str]
    errors: NotRequired[list[dict[str, Any]]]
    field: NotRequired[str]
    scope: NotRequired[str]
    status: int
    title: str
    type: str


class ProductData(TypedDict):
    """One thing sold, under the code that its source gives it; amounts are decimal strings."""

    category: str
    code: str
    currency: str | None
    id: str
    kind: str
    name: str
    source: str
    unit_cost: str | None


class ProductPage(TypedDict):
    """A page of products; `next` goes on after it."""

    items: list[ProductData]
    next: str | None


class ProductQuery(TypedDict):
    """Which products, and where the list begins."""

    after: NotRequired[str]
    code: NotRequired[str]
    limit: NotRequired[int]
    q: NotRequired[str]
    sort: NotRequired[Literal["code", "name"]]


class RefusedPage(TypedDict):
    """Refused rows in the order of the file."""

    items: list[RefusedRow]
    next: str | None


class RefusedQuery(TypedDict):
    """Where the list begins and how long it is."""

    after: NotRequired[str]
    limit: NotRequired[int]


class RefusedRow(TypedDict):
    """One row that was refused: its number in the file, the column at fault, and why."""

    column: str | None
    reason: str
    row: int


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


class Replay(TypedDict):
    """Which messages to send again: those named, or all that failed."""

    failed: NotRequired[bool]
    messages: NotRequired[list[str]]


class Replayed(TypedDict):
    """How many are sent again."""

    count: int


class Rfm(TypedDict):
    """Recency, frequency and monetary scores and what they come from."""

    f: int
    frequency: int
    m: int
    monetary: str | None
    r: int
    recency_days: int


class SearchQuery(TypedDict):
    """What is looked for."""

    kind: NotRequired[str]
    limit: NotRequired[int]
    q: str


class Secret(TypedDict):
    """A new secret; the old one signs too for another day."""

    secret: str


class StandingData(TypedDict):
    """What holds now for a purpose and a channel."""

    allowed: bool
    channel: str
    purpose: str
    reason: str


class Taken(TypedDict):
    """What was done, and the operation by which it can be taken back."""

    done: Literal["deleted", "archived", "undone", "removed"]
    operation: str | None


class TaskChange(TypedDict):
    """Fields of a task; those left out stay as they are. `state` ends a task or opens it again."""

    about: NotRequired[str | None]
    all_day: NotRequired[bool | None]
    assignee: NotRequired[str | None]
    due_at: NotRequired[str | None]
    note: NotRequired[str | None]
    priority: NotRequired[Literal["low", "normal", "high"] | None]
    remind_at: NotRequired[str | None]
    repeat: NotRequired[Literal["day", "workday", "week", "month", "year"] | None]
    state: NotRequired[Literal["open", "done", "dropped"] | None]
    title: NotRequired[str | None]


class TaskData(TypedDict):
    """One task."""

    about: str | None
    all_day: bool
    assignee: str
    author: str | None
    created_at: str
    due_at: str | None
    ended_at: str | None
    id: str
    note: str
    priority: Literal["low", "normal", "high"]
    remind_at: str | None
    repeat: str | None
    state: Literal["open", "done", "dropped"]
    title: str


class TaskInput(TypedDict):
    """A new task; without an assignee it is the caller's own."""

    about: NotRequired[str | None]
    all_day: NotRequired[bool]
    assignee: NotRequired[str | None]
    due_at: NotRequired[str | None]
    note: NotRequired[str]
    priority: NotRequired[Literal["low", "normal", "high"]]
    remind_at: NotRequired[str | None]
    repeat: NotRequired[Literal["day", "workday", "week", "month", "year"] | None]
    title: str


class TaskPage(TypedDict):
    """A page of tasks; `next` goes on after it."""

    items: list[TaskData]
    next: str | None


class TaskQuery(TypedDict):
    """Which tasks, and where the list begins."""

    about: NotRequired[str]
    after: NotRequired[str]
    assignee: NotRequired[str]
    due_before: NotRequired[str | None]
    limit: NotRequired[int]
    state: NotRequired[Literal["open", "done", "dropped", ""]]


class TierFigures(TypedDict):
    """The pyramid, the ABC classes and the levels of the whole base, as last measured; amounts are decimal strings."""

    abc: list[dict[str, Any]]
    as_of: str | None
    currency: str
    left_out: list[dict[str, Any]]
    levels: list[dict[str, Any]]
    levels_by: str | None
    method: str | None
    period: dict[str, str | None]
    pyramid: list[dict[str, Any]]


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


class TimelineQuery(TypedDict):
    """Where the timeline begins and how much of it."""

    after: NotRequired[str]
    kind: NotRequired[str]
    limit: NotRequired[int]


class Try(TypedDict):
    """One try to deliver a message."""

    answer: str
    at: str
    problem: str | None
    status: int | None
    took_ms: int


class UndoInput(TypedDict):
    """Which operation is to be taken back."""

    operation: str


class UploadForm(TypedDict):
    """What the file holds."""

    mapping: NotRequired[str]
    target: str


class UserData(TypedDict):
    """One colleague."""

    department: str | None
    id: str
    is_active: bool
    name: str
    role: str
    username: str


class UserPage(TypedDict):
    """A page of users; `next` goes on after it."""

    items: list[UserData]
    next: str | None


class UserQuery(TypedDict):
    """Where the list begins and how long it is."""

    after: NotRequired[str]
    limit: NotRequired[int]


class WebhookChange(TypedDict):
    """Fields of a webhook; those left out stay as they are."""

    active: NotRequired[bool | None]
    label: NotRequired[str | None]
    types: NotRequired[list[str] | None]
    url: NotRequired[str | None]
    with_details: NotRequired[bool | None]


class WebhookData(TypedDict):
    """One webhook and how it stands; its secret is told only when it is made or changed."""

    active: bool
    created_at: str
    failing_since: str | None
    id: str
    label: str
    last_delivered_at: str | None
    stopped_because: str | None
    types: list[str]
    url: str
    user: str
    with_details: bool


class WebhookInput(TypedDict):
    """A new webhook."""

    label: str
    types: NotRequired[list[str]]
    url: str
    with_details: NotRequired[bool]


class WebhookItems(TypedDict):
    """The webhooks that are open to the caller."""

    items: list[WebhookData]


class WebhookWithSecret(TypedDict):
    """A webhook right after it was made."""

    active: bool
    created_at: str
    failing_since: str | None
    id: str
    label: str
    last_delivered_at: str | None
    secret: str
    stopped_because: str | None
    types: list[str]
    url: str
    user: str
    with_details: bool
