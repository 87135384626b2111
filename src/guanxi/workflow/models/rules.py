"""Rules, what they heard of, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.workflow.choices import Limit, Outcome


class Rule(models.Model):
    """When something happens, if conditions hold, then acts are done: one sentence that the company wrote."""

    name = models.CharField(_("name"), max_length=120)
    note = models.CharField(_("what it is for"), max_length=500, blank=True)
    # The key of a trigger, or of a moment that the rule starts `offset_minutes` after (before, where negative).
    trigger = models.CharField(_("when"), max_length=80)
    offset_minutes = models.IntegerField(_("minutes after"), default=0)
    # The tree of `conditions.parsed`; {} holds always.
    conditions = models.JSONField(_("if"), default=dict, blank=True)
    # [{"action": key, "via": link or "", "parameters": {...}}, ...] in order.
    actions = models.JSONField(_("then"), default=list)
    is_active = models.BooleanField(_("in force"), default=False)
    # Since when it has been in force; moments before it are past.
    active_since = models.DateTimeField(null=True)
    order = models.PositiveIntegerField(_("order"), default=100)
    stops_others = models.BooleanField(_("no further rules after it"), default=False)
    limit = models.CharField(_("for one record"), max_length=6, choices=Limit.choices, default=Limit.ALWAYS)
    from_at = models.DateTimeField(_("from"), null=True, blank=True)
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    owner = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who looks after it")
    )
    # Counts up with every change of what it does; the journal has the earlier ones.
    version = models.PositiveIntegerField(default=1)
    # Set for rules that a module brings along, by which it finds them again; such a rule is switched off, not deleted.
    key = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """The rules of one trigger in their order are one index read."""

        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        indexes = [
            models.Index(fields=["trigger", "order", "id"], name="rule_of_trigger", condition=Q(is_active=True)),
            models.Index(fields=["order", "id"], name="rule_order"),
        ]
        constraints = [models.UniqueConstraint(fields=["key"], name="rule_key_once", condition=~Q(key=""))]

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("rul", self.pk)


class RuleClock(models.Model):
    """How far the moments of one rule have been looked at."""

    rule = models.OneToOneField(Rule, primary_key=True, on_delete=models.CASCADE, related_name="+")
    looked_until = models.DateTimeField()

    class Meta:
        """Named for the history."""

        verbose_name = _("clock of a rule")
        verbose_name_plural = _("clocks of rules")

    def __str__(self) -> str:
        """Which rule."""
        return f"clock of {self.rule_id}"


class Happening(models.Model):
    """One record to which something happened that rules can hear: ids and codes only, for dry runs."""

    trigger = models.CharField(max_length=80)
    record_kind = models.CharField(max_length=40, default="", db_default="")
    record_id = models.BigIntegerField()
    at = models.DateTimeField()
    event_id = models.BigIntegerField()
    # The codes of the fields that changed, where the trigger tells them.
    fields = models.JSONField(default=list)

    class Meta:
        """An event is kept once for a record; a trigger's latest are one index read, and so are the oldest of all."""

        verbose_name = _("happening")
        verbose_name_plural = _("happenings")
        constraints = [
            models.UniqueConstraint(fields=["event_id", "trigger", "record_id"], name="happening_once"),
        ]
        indexes = [
            models.Index(fields=["trigger", "at"], name="happening_trigger"),
            models.Index(fields=["at"], name="happening_old"),
        ]

    def __str__(self) -> str:
        """What happened to which record."""
        return f"{self.trigger} {self.record_id}"


class Firing(models.Model):
    """One rule heard of one thing that happened to one record: what came of it, and why."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    trigger = models.CharField(max_length=80)
    # Tells what was heard: `e` with the number of the event, or `m` with the moment.
    heard = models.CharField(max_length=40)
    record_kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    # {"conditions": traced tree, "actions": [...], "chain": [...]}; values of guarded fields and texts are not in it.
    why = models.JSONField(default=dict)

    objects = VisibleManager()

    class Meta:
        """A rule hears a thing once for a record; the newest of all, of a rule, of a record are one index read each."""

        verbose_name = _("firing")
        verbose_name_plural = _("firings")
        constraints = [models.UniqueConstraint(fields=["rule", "heard", "record_id"], name="firing_once")]
        indexes = [
            models.Index(fields=["-at", "-id"], name="firing_newest"),
            models.Index(fields=["rule", "-at", "-id"], name="firing_of_rule"),
            models.Index(fields=["rule", "record_id", "outcome", "at"], name="firing_of_rule_record"),
            models.Index(fields=["record_kind", "record_id", "-id"], name="firing_of_record"),
        ]

    def __str__(self) -> str:
        """Which rule, which record, how it ended."""
        return f"{self.rule_id}: {self.record_kind} {self.record_id} {self.outcome}"

    @property
    def shown_outcome(self) -> str:
        """The outcome in words."""
        return str(Outcome(self.outcome).label)
