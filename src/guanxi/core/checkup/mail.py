"""Mail: is a server set, does it take us in, what became of the last mail."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.checkup import standing
from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.moments import moment
from guanxi.core.checkup.registry import Check, Facts, register
from guanxi.core.config import MailServer
from guanxi.core.mail_sending import NOTE

SECONDS = 10
UNSET_SENDER = "guanxi@localhost"


def look_at_mail() -> Facts:
    """What is set, and what became of the last mail."""
    mail = settings.CONFIG.mail
    if mail is None:
        return {"is_set": False}
    note = standing.kept().get(NOTE)
    return {
        "is_set": True,
        "is_plain": mail.security == "none" and mail.host not in {"localhost", "127.0.0.1", "::1"},
        "has_sender": UNSET_SENDER not in settings.DEFAULT_FROM_EMAIL,
        "error": note.facts.get("error", "") if note is not None else "",
        "at": note.looked_at.isoformat() if note is not None else "",
    }


def tell_of_mail(facts: Facts) -> Iterator[Finding]:
    """Can mail go out, as far as is known?"""
    if not facts["is_set"]:
        text = _("No mail server is set: nobody gets mails.")
        why = _("Notifications wait until somebody opens Guanxi.")
        yield Finding("mail", Level.WARNING, text, why, "GUANXI_MAIL_URL=smtp://user:password@host:587")
        return
    is_fine = True
    if facts["is_plain"]:
        text = _("Mail goes to its server unencrypted, the password included.")
        yield Finding("mail", Level.WARNING, text, _("Others on the way can read it."), "GUANXI_MAIL_URL=smtp://…")
        is_fine = False
    if not facts["has_sender"]:
        text = _("GUANXI_MAIL_FROM is not set: mails come from an address that does not exist.")
        why = _("Many servers refuse them or take them for spam.")
        yield Finding("mail", Level.WARNING, text, why, "GUANXI_MAIL_FROM=Guanxi <crm@example.com>")
        is_fine = False
    if facts["error"]:
        text = _("The last mail, at %(at)s, could not be sent: %(reason)s")
        about = {"at": moment(facts["at"]), "reason": reason_in_words(facts["error"])}
        yield Finding(
            "mail", Level.PROBLEM, text % about, _("It is tried again at the next turn."), advice(facts["error"])
        )
        is_fine = False
    if is_fine:
        yield Finding("mail", Level.OK, _("Mail is set up."))


def look_at_mail_server() -> Facts:
    """Sign in at the mail server, send nothing."""
    mail = settings.CONFIG.mail
    return {"is_set": mail is not None, "error": try_server(mail) if mail is not None else ""}


def try_server(mail: MailServer) -> str:
    """Why the server does not take us in, as a code; '' when it does."""
    safe = ssl.create_default_context()
    try:
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=safe)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
        with server:
            if mail.security == "starttls":
                server.starttls(context=safe)
            if mail.user:
                server.login(mail.user, mail.password)
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return error_code(error)
    return ""


def error_code(error: Exception) -> str:
    """What kind of failure this is; never the server's words, which may repeat what it was sent."""
    kinds: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
        (smtplib.SMTPAuthenticationError, "auth"),
        (smtplib.SMTPNotSupportedError, "no_tls"),
        (smtplib.SMTPSenderRefused, "sender"),
        (smtplib.SMTPRecipientsRefused, "recipients"),
        (ssl.SSLError, "tls"),
        (socket.gaierror, "name"),
        (TimeoutError, "timeout"),
        (ConnectionRefusedError, "refused"),
        (smtplib.SMTPException, "answer"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "away")


def reason_in_words(code: str) -> str:
    """A failure in words."""
    return {
        "auth": _("the server refuses the user or the password."),
        "no_tls": _("the server offers no encryption or no sign-in."),
        "sender": _("the server refuses the sender's address."),
        "recipients": _("the server refuses the addresses it was to go to."),
        "tls": _("the server's certificate is not valid for its name, or the encryption failed."),
        "name": _("the server's name is not known."),
        "timeout": _("the server does not answer in time."),
        "refused": _("nothing listens at that address and port."),
        "answer": _("the server gave an answer that was not expected."),
    }.get(code, _("the server cannot be reached."))


def advice(code: str) -> str:
    """What to do about a failure."""
    if code == "sender":
        return _("Set GUANXI_MAIL_FROM to an address that the server lets you use.")
    if code == "recipients":
        return _("See whether the users' e-mail addresses are right.")
    return _("Correct GUANXI_MAIL_URL, or ask who runs the mail server.")


def tell_of_mail_server(facts: Facts) -> Iterator[Finding]:
    """Does the mail server take us in?"""
    if not facts["is_set"]:
        return
    if facts["error"]:
        text = _("The mail server does not take mail: %(reason)s") % {"reason": reason_in_words(facts["error"])}
        yield Finding("mail_server", Level.PROBLEM, text, _("Mails wait."), advice(facts["error"]))
    else:
        yield Finding("mail_server", Level.OK, _("The mail server takes mail."))


register(Check("mail", gettext_lazy("Mail"), look_at_mail, tell_of_mail), order=110)
register(
    Check(
        "mail_server",
        gettext_lazy("Mail server"),
        look_at_mail_server,
        tell_of_mail_server,
        queue="outside",
        every=timedelta(hours=1),
    ),
    order=111,
)
