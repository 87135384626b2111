"""Handing a mail over to the server that sends: what is known of each recipient, and what cannot be known."""

import re
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from guanxi.conversations.adapters.email.servers import MailError

# Servers look into a mail before they say that they have it; who gives up before that sends it twice (RFC 5321, 4.5.3.2.6).
ANSWER_SECONDS = 300
LEADING_DOT = re.compile(rb"(?m)^\.")
TAKEN = {250, 251}
CLOSING = 421
GO_ON = 354
FINAL = 500


@dataclass(frozen=True)
class Handed:
    """Who has the mail, who was refused for good, and who only for now, each with what the server said."""

    reached: tuple[str, ...]
    refused: Mapping[str, str]
    later: Mapping[str, str]


def hand_over(server: smtplib.SMTP, mail: EmailMessage, *, sender: str, recipients: Sequence[str]) -> Handed:
    """Hand a mail over for all of them whom the server takes; MailError `unsure` when nobody can tell whether it has it."""
    server.ehlo_or_helo_if_needed()
    is_international = not all(each.isascii() for each in (sender, *recipients))
    speaks_utf8 = server.has_extn("smtputf8")
    raw = mail.as_bytes(policy=SMTPUTF8 if is_international and speaks_utf8 else SMTP)
    options = [f"size={len(raw)}"] if server.has_extn("size") else []
    if is_international and speaks_utf8:
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    code, said = server.mail(sender, options)
    if code not in TAKEN:
        _leave_off(server, code)
        raise smtplib.SMTPSenderRefused(code, said, sender)
    reached, refused, later = _named(server, recipients, speaks_utf8=speaks_utf8)
    if reached:
        _send(server, raw)
    else:
        _leave_off(server, 0)
    return Handed(tuple(reached), refused, later)


def _named(
    server: smtplib.SMTP, recipients: Sequence[str], *, speaks_utf8: bool
) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Name every recipient: who is taken, who is refused for good and who for now."""
    reached: list[str] = []
    refused: dict[str, str] = {}
    later: dict[str, str] = {}
    for address in recipients:
        if not address.isascii() and not speaks_utf8:
            refused[address] = "SMTPUTF8"
            continue
        code, said = server.rcpt(address)
        if code in TAKEN:
            reached.append(address)
            continue
        if code == CLOSING:
            server.close()
            raise smtplib.SMTPResponseException(code, said)
        (refused if code >= FINAL else later)[address] = f"{code} {said.decode('utf-8', 'replace')}"
    return reached, refused, later


def _send(server: smtplib.SMTP, raw: bytes) -> None:
    """The mail itself, and the server's word that it has it."""
    code, said = server.docmd("DATA")
    if code != GO_ON:
        _leave_off(server, code)
        raise smtplib.SMTPDataError(code, said)
    if server.sock is not None:
        server.sock.settimeout(ANSWER_SECONDS)
    server.send(LEADING_DOT.sub(b"..", raw).removesuffix(b"\r\n") + b"\r\n.\r\n")
    try:
        code, said = server.getreply()
    except smtplib.SMTPServerDisconnected as error:
        raise MailError("unsure", str(error)) from error
    if code not in TAKEN:
        _leave_off(server, code)
        raise smtplib.SMTPDataError(code, said)


def _leave_off(server: smtplib.SMTP, code: int) -> None:
    """Begin no mail after all; a server that closes hears nothing more."""
    if code == CLOSING:
        server.close()
        return
    try:
        server.rset()
    except smtplib.SMTPException:
        server.close()


def in_ascii(mail_address: str) -> str:
    """An address whose domain every server understands; what stands before it only newer ones may."""
    local, _at, domain = mail_address.rpartition("@")
    try:
        return mail_address if domain.isascii() else f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return mail_address
