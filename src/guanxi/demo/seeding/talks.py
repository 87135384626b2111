"""Invented conversations, their messages and their cases, row by row for COPY: as years of a front desk leave them."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from guanxi.conversations.choices import (
    ChannelKind,
    ConversationState,
    DeliveryState,
    Direction,
    Match,
    MessageClass,
    MessageKind,
)
from guanxi.demo.seeding.talk_words import FOLLOWING, MATTERS, NOTES
from guanxi.routing.choices import How
from guanxi.routing.explaining import by_hand
from guanxi.service.choices import CaseState, CaseType, Level, Priority
from guanxi.service.clocks.choices import Sort, State, Unit

DAYS = 730
# Of a desk that is kept up: the newest days hold nearly all that is open.
OPEN_SHARE, OPEN_DAYS = 0.03, 10
CHANNEL_SHARES = {ChannelKind.EMAIL: 50, ChannelKind.CHAT: 35, ChannelKind.PHONE: 15}
CASE_TYPES = {
    CaseType.ENQUIRY: 46, CaseType.REQUEST: 18, CaseType.REPAIR: 12, CaseType.COMPLAINT: 8, CaseType.GRIEVANCE: 4,
    CaseType.SUGGESTION: 3, CaseType.PRAISE: 2, CaseType.ORDER: 5, CaseType.FOLLOW_UP: 2,
}  # fmt: skip
PRIORITIES = {Priority.URGENT: 3, Priority.HIGH: 17, Priority.NORMAL: 65, Priority.LOW: 15}
NOTE_SHARE, UNKNOWN_SHARE, NOBODY_SHARE, WAITING_SHARE = 0.15, 0.06, 0.3, 0.6

CONVERSATION = (
    "id", "subject", "state", "customer_id", "match", "contact_kind", "contact_value", "contact_name", "channel_id",
    "channel_kind", "language", "assignee_id", "queue_id", "department_id", "message_count", "last_message_at",
    "last_inbound_at", "last_outbound_at", "waiting_since", "due_at", "secret", "done_at", "created_at", "updated_at",
)  # fmt: skip
MESSAGE = (
    "id", "conversation_id", "customer_id", "channel_id", "channel_kind", "kind", "direction", "message_class",
    "needs_answer", "author_id", "author_name", "from_address", "to", "cc", "subject", "text", "new_text", "html",
    "details", "at", "message_id", "in_reply_to", "delivery", "error", "error_detail", "tries",
)  # fmt: skip
CASE = (
    "id", "case_type", "category_id", "subject", "description", "state", "impact", "urgency", "priority",
    "is_priority_fixed", "tier", "customer_id", "conversation_id", "channel_kind", "owner_id", "department_id", "custom",
    "opened_at", "first_answered_at", "waiting_since", "solved_at", "closed_at", "reopened_count", "due_at", "source",
    "external_ref", "created_at", "updated_at",
)  # fmt: skip
WORK = (
    "record_kind", "record_id", "queue_id", "channel_kind", "weight", "priority", "tier_rank", "language", "customer_id",
    "needs_answer", "entered_at", "queued_at", "due_at", "state", "assignee_id", "assigned_at",
    "first_assigned_at", "accepted_at",
)  # fmt: skip
IN_HAND = ("item_id", "queue_id", "user_id", "by_id", "how", "at", "accepted_at", "why")
CLOCK = (
    "case_id", "sort", "number", "state", "started_at", "due_at", "warn_at", "consumed_seconds", "left", "amount", "unit",
    "paused_by", "policy_id", "why", "ahead", "reckoned_at",
)  # fmt: skip

Counterpart = tuple[int, str, str, str, str]  # id, name, kind of contact point, its value, tier


@dataclass(frozen=True)
class Setting:
    """What all rows of a seed share: who wrote, by which channels, to whom, into which queue, under which categories."""

    now: datetime
    channels: dict[str, int]
    queue_id: int
    people: Sequence[tuple[int, str, int | None]]
    customers: Sequence[Counterpart]
    categories: Sequence[int]
    policy_id: int | None
    source: str


@dataclass
class Rows:
    """One block, in the order of the column names above."""

    conversations: list[tuple[Any, ...]] = field(default_factory=list)
    messages: list[tuple[Any, ...]] = field(default_factory=list)
    cases: list[tuple[Any, ...]] = field(default_factory=list)
    work: list[tuple[Any, ...]] = field(default_factory=list)
    clocks: list[tuple[Any, ...]] = field(default_factory=list)


def message_counts(chance: random.Random, count: int, each: int) -> list[int]:
    """How many messages each of so many conversations has: at least one, that many on average, a few have many."""
    return [1 + min(int(chance.expovariate(1 / max(each - 1, 0.01)) + 0.5), 40) for _number in range(count)]


def make_block(chance: random.Random, around: Setting, ids: Sequence[int], message_ids: Sequence[Sequence[int]],
               case_ids: Sequence[int]) -> Rows:  # fmt: skip
    """Conversations with these ids, whose messages have those ids, and a case for each."""
    rows = Rows()
    for number, messages, case_id in zip(ids, message_ids, case_ids, strict=True):
        _Talk(chance, around, number, case_id).write(rows, messages)
    return rows


class _Talk:
    """One conversation with its case."""

    def __init__(self, chance: random.Random, around: Setting, number: int, case_id: int) -> None:
        """Decide what it is about, with whom, and how it stands."""
        self.chance, self.around, self.number, self.case_id = chance, around, number, case_id
        self.matter = chance.choice(MATTERS)
        self.kind = _of(chance, CHANNEL_SHARES)
        self.is_open = chance.random() < OPEN_SHARE
        days = chance.random() * OPEN_DAYS if self.is_open else OPEN_DAYS / 2 + DAYS * chance.random() ** 1.4
        self.begun = around.now - timedelta(days=days, seconds=60)
        self.is_waiting = self.is_open and chance.random() < WAITING_SHARE
        known = around.customers and chance.random() >= UNKNOWN_SHARE
        self.whom: Counterpart | None = chance.choice(around.customers) if known else None
        has_nobody = not around.people or (self.is_open and chance.random() < NOBODY_SHARE)
        self.agent: tuple[int, str, int | None] | None = None if has_nobody else chance.choice(around.people)

    def write(self, rows: Rows, message_ids: Sequence[int]) -> None:
        """Write everything that it left."""
        said = self._said(message_ids)
        rows.messages += said
        heard = [row[19] for row in said if row[6] == Direction.IN]
        answered = [row[19] for row in said if row[6] == Direction.OUT]
        waiting = heard[-1] if self.is_waiting else None
        due = waiting + timedelta(hours=self.chance.choice((1, 2, 4, 8, 24))) if waiting else None
        last = said[-1][19]
        rows.conversations.append(self._conversation(said, heard, answered, waiting, due, last))
        rows.cases.append(self._case(heard[0], answered, waiting, due, last))
        if self.is_open:
            rows.work.append(self._work(waiting, due, heard[0]))
        if waiting and due and self.around.policy_id is not None:
            rows.clocks.append(self._clock(waiting, due, is_first=not answered))

    def _said(self, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """The messages, the first and (while somebody waits) the last of them by the customer."""
        around, at = self.around, self.begun
        found: list[tuple[Any, ...]] = []
        for place, number in enumerate(ids):
            is_last = place == len(ids) - 1
            is_in = place == 0 or (is_last and self.is_waiting) or (place % 2 == 0 and not is_last)
            is_note = not is_in and not is_last and self.chance.random() < NOTE_SHARE
            text = self.matter[1] if place == 0 else self.matter[2] if place == 1 else self.chance.choice(FOLLOWING)
            text = self.chance.choice(NOTES) if is_note else text
            agent = None if is_in else self.agent
            direction = Direction.IN if is_in else Direction.INTERNAL if is_note else Direction.OUT
            found.append((
                number, self.number, self._customer_id, None if is_note else around.channels[self.kind],
                "" if is_note else self.kind.value, (MessageKind.NOTE if is_note else MessageKind.MESSAGE).value,
                direction.value, MessageClass.NORMAL.value, is_in, agent[0] if agent else None,
                agent[1] if agent else self._name if is_in else "", self._value if is_in else "", [], [],
                self.matter[0] if self.kind == ChannelKind.EMAIL else "", text, text, "", {}, at,
                f"{around.source}-{number}@seed.invalid" if self.kind == ChannelKind.EMAIL and not is_note else "", "",
                (DeliveryState.RECEIVED if is_in else DeliveryState.SENT).value, "", "", 0,
            ))  # fmt: skip
            left = (around.now - at).total_seconds() / (len(ids) - place + 1)
            at += timedelta(seconds=1 + min(left, self.chance.expovariate(1 / 7200)))
        return found

    @property
    def _customer_id(self) -> int | None:
        """The customer, None for somebody unknown."""
        return self.whom[0] if self.whom else None

    @property
    def _name(self) -> str:
        """What the counterpart is called."""
        return self.whom[1] if self.whom else f"Visitor {self.number}"

    @property
    def _value(self) -> str:
        """By which address the counterpart writes."""
        return self.whom[3] if self.whom else f"visitor-{self.number}@example.org"

    def _conversation(
        self, said: Sequence[Any], heard: Sequence[datetime], answered: Sequence[datetime], waiting: Any, due: Any,
        last: datetime,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Its row."""
        agent = self.agent
        return (
            self.number, self.matter[0], (ConversationState.OPEN if self.is_open else ConversationState.DONE).value,
            self._customer_id, (Match.CERTAIN if self.whom else Match.NEW).value, self.whom[2] if self.whom else "email",
            self._value, self._name, self.around.channels[self.kind], self.kind.value, "", agent[0] if agent else None,
            self.around.queue_id if self.is_open else None, agent[2] if agent else None, len(said), last, heard[-1],
            answered[-1] if answered else None, waiting, due, f"{self.chance.getrandbits(128):032x}",
            None if self.is_open else last, self.begun, last,
        )  # fmt: skip

    def _case(self, opened: datetime, answered: Sequence[datetime], waiting: Any, due: Any, last: datetime) -> Any:
        """The row of its case."""
        chance, agent, is_open = self.chance, self.agent, self.is_open
        priority: Priority = _of(chance, PRIORITIES)
        state = CaseState.CLOSED if chance.random() < 0.97 else CaseState.SOLVED
        if is_open:
            state = CaseState.NEW if agent is None else CaseState.OPEN if waiting else CaseState.WAITING
        ended = None if is_open else last
        return (
            self.case_id, _of(chance, CASE_TYPES).value, chance.choice(self.around.categories or (None,)), self.matter[0],
            self.matter[1], state.value, Level.MEDIUM.value, Level.MEDIUM.value, priority.value, False,
            self.whom[4] if self.whom else "", self._customer_id, self.number, self.kind.value,
            agent[0] if agent else None, agent[2] if agent else None, {}, opened, answered[0] if answered else None,
            waiting, ended, ended if state == CaseState.CLOSED else None, 0, due, "", "", opened, last,
        )  # fmt: skip

    def _work(self, waiting: Any, due: Any, entered: datetime) -> tuple[Any, ...]:
        """Its place among the work, while it is open."""
        agent = self.agent
        return (
            "conversation", self.number, self.around.queue_id, self.kind.value, 1, 2, 0, "", self._customer_id,
            waiting is not None, waiting or entered, waiting or entered, due, "assigned" if agent else "waiting",
            agent[0] if agent else None, entered if agent else None, entered if agent else None, entered if agent else None,
        )  # fmt: skip

    def _clock(self, waiting: datetime, due: datetime, *, is_first: bool) -> tuple[Any, ...]:
        """The clock of its case; what was to be done about a late one has been done."""
        now, sort = self.around.now, Sort.FIRST_ANSWER if is_first else Sort.NEXT_ANSWER
        minutes, state = int((due - waiting).total_seconds() // 60), State.RUNNING if due > now else State.BROKEN
        return (
            self.case_id, sort.value, 1, state.value, waiting, due, waiting + (due - waiting) * 0.75,
            int((now - waiting).total_seconds()), int((due - now).total_seconds()), minutes, Unit.MINUTES.value, "",
            self.around.policy_id, {}, [], now,
        )  # fmt: skip


def in_hand(
    numbers: Sequence[int], work: Sequence[tuple[Any, ...]], capacities: Mapping[int, int]
) -> list[tuple[Any, ...]]:
    """Of these work items, with their numbers, those that somebody has: taken, and looked at."""
    found, loads = [], Counter[int]()
    for number, row in zip(numbers, work, strict=True):
        item = dict(zip(WORK, row, strict=True))
        if (user := item["assignee_id"]) is not None:
            loads[user] += item["weight"]
            load, at = {"load": loads[user], "capacity": capacities[user]}, item["assigned_at"]
            why = by_hand(How.TAKEN.value, by=user, load=load)
            found.append((number, item["queue_id"], user, user, How.TAKEN.value, at, at, why))
    return found


def _of(chance: random.Random, shares: dict[Any, int]) -> Any:
    """One of some, by their shares."""
    return chance.choices(list(shares), list(shares.values()))[0]
