"""What is to be done by whom, who is told of what, who follows which record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.tasks.choices import Digest, Priority, Repeat, TaskState


class Task(models.Model):
    """One thing to be done by one person, by a moment if need be, about a record if need be."""

    title = models.CharField(_("what is to be done"), max_length=200)
    note = models.TextField(_("more about it"), blank=True)
    assignee = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it"))
    author = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    # The record it is about; '' and null for none.
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    # Due on a day rather than at a moment: due_at is then the end of that day for whoever set it.
    is_all_day = models.BooleanField(default=False)
    remind_at = models.DateTimeField(_("reminder"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    repeat = models.CharField(_("comes again"), max_length=8, choices=Repeat.choices, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    ended_at = models.DateTimeField(_("done on"), null=True)
    created_at = models.DateTimeField(_("set on"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """What one person has to do, what is about a record, which reminder is due: one index read each."""

        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(fields=["assignee", "state", "due_at", "id"], name="task_of_person"),
            models.Index(fields=["about_kind", "about_id", "state"], name="task_about", condition=~Q(about_kind="")),
            models.Index(
                fields=["remind_at"],
                name="task_reminder",
                condition=Q(remind_at__isnull=False, reminded_at__isnull=True),
            ),
            models.Index(fields=["author", "id"], name="task_author"),
        ]

    def __str__(self) -> str:
        """What is to be done."""
        return self.title

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("tsk", self.pk)


class Notification(models.Model):
    """One thing that one person is told; it names a record and holds no words about it."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    sort = models.CharField(max_length=40)
    # Who caused it; empty for the system.
    actor = models.ForeignKey("core.User", null=True, on_delete=models.SET_NULL, related_name="+")
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True)
    # Codes and numbers that its words need (which fields changed), never personal data.
    data = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = VisibleManager()

    class Meta:
        """One person's newest and how many are unread: one index read each."""

        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notification_newest"),
            models.Index(fields=["user"], name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["at"], name="notification_old"),
        ]

    def __str__(self) -> str:
        """What it is about."""
        return f"{self.sort} for {self.user_id}"


class NotificationChoice(models.Model):
    """What one person wants to be told, and how often by mail."""

    user = models.OneToOneField("core.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    muted = models.JSONField(default=list)
    digest = models.CharField(_("by mail"), max_length=5, choices=Digest.choices, default=Digest.DAILY)
    mailed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Whose choice it is."""
        return f"choice of {self.user_id}"


class Follow(models.Model):
    """One person is told what becomes of one record."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        """A record is followed once by each; its followers are one index read."""

        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [models.UniqueConstraint(fields=["about_kind", "about_id", "user"], name="follow_once")]
        indexes = [models.Index(fields=["user", "-id"], name="follow_of_person")]

    def __str__(self) -> str:
        """Who follows what."""
        return f"{self.user_id} follows {self.about_kind} {self.about_id}"


class CalendarFeed(models.Model):
    """The secret address under which a calendar program reads one person's tasks; kept only as its digest."""

    user = models.OneToOneField("core.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    # Titles may name customers; without them an entry says only that a task is due.
    with_titles = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Whose feed it is."""
        return f"feed of {self.user_id}"
