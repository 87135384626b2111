"""How long notifications are kept, and what tasks say about whether a customer still deals with us."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.retention import Activity, Ending, Kind, Part, activities, kinds
from guanxi.tasks.choices import TaskState
from guanxi.tasks.models import Notification, Task

kinds.add(
    "notifications",
    Kind(
        label=_("Notifications"),
        counted=_("the day they were told"),
        ending=Ending.DELETE,
        what_happens=_("They go, read or not."),
        days=180,
        is_log=True,
        parts=(Part("tasks.Notification", rows=lambda before: Notification.objects.filter(at__lt=before), at="at"),),
    ),
    order=320,
)
activities.add(
    "tasks",
    Activity(
        _("tasks set, due or done; an open one always"),
        rows=lambda: Task.objects.filter(about_kind="customer", about_id__isnull=False),
        customer="about_id",
        at=("created_at", "due_at", "ended_at"),
        always=Q(state=TaskState.OPEN),
    ),
    order=50,
)
