"""How long states of presence and ended work are kept."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.retention import Ending, Kind, Part, kinds
from guanxi.routing.choices import WorkState
from guanxi.routing.models import Assignment, PresenceSpan, WorkItem

kinds.add(
    "presence_spans",
    Kind(
        label=_("States of presence"),
        counted=_("the day they ended"),
        ending=Ending.DELETE,
        what_happens=_("They go; how long colleagues were there can be told no longer."),
        days=365,
        is_log=True,
        parts=(
            Part("routing.PresenceSpan", rows=lambda before: PresenceSpan.objects.filter(to_at__lt=before), at="to_at"),
        ),
    ),
    order=330,
)
kinds.add(
    "ended_work",
    Kind(
        label=_("Ended work items"),
        counted=_("the day they ended"),
        ending=Ending.DELETE,
        what_happens=_("They go, with who had them and why; the records they point to stay."),
        days=730,
        is_log=True,
        parts=(
            Part(
                "routing.Assignment",
                rows=lambda before: Assignment.objects.filter(item__state=WorkState.ENDED, item__ended_at__lt=before),
                at="until",
            ),
            Part(
                "routing.WorkItem",
                rows=lambda before: WorkItem.objects.filter(state=WorkState.ENDED, ended_at__lt=before),
                at="ended_at",
            ),
        ),
    ),
    order=331,
)
