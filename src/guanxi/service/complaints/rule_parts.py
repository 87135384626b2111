"""What rules can hear, ask and do about complaints and promises; all acts go through the services that people use."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.core.sentences import gettext as _
from guanxi.service.choices import LIVE_STATES, CaseType
from guanxi.service.complaint_choices import Authority, Grade, PromiseState, Step
from guanxi.service.complaints import queries
from guanxi.service.complaints.services import handling, promises
from guanxi.service.events import (
    ComplaintClosed,
    ComplaintGraded,
    ComplaintOpened,
    ComplaintStepDone,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromiseReleased,
)
from guanxi.service.models import Case, Complaint, ComplaintStep, Promise
from guanxi.service.services.cases import update_case
from guanxi.service.services.following_talk import open_for_message
from guanxi.tasks.queries import people
from guanxi.workflow.public import (
    Action,
    Done,
    Fact,
    FactType,
    Link,
    Moment,
    Parameter,
    ParameterType,
    Trigger,
    read_column,
    read_key,
    register_action,
    register_fact,
    register_link,
    register_moment,
    register_trigger,
)

GRADES = tuple(Grade.choices)
GRADE = gettext_lazy("Grade of the complaint")


def _of_complaint(column: str) -> Callable[[Sequence[int]], Mapping[int, Any]]:
    """What reads a column of complaints by their cases; empty for cases that are none."""
    read_it = read_column(Complaint, column)

    def read(ids: Sequence[int]) -> Mapping[int, Any]:
        """The values by case."""
        standing = Case.objects.filter(pk__in=list(ids)).values_list("pk", flat=True)
        found = read_it(ids)
        return {number: found.get(number) or None for number in standing}

    return read


def _is_complaint(ids: Sequence[int]) -> Mapping[int, Any]:
    """Whether cases are handled as complaints."""
    standing = Case.objects.filter(pk__in=list(ids)).values_list("pk", "complaint")
    return {number: complaint is not None for number, complaint in standing}


def _units() -> list[tuple[int, str]]:
    """Responsible units in use."""
    return queries.unit_choices()


def _promises_due(after: datetime, until: datetime) -> Iterable[tuple[int, datetime]]:
    """Open promises that are due in a span of time."""
    rows = Promise.objects.filter(state=PromiseState.OPEN, due_at__gt=after, due_at__lte=until)
    return rows.order_by("due_at", "id").values_list("pk", "due_at").iterator(500)


def _steps_due(after: datetime, until: datetime) -> Iterable[tuple[int, datetime]]:
    """Complaints whose step under way is due in a span of time."""
    rows = ComplaintStep.objects.filter(ended_at__isnull=True, due_at__gt=after, due_at__lte=until)
    found = rows.order_by("due_at", "id").values_list("complaint_id", "due_at").iterator(500)
    return ((number, at) for number, at in found if at is not None)


def _authorities_due(after: datetime, until: datetime) -> Iterable[tuple[int, datetime]]:
    """Complaints whose authority wants its answer in a span of time."""
    rows = Complaint.objects.filter(
        authority_answered_at__isnull=True, authority_due_at__gt=after, authority_due_at__lte=until
    ).filter(case__state__in=LIVE_STATES)
    found = rows.order_by("authority_due_at", "pk").values_list("pk", "authority_due_at").iterator(500)
    return ((number, at) for number, at in found if at is not None)


def _open(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Open a complaint for a message; the live case of its conversation becomes one."""
    case = open_for_message(actor=actor, message_id=record.id)
    if case is None:
        return Done(_("No complaint: the message wants no answer."), has_changed=False)
    done = update_case(actor=actor, case_id=case.pk, values={"case_type": CaseType.COMPLAINT})
    graded = None
    if parameters.get("grade"):
        graded = handling.record_complaint(actor=actor, case_id=case.pk, values={"grade": parameters["grade"]})
    has_changed = done is not None or graded is not None
    return Done(_("The message is handled as a complaint."), RecordRef("case", case.pk), has_changed=has_changed)


def _grade(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Give a complaint another grade."""
    done = handling.record_complaint(actor=actor, case_id=record.id, values={"grade": parameters["grade"]})
    return Done(_("The complaint has its grade."), record, has_changed=done is not None)


def _promise(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Write down a promise to the customer of a case."""
    made = promises.make_promise(
        actor=actor,
        case_id=record.id,
        text=str(parameters["text"]),
        due_at=clock.now() + timedelta(minutes=int(parameters["minutes"])),
        owner_id=parameters.get("owner") or None,
    )
    return Done(_("A promise was written down."), RecordRef("promise", made.pk))


for _order, _trigger in enumerate(
    (
        Trigger("complaint.opened", gettext_lazy("a complaint is opened"), "case",
                {ComplaintOpened: lambda event: (event.case_id,)}, icon="flag"),
        Trigger("complaint.step_done", gettext_lazy("a step of a complaint is over"), "case",
                {ComplaintStepDone: lambda event: (event.case_id,)}, icon="flag"),
        Trigger("complaint.graded", gettext_lazy("a complaint gets another grade"), "case",
                {ComplaintGraded: lambda event: (event.case_id,)}, icon="flag"),
        Trigger("complaint.closed", gettext_lazy("a complaint is closed"), "case",
                {ComplaintClosed: lambda event: (event.case_id,)}, icon="flag"),
        Trigger("promise.made", gettext_lazy("something is promised to a customer"), "promise",
                {PromiseMade: lambda event: (event.promise_id,)}, icon="calendar-event"),
        Trigger("promise.kept", gettext_lazy("a promise is kept"), "promise",
                {PromiseKept: lambda event: (event.promise_id,)}, icon="calendar-event"),
        Trigger("promise.broken", gettext_lazy("a promise is broken"), "promise",
                {PromiseBroken: lambda event: (event.promise_id,)}, icon="calendar-event"),
        Trigger("promise.released", gettext_lazy("a customer releases us from a promise"), "promise",
                {PromiseReleased: lambda event: (event.promise_id,)}, icon="calendar-event"),
    )
):  # fmt: skip
    register_trigger(_trigger, order=46 + _order)
register_moment(Moment("promise.due", gettext_lazy("an open promise is due"), "promise", _promises_due), order=54)
register_moment(
    Moment("complaint.step_due", gettext_lazy("the step of a complaint is due"), "case", _steps_due), order=55
)
register_moment(
    Moment("complaint.authority_due", gettext_lazy("an authority wants its answer"), "case", _authorities_due), order=56
)
register_link(
    Link("promise.case", "promise", "case", gettext_lazy("the case"),
         read_key(Promise, "case_id"))
)  # fmt: skip
register_link(
    Link("promise.customer", "promise", "customer", gettext_lazy("the customer"),
         read_key(Promise, "customer_id"))
)  # fmt: skip
for _order, _fact in enumerate(
    (
        Fact("case.is_complaint", "case", gettext_lazy("is handled as a complaint"), FactType.BOOL, _is_complaint),
        Fact("case.step", "case", gettext_lazy("Step of the complaint"), FactType.CHOICE, _of_complaint("step"),
             choices=tuple(Step.choices)),
        Fact("case.grade", "case", GRADE, FactType.CHOICE, _of_complaint("grade"), choices=GRADES),
        Fact("case.authority", "case", gettext_lazy("Authority"), FactType.CHOICE, _of_complaint("authority"),
             choices=tuple((key, label) for key, label in Authority.choices if key)),
        Fact("case.unit", "case", gettext_lazy("Responsible unit"), FactType.CHOICE, _of_complaint("unit_id"),
             choices=_units),
        Fact("case.cause", "case", gettext_lazy("Cause"), FactType.CHOICE, _of_complaint("cause_id"),
             choices=queries.cause_filter_choices),
        Fact("promise.state", "promise", gettext_lazy("State"), FactType.CHOICE, read_column(Promise, "state"),
             choices=tuple(PromiseState.choices), column="state"),
        Fact("promise.due_at", "promise", gettext_lazy("by when it is to be kept"), FactType.DATE,
             read_column(Promise, "due_at"), column="due_at"),
        Fact("promise.owner", "promise", gettext_lazy("Who keeps it"), FactType.USER, read_column(Promise, "owner_id"),
             choices=people, column="owner_id"),
        Fact("promise.text", "promise", gettext_lazy("What was promised"), FactType.TEXT, read_column(Promise, "text"),
             column="text"),
    )
):  # fmt: skip
    register_fact(_fact, order=75 + _order)
register_action(
    Action("complaint.open", gettext_lazy("open a complaint"), _open, kind="message",
           parameters=(Parameter("grade", GRADE, ParameterType.CHOICE, choices=GRADES),),
           needs=("case", "create"), icon="flag"),
    order=44,
)  # fmt: skip
register_action(
    Action("complaint.grade", gettext_lazy("set the grade of the complaint"), _grade, kind="case",
           parameters=(Parameter("grade", GRADE, ParameterType.CHOICE, is_required=True, choices=GRADES),),
           needs=("case", "change"), icon="flag"),
    order=45,
)  # fmt: skip
register_action(
    Action("promise.make", gettext_lazy("promise the customer something"), _promise, kind="case",
           parameters=(
               Parameter("text", gettext_lazy("What was promised"), ParameterType.TEXT, is_required=True, longest=500),
               Parameter("minutes", gettext_lazy("Minutes until it is to be kept"), ParameterType.MINUTES,
                         is_required=True, default=1440, least=1, most=60 * 24 * 365),
               Parameter("owner", gettext_lazy("Who keeps it"), ParameterType.USER, choices=people),
           ),
           needs=("promise", "create"), icon="calendar-event"),
    order=46,
)  # fmt: skip
