"""Work that waits for somebody or is in somebody's hands, and who had it when and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.core.records import RecordRef
from guanxi.routing.choices import AssignmentEnd, How, WorkPriority, WorkState

OPEN = (WorkState.WAITING, WorkState.ASSIGNED)


class WorkItem(models.Model):
    """One record that needs somebody: in which queue it waits, since when, and who has it; it holds no words of it."""

    record_kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    queue = models.ForeignKey("routing.Queue", on_delete=models.PROTECT, related_name="+", verbose_name=_("queue"))
    channel_kind = models.CharField(_("channel"), max_length=20)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=WorkPriority.choices, default=WorkPriority.NORMAL
    )
    # 0 for no tier; the higher, the more valuable the customer.
    tier_rank = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(_("language"), max_length=10, blank=True)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    # Whether the other side waits for us; false while we wait for them.
    needs_answer = models.BooleanField(default=True)
    entered_at = models.DateTimeField(_("entered"))
    # Since when it waits in its queue of now; overflow and levels count from here.
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=WorkState.choices, default=WorkState.WAITING)
    assignee = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("assignee")
    )
    assigned_at = models.DateTimeField(null=True)
    first_assigned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Who had it, or its record, before.
    preferred = models.ForeignKey("core.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = VisibleManager()

    class Meta:
        """A record waits once; what waits in a queue, what a person has, what ended long ago: one index read each."""

        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        constraints = [
            models.UniqueConstraint(
                fields=["record_kind", "record_id"],
                name="work_open_once",
                condition=Q(state__in=["waiting", "assigned"]),
            ),
            models.CheckConstraint(
                condition=Q(state="assigned", assignee__isnull=False)
                | Q(state="waiting", assignee__isnull=True)
                | Q(state="ended"),
                name="work_assigned_to_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "-priority", "due_at", "entered_at", "id"],
                name="work_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["assignee", "queue"], name="work_in_hand", condition=Q(state="assigned")),
            models.Index(fields=["record_kind", "record_id", "-id"], name="work_of_record"),
            models.Index(
                fields=["queue", "assigned_at"],
                name="work_unaccepted",
                condition=Q(state="assigned", accepted_at__isnull=True),
            ),
            models.Index(fields=["ended_at"], name="work_ended", condition=Q(state="ended")),
        ]

    def __str__(self) -> str:
        """Which record it is."""
        return f"{self.record_kind} {self.record_id}"

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("wki", self.pk)

    @property
    def record(self) -> RecordRef:
        """The record it points to."""
        return RecordRef(self.record_kind, self.record_id)

    @property
    def is_open(self) -> bool:
        """Whether it waits or is in somebody's hands."""
        return self.state in OPEN


class Assignment(models.Model):
    """One stretch of time that one user had one work item, how they got it and why they of all."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="assignments")
    queue = models.ForeignKey("routing.Queue", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    # Who gave it; empty for the system.
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices)
    # The strategy that chose; '' where a person did.
    strategy = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=12, choices=AssignmentEnd.choices, blank=True)
    # The figures of all who came into question, as `explaining` writes and reads them; ids and codes only.
    why = models.JSONField(default=dict)

    class Meta:
        """A work item is in one pair of hands; the assignments of a person and of a queue by time are one read each."""

        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["item"], name="assignment_open_once", condition=Q(until__isnull=True))
        ]
        indexes = [
            models.Index(fields=["item", "-id"], name="assignment_of_item"),
            models.Index(fields=["user", "-at"], name="assignment_of_person"),
            models.Index(fields=["user", "-until"], name="assignment_ended", condition=Q(until__isnull=False)),
            models.Index(fields=["queue", "-id"], name="assignment_of_queue"),
        ]

    def __str__(self) -> str:
        """Who has what."""
        return f"{self.item_id} to {self.user_id}"
