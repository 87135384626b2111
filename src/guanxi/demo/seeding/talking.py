"""Making years of a front desk: conversations, what was said in them, their cases and what waits, block by block."""

import random
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services.channels import create_channel
from guanxi.core import bulk, changes, clock, planner_statistics
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.fast_loading import without_indexes
from guanxi.core.models import User
from guanxi.customers.models import ContactPoint
from guanxi.demo.seeding import talks
from guanxi.demo.seeding.talks import Counterpart, Setting
from guanxi.routing.models import Assignment, Queue, WorkItem
from guanxi.routing.queries import limits_of
from guanxi.routing.services.first_queue import first_queue
from guanxi.service.models import Case, CaseCategory, CaseClock, SlaPolicy

BLOCK, SQLITE_BLOCK = 20_000, 1_000
MOST_CONVERSATIONS, MOST_EACH = 5_000_000, 40
# Of the customers that there are, at most so many write to the desk.
MOST_WRITERS = 100_000
TABLES = (Conversation, Message, Case, WorkItem, Assignment, CaseClock)
NAMES = {
    ChannelKind.EMAIL: ("Service mailbox", "service@seed.invalid"),
    ChannelKind.CHAT: ("Website chat", ""),
    ChannelKind.PHONE: ("Service line", "+86 21 5550 0100"),
}


@dataclass
class TalksMade:
    """What a seed of conversations made."""

    operation_id: int
    conversations: int = 0
    messages: int = 0
    open_conversations: int = 0


def seed_talks(
    *,
    actor: Actor,
    conversations: int,
    messages_each: int = 3,
    seed: int = 1,
    say: Callable[[str], None] = lambda _t: None,
) -> TalksMade:
    """Make so many invented conversations with that many messages each on average, and a case for each.

    They are with customers that there are, by channels of three kinds (made where there is none), with colleagues that
    there are. On PostgreSQL all of it is one transaction, and empty tables do without their indexes meanwhile.
    """
    if not 1 <= conversations <= MOST_CONVERSATIONS or not 1 <= messages_each <= MOST_EACH:
        raise InvalidInput(
            _("A seed makes 1 to %(conversations)s conversations with at most %(messages)s messages each.")
            % {"conversations": MOST_CONVERSATIONS, "messages": MOST_EACH}
        )
    given = {"conversations": conversations, "messages_each": messages_each, "seed": seed}
    with changes.operation(actor=actor, name="demo.seed_talks") as op:
        op.record(kind="seed", record_id=op.id, act="create", field="", before=None, after=given)
    made, around = TalksMade(op.id), _setting(actor, op.id)
    is_large = connection.vendor == "postgresql"
    block = BLOCK if is_large else SQLITE_BLOCK
    with transaction.atomic() if is_large else nullcontext(), without_indexes(TABLES):
        for start in range(0, conversations, block):
            with transaction.atomic():
                chance = random.Random(f"{seed} {start}")
                _write_block(chance, around, min(block, conversations - start), messages_each, made)
            say(f"  {made.conversations} conversations")
    planner_statistics.refresh(*(table._meta.db_table for table in TABLES))
    return made


def _write_block(chance: random.Random, around: Setting, count: int, each: int, made: TalksMade) -> None:
    """Write one block of conversations with all that belongs to them."""
    counts = talks.message_counts(chance, count, each)
    numbers = list(bulk.next_ids(Message, sum(counts)))
    of_each, place = [], 0
    for one in counts:
        of_each.append(numbers[place : place + one])
        place += one
    rows = talks.make_block(chance, around, bulk.next_ids(Conversation, count), of_each, bulk.next_ids(Case, count))
    _insert(Conversation, talks.CONVERSATION, rows.conversations)
    _insert(Message, talks.MESSAGE, rows.messages)
    _insert(Case, talks.CASE, rows.cases)
    limits = limits_of([number for number, _name, _department in around.people])
    capacities = {number: limit.total for number, limit in limits.items()}
    items = list(bulk.next_ids(WorkItem, len(rows.work)))
    _insert(WorkItem, ("id", *talks.WORK), [(number, *row) for number, row in zip(items, rows.work, strict=True)])
    _insert(Assignment, talks.IN_HAND, talks.in_hand(items, rows.work, capacities))
    _insert(CaseClock, talks.CLOCK, rows.clocks)
    made.conversations += count
    made.messages += len(rows.messages)
    made.open_conversations += len(rows.work)


def _insert(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows; columns that came later and must hold something hold what is usual."""
    fields = [f for f in model._meta.concrete_fields if not (f.null or f.primary_key or f.attname in names)]
    usual = tuple(field.get_default() for field in fields)
    if rows:
        bulk.insert(model, (*names, *(field.attname for field in fields)), [(*row, *usual) for row in rows])


def _setting(actor: Actor, operation_id: int) -> Setting:
    """What there is already, and channels where there is none of a kind."""
    people = User.objects.filter(is_active=True, role__key__in=("agent", "manager")).order_by("pk")
    queue = Queue.objects.filter(is_active=True).order_by("order", "pk").first() or first_queue()
    policy = SlaPolicy.objects.filter(is_active=True).order_by("position", "pk").first()
    return Setting(
        now=clock.now(),
        channels={kind: _channel(actor, kind, *told) for kind, told in NAMES.items()},
        queue_id=queue.pk,
        people=[(one.pk, one.name or one.username, one.department_id) for one in people],
        customers=_counterparts(),
        categories=list(CaseCategory.objects.order_by("pk").values_list("pk", flat=True)[:200]),
        policy_id=policy.pk if policy is not None else None,
        source=f"seed-{operation_id}",
    )


def _channel(actor: Actor, kind: str, name: str, address: str) -> int:
    """The first channel of a kind, else a new one."""
    standing = Channel.objects.filter(kind=kind, is_active=True).order_by("pk").first()
    return (standing or create_channel(actor=actor, kind=kind, name=name, address=address)).pk


def _counterparts() -> list[Counterpart]:
    """Customers with a contact point that they write from or call by."""
    rows = ContactPoint.objects.filter(kind__in=("email", "phone"), is_primary=True).order_by("customer_id", "kind")
    found = rows.values_list("customer_id", "customer__name", "kind", "normalised", "customer__standing__tier")
    one_each = {row[0]: (*row[:4], row[4] or "") for row in found[: MOST_WRITERS * 2]}
    return list(one_each.values())
