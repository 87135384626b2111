"""How far each folder of a mailbox was read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailFolder(models.Model):
    """One folder of a mailbox, and the last mail in it that was taken in; kept by the program itself."""

    channel = models.ForeignKey("conversations.Channel", on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    # The server counts mails anew under another validity; then everything is read again and what is known stays.
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    # How many mails are still to be read, while a large folder is caught up with.
    left_count = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        """A folder of a mailbox is read once."""

        verbose_name = _("mail folder")
        verbose_name_plural = _("mail folders")
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="mail_folder_once")]

    def __str__(self) -> str:
        """Channel and name."""
        return f"{self.channel_id}: {self.name}"
