"""Mails that say what became of one of ours: reports in the standard form, and those of programs that have their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.conversations.adapters.email.reading.addresses import ADDRESS
from guanxi.conversations.adapters.email.reading.charsets import decode
from guanxi.conversations.adapters.email.reading.mime import Headers, Part, Parts, read_headers
from guanxi.conversations.adapters.email.reading.words import header_text, words

# Senders that write nothing but what became of a mail, and those that write other things too.
DAEMONS = re.compile(
    r"^(?:mailer[-_.]?daemon|mail-?daemon|mdaemon|maildelivery|microsoftexchange[0-9a-f]{32})(?:[+@=-]|$)"
)
SERVERS = re.compile(r"^(?:post[-_.]?master|bounces?|system[ -]administrator)(?:[+@=\\-]|\"|$)")
DAEMON_NAMES = re.compile(
    r"mail deliver(?:y|y sub|y )?\s?(?:sub)?system|mailer[- ]daemon|系统退信|系統退信|邮件投递系统|メール配送",
    re.IGNORECASE,
)
SERVER_NAMES = re.compile(r"\bmail administrator|\bsystem administrator|\bpostmaster\b", re.IGNORECASE)
SUBJECTS = re.compile(
    r"^\s*(?:\[postmaster\]\s*)?[\[【(]?(?:un-?deliver(?:able|ed)\b|(?:e?-?mail )?delivery (?:status|failure|notification|problem|report|error|"
    r"warning|has failed|failed|delayed)|mail delivery|mail (?:system error|error|failure|failed|could not be delivered|"
    r"not delivered)|failure (?:notice|delivery)|failed (?:delivery|mail)\b|returned mail|message (?:delivery|undeliverable|not delivered)|"
    r"permanent delivery|non-?deliver|nondeliver|delayed mail|processing error|could not (?:send|deliver)|"
    r"(?:warning|re:)?[: -]*(?:could not send|message .{1,60} (?:delayed|has not yet been delivered|not delivered))|"
    r"warning: message|your message .{1,120} (?:could not be|was not) delivered|there was an error sending your mail|"
    r"unzustellbar|nicht zustellbar|benachrichti?g?ung zum übermittlungsstatus|zustellung fehlgeschlagen|"
    r"non remis|échec de (?:la )?remise|notification d'état de remise|no se puede entregar|mensaje no entregado|"
    r"non recapitabile|mancato recapito|não entregue|onbestelbaar|не\s?доставлено|ваше сообщение не доставлено|"
    r"(?:来自.{1,40}的)?退信|系统退信|系統退信|无法送达|无法投递|未送达|未传递|無法傳遞|無法投遞|未傳遞|邮件被退回|退信通知|"
    r"(?:邮件)?(?:投递|传输|发送|傳送)失败|郵件傳送失敗|(?:邮件)?(?:投递|传递)状态通知|"
    r"配信不能|送信エラー|配信エラー|メールエラー|メッセージを配信できません|배달 실패|전송 실패|반송)"
    r"|: (?:non remis|undeliverable)\b|delivery failed\)$",
    re.IGNORECASE,
)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?:[ -])")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
QUOTED_ID = re.compile(r"(?im)^[>\s]*message-id:[ \t]*(?:\r?\n[ \t]+)?<([^<>\s]{1,900})>")
QUOTED_RECEIVED = re.compile(r"(?m)^[> \t|]*Received: (?:from|by) ")
FAILED = re.compile(
    r"(?:could|can)(?:\s?not|n't) be delivered|not (?:be |been )?delivered|undeliverable|unable to deliver|trouble delivering|did not reach|"
    r"delivery to the following|delivery (?:has )?failed|permanent (?:fatal )?(?:delivery )?error|user unknown|no such user|"
    r"invalid user address|returned to (?:the )?sender|(?:following|these) (?:addresses|recipients)|requested action not taken|"
    r"nicht zugestellt|fehlgeschlagen|n'a pas pu être|no se ha podido entregar|"
    r"无法送达|未能送达|无法投递|投递失败|被退回|退信|配信できません|届けられません|送信できません|не доставлено",
    re.IGNORECASE,
)
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


def report_kind(parts: Parts) -> str:
    """The kind of a report in the standard form: delivery-status, disposition-notification or none."""
    root = parts.every[0]
    kinds = {part.media_type for part in parts.leaves()}
    if "message/feedback-report" in kinds:
        return "feedback-report"
    if "message/delivery-status" in kinds and parts.headers.word("subject")[:4] not in {"fwd:", "fw: "}:
        return "delivery-status"
    if root.media_type != "multipart/report":
        return ""
    return root.parameters.get("report-type", "").lower() or "delivery-status"


def looks_like_bounce(parts: Parts, address: str, subject: str, text: str) -> bool:
    """Whether a mail that is no standard report comes from a mail server and speaks of a failure."""
    headers = parts.headers
    named, said = headers.text("from"), text[:TEXT_LOOKED_AT]
    if headers.has("x-failed-recipients") or DAEMONS.match(address) or DAEMON_NAMES.search(named):
        return True
    bare = headers.word("from").strip('<> "')
    if not address and DAEMONS.match(bare):
        return True
    says_so = bool(SUBJECTS.search(subject))
    is_null = headers.raw("return-path").strip() == b"<>" or not address
    if is_null or SERVERS.match(address) or SERVERS.match(bare) or SERVER_NAMES.search(named):
        return says_so or bool(FAILED.search(said[:1500]))
    # Others speak of deliveries too, of parcels for example.
    return says_so and bool(FAILED.search(said) and REPLY_CODE.search(said)) and _returns_a_mail(parts, said)


def _returns_a_mail(parts: Parts, text: str) -> bool:
    """Whether the mail that did not arrive lies in it, whole or its header."""
    kinds = {part.media_type for part in parts.leaves()}
    return bool(
        kinds & {"message/rfc822", "text/rfc822-headers"} or QUOTED_ID.search(text) or QUOTED_RECEIVED.search(text)
    )


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
    near = NEAR_RECIPIENT.findall(shown)[:1] or _named_in(shown, parts.headers)
    everybody = list(dict.fromkeys(recipients or by_words or near))
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


def _named_in(text: str, headers: Headers) -> list[str]:
    """The first address in the words that is neither the server's nor that of whom the report is for."""
    others = {match[0].lower() for name in ("from", "to") for match in ADDRESS.finditer(headers.text(name))}
    found = (match[0].strip("'.") for match in ADDRESS.finditer(text))
    fitting = (each for each in found if each.lower() not in others and "." in each.rpartition("@")[2])
    return [each for each in fitting if not (DAEMONS.match(each.lower()) or SERVERS.match(each.lower()))][:1]


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
