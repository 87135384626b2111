"""What kind of mail it is: written by a person to us, or by a program that must never get an answer."""

import re
from dataclasses import dataclass

from guanxi.conversations.adapters.email.reading.addresses import ADDRESS, normalised
from guanxi.conversations.adapters.email.reading.bounces import looks_like_bounce, report_kind
from guanxi.conversations.adapters.email.reading.mime import Headers, Part, Parts
from guanxi.conversations.adapters.email.reading.quoting import separate
from guanxi.conversations.choices import MessageClass

MARK_HEADER = "X-Guanxi-Mark"
HOPS_AT_MOST = 3
RECEIVED_AT_MOST = 50
PASSED_AT_MOST = 3


# Subjects that programs put before the one they answer. The last resort: people can write any subject.
ABSENT_SUBJECT = re.compile(
    r"\s*(?:\[?\s*(?:out[ -]of[ -](?:the )?office|ooo|automatic reply|auto(?:matic)?[ -]?response|vacation(?: reply)?|"
    r"away from (?:my |the )?(?:office|mail|desk)|automatische antwort|abwesenheit\w*|abwesend|"
    r"réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina|risposta automatica|"
    r"fuori (?:sede|ufficio)|resposta automática|automatisch antwoord|afwezig\w*|automatiskt svar|autosvar|automaattinen|"
    r"自动答复|自動答覆|自動回覆|外出|休假|不在办公室|自動応答|不在通知|不在のお知らせ|자동 회신|부재중|автоответ)\s*\]?)\s*(?:[:：,!(-]|$|\s)",
    re.IGNORECASE,
)
REPLY_SUBJECT = re.compile(
    r"\s*(?:\[?\s*(?:auto[ -]?reply|autoreply|auto:|autoresponder|自动回复|自动应答|自動返信|eingangsbestätigung|"
    r"automatische eingangsbestätigung|accusé de réception automatique)\s*\]?)\s*(?:[:：,!(-]|$|\s)|\s*[\[【](?:自動返信|自动回复|自動回覆|auto[- ]?reply)[\]】]",
    re.IGNORECASE,
)
ABSENT_WORDS = re.compile(
    r"out of (?:the )?office|on (?:annual |parental |maternity |sick )?leave|on (?:vacation|holiday)|vacation|"
    r"away (?:from|until|on)|currently away|(?:will be|am) (?:back|absent|away|unavailable)|return(?:ing)? (?:to the office )?on|"
    r"limited access to (?:my )?e?-?mail|nicht im (?:büro|haus)|abwesend|abwesenheit|urlaub|außer haus|"
    r"en (?:congé|vacances)|absente? du|absent\(e\)|fuera de la oficina|de vacaciones|in ferie|fuori ufficio|met vakantie|"
    r"不在办公室|休假|年假|放假|外出|出差|度假|病假|产假|暂时无法|暂不能|无法及时(?:回复|查[看收])|不在公司|"
    r"不在辦公室|請假|休み|休暇|不在|出張|부재|휴가",
    re.IGNORECASE,
)
PRECEDENCE_BULK = {"bulk", "list", "junk"}
LIST_HEADERS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "x-mailing-list",
    "mailing-list",
    "x-campaign",
    "x-campaignid",
)
SENDS_ONLY = re.compile(r"^(?:no[._-]?reply|do[._-]?not[._-]?reply|donotreply|news(?:letter)?s?)(?:[+@._-])")


@dataclass(frozen=True)
class Facts:
    """What the kind of a mail is told by."""

    parts: Parts
    address: str
    subject: str
    text: str
    own_addresses: frozenset[str]
    own_mark: str
    raw: bytes = b""


def mail_class(facts: Facts) -> MessageClass:
    """The kind of a mail; what could go round in circles is told first."""
    headers, root = facts.parts.headers, facts.parts.every[0]
    is_bounce = report_kind(root) == "delivery-status" or looks_like_bounce(headers, facts.address, facts.subject)
    if not is_bounce and is_loop(facts):
        return MessageClass.LOOP
    if is_bounce:
        return MessageClass.BOUNCE
    if is_calendar(facts.parts, facts.raw):
        return MessageClass.CALENDAR
    if (automatic := _automatic(facts)) is not None:
        return automatic
    if facts.address in facts.own_addresses:
        return MessageClass.OWN_REPLY
    return MessageClass.BULK if _is_bulk(headers, facts) else MessageClass.NORMAL


def is_loop(facts: Facts) -> bool:
    """Whether the mail went out from us and came back, or goes round between programs."""
    headers = facts.parts.headers
    mark, hops = read_mark(headers)
    if facts.own_mark and mark == facts.own_mark:
        return True
    if hops > HOPS_AT_MOST or len(headers.all("received")) > RECEIVED_AT_MOST:
        return True
    passed = [
        match[0].lower() for value in headers.all("x-loop") for match in ADDRESS.finditer(value.decode("latin-1"))
    ]
    if set(passed) & facts.own_addresses:
        return True
    delivered = [normalised(value.decode("latin-1")).strip("<>") for value in headers.all("delivered-to")]
    if any(delivered.count(address) >= PASSED_AT_MOST for address in set(delivered) & facts.own_addresses):
        return True
    return facts.address in facts.own_addresses and _says_automatic(headers)


def read_mark(headers: Headers) -> tuple[str, int]:
    """The mark that an installation like ours left, and how many automatic answers led to this mail."""
    mark, _separator, rest = headers.text(MARK_HEADER.lower()).partition(";")
    match = re.search(r"hops=(\d{1,4})\b", rest)
    return mark.strip(), int(match[1]) if match else 0


def _says_automatic(headers: Headers) -> bool:
    """Whether the header says that a program wrote the mail."""
    submitted = headers.word("auto-submitted")
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or headers.has("x-autoreply")
        or headers.has("x-autorespond")
    )


def is_calendar(parts: Parts, raw: bytes) -> bool:
    """Whether the mail is an invitation or an answer to one, not one that merely carries an appointment."""
    if parts.headers.word("content-class") == "urn:content-classes:calendarmessage":
        return True
    return any(_is_invitation(part, raw) for part in parts.leaves())


def _is_invitation(part: Part, raw: bytes) -> bool:
    """Whether a part is a calendar's own message."""
    if part.media_type != "text/calendar" or part.disposition == "attachment":
        return False
    return "method" in part.parameters or b"\nMETHOD:" in part.content(raw)[:2000]


def _automatic(facts: Facts) -> MessageClass | None:
    """The kind of a mail that a program wrote in answer; None when nothing says so."""
    headers = facts.parts.headers
    submitted = headers.word("auto-submitted")
    is_replied = submitted.startswith("auto-replied") or _has_reply_mark(headers)
    is_receipt = report_kind(facts.parts.every[0]) == "disposition-notification"
    by_subject = bool(REPLY_SUBJECT.match(facts.subject))
    is_absent_subject = bool(ABSENT_SUBJECT.match(facts.subject))
    is_null = headers.raw("return-path").strip() == b"<>"
    if is_receipt:
        return MessageClass.AUTO_REPLY
    if is_replied or by_subject or is_absent_subject or (is_null and not _is_bulk(headers, facts)):
        return MessageClass.OUT_OF_OFFICE if _is_absent(facts, is_absent_subject) else MessageClass.AUTO_REPLY
    if submitted and not submitted.startswith("no"):
        # What a program wrote by itself: to many, or only to us.
        return MessageClass.BULK if _is_bulk(headers, facts) else MessageClass.AUTO_REPLY
    return None


def _has_reply_mark(headers: Headers) -> bool:
    """Whether one of the marks from before the standard is there."""
    if headers.word("precedence") in {"auto_reply", "auto-reply"} or headers.word("x-precedence") == "auto_reply":
        return True
    if headers.has("x-ms-exchange-inbox-rules-loop") and "all" in headers.word("x-auto-response-suppress"):
        return True
    names = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply", "x-autoreply-from")
    return any(headers.has(name) and headers.word(name) not in {"no", "false", "0"} for name in names)


def _is_absent(facts: Facts, is_absent_subject: bool) -> bool:
    """Whether the answer says that somebody is away, rather than that a mail has come."""
    headers = facts.parts.headers
    submitted = headers.word("auto-submitted")
    if "vacation" in submitted or "owner-email" in submitted or headers.has("x-ms-exchange-inbox-rules-loop"):
        return True
    if "mailbox rules agent" in headers.word("x-ms-exchange-generated-message-source"):
        return True
    return is_absent_subject or bool(ABSENT_WORDS.search(facts.subject + "\n" + separate(facts.text[:5000]).new[:1500]))


def _is_bulk(headers: Headers, facts: Facts) -> bool:
    """Whether the mail went to many; a list that is our own address only passes people's mails on."""
    ours = f"{headers.word('list-post')} {headers.word('list-id').replace('.', '@', 1)}"
    if any(address in ours for address in facts.own_addresses):
        return False
    if headers.word("precedence") in PRECEDENCE_BULK:
        return True
    if any(headers.has(name) for name in LIST_HEADERS):
        return True
    return bool(SENDS_ONLY.match(facts.address)) and headers.has("feedback-id")
