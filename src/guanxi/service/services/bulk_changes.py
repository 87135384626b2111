"""Giving many cases the same: fields in one operation; states one by one, since each is asked what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guanxi.conversations.public import hold_work
from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.core.events import publish
from guanxi.core.holding import hold
from guanxi.search.public import refresh
from guanxi.service.choices import CaseState
from guanxi.service.events import CasesChanged
from guanxi.service.models import Case
from guanxi.service.services import checklists
from guanxi.service.services.cases import cleaned, write_fields
from guanxi.service.services.locking import lock_cases
from guanxi.service.services.states import set_state
from guanxi.service.services.tagging import set_tags

LIMIT = 20_000
CHUNK = 500
FIELDS = frozenset({"case_type", "category", "priority", "impact", "urgency", "owner", "department", "product", "tags"})


@dataclass
class Moved:
    """How many cases moved to another state, and why others did not."""

    count: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def bulk_update_cases(*, actor: Actor, queryset: QuerySet[Any], values: Mapping[str, Any]) -> tuple[int, int | None]:
    """Give these cases the same values; how many differed, and the operation to undo it. Tags are put on besides others."""
    wrong = sorted(set(values) - FIELDS)
    if wrong:
        raise InvalidInput(_("“%(field)s” cannot be changed for many at once.") % {"field": wrong[0]}, column=wrong[0])
    given = dict(values)
    tags = given.pop("tags", None)
    clean = cleaned(actor, given, current={})
    count = 0
    with changes.operation(actor=actor, name="service.bulk_update") as op:
        numbers = _numbers(actor, queryset)
        # All at once: chunk after chunk conversations would be locked after cases.
        hold(case=numbers)
        for cases in _chunks(numbers):
            others = []
            for case in cases:
                changed = write_fields(op, case, dict(clean))
                others += [case] if checklists.CHOSEN_BY.intersection(changed) else []
                if tags and set_tags(op, case, [*case.tag_names(), *tags]):
                    changed.append("tags")
                count += bool(changed)
            checklists.change_checklists(op, others)
        if not count:
            op.row.delete()
            return 0, None
        # Those who hear of it in the same transaction read the journal.
        op.flush()
        publish(CasesChanged(operation_id=op.id))
    return count, op.id


def bulk_set_state(*, actor: Actor, queryset: QuerySet[Any], state: str) -> Moved:
    """Move these cases to a state, each by itself: one that cannot stands where it is, and why is told."""
    moved, numbers = Moved(), _numbers(actor, queryset)
    if connection.in_atomic_block:
        # In a transaction of the caller's they are held together, and so is the work of their conversations.
        hold_work(case.conversation_id for case in lock_cases(numbers) if case.conversation_id is not None)
    for number in numbers:
        try:
            with transaction.atomic():
                moved.count += set_state(actor=actor, case_id=number, state=state) is not None
        except GuanxiError as error:
            title = Case.objects.values_list("subject", flat=True).get(pk=number)
            moved.refused.append((title, str(error)))
    return moved


def _numbers(actor: Actor, queryset: QuerySet[Any]) -> list[int]:
    """The cases among these that the actor may change and that are not read-only."""
    open_rows = Case.objects.visible_to(actor, "change").filter(pk__in=queryset.order_by().values("pk"))
    open_rows = open_rows.exclude(state=CaseState.CLOSED_ELSEWHERE)
    numbers = list(open_rows.order_by("pk").values_list("pk", flat=True)[: LIMIT + 1])
    if len(numbers) > LIMIT:
        raise InvalidInput(
            _("At most %(limit)s cases can be changed at once; narrow the list first.") % {"limit": f"{LIMIT:,}"}
        )
    return numbers


def _chunks(numbers: Sequence[int]) -> Iterator[list[Case]]:
    """The cases, locked, some at a time."""
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        rows = Case.everything.select_for_update(of=("self",), no_key=True).select_related("category")
        yield list(rows.filter(pk__in=part).order_by("pk"))
        refresh("case", part)
