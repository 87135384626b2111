"""What a person newly wrote, apart from the mails that their program quoted below or between it."""

import re
from dataclasses import dataclass

LINES_LOOKED_AT = 20_000
# A line that introduces quoted lines, in the words of the programs and languages we know. Each is matched against one
# line or against up to four joined ones, of at most a few hundred characters.
INTRODUCTIONS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:on|at)\b.{6,300}\b(?:wrote|writes|said|sent)\s?:$",
        r"in a message dated .{6,200}(?:writes|wrote)\s?:$",
        r".{1,200}<[^<>]{3,200}>\s?(?:wrote|writes|schrieb|a écrit|写道|寫道|さんは書きました)\s?[:：]$",
        r"(?:am|on)\b.{6,300}\bschrieb\b.{0,200}:$",
        r".{0,200}\bschrieb am\b.{6,200}:$",
        r"le\b.{6,300}\ba\s+écrit\s?:$",
        r"el\b.{6,300}\bescribió\s?:$",
        r"il\b.{6,300}\bha\s+scritto\s?:$",
        r"em\b.{6,300}\bescreveu\s?:$",
        r"op\b.{6,300}\b(?:schreef|het volgende geschreven)\b.{0,200}:$",
        r"(?:den|på)\b.{6,300}\bskrev\b.{0,200}:$",
        r"(?:w dniu|dnia)\b.{6,300}\b(?:napisał|pisze)\b.{0,100}:$",
        r".{6,300}(?:пишет|написал\(?а?\)?)\s?:$",
        r"(?=.{0,300}\d).{0,600}(?:写道|寫道|写到|编写|來信)\s?[:：]$",
        r"(?=.{0,30}\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日).{0,400}(?:写道|寫道|<[^<>]{3,200}>)\s?[:：]$",
        r"\d{4}[/-]\d{1,2}[/-]\d{1,2}\b.{0,60}\s.{0,100}<[^<>@\s]{1,100}@[^<>\s]{1,200}>\s?[:：]?$",
        r"(?=.{0,200}\d).{0,400}님이 (?:작성|쓴 글)\s?:$",
        r"(?=.{0,200}\d).{0,400}(?:さん|様)?(?:が|は)(?:書きました|書き込みました|メール)\s?[:：]$",
    )
]
BEGUN = re.compile(r"(?:on|at|am|le|el|il|em|op|den|på|in|w|dnia|在|于|於|\d{4})\b", re.IGNORECASE)
# A line that says: below is an earlier mail, whole.
SEPARATORS = re.compile(
    r"[\s>*_#-]*-{2,}\s*(?:original|original message|original appointment|reply message|forwarded message|forwarded by .{1,100}|"
    r"ursprüngliche nachricht|original-?nachricht|originalnachricht|weitergeleitete nachricht|message d'origine|"
    r"message original|message transféré|mensaje original|mensaje reenviado|messaggio originale|mensagem original|"
    r"oorspronkelijk bericht|doorgestuurd bericht|исходное сообщение|пересылаемое сообщение|"
    r"原始邮件|原始郵件|邮件原件|原邮件|转发邮件信息|转发的邮件|转发邮件|轉寄郵件|回复的原邮件|回复的邮件|原文|"
    r"元のメッセージ|転送メッセージ|オリジナルメッセージ|원본 메시지|전달된 메시지)\s*-{2,}[\s*]*"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié\s?:|"
    r"下面是被转发的邮件：?|下面是被轉寄的郵件：?|開始転送されたメッセージ:?|転送されたメッセージ:?",
    re.IGNORECASE,
)
FORWARDS = re.compile(
    r"forward|weitergeleitet|transféré|réexpédié|reenviado|doorgestuurd|пересылаемое|转发|轉寄|転送|전달", re.IGNORECASE
)
# The fields by which Outlook and its like repeat the head of the earlier mail.
FROM = r"from|von|de|da|van|från|fra|od|от|发件人|寄件者|寄件人|差出人|送信者|보낸 사람"
SENT = (
    r"sent|date|gesendet|datum|envoyé|enviado(?: el| em)?|fecha|data|inviato|verzonden|skickat|отправлено|дата|"
    r"发送时间|发送日期|傳送時間|寄件日期|日期|时间|送信日時|日付|送信|보낸 날짜"
)
TO = r"to|an|à|para|a|aan|till|til|do|кому|收件人|收件者|宛先|받는 사람"
SUBJECT = r"subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|тема|主题|主題|主旨|件名|제목"
MARKED = r"[\s>*_|]*"
HEAD_FROM = re.compile(rf"{MARKED}(?:{FROM})[\s*]*[:：].{{1,400}}", re.IGNORECASE)
HEAD_OTHER = re.compile(rf"{MARKED}(?:{SENT}|{TO}|{SUBJECT}|cc|抄送|副本)[\s*]*[:：].*", re.IGNORECASE)
HEAD_SENT = re.compile(rf"{MARKED}(?:{SENT})[\s*]*[:：].*\d.*", re.IGNORECASE)
HEAD_SUBJECT = re.compile(rf"{MARKED}(?:{SUBJECT})[\s*]*[:：].*", re.IGNORECASE)
RULE = re.compile(r"[\s>]*[_\-—─=]{5,}\s*")
QUOTED = re.compile(r"\s{0,3}(?:>(?!From )|&gt;|\|\s)")
# Our own line above which an answer is to be written, and those of others.
REPLY_LINE = re.compile(
    r"[\s>#=*-]*(?:please )?(?:type|write|reply|enter) .{0,30}above this line.{0,40}|.{0,20}请在此行(?:之上|上方|以上)回复.{0,20}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Written:
    """A text in two: what is new, and what was quoted. A forward's quoted text is its content."""

    new: str
    quoted: str
    is_forward: bool = False


def separate(text: str) -> Written:
    """Tell what a person newly wrote from what was quoted."""
    lines = text.split("\n")
    end, is_forward = _history(lines)
    new, quoted = _without_quoted_lines(lines[:end])
    rest = lines[end:]
    quoted_text = "\n".join([*quoted, *rest]).strip("\n")
    return Written(new=_tidy(new), quoted=quoted_text, is_forward=is_forward)


def _history(lines: list[str]) -> tuple[int, bool]:
    """The line from which on there is nothing but history, and whether it is a forwarded mail."""
    for index, line in enumerate(lines[:LINES_LOOKED_AT]):
        if not line.strip() or QUOTED.match(line):
            continue
        if len(line) <= 200 and SEPARATORS.fullmatch(line):
            return index, bool(FORWARDS.search(line))
        if len(line) <= 200 and REPLY_LINE.fullmatch(line):
            return index, False
        if _is_head(lines, index):
            return _above_rule(lines, index), False
        length = _introduction(lines, index)
        if length and not _is_followed_by_own_words(lines, index + length):
            return index, False
    return len(lines), False


def _is_head(lines: list[str], index: int) -> bool:
    """Whether the head of an earlier mail begins here: its sender, then at least two of date, recipients, subject."""
    if not HEAD_FROM.fullmatch(lines[index][:500]):
        # Some programs put the date or the subject first.
        if not HEAD_SENT.fullmatch(lines[index][:500]) and not HEAD_SUBJECT.fullmatch(lines[index][:500]):
            return False
        if not any(HEAD_FROM.fullmatch(line[:500]) for line in lines[index + 1 : index + 4]):
            return False
    following = [line[:500] for line in lines[index + 1 : index + 9] if line.strip()][:6]
    named = sum(bool(HEAD_OTHER.fullmatch(line)) for line in following)
    return named >= 2 and any(HEAD_SENT.fullmatch(line) or HEAD_SUBJECT.fullmatch(line) for line in following)


def _above_rule(lines: list[str], index: int) -> int:
    """The rule that stands above the head belongs to it."""
    before = index - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    return before if before >= 0 and RULE.fullmatch(lines[before][:200]) else index


def _introduction(lines: list[str], index: int) -> int:
    """How many lines introduce a quotation here; none for an ordinary line."""
    joined = ""
    for count in range(1, 5):
        if index + count > len(lines):
            return 0
        line = lines[index + count - 1].strip()
        if not line and count > 1:
            return 0
        joined = f"{joined} {line}".strip()
        if len(joined) > 700:
            return 0
        # Most lines are told from an introduction by their last letter.
        if joined[-1] in ":：>" and any(pattern.fullmatch(joined) for pattern in INTRODUCTIONS):
            first = lines[index].strip()
            is_begun = count == 1 or bool(BEGUN.match(first) and re.search(r"[\d<@]", first))
            # A line before one that is an introduction by itself belongs to the person's words.
            later = range(index + 1, index + count)
            return count if is_begun or not any(_introduction(lines, each) for each in later) else 0
    return 0


def _is_followed_by_own_words(lines: list[str], at: int) -> bool:
    """Whether the quotation that begins here is one by marks, so that what is new may stand below it."""
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return bool(QUOTED.match(following))


def _without_quoted_lines(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines that are not marked as quoted, without what introduces those that are."""
    new: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if QUOTED.match(line):
            quoted.append(line)
            at += 1
            continue
        length = _introduction(lines, at) if line.strip() and at < LINES_LOOKED_AT else 0
        if length and _is_followed_by_own_words(lines, at + length):
            quoted.extend(lines[at : at + length])
            at += length
            continue
        new.append(line)
        at += 1
    return new, quoted


def _tidy(lines: list[str]) -> str:
    """The lines without empty ones around them and more than one between them."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    while kept and (not kept[-1].strip() or RULE.fullmatch(kept[-1][:200])):
        kept.pop()
    return "\n".join(kept).strip("\n")
