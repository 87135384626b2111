"""In which complaints somebody is responsible at the time, and so sees them whatever their role reaches.

Who heads the responsible department may look and object; who has a step under way may work on it as well. Both end with
the complaint: it is closed, another department answers, the step is over or somebody else's.
"""

from django.db.models import Q, Value

from guanxi.core.actor import Actor
from guanxi.service.choices import LIVE_STATES
from guanxi.service.models import Complaint, ComplaintStep, ResponsibleUnit
from guanxi.workflow.models import DepartmentHead

OBJECT = "object"
# What each may do: those who head the department, and those who have the step.
HEADS_MAY = frozenset({"view", OBJECT})
STEPS_MAY = frozenset({"view", "change", OBJECT})


def right_of(action: str) -> str:
    """The right of a role that an act on a complaint asks for."""
    return "change" if action == OBJECT else action


def cases_of(actor: Actor, action: str) -> tuple[int, ...]:
    """The numbers of the cases on which being responsible opens this act; changes only to a role that may change any."""
    if action not in STEPS_MAY or actor.user_id is None or (action != "view" and actor.is_read_only):
        return ()
    if action == "change" and actor.scope("case", action) is None:
        return ()
    headed, stepped = actor.found_once("responsible in complaints", _found)
    return tuple(sorted(headed | stepped if action in HEADS_MAY else stepped))


def _found(actor: Actor) -> tuple[frozenset[int], frozenset[int]]:
    """By the department that the actor, or who they stand in for, heads; and by the step they have.

    Most people head none: one look tells. The complaints of a unit are asked for by its number, whose rows the database
    can estimate.
    """
    people = actor.person_ids
    headed = DepartmentHead.objects.filter(user__in=people).values("department")
    units = ResponsibleUnit.objects.filter(department__in=headed).order_by()
    steps = ComplaintStep.objects.filter(owner__in=people, ended_at__isnull=True).order_by()
    steps = steps.filter(complaint__case__state__in=LIVE_STATES)
    by_step = steps.annotate(by_step=Value(1)).values_list("complaint", "by_step")
    found = list(units.annotate(by_step=Value(0)).values_list("pk", "by_step").union(by_step, all=True))
    mine = [number for number, by in found if not by]
    theirs = (
        Complaint.objects.filter(unit__in=mine, case__state__in=LIVE_STATES).order_by().values_list("pk", flat=True)
    )
    return frozenset(theirs if mine else ()), frozenset(number for number, by in found if by)


def in_reach(column: str, actor: Actor, action: str) -> Q:
    """The rows of a model that belong to such a complaint by this column."""
    return Q(**{f"{column}__in": cases_of(actor, action)})
