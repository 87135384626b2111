"""Mail on its way out: as Django sends it, with a note of what became of the last one."""

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError

from guanxi.core import clock
from guanxi.core.models.checkups import CheckResult

# Not a check of its own: the check of mail reads it.
NOTE = "mail_sent"


class NotedBackend(EmailBackend):
    """Django's way by SMTP; whether the last mail went out, and by what kind of failure not, is kept for `guanxi check`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> Any:
        """Send, and note how it went."""
        try:
            sent = super().send_messages(email_messages)
        except (smtplib.SMTPException, OSError) as error:
            from guanxi.core.checkup.mail import error_code

            _note(error_code(error))
            raise
        if email_messages:
            _note("")
        return sent


def _note(error: str) -> None:
    """Keep the outcome; that it cannot be kept stops no mail."""
    values = {"facts": {"error": error}, "level": "ok", "looked_at": clock.now()}
    with suppress(DatabaseError):
        CheckResult.objects.update_or_create(check_key=NOTE, defaults=values)
