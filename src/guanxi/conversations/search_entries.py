"""What a conversation is found by: its subject, who it is with, and the first and the last words said in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from guanxi.conversations.choices import MessageKind
from guanxi.conversations.counterparts import name_alone
from guanxi.conversations.models import Conversation, Message
from guanxi.core.actor import SHOWN, Actor
from guanxi.core.compiled import Compiled, CompiledRecords
from guanxi.search.public import Entry

# Of each conversation the newest entries, and of each so much: an index of everything ever said would outgrow the base.
MOST_ENTRIES = 20
MOST_LETTERS = 600


def ids_after(after_id: int, limit: int) -> list[int]:
    """Ids of all conversations that stand for themselves, ascending."""
    rows = Conversation.objects.filter(pk__gt=after_id, merged_into__isnull=True, customer__erased_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def _of(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Of these, those that stand for themselves and are not of somebody erased."""
    return rows.filter(merged_into__isnull=True, customer__erased_at__isnull=True)


_ONE = CompiledRecords(
    Conversation, lambda number: _of(Conversation.objects.filter(pk=number)), int, related=("customer",)
)
_WORDS = Compiled(
    lambda number: (
        Message.objects.filter(conversation=number)
        .exclude(kind=MessageKind.EVENT)
        .order_by("-at", "-id")
        .values_list("new_text")[:MOST_ENTRIES]
    ),
    int,
)


def _standing(numbers: list[int]) -> Iterable[Conversation]:
    """The conversations, with their customers."""
    if len(numbers) == 1:
        return _ONE.all(numbers[0])
    return _of(Conversation.objects.filter(pk__in=numbers)).select_related("customer")


def _said(numbers: list[int]) -> dict[int, list[str]]:
    """What was said last in each, the newest first."""
    said: dict[int, list[str]] = defaultdict(list)
    if len(numbers) == 1:
        said[numbers[0]] = [text[:MOST_LETTERS] for (text,) in _WORDS.rows(numbers[0])]
        return said
    messages = Message.objects.filter(conversation__in=numbers).exclude(kind=MessageKind.EVENT)
    for number, text in messages.order_by("-at", "-id").values_list("conversation", "new_text"):
        if len(said[number]) < MOST_ENTRIES:
            said[number].append(text[:MOST_LETTERS])
    return said


def search_entries(numbers: list[int], actor: Actor | None = None) -> Iterator[Entry]:
    """The search entries of conversations that stand for themselves; for an actor, of what they see in full alone."""
    sees = actor is None or actor.sees("contactpoint", "value") == SHOWN
    said = _said(numbers)
    for row in _standing(numbers):
        who = row.customer.name if row.customer is not None else row.contact_name
        if not sees:
            who = name_alone(who)
        yield Entry(
            record_id=row.pk,
            title=row.subject or who or row.public_id,
            subtitle=who if row.subject else "",
            names=[who] if who else [],
            words=said[row.pk],
            exact=[text for text in (row.public_id, row.contact_value if sees else "") if text],
            owner_id=row.assignee_id,
            department_id=row.department_id,
        )
