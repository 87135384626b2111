"""What a conversation is found by: its subject, who it is with, and the first and the last words said in it."""

from collections import defaultdict
from collections.abc import Iterator

from guanxi.conversations.choices import MessageKind
from guanxi.conversations.counterparts import name_alone
from guanxi.conversations.models import Conversation, Message
from guanxi.core.actor import SHOWN, Actor
from guanxi.search.public import Entry

# Of each conversation the newest entries, and of each so much: an index of everything ever said would outgrow the base.
MOST_ENTRIES = 20
MOST_LETTERS = 600


def ids_after(after_id: int, limit: int) -> list[int]:
    """Ids of all conversations that stand for themselves, ascending."""
    rows = Conversation.objects.filter(pk__gt=after_id, merged_into__isnull=True, customer__erased_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def search_entries(numbers: list[int], actor: Actor | None = None) -> Iterator[Entry]:
    """The search entries of conversations that stand for themselves; for an actor, of what they see in full alone."""
    rows = Conversation.objects.filter(pk__in=numbers, merged_into__isnull=True).select_related("customer")
    rows = rows.filter(customer__erased_at__isnull=True)
    sees = actor is None or actor.sees("contactpoint", "value") == SHOWN
    said: dict[int, list[str]] = defaultdict(list)
    messages = Message.objects.filter(conversation__in=numbers).exclude(kind=MessageKind.EVENT)
    for number, text in messages.order_by("-at", "-id").values_list("conversation", "new_text"):
        if len(said[number]) < MOST_ENTRIES:
            said[number].append(text[:MOST_LETTERS])
    for row in rows:
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
