"""The mails about one's own signing in, in one's own language."""

import smtplib
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.models import User


class MailRefusedError(Exception):
    """A mail could not be handed in; it is tried again. Says the sort of error alone: servers repeat what they got."""


def link_mail(user: User, link: str) -> EmailMessage:
    """The mail with the link to a new password."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        lines = [
            _("Good day, %(name)s,") % {"name": user.display_name},
            "",
            _("somebody has asked for a new password for your account “%(name)s”. If it was you, set it here:")
            % {"name": user.username},
            link,
            "",
            _("The link works once, for an hour. A second factor is asked for as before."),
            _("If it was not you, do nothing: your password stays as it is."),
        ]
        return _mail(user, _("A new password"), lines)


def changed_mail(user: User) -> EmailMessage:
    """The mail that says that a password was set anew."""
    zone = ZoneInfo(user.timezone or settings.TIME_ZONE)
    with translation.override(user.language or settings.LANGUAGE_CODE), timezone.override(zone):
        at = date_format(timezone.localtime(clock.now()), "DATETIME_FORMAT")
        lines = [
            _("Good day, %(name)s,") % {"name": user.display_name},
            "",
            _("the password of your account “%(name)s” was set anew by mail on %(at)s. Every browser was signed out.")
            % {"name": user.username, "at": at},
            _("If it was not you, tell the owner of your installation at once."),
        ]
        return _mail(user, _("Your password is new"), lines)


def _mail(user: User, subject: str, lines: list[str]) -> EmailMessage:
    """A mail to a user that nobody's program answers."""
    return EmailMessage(
        subject=f"Guanxi: {subject}",
        body="\n".join(lines),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )


def send(mail: EmailMessage) -> None:
    """Hand a mail in."""
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefusedError(type(error).__name__) from None
