"""What was imported, what each import changed in standing records, and mappings kept for the next file."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import sentences
from guanxi.core.access import VisibleManager
from guanxi.core.ids import public_id
from guanxi.importing.choices import ErasedRows, ImportState


class Import(models.Model):
    """One file brought in (or on its way); rows that it makes carry its id and count only while it is in force."""

    target = models.CharField(_("kind of import"), max_length=40)
    source = models.CharField(_("source"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.DRAFT)
    file_name = models.CharField(_("file"), max_length=255)
    digest = models.CharField(max_length=64, blank=True)
    file_size = models.BigIntegerField(default=0)
    table = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    mapping_name = models.CharField(_("mapping"), max_length=60, blank=True)
    corrections = models.JSONField(default=dict, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    rows_read = models.BigIntegerField(_("rows read"), default=0)
    rows_stored = models.BigIntegerField(_("rows stored"), default=0)
    rows_refused = models.BigIntegerField(_("rows refused"), default=0)
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    amount_minor = models.BigIntegerField(_("amount"), default=0)
    # Why it failed, as `core.sentences` keeps it; `error` holds the words of imports before there were such.
    fault = models.JSONField(_("error"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    # The job that was asked for and is not over yet: check, commit or undo.
    asked = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    means = models.CharField(max_length=12, blank=True)
    operation = models.ForeignKey("core.Operation", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("started"))
    committed_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by_name = models.CharField(_("undone by"), max_length=150, blank=True)
    # Rows that name people who were erased, and what became of them.
    erased_rows = models.JSONField(default=list, blank=True)
    erased_choice = models.CharField(max_length=10, choices=ErasedRows.choices, default=ErasedRows.UNSEEN, blank=True)
    erased_reason = models.CharField(max_length=300, blank=True)
    # When the file with its refused rows, and the values of what it updated, went at the end of their period.
    files_ended_at = models.DateTimeField(null=True, blank=True)
    values_ended_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        """Imports are listed newest first; the few that are not in force are found at once."""

        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state"], name="import_not_in_force", condition=~models.Q(state=ImportState.IN_FORCE)),
            models.Index(fields=["digest"], name="import_digest"),
        ]

    def __str__(self) -> str:
        """The file's name."""
        return self.file_name

    def get_absolute_url(self) -> str:
        """The page of this import."""
        return reverse("importing:show", args=[self.public_id])

    @property
    def public_id(self) -> str:
        """The id shown outside."""
        return public_id("imp", self.pk)

    @property
    def error_text(self) -> str:
        """Why it failed, in the language of whoever reads it; nothing where it did not."""
        return sentences.told(self.fault) or self.error


class ImportUpdate(models.Model):
    """One field of a standing record before an import and after it; written to the record when it comes in force."""

    import_run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    field = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        """A field of a record is updated once by one import."""

        verbose_name = _("update by an import")
        verbose_name_plural = _("updates by imports")
        constraints = [
            models.UniqueConstraint(fields=["import_run", "kind", "record_id", "field"], name="import_update_once")
        ]
        indexes = [models.Index(fields=["kind", "record_id"], name="import_update_record")]

    def __str__(self) -> str:
        """Which field of which record."""
        return f"{self.kind} {self.record_id} {self.field}"


class ImportClaim(models.Model):
    """A record that an import brought too, though another import owns it: when that one is undone, this one takes it."""

    kind = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    import_run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")

    class Meta:
        """An import claims a record once; who else claims a record is one index read."""

        verbose_name = _("claim of an import")
        verbose_name_plural = _("claims of imports")
        constraints = [models.UniqueConstraint(fields=["kind", "record_id", "import_run"], name="import_claim_once")]

    def __str__(self) -> str:
        """Which record."""
        return f"{self.kind} {self.record_id}"


class Mapping(models.Model):
    """Which column of a file holds which field, kept under a name for the next file of the same form."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    target = models.CharField(_("kind of import"), max_length=40)
    definition = models.JSONField(default=dict)
    is_shared = models.BooleanField(_("shared with everyone"), default=True)
    owner = models.ForeignKey(
        "core.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"))

    objects = VisibleManager()

    class Meta:
        """Mappings are listed by name."""

        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        ordering = ["name"]

    def __str__(self) -> str:
        """The name."""
        return self.name
