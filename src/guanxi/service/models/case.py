"""Something to be settled for a customer."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.conversations.choices import ChannelKind
from guanxi.core.ids import public_id
from guanxi.importing.managers import EveryRowManager, InForceManager
from guanxi.service.choices import LIVE_STATES, OPEN_STATES, CaseState, CaseType, Level, Priority

OPEN = Q(state__in=OPEN_STATES)
LIVE = Q(state__in=LIVE_STATES)
# One answer did not settle it: it was opened again, or the customer spoke again.
CAME_AGAIN = Q(reopened_count__gt=0) | Q(came_back_count__gt=0)


class Case(models.Model):
    """One matter of one customer (or of somebody unidentified), with one owner who answers for it to its end."""

    case_type = models.CharField(_("type"), max_length=10, choices=CaseType.choices, default=CaseType.ENQUIRY)
    category = models.ForeignKey(
        "service.CaseCategory", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("category"), db_index=False,
    )  # fmt: skip
    subject = models.CharField(_("subject"), max_length=255)
    # In the customer's words where it is a complaint.
    description = models.TextField(_("what it is about"), blank=True)
    state = models.CharField(_("state"), max_length=16, choices=CaseState.choices, default=CaseState.NEW)
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Level.choices, default=Level.LOW)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Level.choices, default=Level.MEDIUM)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    # Set by hand: impact, urgency and tier no longer decide.
    is_priority_fixed = models.BooleanField(default=False)
    # The customer's tier: of today while the case is open, then the one that it ended with.
    tier = models.CharField(_("tier"), max_length=10, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("customer"), db_index=False,
    )  # fmt: skip
    conversation = models.ForeignKey(
        "conversations.Conversation", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("conversation"), db_index=False,
    )  # fmt: skip
    channel_kind = models.CharField(_("channel"), max_length=10, choices=ChannelKind.choices, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("part of"),
        db_index=False,
    )  # fmt: skip
    owner = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("who answers for it"), db_index=False,
    )  # fmt: skip
    department = models.ForeignKey(
        "core.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("department"), db_index=False,
    )  # fmt: skip
    # The queue in which its conversation waited when it was opened.
    queue = models.ForeignKey(
        "routing.Queue", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("queue"), db_index=False,
    )  # fmt: skip
    product = models.ForeignKey(
        "catalog.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("product"), db_index=False,
    )  # fmt: skip
    author = models.ForeignKey(
        "core.User", null=True, editable=False, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    custom = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    first_answered_at = models.DateTimeField(_("first answered"), null=True)
    # Since when the customer waits for a word of ours; null when nobody waits.
    waiting_since = models.DateTimeField(_("waiting since"), null=True)
    solved_at = models.DateTimeField(_("solved"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    # When somebody asked after the solution how it went.
    followed_at = models.DateTimeField(_("followed through"), null=True)
    reopened_count = models.PositiveSmallIntegerField(_("opened again"), default=0)
    # How often the customer spoke again after our first answer.
    came_back_count = models.PositiveIntegerField(_("came back"), default=0)
    # The next of its clocks to run out; null while none runs.
    due_at = models.DateTimeField(_("to be answered by"), null=True)
    # Under which number another system knows it.
    source = models.CharField(_("source"), max_length=60, blank=True)
    external_ref = models.CharField(_("number elsewhere"), max_length=120, blank=True)
    import_run = models.ForeignKey(
        "importing.Import", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(pgettext_lazy("case", "Entered on"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = InForceManager()
    everything = EveryRowManager()

    class Meta:
        """One live case a conversation; what lists, desks and customers' pages ask is one index read."""

        verbose_name = _("case")
        verbose_name_plural = _("cases")
        base_manager_name = "everything"
        constraints = [
            models.UniqueConstraint(fields=["conversation"], name="case_live_once", condition=Q(state__in=LIVE_STATES)),
            models.UniqueConstraint(
                fields=["source", "external_ref"], name="case_external_once", condition=~Q(external_ref="")
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["due_at", "id"], name="case_due", condition=Q(due_at__isnull=False)),
            # The usual list: whatever else the planner believes of states and clocks, this one needs no sorting.
            models.Index(fields=["due_at", "id"], name="case_due_open", condition=OPEN & Q(due_at__isnull=False)),
            models.Index(fields=["queue", "-opened_at", "-id"], name="case_queue"),
            # Few cases of many: without these whole tables are read to find that there is none.
            models.Index(fields=["-opened_at", "-id"], name="case_followed", condition=Q(followed_at__isnull=False)),
            models.Index(fields=["-opened_at", "-id"], name="case_reopened", condition=Q(reopened_count__gt=0)),
            models.Index(fields=["-opened_at", "-id"], name="case_came_again", condition=CAME_AGAIN),
            models.Index(fields=["priority", "opened_at", "id"], name="case_open", condition=OPEN),
            models.Index(fields=["state", "-opened_at", "-id"], name="case_state"),
            models.Index(fields=["owner", "-opened_at", "-id"], name="case_owner"),
            models.Index(fields=["department", "-opened_at", "-id"], name="case_department"),
            models.Index(fields=["case_type", "-opened_at", "-id"], name="case_type"),
            models.Index(fields=["tier", "-opened_at", "-id"], name="case_tier", condition=~Q(tier="")),
            models.Index(
                fields=["channel_kind", "-opened_at", "-id"], name="case_channel", condition=~Q(channel_kind="")
            ),
            models.Index(fields=["category", "-opened_at", "-id"], name="case_category"),
            models.Index(
                fields=["customer", "-opened_at", "-id"], name="case_customer", condition=Q(customer__isnull=False)
            ),
            models.Index(fields=["conversation"], name="case_conversation", condition=Q(conversation__isnull=False)),
            models.Index(fields=["parent"], name="case_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["product"], name="case_product", condition=Q(product__isnull=False)),
            models.Index(fields=["closed_at", "id"], name="case_closed", condition=Q(closed_at__isnull=False)),
            # There is none: an empty index says so, where the one above is read from end to end.
            models.Index(
                fields=["closed_at", "id"], name="case_closed_live", condition=LIVE & Q(closed_at__isnull=False)
            ),
            models.Index(fields=["-solved_at", "-id"], name="case_solved", condition=Q(solved_at__isnull=False)),
        ]

    def __str__(self) -> str:
        """The subject, or the number of one whose words are gone."""
        return self.subject or self.public_id

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("cas", self.pk)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN_STATES

    def tag_names(self) -> list[str]:
        """The tags that stand on it."""
        return list(self.case_tags.order_by("tag__name").values_list("tag__name", flat=True))

    def get_absolute_url(self) -> str:
        """The record page."""
        return reverse("service:case", args=[self.public_id])


class CaseStep(models.Model):
    """One item of the checklist of a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField(_("what is to be done"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    # Which checklist asked for it; empty where somebody wrote it down in this case.
    checklist = models.ForeignKey(
        "service.Checklist", null=True, editable=False, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("checklist"),
    )  # fmt: skip
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """In their order."""

        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        """What is to be done."""
        return self.text


class CaseLink(models.Model):
    """A case concerns another record: an order, a further product, another case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    about_kind = models.CharField(max_length=40)
    about_id = models.BigIntegerField()

    class Meta:
        """A record is linked once; the cases of a record are one index read."""

        verbose_name = _("linked record")
        verbose_name_plural = _("linked records")
        constraints = [models.UniqueConstraint(fields=["about_kind", "about_id", "case"], name="case_link_once")]

    def __str__(self) -> str:
        """What it concerns."""
        return f"{self.case_id} concerns {self.about_kind} {self.about_id}"


class CaseTag(models.Model):
    """One tag on one case: the same words that users put on customers."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_tags")
    tag = models.ForeignKey("customers.Tag", on_delete=models.CASCADE, related_name="+")

    class Meta:
        """A tag is on a case once."""

        verbose_name = _("tag on a case")
        verbose_name_plural = _("tags on cases")
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="case_tag_once")]

    def __str__(self) -> str:
        """Which tag on which case."""
        return f"{self.case_id}:{self.tag_id}"
