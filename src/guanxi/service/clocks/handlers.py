"""What clocks hear of: cases that change (in the same transaction), what is said, and rules that change."""

from guanxi.conversations.events import (
    ConversationsMerged,
    ConversationSplit,
    MessageFailed,
    MessageTakenBack,
)
from guanxi.core.calendars import CalendarChanged
from guanxi.core.changes import OperationUndone
from guanxi.core.compiled import Compiled
from guanxi.core.events import subscribe
from guanxi.core.holding import hold
from guanxi.core.models import Change
from guanxi.customers.events import CustomersMerged, CustomersUnmerged
from guanxi.people.events import DepartmentMoved
from guanxi.service.clocks.services.keeping import recompute_by_id, recompute_clocks, recompute_held
from guanxi.service.clocks.services.promising import rules_changed
from guanxi.service.events import CaseChanged, CaseOpened, CasesChanged, CaseStateChanged
from guanxi.service.models import Case, OwnHours

BATCH = 200
_RULES = frozenset(
    {"ownhours", "sla_policy", "slatarget", "escalationstep", "workingcalendar", "workingwindow", "calendarday"}
)
_FACTS = frozenset(
    {"case_type", "priority", "tier", "customer", "category", "department", "channel_kind", "conversation"}
)


@subscribe(CaseOpened, inline=True)
def start(event: CaseOpened) -> None:
    """A case has its clocks from its first moment."""
    recompute_held(case_id=event.case_id, because={"event": "opened"})


@subscribe(CaseStateChanged, inline=True)
def follow_state(event: CaseStateChanged) -> None:
    """Clocks stand, go on and end with the state of their case."""
    recompute_held(case_id=event.case_id, because={"event": "state", "status": event.after}, at=event.at)


@subscribe(CaseChanged, inline=True)
def follow_facts(event: CaseChanged) -> None:
    """Another priority, type or department may mean another promise."""
    fields = sorted(_FACTS.intersection(event.fields))
    if fields:
        recompute_held(case_id=event.case_id, because={"event": "changed", "fields": fields})


@subscribe(CasesChanged)
def follow_many(event: CasesChanged) -> None:
    """Many cases were changed at once."""
    _recompute_of(event.operation_id, {"event": "many"})


@subscribe(OperationUndone, inline=True)
def follow_undo(event: OperationUndone) -> None:
    """What was taken back of cases and rules counts as it stands now."""
    kinds = set(Change.objects.filter(operation=event.operation_id).values_list("kind", flat=True).distinct())
    if "case" in kinds:
        _recompute_of(event.operation_id, {"event": "undone"})
    if kinds & _RULES:
        rules_changed(because={"event": "rules"})


@subscribe(MessageTakenBack)
def follow_what_was_taken_back(event: MessageTakenBack) -> None:
    """An answer that nobody got is none."""
    _recompute_in([event.conversation_id], {"event": "taken_back"})


@subscribe(MessageFailed)
def follow_what_failed(event: MessageFailed) -> None:
    """An answer that did not arrive is none."""
    _recompute_in([event.conversation_id], {"event": "failed"})


@subscribe(ConversationsMerged)
def follow_merge(event: ConversationsMerged) -> None:
    """Two threads are one."""
    _recompute_in([event.keep_id, event.absorbed_id], {"event": "merged"})


@subscribe(ConversationSplit)
def follow_split(event: ConversationSplit) -> None:
    """One thread is two."""
    _recompute_in([event.conversation_id, event.new_id], {"event": "split"})


@subscribe(CalendarChanged, inline=True)
def follow_calendar(event: CalendarChanged) -> None:
    """Other hours mean other moments for all that runs by them."""
    rules_changed(because={"event": "calendar", "calendar": event.calendar_id})


@subscribe(DepartmentMoved)
def follow_department(event: DepartmentMoved) -> None:
    """What lies above a department decides which service level and which calendar hold for it."""
    rules_changed(because={"event": "moved"})


@subscribe(CustomersMerged)
def follow_customers(event: CustomersMerged) -> None:
    """The cases of two customers are those of one, who may have a calendar of its own."""
    _recompute_of_customers([event.survivor_id, *event.absorbed_ids])


@subscribe(CustomersUnmerged)
def follow_customers_apart(event: CustomersUnmerged) -> None:
    """Each has its own again."""
    _recompute_of_customers([event.survivor_id, event.absorbed_id])


def _recompute_of_customers(numbers: list[int]) -> None:
    """Their live cases, where any of them has a calendar of its own."""
    if OwnHours.objects.filter(customer__in=numbers).exists():
        for number in numbers:
            rules_changed(because={"event": "joined"}, customer_id=number)


_LATEST = Compiled(
    lambda talk: Case.objects.filter(conversation=talk).order_by("-opened_at").values_list("pk")[:3], int
)


def follow_talk(conversation_id: int, because: dict[str, object], case: Case | None) -> None:
    """Something was said: in the time of this case, which the caller has locked, unless a later one has begun."""
    numbers = [number for (number,) in _LATEST.rows(conversation_id)]
    if case is not None and numbers and numbers[0] == case.pk:
        recompute_clocks(case=case, because=because)
    elif numbers:
        recompute_by_id(case_ids=numbers, because=because)


def _recompute_in(conversation_ids: list[int], because: dict[str, object]) -> None:
    """The cases of conversations: the live one and the one before it, whose last answer may be meant."""
    ids = Case.objects.filter(conversation__in=conversation_ids).order_by("-opened_at").values_list("pk", flat=True)[:3]
    if ids:
        recompute_by_id(case_ids=list(ids), because=because)


def _recompute_of(operation_id: int, because: dict[str, object]) -> None:
    """The cases that an operation wrote."""
    numbers = Change.objects.filter(operation=operation_id, kind="case").order_by("record_id")
    ids = list(numbers.values_list("record_id", flat=True).distinct())
    if len(ids) > BATCH:
        # All at once: batch after batch conversations would be locked after cases.
        hold(case=ids)
    for start_at in range(0, len(ids), BATCH):
        recompute_by_id(case_ids=ids[start_at : start_at + BATCH], because=because)
