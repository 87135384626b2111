"""What is kept of a complaint beside its case: steps, evidence, who is responsible, remedies, the customer's last word."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.conversations.choices import ChannelKind
from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.service.complaint_choices import (
    Authority,
    EvidenceSort,
    Grade,
    LastWord,
    RemedyState,
    Step,
    UsualCause,
    UsualRemedy,
)


class ResponsibleUnit(models.Model):
    """Who can be responsible for the cause of a complaint: a department of ours, or a firm outside."""

    # Empty for a department, which has a name of its own.
    name = models.CharField(_("name"), max_length=200, blank=True)
    department = models.OneToOneField(
        "core.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("department"),
    )  # fmt: skip
    is_outside = models.BooleanField(_("outside the company"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    # The import that brought it, while nobody else uses it.
    import_run = models.ForeignKey(
        "importing.Import", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VisibleManager()

    class Meta:
        """A name stands once inside and once outside."""

        verbose_name = _("responsible unit")
        verbose_name_plural = _("responsible units")
        ordering = ["is_outside", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "is_outside"], name="responsible_unit_once", condition=~Q(name=""))
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name or str(self.department or "")


class Cause(models.Model):
    """One node of the tree of causes; `path` lists the ids from the root down, `/3/17/`."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("part of")
    )
    # One that every company starts with; its name is ours, in the reader's language, until the company gives it another.
    key = models.CharField(max_length=40, editable=False, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    path = models.CharField(max_length=200, editable=False, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveIntegerField(default=0)

    objects = VisibleManager()

    class Meta:
        """A name stands once under its parent."""

        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["position", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="cause_once", condition=~Q(name="")),
            models.UniqueConstraint(
                fields=["name"], name="cause_root_once", condition=Q(parent__isnull=True) & ~Q(name="")
            ),
            models.UniqueConstraint(fields=["key"], name="cause_key_once", condition=~Q(key="")),
        ]
        indexes = [models.Index(fields=["path"], name="cause_path")]

    def __str__(self) -> str:
        """The name."""
        return self.name or (str(UsualCause(self.key).label) if self.key in UsualCause.values else "")


class Complaint(models.Model):
    """What a case of complaint has besides: where it stands in the six steps, and what each of them found."""

    case = models.OneToOneField("service.Case", primary_key=True, on_delete=models.CASCADE, related_name="complaint")
    step = models.CharField(_("step"), max_length=12, choices=Step.choices, default=Step.RECORD)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade.choices, default=Grade.ORDINARY)
    authority = models.CharField(_("authority"), max_length=10, choices=Authority.choices, blank=True)
    authority_number = models.CharField(_("official number"), max_length=80, blank=True)
    authority_due_at = models.DateTimeField(_("answer to the authority due"), null=True, blank=True)
    authority_answered_at = models.DateTimeField(_("authority answered"), null=True, blank=True)
    # How far its owner was told of that clock: 1 that little time is left, 2 that it has run out.
    authority_told = models.PositiveSmallIntegerField(default=0, editable=False)
    # What the customer asks for.
    wanted = models.TextField(_("what the customer asks for"), blank=True)
    unit = models.ForeignKey(
        ResponsibleUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("responsible unit"), db_index=False,
    )  # fmt: skip
    # The unit may object once; with the answer it stands. When another takes its place, this becomes a `PastObjection`.
    objection = models.TextField(_("objection"), blank=True)
    objected_at = models.DateTimeField(_("objected on"), null=True)
    objected_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    objection_answer = models.TextField(_("answer to the objection"), blank=True)
    objection_settled_at = models.DateTimeField(_("objection settled on"), null=True)
    # What the unit answers for: who bears what, and which consequences it has there.
    responsibility = models.TextField(_("responsibility"), blank=True)
    entitlements = models.JSONField(_("what the law gives"), default=dict, blank=True)
    cause = models.ForeignKey(
        Cause, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("cause"),
        db_index=False,
    )  # fmt: skip
    whys = models.JSONField(_("five whys"), default=list, blank=True)
    prevention = models.TextField(_("so that it does not happen again"), blank=True)
    # Of a complaint that came by import: what the other system says of it, under its own names.
    elsewhere = models.JSONField(_("as told elsewhere"), default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """Causes, units and what an authority waits for are one index read each."""

        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [
            models.Index(fields=["unit", "case"], name="complaint_unit", condition=Q(unit__isnull=False)),
            models.Index(fields=["cause", "case"], name="complaint_cause", condition=Q(cause__isnull=False)),
            models.Index(fields=["step", "case"], name="complaint_step"),
            models.Index(
                fields=["authority_due_at"],
                name="complaint_authority",
                condition=Q(authority_due_at__isnull=False, authority_answered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        """The case's number."""
        return public_id("cas", self.case_id)


class PastObjection(models.Model):
    """The objection of a unit in whose place another was settled since: each unit may object once."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="past_objections", db_index=False)
    unit = models.ForeignKey(
        ResponsibleUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible unit")
    )
    reasons = models.TextField(_("objection"))
    at = models.DateTimeField(_("objected on"))
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answer = models.TextField(_("answer to the objection"), blank=True)
    settled_at = models.DateTimeField(_("objection settled on"), null=True)

    class Meta:
        """In the order in which they came; a unit once in a complaint."""

        verbose_name = _("earlier objection")
        verbose_name_plural = _("earlier objections")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["complaint", "unit"], name="past_objection_once")]

    def __str__(self) -> str:
        """Which complaint."""
        return f"{self.complaint_id}"


class ComplaintStep(models.Model):
    """One step of one complaint: whose it is, since when, until when, and when it was over."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps", db_index=False)
    # How often the case had been opened again when the step began.
    round = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    owner = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"), db_index=False
    )
    began_at = models.DateTimeField(_("began"))
    due_at = models.DateTimeField(_("due"), null=True)
    ended_at = models.DateTimeField(_("over"), null=True)
    # When its owner and the next above were told that it is late.
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        """A step stands once in a round; those that are late are one index read."""

        verbose_name = _("step of a complaint")
        verbose_name_plural = _("steps of complaints")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["complaint", "round", "step"], name="complaint_step_once")]
        indexes = [
            models.Index(
                fields=["due_at"], name="complaint_step_due", condition=Q(ended_at__isnull=True, due_at__isnull=False)
            ),
            # What people have in hand is open to them.
            models.Index(fields=["owner"], name="complaint_step_owner", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        """Which step."""
        return str(self.get_step_display())


class StepRule(models.Model):
    """What a step asks of complaints of a grade ('' for every other one): how long it may take, which evidence it needs."""

    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade.choices, blank=True)
    working_minutes = models.PositiveIntegerField(_("working minutes"))
    # Sorts of evidence of which each must be there before the step can end.
    evidence = models.JSONField(_("evidence needed"), default=list, blank=True)

    objects = VisibleManager()

    class Meta:
        """One rule for each step and grade."""

        verbose_name = _("rule of a step")
        verbose_name_plural = _("rules of steps")
        constraints = [models.UniqueConstraint(fields=["step", "grade"], name="step_rule_once")]

    def __str__(self) -> str:
        """Which step."""
        return " · ".join(str(part) for part in (self.get_step_display(), self.get_grade_display()) if part)


class Evidence(models.Model):
    """One piece of evidence or one statement, with the file it came in."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="evidence")
    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    sort = models.CharField(_("sort"), max_length=10, choices=EvidenceSort.choices)
    said_by = models.CharField(_("from whom"), max_length=120, blank=True)
    text = models.TextField(_("what it says or shows"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("file")
    )
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("entered"))

    class Meta:
        """In the order in which it came."""

        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]

    def __str__(self) -> str:
        """What it is."""
        return str(self.get_sort_display())


class RemedyKind(models.Model):
    """One way of making good: refund, exchange, repair, voucher, apology."""

    # As with causes: one that every company starts with.
    key = models.CharField(max_length=40, editable=False, blank=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    has_amount = models.BooleanField(_("costs money"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveIntegerField(default=0)

    objects = VisibleManager()

    class Meta:
        """In their order."""

        verbose_name = _("kind of remedy")
        verbose_name_plural = _("kinds of remedy")
        ordering = ["position", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="remedy_kind_once", condition=~Q(name="")),
            models.UniqueConstraint(fields=["key"], name="remedy_kind_key_once", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        """The name."""
        return self.name or (str(UsualRemedy(self.key).label) if self.key in UsualRemedy.values else "")


class RemedyLimit(models.Model):
    """Up to which amount people with a role may grant a kind of remedy by themselves."""

    kind = models.ForeignKey(RemedyKind, on_delete=models.CASCADE, related_name="limits", verbose_name=_("remedy"))
    role = models.ForeignKey("core.Role", on_delete=models.CASCADE, related_name="+", verbose_name=_("role"))
    limit_minor = models.BigIntegerField(_("up to"))
    currency = models.CharField(_("currency"), max_length=3)

    objects = VisibleManager()

    class Meta:
        """One limit for each kind, role and currency."""

        verbose_name = _("limit of a remedy")
        verbose_name_plural = _("limits of remedies")
        constraints = [models.UniqueConstraint(fields=["kind", "role", "currency"], name="remedy_limit_once")]

    def __str__(self) -> str:
        """Which limit."""
        return f"{self.kind_id} {self.role_id} {self.limit_minor}"


class Remedy(models.Model):
    """One thing we do to make good; when it is done its cost is booked to the unit that answers for it."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="remedies")
    kind = models.ForeignKey(RemedyKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("remedy"))
    text = models.TextField(_("what exactly"), blank=True)
    amount_minor = models.BigIntegerField(_("amount"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RemedyState.choices, default=RemedyState.PLANNED)
    planned_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True)
    # What it came to in the end, and whose cost it is.
    cost_minor = models.BigIntegerField(_("cost"), null=True)
    unit = models.ForeignKey(
        ResponsibleUnit, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("borne by")
    )
    created_at = models.DateTimeField()

    objects = VisibleManager()

    class Meta:
        """In the order in which they were planned."""

        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        ordering = ["id"]

    def __str__(self) -> str:
        """What it is."""
        return str(self.kind)

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("rmd", self.pk)


class Telling(models.Model):
    """Once the customer was told: when, how and in which words."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="tellings")
    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    at = models.DateTimeField(pgettext_lazy("telling", "when"))
    channel = models.CharField(pgettext_lazy("telling", "how"), max_length=10, choices=ChannelKind.choices)
    words = models.TextField(pgettext_lazy("telling", "in which words"))
    message = models.ForeignKey(
        "conversations.Message", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("message")
    )
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """In their order."""

        verbose_name = _("what the customer was told")
        verbose_name_plural = _("what customers were told")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        """When."""
        return f"{self.get_channel_display()} {self.at:%Y-%m-%d}"


class ClosingWord(models.Model):
    """Once the customer was asked at the end whether it is settled, or was not reached."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="closing_words")
    # How often the case had been opened again then: an answer holds for its own round.
    round = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("outcome"), max_length=12, choices=LastWord.choices)
    channel = models.CharField(pgettext_lazy("telling", "how"), max_length=10, choices=ChannelKind.choices)
    words = models.TextField(_("the customer's words, or what was tried"), blank=True)
    at = models.DateTimeField(pgettext_lazy("telling", "when"))
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """In their order."""

        verbose_name = _("last word of a customer")
        verbose_name_plural = _("last words of customers")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        """What came of it."""
        return str(self.get_outcome_display())


class RecurrenceCheck(models.Model):
    """One look back, some days after a complaint was closed: whether the like of it came again."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="checks", db_index=False)
    round = models.PositiveSmallIntegerField(default=0)
    after_days = models.PositiveSmallIntegerField(_("days after"))
    due_on = models.DateField(_("due"))
    looked_at = models.DateTimeField(_("looked at"), null=True)
    found_count = models.PositiveIntegerField(_("found again"), null=True)
    # The numbers of the cases found, the newest first.
    found = models.JSONField(default=list)

    class Meta:
        """Once for each distance and round; those that are due are one index read."""

        verbose_name = _("recurrence check")
        verbose_name_plural = _("recurrence checks")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "round", "after_days"], name="recurrence_check_once")
        ]
        indexes = [models.Index(fields=["due_on"], name="recurrence_check_due", condition=Q(looked_at__isnull=True))]

    def __str__(self) -> str:
        """Which look back."""
        return f"+{self.after_days}"
