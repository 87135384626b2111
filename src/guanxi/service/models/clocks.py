"""What was promised by when, and how the clocks of cases stand. Clocks follow from cases and messages: no journal of theirs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.service.clocks.choices import Act, Sort, State, Unit, Whom


class SlaPolicy(models.Model):
    """One set of promises for the cases that fit it; the most special that fits holds."""

    name = models.CharField(pgettext_lazy("service level", "Name"), max_length=120, unique=True)
    # Among equally special ones the first holds.
    position = models.PositiveIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    # What it asks of a case: aspect -> values (codes; ids of categories and departments); nothing asked, every case fits.
    asks = models.JSONField(default=dict)
    # Empty: the customer's own, else that of the department, else the company's.
    calendar = models.ForeignKey(
        "core.WorkingCalendar", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("working calendar"),
    )  # fmt: skip
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """In their order."""

        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("sla", self.pk)


class SlaTarget(models.Model):
    """What a policy promises of one sort at one priority; priority 0 stands for those without a line of their own."""

    policy = models.ForeignKey(SlaPolicy, on_delete=models.CASCADE, related_name="targets")
    sort = models.CharField(max_length=16, choices=Sort.choices)
    priority = models.PositiveSmallIntegerField(default=0)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=Unit.choices, default=Unit.WORKING_MINUTES)
    warn_percent = models.PositiveSmallIntegerField(default=75)
    # States of a case in which the clock stands.
    pauses = models.JSONField(default=list)

    class Meta:
        """One promise each."""

        ordering = ["sort", "priority"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "sort", "priority"], name="sla_target_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="sla_target_amount"),
        ]

    def __str__(self) -> str:
        """What is promised."""
        return f"{self.get_sort_display()} {self.priority}: {self.amount} {self.get_unit_display()}"


class EscalationStep(models.Model):
    """What is done when a clock of a policy gets so far: at a share of its time, or minutes before or after it is due."""

    policy = models.ForeignKey(SlaPolicy, on_delete=models.CASCADE, related_name="steps")
    sort = models.CharField(max_length=16, choices=Sort.choices)
    # One of the two; minutes count as the clock does, negative before it is due.
    at_percent = models.PositiveSmallIntegerField(null=True)
    offset_minutes = models.IntegerField(null=True)
    act = models.CharField(max_length=16, choices=Act.choices, default=Act.NOTIFY)
    whom = models.CharField(max_length=16, choices=Whom.choices, default=Whom.OWNER)
    role = models.ForeignKey("core.Role", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Each step has its moment."""

        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_percent__isnull=False, offset_minutes__isnull=True)
                | Q(at_percent__isnull=True, offset_minutes__isnull=False),
                name="escalation_one_moment",
            )
        ]

    def __str__(self) -> str:
        """When, and what."""
        when = f"{self.at_percent} %" if self.at_percent is not None else f"{self.offset_minutes:+d} min"
        whom = "" if self.act == Act.RAISE else f" {self.get_whom_display()}"
        return f"{self.get_sort_display()} {when}: {self.get_act_display()}{whom}"


class OwnHours(models.Model):
    """One customer, or one department, whose clocks run by a working calendar of its own."""

    customer = models.OneToOneField(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("customer"),
    )  # fmt: skip
    department = models.OneToOneField(
        "core.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("department"),
    )  # fmt: skip
    calendar = models.ForeignKey(
        "core.WorkingCalendar", on_delete=models.PROTECT, related_name="+", verbose_name=_("working calendar")
    )

    objects = VisibleManager()

    class Meta:
        """Of one or the other."""

        verbose_name = pgettext_lazy("service level", "hours of one's own")
        verbose_name_plural = pgettext_lazy("service level", "hours of one's own")
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, department__isnull=True)
                | Q(customer__isnull=True, department__isnull=False),
                name="own_hours_of_one",
            )
        ]

    def __str__(self) -> str:
        """Whose."""
        return str(self.customer or self.department)


class CaseMoment(models.Model):
    """From this moment on a case stood so: its state, and what policies look at. The history that clocks are reckoned from."""

    case = models.ForeignKey("service.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=16)
    facts = models.JSONField(default=dict)

    class Meta:
        """The moments of a case in order."""

        indexes = [models.Index(fields=["case", "at", "id"], name="case_moment_of_case")]

    def __str__(self) -> str:
        """Which moment."""
        return f"{self.case_id} {self.state} from {self.at}"


class CaseClock(models.Model):
    """One clock of a case: what is waited for, how it stands, by which policy and why that one."""

    case = models.ForeignKey("service.Case", on_delete=models.CASCADE, related_name="clocks", db_index=False)
    sort = models.CharField(_("clock"), max_length=16, choices=Sort.choices)
    # Tells clocks of one sort apart, from 1.
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(null=True)
    consumed_seconds = models.BigIntegerField(default=0)
    # What remained when it was reckoned: seconds, or days of a target in days; below none when it is broken.
    left = models.BigIntegerField(default=0)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=Unit.choices)
    paused_since = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=16, blank=True)
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Why this policy: what of the case it asked for, how it stood out, before which other.
    why = models.JSONField(default=dict)
    warned_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    # What is to be done when, the next first: [seconds since the epoch, "warn", "broken" or the number of a step].
    ahead = models.JSONField(default=list)
    act_at = models.DateTimeField(null=True)
    reckoned_at = models.DateTimeField()

    objects = VisibleManager()

    class Meta:
        """A case's clocks, those with something to be done, those of a policy that run: one index read each."""

        verbose_name = pgettext_lazy("of a case", "clock")
        verbose_name_plural = pgettext_lazy("of a case", "clocks")
        constraints = [models.UniqueConstraint(fields=["case", "sort", "number"], name="case_clock_once")]
        indexes = [
            models.Index(fields=["act_at", "id"], name="case_clock_act", condition=Q(act_at__isnull=False)),
            models.Index(fields=["policy", "case"], name="case_clock_running", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["sort", "ended_at"], name="case_clock_ended", condition=Q(ended_at__isnull=False)),
        ]

    def __str__(self) -> str:
        """Which clock, how it stands."""
        return f"{self.sort} {self.number} of {self.case_id}: {self.state}"

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("clk", self.pk)


class ClockEvent(models.Model):
    """One thing that happened to a clock, because of what, and when it was due before and after."""

    case = models.ForeignKey("service.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    clock = models.ForeignKey(CaseClock, on_delete=models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=12)
    # Codes and numbers: the status, the fields, the policy, the step.
    because = models.JSONField(default=dict)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)

    class Meta:
        """The history of a case's clocks is one index read."""

        indexes = [
            models.Index(fields=["case", "id"], name="clock_event_of_case"),
            models.Index(fields=["clock", "id"], name="clock_event_of_clock"),
        ]

    def __str__(self) -> str:
        """What happened."""
        return f"{self.clock_id}: {self.what}"


class Escalation(models.Model):
    """A step that was taken for a clock, once: what was done, and who was told or given it."""

    clock = models.ForeignKey(CaseClock, on_delete=models.CASCADE, related_name="escalations")
    step = models.ForeignKey(EscalationStep, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    # The step as it stood, and the users whom it reached, by number.
    done = models.JSONField(default=dict)

    class Meta:
        """Each step once for each clock."""

        constraints = [models.UniqueConstraint(fields=["clock", "step"], name="escalation_once")]

    def __str__(self) -> str:
        """Which step."""
        return f"{self.clock_id}: {self.done.get('act', '')}"


class RulesStamp(models.Model):
    """The one row that changes with every write to a policy or a calendar, so that processes read their rules anew."""

    value = models.CharField(max_length=32)

    class Meta:
        """Plain."""

        verbose_name = _("state of the rules of clocks")
        verbose_name_plural = _("states of the rules of clocks")

    def __str__(self) -> str:
        """The stamp."""
        return self.value
