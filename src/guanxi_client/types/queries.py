"""What is sent and given: queries. Written by `script/client` from the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class ApprovalQuery(TypedDict):
    """Which approvals, and where the list begins."""

    after: NotRequired[str]
    limit: NotRequired[int]
    show: NotRequired[Literal["all", "mine", "ended"]]


class CaseQuery(TypedDict):
    """Which cases, and where the list begins."""

    after: NotRequired[str]
    customer: NotRequired[str]
    limit: NotRequired[int]
    opened_from: NotRequired[str | None]
    owner: NotRequired[str]
    parent: NotRequired[str]
    state: NotRequired[Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"] | Literal['']]
    type: NotRequired[Literal["enquiry", "request", "repair", "complaint", "grievance", "suggestion", "praise", "order", "follow_up"] | Literal['']]


class ClockQuery(TypedDict):
    """Which clocks, and where the list begins."""

    after: NotRequired[str]
    case: NotRequired[str]
    limit: NotRequired[int]
    open: NotRequired[bool | None]
    sort: NotRequired[Literal["first_answer", "next_answer", "solution", ""]]


class ComplaintQuery(TypedDict):
    """Which complaints, and where the list begins."""

    after: NotRequired[str]
    authority: NotRequired[Literal["12315", "12345", "other"] | Literal["", "any"]]
    cause: NotRequired[int | None]
    customer: NotRequired[str]
    grade: NotRequired[Literal["ordinary", "major", "group", "public"] | Literal['']]
    limit: NotRequired[int]
    opened_before: NotRequired[str | None]
    opened_from: NotRequired[str | None]
    owner: NotRequired[str]
    state: NotRequired[Literal["new", "open", "waiting", "held", "solved", "closed", "closed_elsewhere"] | Literal["", "live"]]
    step: NotRequired[Literal["record", "investigate", "settle", "plan", "carry_out", "sum_up", "done"] | Literal['']]
    unit: NotRequired[int | None]


class ConsentQuery(TypedDict):
    """Whose."""

    customer: str


class ContactQuery(TypedDict):
    """A way to reach somebody: one of `phone`, `email`, `wechat`, `address`, or `kind` and `value`."""

    address: NotRequired[str]
    email: NotRequired[str]
    kind: NotRequired[Literal["phone", "email", "wechat", "address"] | None]
    phone: NotRequired[str]
    value: NotRequired[str]
    wechat: NotRequired[str]


class ConversationMessageQuery(TypedDict):
    """Which page of entries."""

    after: NotRequired[str]
    limit: NotRequired[int]


class ConversationQuery(TypedDict):
    """Which conversations, and where the list begins."""

    after: NotRequired[str]
    assignee: NotRequired[str]
    changed_from: NotRequired[str | None]
    customer: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[Literal["open", "done"] | Literal['']]
    waiting: NotRequired[bool | None]


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


class DataRequestQuery(TypedDict):
    """Which requests, where the list begins and how long it is."""

    after: NotRequired[str]
    limit: NotRequired[int]
    view: NotRequired[Literal["open", "overdue", "soon", "mine", "settled"]]


class Entering(TypedDict):
    """How a customer is entered."""

    refuse_duplicates: NotRequired[bool]


class FiringQuery(TypedDict):
    """Which firings, and where the list begins."""

    after: NotRequired[str]
    limit: NotRequired[int]
    outcome: NotRequired[Literal["fired", "not_met", "limited", "stopped_loop", "failed", ""]]


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


class ImportQuery(TypedDict):
    """Where the list begins and how long it is."""

    after: NotRequired[str]
    limit: NotRequired[int]


class LanguageQuery(TypedDict):
    """In which language."""

    language: NotRequired[Literal["en", "zh-hans", ""]]


class MessageQuery(TypedDict):
    """Which messages."""

    after: NotRequired[str]
    limit: NotRequired[int]
    state: NotRequired[Literal["waiting", "delivered", "failed", ""]]


class NotificationQuery(TypedDict):
    """Which notifications."""

    after: NotRequired[str]
    limit: NotRequired[int]
    unread: NotRequired[bool]


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


class OwnHoursQuery(TypedDict):
    """Whose, and where the list begins."""

    after: NotRequired[str]
    customer: NotRequired[str]
    limit: NotRequired[int]


class PairQuery(TypedDict):
    """How likely pairs must be, and how many are given."""

    after: NotRequired[str]
    limit: NotRequired[int]
    min_score: NotRequired[float]


class ProductQuery(TypedDict):
    """Which products, and where the list begins."""

    after: NotRequired[str]
    code: NotRequired[str]
    limit: NotRequired[int]
    q: NotRequired[str]
    sort: NotRequired[Literal["code", "name"]]


class PromiseQuery(TypedDict):
    """Which promises, and where the list begins."""

    after: NotRequired[str]
    case: NotRequired[str]
    customer: NotRequired[str]
    due_before: NotRequired[str | None]
    due_from: NotRequired[str | None]
    limit: NotRequired[int]
    owner: NotRequired[str]
    state: NotRequired[Literal["open", "kept", "kept_late", "broken", "released"] | Literal['']]


class RefusedQuery(TypedDict):
    """Where the list begins and how long it is."""

    after: NotRequired[str]
    limit: NotRequired[int]


class RunQuery(TypedDict):
    """Of which kind, where the list begins and how long it is."""

    after: NotRequired[str]
    kind: NotRequired[str]
    limit: NotRequired[int]


class SearchQuery(TypedDict):
    """What is looked for."""

    kind: NotRequired[str]
    limit: NotRequired[int]
    q: str


class SettingQuery(TypedDict):
    """Whether those out of use are listed too."""

    retired: NotRequired[bool]


class TaskQuery(TypedDict):
    """Which tasks, and where the list begins."""

    about: NotRequired[str]
    after: NotRequired[str]
    assignee: NotRequired[str]
    due_before: NotRequired[str | None]
    limit: NotRequired[int]
    state: NotRequired[Literal["open", "done", "dropped", ""]]


class TimelineQuery(TypedDict):
    """Where the timeline begins and how much of it."""

    after: NotRequired[str]
    kind: NotRequired[str]
    limit: NotRequired[int]


class UploadForm(TypedDict):
    """What the file holds."""

    mapping: NotRequired[str]
    target: str


class UserQuery(TypedDict):
    """Where the list begins and how long it is."""

    after: NotRequired[str]
    limit: NotRequired[int]


class WorkQuery(TypedDict):
    """Which work items, and where the list begins."""

    after: NotRequired[str]
    assignee: NotRequired[str]
    limit: NotRequired[int]
    queue: NotRequired[str]
    state: NotRequired[Literal["waiting", "assigned", "ended", "open", ""]]
