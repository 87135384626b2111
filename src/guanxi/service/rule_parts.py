"""What rules can hear, ask and do about cases; and the act that opens one for a message."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.conversations.choices import ChannelKind
from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.core.sentences import gettext as _
from guanxi.customers.choices import Tier
from guanxi.service import queries
from guanxi.service.choices import OPEN_STATES, CaseState, CaseType, Level, Priority
from guanxi.service.events import CaseChanged, CaseOpened, CaseStateChanged
from guanxi.service.models import Case, CaseTag
from guanxi.service.services.cases import update_case
from guanxi.service.services.following_talk import open_for_message
from guanxi.service.services.states import SET_BY_HAND, set_state
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

FIELDS = {
    "case_type": gettext_lazy("Type"),
    "category": gettext_lazy("Category"),
    "subject": gettext_lazy("Subject"),
    "priority": gettext_lazy("Priority"),
    "impact": gettext_lazy("Impact"),
    "urgency": gettext_lazy("Urgency"),
    "owner": gettext_lazy("Who answers for it"),
    "department": gettext_lazy("Department"),
    "customer": gettext_lazy("Customer"),
    "product": gettext_lazy("Product"),
    "tags": gettext_lazy("Tags"),
}
STATES = tuple((state.value, state.label) for state in CaseState if state in SET_BY_HAND)


def _tags(ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags on cases."""
    found: dict[int, list[str]] = {
        number: [] for number in Case.objects.filter(pk__in=list(ids)).values_list("pk", flat=True)
    }
    for number, name in CaseTag.objects.filter(case__in=list(found)).values_list("case_id", "tag__name"):
        found[number].append(name)
    return found


def _opened(after: datetime, until: datetime) -> Iterable[tuple[int, datetime]]:
    """Open cases that were opened in a span of time."""
    rows = Case.objects.filter(state__in=OPEN_STATES, opened_at__gt=after, opened_at__lte=until)
    return rows.order_by("opened_at", "id").values_list("pk", "opened_at").iterator(500)


def _due(after: datetime, until: datetime) -> Iterable[tuple[int, datetime]]:
    """Open cases whose next clock runs out in a span of time."""
    rows = Case.objects.filter(state__in=OPEN_STATES, due_at__gt=after, due_at__lte=until)
    return rows.order_by("due_at", "id").values_list("pk", "due_at").iterator(500)


def _waiting(after: datetime, until: datetime) -> Iterable[tuple[int, datetime]]:
    """Cases in which a customer has waited since a moment in a span of time."""
    rows = Case.objects.filter(state__in=OPEN_STATES, waiting_since__gt=after, waiting_since__lte=until)
    return rows.order_by("waiting_since", "id").values_list("pk", "waiting_since").iterator(500)


def _open_for_message(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Open a case for a message whose conversation has none."""
    case = open_for_message(actor=actor, message_id=record.id)
    if case is None:
        return Done(_("No case: the message wants no answer."), has_changed=False)
    given = {name: parameters[name] for name in ("case_type", "category") if parameters.get(name) not in (None, "")}
    if given and case.opened_at == case.waiting_since:
        update_case(actor=actor, case_id=case.pk, values=given)
    return Done(_("The conversation has its case."), RecordRef("case", case.pk))


def _set_fields(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Give fields of a case other values."""
    given = {name: value for name, value in parameters.items() if value not in (None, "") and name in FIELDS}
    done = update_case(actor=actor, case_id=record.id, values=given) if given else None
    return Done(_("The case was changed."), record, has_changed=done is not None)


def _set_state(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Move a case to another state; what closing demands is asked here as everywhere."""
    done = set_state(actor=actor, case_id=record.id, state=parameters["state"])
    return Done(_("The case is in another state."), record, has_changed=done is not None)


def _put_tags(*, actor: Actor, record: RecordRef, parameters: Mapping[str, Any], key: str) -> Done:
    """Put tags on a case besides those that stand there."""
    standing = _tags([record.id]).get(record.id, [])
    wanted = list(dict.fromkeys([*standing, *parameters["tags"]]))
    done = update_case(actor=actor, case_id=record.id, values={"tags": wanted}) if wanted != standing else None
    return Done(_("Tags were put on the case."), record, has_changed=done is not None)


register_trigger(
    Trigger("case.opened", gettext_lazy("a case is opened"), "case", {CaseOpened: lambda event: (event.case_id,)},
            icon="ticket"),
    order=40,
)  # fmt: skip
register_trigger(
    Trigger("case.changed", gettext_lazy("a case is changed"), "case", {CaseChanged: lambda event: (event.case_id,)},
            fields={CaseChanged: lambda event: event.fields}, field_labels=FIELDS, icon="ticket"),
    order=41,
)  # fmt: skip
register_trigger(
    Trigger("case.state_changed", gettext_lazy("a case moves to another state"), "case",
            {CaseStateChanged: lambda event: (event.case_id,)}, icon="ticket"),
    order=42,
)  # fmt: skip
register_moment(Moment("case.since_opened", gettext_lazy("an open case was opened"), "case", _opened), order=43)
register_moment(Moment("case.due", gettext_lazy("a clock of an open case runs out"), "case", _due), order=44)
register_moment(Moment("case.waiting", gettext_lazy("a customer began to wait"), "case", _waiting), order=45)
register_link(
    Link("case.customer", "case", "customer", gettext_lazy("the customer"),
         read_key(Case, "customer_id"))
)  # fmt: skip
register_link(
    Link("case.conversation", "case", "conversation", gettext_lazy("the conversation"),
         read_key(Case, "conversation_id"))
)  # fmt: skip
for _order, _fact in enumerate(
    (
        Fact("case.type", "case", FIELDS["case_type"], FactType.CHOICE, read_column(Case, "case_type"),
             choices=tuple(CaseType.choices), column="case_type"),
        Fact("case.state", "case", gettext_lazy("State"), FactType.CHOICE, read_column(Case, "state"),
             choices=tuple(CaseState.choices), column="state"),
        Fact("case.category", "case", FIELDS["category"], FactType.CHOICE, read_column(Case, "category_id"),
             choices=queries.categories, column="category_id"),
        Fact("case.priority", "case", FIELDS["priority"], FactType.CHOICE, read_column(Case, "priority"),
             choices=tuple(Priority.choices), column="priority"),
        Fact("case.impact", "case", FIELDS["impact"], FactType.CHOICE, read_column(Case, "impact"),
             choices=tuple(Level.choices), column="impact"),
        Fact("case.urgency", "case", FIELDS["urgency"], FactType.CHOICE, read_column(Case, "urgency"),
             choices=tuple(Level.choices), column="urgency"),
        Fact("case.tier", "case", gettext_lazy("Tier"), FactType.CHOICE, read_column(Case, "tier"),
             choices=tuple(Tier.choices), column="tier"),
        Fact("case.channel", "case", gettext_lazy("kind of channel"), FactType.CHOICE,
             read_column(Case, "channel_kind"), choices=tuple(ChannelKind.choices)),
        Fact("case.owner", "case", FIELDS["owner"], FactType.USER, read_column(Case, "owner_id"), choices=people,
             column="owner_id"),
        Fact("case.department", "case", FIELDS["department"], FactType.CHOICE, read_column(Case, "department_id"),
             choices=queries.departments, column="department_id"),
        Fact("case.subject", "case", FIELDS["subject"], FactType.TEXT, read_column(Case, "subject"), column="subject"),
        Fact("case.reopened", "case", gettext_lazy("how often it was opened again"), FactType.NUMBER,
             read_column(Case, "reopened_count"), column="reopened_count"),
        Fact("case.waiting_since", "case", gettext_lazy("waiting for an answer since"), FactType.DATE,
             read_column(Case, "waiting_since")),
        Fact("case.tags", "case", FIELDS["tags"], FactType.TAG, _tags),
    )
):  # fmt: skip
    register_fact(_fact, order=60 + _order)

register_action(
    Action("case.open", gettext_lazy("open a case"), _open_for_message, kind="message",
           parameters=(
               Parameter("case_type", FIELDS["case_type"], ParameterType.CHOICE, choices=tuple(CaseType.choices)),
               Parameter("category", FIELDS["category"], ParameterType.CHOICE, choices=queries.categories),
           ),
           needs=("case", "create"), icon="ticket"),
    order=40,
)  # fmt: skip
register_action(
    Action("case.set", gettext_lazy("change the case"), _set_fields, kind="case",
           parameters=(
               Parameter("case_type", FIELDS["case_type"], ParameterType.CHOICE, choices=tuple(CaseType.choices)),
               Parameter("category", FIELDS["category"], ParameterType.CHOICE, choices=queries.categories),
               Parameter("priority", FIELDS["priority"], ParameterType.CHOICE, choices=tuple(Priority.choices)),
               Parameter("impact", FIELDS["impact"], ParameterType.CHOICE, choices=tuple(Level.choices)),
               Parameter("urgency", FIELDS["urgency"], ParameterType.CHOICE, choices=tuple(Level.choices)),
               Parameter("owner", FIELDS["owner"], ParameterType.USER, choices=people),
               Parameter("department", FIELDS["department"], ParameterType.CHOICE, choices=queries.departments),
           ),
           needs=("case", "change"), icon="pencil"),
    order=41,
)  # fmt: skip
register_action(
    Action("case.state", gettext_lazy("move the case to another state"), _set_state, kind="case",
           parameters=(
               Parameter("state", gettext_lazy("State"), ParameterType.CHOICE, is_required=True, choices=STATES),
           ),
           needs=("case", "change"), icon="progress"),
    order=42,
)  # fmt: skip
register_action(
    Action("case.tag", pgettext_lazy("rule", "put tags on the case"), _put_tags, kind="case",
           parameters=(Parameter("tags", FIELDS["tags"], ParameterType.TAGS, is_required=True),),
           needs=("case", "change"), icon="tag"),
    order=43,
)  # fmt: skip
