"""Approvals: who must agree to what, and what they said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.workflow.choices import ApprovalState, Approver, StepState


class ApprovalPolicy(models.Model):
    """One sort of approval between two amounts needs the word of these people."""

    sort = models.CharField(_("what for"), max_length=60)
    # Amounts in minor units: from this one on, up to and including that one; empty for no bound.
    from_minor = models.BigIntegerField(_("from"), null=True, blank=True)
    to_minor = models.BigIntegerField(_("up to"), null=True, blank=True)
    # '' where the sort has no amounts.
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    approver = models.CharField(_("who decides"), max_length=8, choices=Approver.choices)
    role = models.ForeignKey(
        "core.Role", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("role")
    )
    user = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    needs_second = models.BooleanField(_("a second person must agree too"), default=False)
    # Which step comes first, where several policies hold for one amount.
    order = models.PositiveIntegerField(_("order"), default=100)
    # Working hours until it is handed on, and to which role; empty for never.
    hours = models.PositiveIntegerField(_("hours to decide"), null=True, blank=True)
    escalates_to = models.ForeignKey(
        "core.Role", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("then also")
    )
    is_active = models.BooleanField(_("in force"), default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """The policies of a sort in their order are one index read."""

        verbose_name = _("approval policy")
        verbose_name_plural = _("approval policies")
        indexes = [models.Index(fields=["sort", "order", "id"], name="approval_policy_sort")]

    def __str__(self) -> str:
        """What it is for."""
        return f"{self.sort} {self.order}"


class ApprovalLimit(models.Model):
    """Up to which amount people with one role may approve one sort of thing ('' for every sort)."""

    role = models.ForeignKey("core.Role", on_delete=models.CASCADE, related_name="+", verbose_name=_("role"))
    sort = models.CharField(_("what for"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    most_minor = models.BigIntegerField(_("up to"))

    objects = VisibleManager()

    class Meta:
        """One limit for each role, sort and currency."""

        verbose_name = _("approval limit")
        verbose_name_plural = _("approval limits")
        constraints = [models.UniqueConstraint(fields=["role", "sort", "currency"], name="approval_limit_once")]

    def __str__(self) -> str:
        """Whose limit."""
        return f"{self.role_id} {self.sort} {self.currency}"


class DepartmentHead(models.Model):
    """Who heads a department, as far as approvals ask for it."""

    department = models.OneToOneField(
        "core.Department", primary_key=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("department")
    )
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("head"))

    objects = VisibleManager()

    class Meta:
        """Plain."""

        verbose_name = _("head of a department")
        verbose_name_plural = _("heads of departments")

    def __str__(self) -> str:
        """Which department."""
        return f"head of {self.department_id}"


class Approval(models.Model):
    """One thing that somebody asked to be approved, and what was decided."""

    sort = models.CharField(_("what for"), max_length=60)
    record_kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField(_("amount"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    # Empty where a rule or the system asked.
    asked_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"), db_index=False
    )
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ApprovalState.choices, default=ApprovalState.WAITING)
    # The last word: of whoever refused, or agreed as the last one; empty where nobody needed to.
    decided_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    on_behalf_of = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("in place of")
    )
    words = models.TextField(_("words"), blank=True)
    decided_at = models.DateTimeField(_("decided on"), null=True)
    lapses_at = models.DateTimeField(_("lapses on"), null=True)
    created_at = models.DateTimeField(_("asked on"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """What waits, what one asked for, what is about a record: one index read each; a thing is asked for once."""

        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        indexes = [
            models.Index(fields=["state", "-created_at", "-id"], name="approval_state"),
            models.Index(fields=["-created_at", "-id"], name="approval_newest"),
            models.Index(fields=["asked_by", "-id"], name="approval_asked_by"),
            models.Index(fields=["record_kind", "record_id", "-id"], name="approval_of_record"),
            models.Index(fields=["lapses_at"], name="approval_lapses", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sort", "record_kind", "record_id"], name="approval_waits_once", condition=Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        """What for."""
        return f"{self.sort} {self.record_kind} {self.record_id}"

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("apr", self.pk)


class ApprovalStep(models.Model):
    """One word that an approval needs, of one person, and what they said."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps", db_index=False)
    number = models.PositiveIntegerField()
    # Why it is asked: the policy, and how it names who decides.
    policy = models.ForeignKey(ApprovalPolicy, null=True, on_delete=models.SET_NULL, related_name="+")
    approver = models.CharField(max_length=8, choices=Approver.choices)
    role = models.ForeignKey("core.Role", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    # A second person is asked: not who decided the step before.
    is_second = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=StepState.choices, default=StepState.PENDING)
    decided_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    # When it is handed on to others too, to whom, and when that was done.
    due_at = models.DateTimeField(null=True)
    escalates_to = models.ForeignKey("core.Role", null=True, on_delete=models.PROTECT, related_name="+")
    escalated_at = models.DateTimeField(null=True)
    # Whom one of those who may decide has asked to decide in their place, and who that was.
    delegated_to = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    delegated_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """The steps of an approval in order; what waits for a person, for a role, to be handed on: one index read each."""

        constraints = [models.UniqueConstraint(fields=["approval", "number"], name="approval_step_once")]
        indexes = [
            models.Index(fields=["user", "approval"], name="approval_step_user", condition=Q(state="waiting")),
            models.Index(fields=["role", "approval"], name="approval_step_role", condition=Q(state="waiting")),
            models.Index(
                fields=["due_at"],
                name="approval_step_due",
                condition=Q(state="waiting", due_at__isnull=False, escalated_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        """Which step of which approval."""
        return f"{self.approval_id}.{self.number}"
