"""A case is locked after the conversation in which it is settled: what it writes there, everybody else locks first."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from guanxi.conversations.models import Conversation
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import Conflict
from guanxi.service.choices import LIVE_STATES
from guanxi.service.models import Case


class LiveCase(NamedTuple):
    """The live case of a conversation, and since when somebody waits for us there."""

    case: Case
    waiting_since: datetime | None


def lock_case(found: Case, *, besides: Iterable[int] = ()) -> Case:
    """A case that was just read, locked after its conversation (and `besides`) and read anew."""
    talks = {number for number in (found.conversation_id, *besides) if number is not None}
    lock_conversations(talks)
    case: Case = Case.everything.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
    _keep_up(case, talks)
    return case


def lock_cases(numbers: Collection[int]) -> list[Case]:
    """The same for several by number; conversations first, each by their numbers."""
    talks = _lock_talks_of(numbers)
    rows = Case.everything.select_for_update(of=("self",), no_key=True).select_related("category", "department")
    cases = list(rows.filter(pk__in=numbers).order_by("pk"))
    for case in cases:
        _keep_up(case, talks)
    return cases


def relock_case(number: int) -> list[Case]:
    """A case that this transaction holds with its conversation, read anew."""
    return _ONE.all(number)


def lock_free_cases(numbers: Collection[int]) -> list[Case]:
    """Those of these cases that nobody else has in hand, nor their conversations: nobody is waited for."""
    skip = connection.features.has_select_for_update_skip_locked
    talks = _lock_talks_of(numbers, skip_locked=skip)
    rows = Case.everything.select_for_update(of=("self",), no_key=True, skip_locked=skip).select_related("department")
    found = rows.filter(pk__in=numbers).order_by("pk")
    return [case for case in found if not skip or case.conversation_id is None or case.conversation_id in talks]


_ONE = CompiledRecords(Case, lambda number: Case.everything.select_for_update(no_key=True).filter(pk=number), int)


@cache
def _live_sql(vendor: str) -> str:
    """The live case of a conversation, with both rows locked in their order by one statement."""
    case, talk = Case._meta.db_table, Conversation._meta.db_table
    columns = ", ".join(f"c.{field.column}" for field in Case._meta.concrete_fields)
    states = ", ".join(f"'{state.value}'" for state in sorted(LIVE_STATES))
    locked = " FOR NO KEY UPDATE OF t, c" if vendor == "postgresql" else ""
    return (
        f"SELECT {columns}, t.waiting_since AS heard_since FROM {talk} t JOIN {case} c ON c.conversation_id = t.id"  # noqa: S608
        f" WHERE t.id = %s AND c.state IN ({states}){locked}"
    )


def lock_live_case(conversation_id: int) -> LiveCase | None:
    """The live case of a conversation, locked after it, and since when somebody waits there; None where there is none.

    One that ends at this moment is none any more; without one the conversation is not locked either.
    """
    found: Any = next(iter(Case.everything.raw(_live_sql(connection.vendor), [conversation_id])), None)
    if found is None:
        return None
    since: datetime | None = found.heard_since
    # SQLite keeps moments in UTC and does not say so.
    return LiveCase(found, since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since)


def live_cases(conversation_ids: Collection[int]) -> dict[int, Case]:
    """The live cases of conversations that are locked, by conversation; locked in the order of their numbers."""
    rows = Case.everything.select_for_update(of=("self",), no_key=True)
    found = rows.filter(conversation__in=conversation_ids, state__in=LIVE_STATES).order_by("pk")
    return {case.conversation_id or 0: case for case in found}


def lock_conversations(numbers: Collection[int]) -> None:
    """Lock conversations in the order of their numbers."""
    if numbers and connection.features.has_select_for_update:
        rows = Conversation.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _lock_talks_of(numbers: Collection[int], *, skip_locked: bool = False) -> set[int]:
    """Lock the conversations of cases in the order of their numbers; which they were."""
    if not connection.features.has_select_for_update:
        return set()
    talks = Case.everything.filter(pk__in=numbers, conversation__isnull=False).values("conversation")
    rows = Conversation.objects.select_for_update(no_key=True, skip_locked=skip_locked).filter(pk__in=talks)
    return set(rows.order_by("pk").values_list("pk", flat=True))


def _keep_up(case: Case, talks: Collection[int]) -> None:
    """A case that got into another conversation meanwhile: that is taken as well if nobody has it, and not waited for."""
    number = case.conversation_id
    if number is None or number in talks or not connection.features.has_select_for_update:
        return
    rows = Conversation.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=number)
    if not rows.exists():
        raise Conflict(_("Somebody else is arranging this anew; try again in a moment."))
