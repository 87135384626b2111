"""What kind of mail it is: written by a person to us, or by a program that must never get an answer."""

import re
from dataclasses import dataclass

from guanxi.conversations.adapters.email.reading.addresses import ADDRESS, normalised
from guanxi.conversations.adapters.email.reading.bounces import looks_like_bounce, report_kind
from guanxi.conversations.adapters.email.reading.mime import Headers, Part, Parts
from guanxi.conversations.adapters.email.reading.quoting import separate
from guanxi.conversations.adapters.email.reading.subjects import is_answer
from guanxi.conversations.adapters.email.reading.tokens import without_token
from guanxi.conversations.choices import MessageClass

MARK_HEADER = "X-Guanxi-Mark"
HOPS_AT_MOST = 3
RECEIVED_AT_MOST = 50
PASSED_AT_MOST = 3
ANSWER_LETTERS = 1500
# What a calendar asks or answers; one that is only published is a file like others.
ASKING_METHODS = {"REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "ADD", "REFRESH"}
METHOD = re.compile(rb"(?im)^METHOD:[ \t]*([a-z]{1,20})")


# Subjects that programs put before the one they answer. The last resort: people can write any subject, so what they
# could write as a sentence counts only as a label: alone, in brackets, or before a colon.
LABELLED = r"\s*(?:[\])】]|[:：]|-\s|$|(?=\s(?:re|aw|回复)\s?[:：]))"
ABSENT_SUBJECT = re.compile(
    r"auto(?:matic)?(?: reply)?: .{1,80}\bis out of (?:the |my )?office\b|.{1,80}\bis out of the office \((?:returning|until|back) |"
    r"\s*[\[(【]?\s*(?:out[ -]of[ -](?:the )?office(?: (?:auto(?:matic)?[ -]?)?reply)?|ooo|automatic reply|"
    r"auto(?:matic)?[ -]?response|vacation(?: reply| response| message)?|on vacation|"
    r"away from (?:my |the )?(?:office|mail|desk)|automatische antwort|abwesenheit\w*|abwesend|ich bin im urlaub|"
    r"réponse automatique|absence du bureau|absent du bureau|respuesta automática|fuera de (?:la )?oficina|risposta automatica|"
    r"fuori (?:sede|ufficio)|resposta automática|automatisch antwoord|automatisch bericht|afwezig\w*|automatiskt svar|autosvar|"
    r"automaattinen(?: vastaus)?|autoodpowiedź|odpowiedź automatyczna|automatická odpověď|"
    r"自动答复|自動答覆|自動回覆|外出|休假|休假自动回复|假期自动回复|不在办公室|自動応答|不在通知|不在のお知らせ|자동 회신|부재중|автоответ)"
    + LABELLED
    + r"|\s*(?:out of (?:the )?office|away|absent|on (?:leave|vacation)|abwesend|abwesenheit|在外出差|休假)\s+(?:until|till|from|bis|vom|\d)",
    re.IGNORECASE,
)
# Lotus Notes names the person in the subject, as people do too; it then begins with the same words.
ABSENT_PERSON = re.compile(r".{1,80}\bis out of the office\.?\s*", re.IGNORECASE)
SAYS_ABSENT = re.compile(
    r"\W{0,10}i(?: am|'m| will be|'ll be) (?:currently )?(?:out of|away from) (?:the|my) office\b", re.IGNORECASE
)
REPLY_SUBJECT = re.compile(
    r"\s*[\[(【]?\s*(?:auto[ -]?reply(?: from .{1,60})?|auto: re|auto-?respon(?:der|s|se)|automated (?:reply|response)|"
    r"自动回复|自动应答|自動返信|自動回信|eingangsbestätigung|"
    r"automatische eingangsbestätigung|accusé de réception automatique|confirmación automática|automatyczna odpowiedź)"
    + LABELLED
    + r"|\s*[\[【](?:自動返信|自动回复|自動回覆|auto[- ]?reply)[\]】]",
    re.IGNORECASE,
)
# What programs say of themselves at the beginning of an answer.
SAYS_AUTOMATIC = re.compile(
    r"^\W{0,10}(?:(?:尊敬的.{1,20}|.{0,10}您?好|hello|hi|dear .{1,40})[,，:：!！。.\s]{1,4})?"
    r"(?:(?:这|此|本)(?:是|为|封)?.{0,12}(?:自动回复|自动应答|自动发送)(?!.{0,12}[?？吗嘛])|(?:这是|此为)?来自.{1,10}(?:自动回复)|【?自动回复】?[:：]?\s*$|"
    r"this is an? (?:auto(?:mated|matic(?:ally generated)?)?[ -]?(?:reply|response|message|e-?mail|answer)|autoreply)|"
    r"(?:this|your) .{0,40}automatically generated (?:reply|response)|dies ist eine automatisch\w* .{0,30}(?:antwort|nachricht|e-?mail)|"
    r"ceci est une? (?:réponse|message) automatique|este es un mensaje automático|questa è una risposta automatica|"
    r"(?:この|本)メールは.{0,12}自動)",
    re.IGNORECASE | re.MULTILINE,
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
UNSUBSCRIBE = re.compile(
    r"unsubscribe|opt[ -]?out|manage (?:your )?(?:e-?mail )?preferences|view (?:this (?:e-?mail )?)?in (?:your )?browser|"
    r"退订|取消订阅|取消訂閱|退訂|abbestellen|abmelden|désabonner|désinscri|darse de baja|cancelar suscripción|配信停止|購読解除|수신거부|отписаться",
    re.IGNORECASE,
)
LIST_HEADERS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "x-mailing-list",
    "mailing-list",
    "x-campaign",
    "x-campaignid",
    "x-mailchimp-campaign-id",
    "x-mailer-recptid",
)
# Signs that a single mail may bear too, when it comes by the service of a company.
WEAK_LIST_HEADERS = {"list-unsubscribe", "x-campaign", "x-campaignid"}
SENDS_ONLY = re.compile(
    r"^(?:no[._-]?reply|do[._-]?not[._-]?reply|donotreply|news(?:letter)?s?|marketing|promo(?:tions?)?|mailings?)(?:[+@._-])"
)


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
    headers = facts.parts.headers
    is_bounce = report_kind(facts.parts) == "delivery-status" or looks_like_bounce(
        facts.parts, facts.address, facts.subject, facts.text
    )
    if not is_bounce and is_loop(facts):
        return MessageClass.LOOP
    if is_bounce:
        return MessageClass.BOUNCE
    if is_calendar(facts.parts, facts.raw):
        return MessageClass.CALENDAR
    if (automatic := _automatic(facts)) is not None:
        return automatic
    if without_token(facts.address) in facts.own_addresses:
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
    if part.media_type != "text/calendar":
        return False
    if "method" in part.parameters:
        return part.parameters["method"].strip().upper() in ASKING_METHODS
    said = METHOD.search(part.content(raw)[:2000]) if part.disposition != "attachment" else None
    return said is not None and said[1].decode().upper() in ASKING_METHODS


def _automatic(facts: Facts) -> MessageClass | None:
    """The kind of a mail that a program wrote in answer; None when nothing says so."""
    headers = facts.parts.headers
    submitted = headers.word("auto-submitted")
    is_replied = submitted.startswith("auto-replied") or _has_reply_mark(headers)
    is_receipt = report_kind(facts.parts) in {"disposition-notification", "feedback-report"}
    by_subject = bool(REPLY_SUBJECT.match(facts.subject))
    is_absent_subject = bool(ABSENT_SUBJECT.match(facts.subject)) or bool(
        ABSENT_PERSON.fullmatch(facts.subject) and SAYS_ABSENT.match(facts.text)
    )
    is_null = headers.raw("return-path").strip() == b"<>"
    if is_receipt:
        return MessageClass.AUTO_REPLY
    is_null = is_null and not _is_bulk(headers, facts)
    if is_replied or by_subject or is_absent_subject or is_null or _says_so_itself(facts):
        return (
            MessageClass.OUT_OF_OFFICE
            if _is_absent(facts, is_absent_subject=is_absent_subject)
            else MessageClass.AUTO_REPLY
        )
    if _answers(facts) and _is_suppressing(headers, submitted) and _is_absent(facts, is_absent_subject=False):
        return MessageClass.OUT_OF_OFFICE
    if submitted and not submitted.startswith("no"):
        # What a program wrote by itself: to many, or only to us.
        return MessageClass.BULK if _is_bulk(headers, facts) else MessageClass.AUTO_REPLY
    return None


def _says_so_itself(facts: Facts) -> bool:
    """Whether an answer that bears no mark says in its first words that a program wrote it."""
    if not _answers(facts):
        return False
    new = separate(facts.text[:5000]).new
    return len(new) < ANSWER_LETTERS and bool(SAYS_AUTOMATIC.search(new[:200]))


def _answers(facts: Facts) -> bool:
    """Whether the mail answers another one."""
    headers = facts.parts.headers
    return is_answer(facts.subject) or headers.has("in-reply-to") or headers.has("references")


def _is_suppressing(headers: Headers, submitted: str) -> bool:
    """Whether there is one of the marks that programs put on answers and on other mails too."""
    suppressed = headers.word("x-auto-response-suppress")
    return (
        "all" in suppressed
        or "oof" in suppressed
        or headers.word("precedence") in {"bulk", "junk"}
        or submitted.startswith("auto-generated")
    )


def _has_reply_mark(headers: Headers) -> bool:
    """Whether one of the marks from before the standard is there."""
    if headers.word("precedence") in {"auto_reply", "auto-reply"} or headers.word("x-precedence") == "auto_reply":
        return True
    if headers.has("x-ms-exchange-inbox-rules-loop") and "all" in headers.word("x-auto-response-suppress"):
        return True
    if headers.word("x-autogenerated") == "reply" or "autoresponder" in headers.word("x-post-messageclass"):
        return True
    names = (
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply",
        "x-mail-autoreply",
        "x-autoreply-from",
        "x-autoreply-domain",
        "x-vacation",
    )
    return any(headers.has(name) and headers.word(name) not in {"no", "false", "0"} for name in names)


def _is_absent(facts: Facts, *, is_absent_subject: bool) -> bool:
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
    answers = headers.has("in-reply-to") and not headers.has("list-id") and not headers.has("list-post")
    if any(headers.has(name) for name in LIST_HEADERS if not (answers and name in WEAK_LIST_HEADERS)):
        return True
    sends_only = bool(SENDS_ONLY.match(facts.address))
    precedence = headers.word("precedence")
    if precedence in PRECEDENCE_BULK and not answers:
        # Some companies' servers write it on everything: the mail itself must look like one to many.
        is_to_us = any(address in headers.word("to") + headers.word("cc") for address in facts.own_addresses)
        return precedence == "junk" or sends_only or not is_to_us or bool(UNSUBSCRIBE.search(facts.text))
    return sends_only and (headers.has("feedback-id") or bool(UNSUBSCRIBE.search(facts.text)))
