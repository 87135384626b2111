"""Mails that say what became of one of ours: reports in the standard form, and those of programs that have their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.conversations.adapters.email.reading.addresses import ADDRESS
from guanxi.conversations.adapters.email.reading.charsets import decode
from guanxi.conversations.adapters.email.reading.mime import Headers, Part, Parts, read_headers
from guanxi.conversations.adapters.email.reading.words import header_text, words

SENDERS = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-?daemon|mdaemon|maildelivery|bounces?|microsoftexchange[0-9a-f]{0,40})(?:[+@=-]|$)"
)
NAMES = re.compile(
    r"mail delivery (?:sub)?system|mail administrator|系统退信|系統退信|邮件投递系统|メール配送", re.IGNORECASE
)
SUBJECTS = re.compile(
    r"^\s*(?:undeliver(?:able|ed)\b|delivery status notification|mail delivery (?:failed|failure)|failure notice|"
    r"returned mail|delivery (?:failure|has failed)|undelivered mail|mail system error|message undeliverable|"
    r"unzustellbar|nicht zustellbar|delivery delayed|warning: could not send|"
    r"non remis|échec de (?:la )?remise|no se puede entregar|non recapitabile|não entregue|"
    r"(?:来自.{1,40}的)?退信|系统退信|系統退信|无法送达|未送达|未传递|無法傳遞|邮件被退回|退信通知|"
    r"配信不能|送信エラー|配信エラー|反송)",
    re.IGNORECASE,
)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?:[ -])")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
QUOTED_ID = re.compile(r"(?im)^[>\s]*message-id:[ \t]*(?:\r?\n[ \t]+)?<([^<>\s]{1,900})>")
QMAIL_RECIPIENT = re.compile(r"(?m)^\s*<([^<>\s@]{1,128}@[^<>\s]{1,253})>\s*:")
NEAR_RECIPIENT = re.compile(
    r"(?:收件人|未能送达|无法送达|收信人|recipient|address(?:es)?|delivered to|following|empfänger|宛先)\D{0,80}?"
    r"([^\s<>()\[\],;:\"@：（，]{1,128}@[A-Za-z0-9.-]{1,253})",
    re.IGNORECASE,
)
REASONS_AT_MOST = 20
TEXT_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Bounce:
    """What a mail server says of a mail of ours."""

    recipient: str
    status: str = ""
    reason: str = ""
    action: str = "failed"
    original_message_id: str = ""
    other_recipients: tuple[str, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether the mail will not arrive any more; a delay only asks for patience."""
        return self.action == "failed"


def report_kind(root: Part) -> str:
    """The kind of a report in the standard form: delivery-status, disposition-notification or none."""
    if root.media_type != "multipart/report":
        return ""
    return root.parameters.get("report-type", "").lower() or "delivery-status"


def looks_like_bounce(headers: Headers, address: str, subject: str) -> bool:
    """Whether a mail that is no standard report comes from a mail server and speaks of a failure."""
    is_server = bool(SENDERS.match(address)) or bool(NAMES.search(headers.text("from")))
    if not is_server and not address:
        is_server = headers.word("from").startswith(("mailer-daemon", "postmaster"))
    is_null = headers.raw("return-path").strip() == b"<>"
    says_so = bool(SUBJECTS.search(subject)) or headers.has("x-failed-recipients")
    return (says_so and (is_server or is_null)) or headers.has("x-failed-recipients")


def read_bounce(raw: bytes, parts: Parts, text: str) -> Bounce:
    """What the report says, by its machine-readable part, by its header, or by its words."""
    leaves = parts.leaves()
    groups = [group for part in leaves for group in _status_groups(part, raw)]
    recipients = [address for group in groups if (address := _recipient(group))]
    original = _original_id(raw, leaves) or _said_id(text)
    shown = text[:TEXT_LOOKED_AT]
    told = next((group for group in groups if _recipient(group)), Headers())
    failed = parts.headers.text("x-failed-recipients")
    by_words = QMAIL_RECIPIENT.findall(shown) or list(ADDRESS.findall(failed))
    everybody = list(dict.fromkeys(recipients or by_words or NEAR_RECIPIENT.findall(shown)[:1]))
    status = _status(told.text("status")) or _status(shown)
    diagnostic = words(decode(told.raw("diagnostic-code")))
    return Bounce(
        recipient=everybody[0].lower() if everybody else "",
        status=status,
        reason=(diagnostic.partition(";")[2] or diagnostic).strip()[:500] or _reason(shown),
        action=_action(told, groups, status, shown),
        original_message_id=original,
        other_recipients=tuple(address.lower() for address in everybody[1:REASONS_AT_MOST]),
    )


def _status_groups(part: Part, raw: bytes) -> Iterator[Headers]:
    """The groups of fields of a delivery status: the first about the mail, the others about a recipient each."""
    if part.media_type not in {"message/delivery-status", "message/global-delivery-status"}:
        return
    content, at = part.content(raw).lstrip(), 0
    for _number in range(200):
        if at >= len(content):
            return
        headers, after = read_headers(content, at)
        if after == at:
            return
        at = after
        if headers.fields:
            yield headers


def _recipient(group: Headers) -> str:
    """The address that a group of fields is about."""
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        if match := ADDRESS.search(group.text(name)):
            return match[0]
    return ""


def _original_id(raw: bytes, leaves: list[Part]) -> str:
    """The Message-ID of the mail that is returned."""
    for part in reversed(leaves):
        if part.media_type in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"}:
            content = part.content(raw)
            # Some servers leave a blank line before the header.
            headers, _at = read_headers(content, len(content) - len(content.lstrip()))
            if match := MESSAGE_ID.search(headers.text("message-id")):
                return match[1]
    return ""


def _said_id(text: str) -> str:
    """A Message-ID in the words of the report; the last one is that of the mail at its end."""
    found = QUOTED_ID.findall(text[:200_000])
    return found[0] if found else ""


def _status(text: str) -> str:
    """The status code in a text."""
    if match := STATUS.search(text):
        return match[1]
    match = REPLY_CODE.search(text)
    return f"{match[1][0]}.0.0" if match else ""


def _action(told: Headers, groups: list[Headers], status: str, text: str) -> str:
    """What was done: failed, delayed, delivered, relayed or expanded."""
    actions = [group.word("action").split()[0] for group in groups if group.word("action")]
    if "failed" in actions:
        return "failed"
    if actions:
        return actions[0] if actions[0] in {"delayed", "delivered", "relayed", "expanded"} else "failed"
    is_delay = re.search(
        r"will (?:be retried|retry|continue to be)|delayed|do not need to resend|继续尝试|稍后重试", text
    )
    return "delayed" if is_delay and not status.startswith("5") else "failed"


def _reason(text: str) -> str:
    """The sentence that says why, in the words of the report."""
    for line in text.split("\n"):
        if (REPLY_CODE.search(line) or STATUS.search(line) or re.search(r"退信原因|原因|reason", line)) and len(
            line
        ) > 8:
            return header_text(line.encode())[:500]
    return ""
