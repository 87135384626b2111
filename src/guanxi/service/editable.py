"""Which fields of a case can be changed where they stand."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.actor import Actor
from guanxi.customers.models import Tag
from guanxi.service import queries
from guanxi.service.choices import CaseState, CaseType, Level, Priority
from guanxi.service.models import Case
from guanxi.service.services.bulk_changes import bulk_set_state, bulk_update_cases
from guanxi.service.services.cases import update_case
from guanxi.service.services.states import SET_BY_HAND, set_state
from guanxi.tasks.queries import people
from guanxi.ui import editing

# Those that a person can choose; the others are shown and never offered.
STATES = tuple((state.value, state.label) for state in CaseState if state in SET_BY_HAND)


def _load(actor: Actor, record_id: int) -> Case:
    """The case, when the actor may change it."""
    found: Case = Case.objects.get_visible(actor, "change", pk=record_id)
    return found


def _save(*, actor: Actor, record_id: int, field: str, value: Any) -> int | None:
    """Change one field; the state by the service that asks what is missing."""
    if field == "state":
        return set_state(actor=actor, case_id=record_id, state=str(value))
    return update_case(actor=actor, case_id=record_id, values={field: value})


def _save_many(*, actor: Actor, queryset: QuerySet[Any], field: str, value: Any) -> int | None:
    """Change one field of many cases."""
    if field == "state":
        bulk_set_state(actor=actor, queryset=queryset, state=str(value))
        return None
    return bulk_update_cases(actor=actor, queryset=queryset, values={field: value})[1]


def owners(_actor: Actor) -> list[tuple[int, str]]:
    """Colleagues."""
    return people()


def _tag_options(actor: Actor) -> list[tuple[str, str]]:
    """Tags by name, as the service takes them."""
    return [(name, name) for name in Tag.objects.visible_to(actor).values_list("name", flat=True)[:500]]


CASE = editing.register(
    editing.EditableRecord(
        kind="case",
        load=_load,
        save=_save,
        save_many=_save_many,
        has_custom_fields=True,
        fields=[
            editing.Field("subject", _("Subject"), "text", required=True),
            editing.Field("description", _("What it is about"), "long_text"),
            editing.Field("case_type", _("Type"), "choice", choices=tuple(CaseType.choices), required=True),
            editing.Field("state", _("State"), "choice", choices=STATES, required=True,
                          show=lambda case, _context: str(CaseState(case.state).label)),
            editing.Field("category", _("Category"), "choice", options=lambda _actor: queries.categories()),
            editing.Field("impact", _("Impact"), "choice", choices=tuple(Level.choices), required=True),
            editing.Field("urgency", _("Urgency"), "choice", choices=tuple(Level.choices), required=True),
            editing.Field("priority", _("Priority"), "choice", choices=tuple(Priority.choices), required=True),
            editing.Field("owner", _("Who answers for it"), "choice", options=owners),
            editing.Field("department", _("Department"), "choice", options=lambda _actor: queries.departments()),
            editing.Field("tags", pgettext_lazy("case", "Tags"), "multi_choice", options=_tag_options,
                          read=lambda case: case.tag_names()),
        ],
    )
)  # fmt: skip
