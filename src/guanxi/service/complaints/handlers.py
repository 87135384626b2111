"""What complaints hear of: cases that become complaints, and acts that were taken back."""

from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.conversations.events import MessageTakenBack
from guanxi.core.calendars import CalendarChanged
from guanxi.core.changes import OperationUndone
from guanxi.core.errors import Conflict
from guanxi.core.events import subscribe
from guanxi.core.models import Change
from guanxi.service import closing
from guanxi.service.choices import CaseState
from guanxi.service.complaints.services import beginning, pacing, promises, remedies, responsibility, telling
from guanxi.service.events import CaseChanged, CaseOpened, CasesChanged, CaseStateChanged
from guanxi.service.models import Case
from guanxi.workflow.choices import ApprovalState
from guanxi.workflow.events import ApprovalDecided
from guanxi.workflow.models import Approval

# The kinds of which a complaint consists; a row of theirs that an undo touched names its case by itself or by its touch.
PARTS = ("case", "complaint")


@subscribe(CaseOpened, inline=True)
def begin_with_case(event: CaseOpened) -> None:
    """A case opened as a complaint begins its six steps."""
    beginning.ensure_complaint(case_id=event.case_id)


@subscribe(CaseChanged, inline=True)
def begin_with_type(event: CaseChanged) -> None:
    """A case that turns out to be a complaint begins its six steps; from then on it stays under the rule."""
    if "case_type" in event.fields:
        beginning.ensure_complaint(case_id=event.case_id)


@subscribe(CasesChanged, inline=True)
def begin_with_many(event: CasesChanged) -> None:
    """The same for many cases changed at once: none of them can be closed in between."""
    changed = Change.objects.filter(operation=event.operation_id, kind="case", field="case_type")
    for number in changed.values_list("record_id", flat=True):
        beginning.ensure_complaint(case_id=number)


@subscribe(CaseChanged, inline=True)
def follow_change(event: CaseChanged) -> None:
    """Another grade may give a step other time; a unit hears that it answers; promises are to whoever the case is of."""
    if "grade" in event.fields:
        pacing.reckon_anew(pacing.under_way().filter(complaint=event.case_id))
    if {"complaint", "unit"} <= set(event.fields):
        responsibility.tell_unit(case_id=event.case_id)
    if "customer" in event.fields:
        promises.follow_customers(case_ids=[event.case_id])


@subscribe(CaseChanged)
def follow_owner(event: CaseChanged) -> None:
    """The step under way goes with its case."""
    if "owner" in event.fields:
        pacing.follow_owner(case_id=event.case_id)


@subscribe(CasesChanged)
def follow_owners(event: CasesChanged) -> None:
    """The same for many cases changed at once."""
    changed = Change.objects.filter(operation=event.operation_id, kind="case", field="owner_id")
    for number in changed.values_list("record_id", flat=True):
        pacing.follow_owner(case_id=number)


@subscribe(CalendarChanged)
def follow_calendar(event: CalendarChanged) -> None:
    """Other working hours give the steps under way other time."""
    pacing.reckon_anew(pacing.under_way())


@subscribe(OperationUndone)
def follow_rules_given_back(event: OperationUndone) -> None:
    """Rules of steps as they were before give the steps under way their time of before."""
    if Change.objects.filter(operation=event.operation_id, kind="steprule").exists():
        pacing.reckon_anew(pacing.under_way())


@subscribe(CaseStateChanged, inline=True)
def follow_state(event: CaseStateChanged) -> None:
    """Looking back is planned when a complaint closes; opened again, it goes on at the step it needs."""
    beginning.follow_state(case_id=event.case_id, before=event.before, after=event.after)


@subscribe(MessageTakenBack, inline=True)
def follow_what_was_taken_back(event: MessageTakenBack) -> None:
    """What was taken back was told to nobody."""
    telling.forget_message(message_id=event.message_id)


@subscribe(ApprovalDecided, inline=True)
def follow_approval(event: ApprovalDecided) -> None:
    """A remedy for which an approval was asked may be carried out, or not."""
    if event.sort == remedies.APPROVAL and event.record_kind == "remedy":
        approval = Approval.objects.filter(pk=event.approval_id).first()
        remedies.decided(
            remedy_id=event.record_id,
            is_approved=event.state == ApprovalState.APPROVED,
            reason=approval.words if approval is not None else "",
            by_id=approval.decided_by_id if approval is not None else None,
        )


@subscribe(OperationUndone, inline=True)
def keep_the_rule(event: OperationUndone) -> None:
    """An undo is no way round the rule: it neither closes a case that lacks something nor makes one "closed elsewhere"."""
    touched = Change.objects.filter(operation__undoes=event.operation_id).filter(Q(kind__in=PARTS) | Q(kind="caselink"))
    rows = list(touched.values_list("kind", "record_id", "field", "after"))
    if any(row[:1] == ("case",) and row[2:] == ("state", CaseState.CLOSED_ELSEWHERE) for row in rows):
        raise Conflict(_("“Closed elsewhere” is not given back: the case was opened again and stays under the rule."))
    numbers = {number for kind, number, _field, _after in rows if kind in PARTS}
    beginning.resume_opened(numbers)
    promises.follow_customers(case_ids=numbers)
    for case in Case.everything.filter(pk__in=numbers, state=CaseState.CLOSED):
        lacking = closing.missing(case)
        if lacking:
            raise Conflict(
                _("The case is closed and would lack what closing asks for: %(missing)s")
                % {"missing": " ".join(lacking)}
            )
