"""What one person keeps at the desk: open tabs, views of their own, senders whose images are shown; and macros."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.choices import Audience
from guanxi.conversations.models.conversation import Conversation
from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id


class DeskTab(models.Model):
    """One conversation that one person has open as a tab; kept by the program itself, so it has no journal."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()

    class Meta:
        """A conversation is one tab; a person's tabs in their order are one index read."""

        verbose_name = _("open tab")
        verbose_name_plural = _("open tabs")
        constraints = [models.UniqueConstraint(fields=["user", "conversation"], name="desk_tab_once")]
        indexes = [models.Index(fields=["user", "position"], name="desk_tab_of_person")]

    def __str__(self) -> str:
        """Whose tab."""
        return f"tab of {self.user_id}: {self.conversation_id}"


class DeskView(models.Model):
    """One narrowed list that one person keeps at the desk under a name; a matter of taste, so it has no journal."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    # The view it narrows and the text that is looked for.
    view = models.CharField(max_length=60)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        """A name is taken once by each."""

        verbose_name = _("view of the desk")
        verbose_name_plural = _("views of the desk")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="desk_view_name")]

    def __str__(self) -> str:
        """The name."""
        return self.name


class TrustedSender(models.Model):
    """One sender, by a digest of the address, whose remote images one person always sees; it has no journal."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)

    class Meta:
        """A sender is trusted once by each."""

        verbose_name = _("sender whose images are shown")
        verbose_name_plural = _("senders whose images are shown")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="trusted_sender_once")]

    def __str__(self) -> str:
        """Who trusts whom."""
        return f"{self.user_id} trusts {self.digest[:8]}"


class Macro(models.Model):
    """One prepared answer or note: text with fields in each language, and what it sets besides; for one, a team or all."""

    name = models.CharField(_("name"), max_length=80)
    audience = models.CharField(_("for whom"), max_length=8, choices=Audience.choices, default=Audience.PERSONAL)
    owner = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    team = models.ForeignKey(
        "core.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("team")
    )
    # The text in each language that it was written in: {"en": "...", "zh-hans": "..."}.
    texts = models.JSONField(default=dict, blank=True)
    is_note = models.BooleanField(_("an internal note"), default=False)
    # What it sets besides, in order: pairs of a key of `macro_actions` and a value.
    actions = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    use_count = models.PositiveIntegerField(_("times used"), default=0)
    used_at = models.DateTimeField(_("last used"), null=True)
    created_at = models.DateTimeField(_("written on"))
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisibleManager()

    class Meta:
        """Macros are listed by name; those of one person and of one team are one index read each."""

        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["audience", "name"], name="macro_for_whom", condition=Q(is_active=True))]

    def __str__(self) -> str:
        """The name."""
        return self.name

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("mac", self.pk)
