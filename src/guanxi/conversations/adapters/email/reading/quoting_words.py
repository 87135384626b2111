"""The words by which mail programs of all languages introduce, separate and head the mails that they quote."""

import re

ADDRESS = r"<\s?(?:mailto:)?[^<>\s]{1,100}@[^<>\s]{1,200}\s?>"
# "wrote", as it stands behind or before the name.
WROTE = (
    r"wrote|writes|said|schrieb|a\s+écrit|ha\s+scritto|escribió|escreveu|va\s+escriure|schreef|het volgende geschreven|"
    r"skrev|kirjoitti|napisał(?:\(?a\)?)?|pisze|napsal(?:a|\(a\))?|napísal(?:a|\(a\))?|írta|a\s+scris|je\s+napisa(?:o|la)|"
    r"έγραψε|пишет|пише|написал\(?а?\)?|написав\(?л?а?\)?|yazdı|đã\s+viết|menulis|เขียนว่า|כתב/?ה?|كتب|写道|寫道|写到|님이 작성|님이 쓴 글"
)
# A line that introduces quoted lines. Each is matched against one line or against up to four joined ones, of at most a
# few hundred characters.
INTRODUCTIONS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:on|at)\b.{6,300}\b(?:wrote|writes|said|sent)\s?:$",
        rf"(?=.{{0,120}}\d)on\b.{{6,300}}{ADDRESS}\s?wrote$",
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
        r"(?=.{0,200}\d{4}).{6,200}\b(?:írta|napsal\(?a?\)?|kirjoitti|skrev|пишет|yazdı)\s?:$",
        rf".{{1,200}}{ADDRESS}\s(?:ezt )?írta(?:\s?\(.{{1,80}}\))?\s?:$",
        r".{6,300}(?:пишет|написал\(?а?\)?)\s?:$",
        r"(?=.{0,300}\d).{0,600}(?:写道|寫道|写到|编写|來信|来信)\s?[:：]$",
        r"(?=.{0,30}\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日).{0,400}(?:写道|寫道|<[^<>]{3,200}>)\s?[:：]$",
        r"\d{4}[/-]\d{1,2}[/-]\d{1,2}\b.{0,60}\s.{0,100}<[^<>@\s]{1,100}@[^<>\s]{1,200}>\s?[:：]?$",
        r"(?=.{0,200}\d).{0,400}님이 (?:작성|쓴 글)\s?:$",
        r"(?=.{0,200}\d).{0,400}(?:さん|様)?(?:が|は|の)(?:書きました|書き込みました|書いた|メール)\s?[:：]$",
        # Whatever the language: a year, a time, an address at the end.
        rf"(?=.{{0,150}}\b(?:19|20)\d\d\b|.{{0,20}}\d{{1,2}}[./]\d{{1,2}}[./]\d\d\b)(?=.{{0,200}}\d{{1,2}}[:.h]\d\d)[^!?。！？]{{6,400}}"
        rf"{ADDRESS}(?:[^<>\d.!?]{{0,30}}(?:{WROTE}))?\s?[:：]$",
        rf"(?=.{{0,150}}\b(?:19|20)\d\d\b)(?=.{{0,200}}\d{{1,2}}[:.h]\d\d)[^!?。！？]{{6,200}}\b(?:{WROTE})\b[^!?。！？]{{1,200}}{ADDRESS}\s?:?$",
        rf"-{{2,}}\s*(?:on\b.{{6,300}}|\S.{{0,80}}?)\s?(?:{WROTE}|写)\s?[:：]?\s*-{{2,}}$",
        rf"(?:quoting|zitat von|citando|citation de|selon|cytowanie|引用)\s.{{2,200}}{ADDRESS}\s?[:：]$",
    )
]
BEGUN = re.compile(
    r"(?:on|at|am|le|el|il|em|op|den|på|in|w|dnia|vào|在|于|於|\d{1,4}|\w{2,12}\.?,?\s\d{1,2})\b", re.IGNORECASE
)
# A line that goes on with the one before, where a program broke an introduction: an address, or the time of day.
GOES_ON = re.compile(r"\s*(?:<[^<>\s]+@[^<>\s]+>|(?:上午|下午|凌晨|中午|晚上)?\s?\d{1,2}:\d\d)")
BROKEN_AT = 60
# What only a program says of a mail: when it was written, to the minute, or by which address.
BY_PROGRAM = re.compile(r"@|-{2}|(?=.*\d{4})(?=.*\d{1,2}[:.h点時]\s?\d\d)")
# A space of HTML that QQ 邮箱 leaves in its plain text.
LEFT_SPACE = "&nbsp;"
# What an introduction, joined or not, ends with.
ENDING = re.compile(r"[:：>-]$|\bwrote$", re.IGNORECASE)
# A first word of the answer and the introduction on one line, as some programs leave them.
WITHIN_LINE = re.compile(
    r"(?P<own>.{1,300}?\S)\s{1,8}(?P<introduction>(?:On|Am|Le|在)\s(?:(?=.{0,60}(?:19|20)\d\d).{10,200}"
    r"(?:wrote|schrieb.{1,100}|a écrit|写道)\s?[:：]))"
)
# A line that says: below is an earlier mail, whole.
ORIGINAL = (
    r"original|original message|original appointment|repl(?:y|ied) message|forwarded message|forwarded (?:by|message from) .{1,100}|"
    r"ursprüngliche nachricht|original-?nachricht|original nachricht|originalnachricht|antwort nachricht|"
    r"weitergeleitete nachricht|message d'origine|"
    r"message original|message transféré|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|"
    r"mensagem original|mensagem encaminhada|oorspronkelijk bericht|doorgestuurd bericht|исходное сообщение|пересылаемое сообщение|"
    r"пересланное сообщение|oprindelig (?:meddelelse|besked)|opprinnelig melding|ursprungligt meddelande|alkuperäinen viesti|"
    r"wiadomość oryginalna|oryginalna wiadomość|původní zpráva|eredeti üzenet|(?:orijinal|özgün) (?:mesaj|ileti)|thư gốc|"
    r"原始邮件|原始郵件|邮件原文|原始信息|原始訊息|邮件原件|原邮件|原邮件信息|转发邮件信息|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|"
    r"回复的原邮件|回复的邮件(?:信息)?|回复邮件|原文|"
    r"元のメッセージ|転送メッセージ|転送されたメッセージ|オリジナルメッセージ|원본 메시지|원본 메일|전달된 메시지"
)
SEPARATORS = re.compile(
    rf"[\s>*_#-]*-{{2,}}\s*(?:{ORIGINAL})\s*-{{2,}}[\s*]*"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message (?:réexpédié|transféré)\s?:|"
    r"inicio del mensaje reenviado:|inizio messaggio inoltrato:|"
    r"下面是被转发的邮件[:：]?|下面是被轉寄的郵件[:：]?|以下是转发的邮件[:：]?|开始转发邮件[:：]?|開始転送されたメッセージ:?|転送されたメッセージ:?",
    re.IGNORECASE,
)
# A label between dashes in a language that we do not know.
LABEL = re.compile(r"[\s>*]*-{3,}\s*[^\W\d_][^\W\d_' .]{2,40}(?:[ '.][^\W\d_]{1,20}){0,3}\s*-{3,}\s*")
FORWARDS = re.compile(
    r"forward|weitergeleitet|transféré|réexpédié|reenviado|inoltrato|encaminhada|doorgestuurd|пересылаемое|пересланное|"
    r"转发|轉寄|転送|전달",
    re.IGNORECASE,
)
# The fields by which Outlook and its like repeat the head of the earlier mail.
FROM = (
    r"from|von|de|da|van|från|fra|od|от|від|lähettäjä|feladó|kimden|từ|dari|"
    r"发\s*件\s*人|发信人|寄件者|寄件人|差出人|送信者|보낸 사람"
)
SENT = (
    r"sent|date|gesendet|datum|envoyé(?: le)?|message du|enviad[oa](?: el| em)?|fecha|data|inviato|verzonden|skickat|sendt|"
    r"odesláno|wysłano|lähetetty|päivämäärä|elküldve|dátum|gönderildi|tarih|đã gửi|dikirim|отправлено|дата|надіслано|"
    r"发\s*送\s*时\s*间|发件时间|发件日期|发信时间|发送日期|已发送|傳送時間|寄件日期|已傳送|日\s*期|时\s*间|送信日時|日付|送信|보낸 날짜"
)
TO = (
    r"to|an|à|para|a|aan|till|til|do|komu|vastaanottaja|címzett|kime|tới|đến|kepada|кому|"
    r"收\s*件\s*人|收件者|宛先|받는 사람"
)
CC = r"cc|copie à|kopie|copia|копия|抄\s*送|副\s*本|참조"
SUBJECT = (
    r"subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|aihe|tárgy|konu|chủ đề|perihal|"
    r"тема|主\s*题|主\s*題|主\s*旨|件\s*名|제목"
)
MARKED = r"[\s>*_|]*"
HEAD_FROM = re.compile(rf"{MARKED}(?:{FROM})[\s*]*[:：].{{1,400}}", re.IGNORECASE)
HEAD_OTHER = re.compile(rf"{MARKED}(?:{SENT}|{TO}|{SUBJECT}|{CC})[\s*]*[:：].*", re.IGNORECASE)
HEAD_BARE = re.compile(rf"\s*(?:{SENT}|{TO}|{SUBJECT}|{CC})(?:\s{{2,}}|\t)\S.*", re.IGNORECASE)
HEAD_SENT = re.compile(rf"{MARKED}(?:{SENT})[\s*]*[:：].*\d.*", re.IGNORECASE)
# What only programs write before a moment, where people write "date" and "time" too.
SENT_SURELY = re.compile(
    rf"{MARKED}(?:sent|gesendet|envoyé|enviad[oa]|inviato|verzonden|skickat|sendt|wysłano|lähetetty|gönderildi|отправлено|"
    r"надіслано|发\s*送\s*时\s*间|发件时间|发件日期|发信时间|发送日期|已发送|傳送時間|寄件日期|已傳送|送信日時|보낸 날짜)[\s*]*[:：].*"
    r"(?:\d\s?[:.h点時]\s?\d|\d{4}).*",
    re.IGNORECASE,
)
# Lotus Notes heads an earlier mail by a name without a label, and the moment below it.
MOMENT_ALONE = re.compile(r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? \d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?\s*", re.IGNORECASE)
HEAD_TO = re.compile(rf"\s*(?:{TO})[\s*]*[:：].*", re.IGNORECASE)
HEAD_SUBJECT = re.compile(rf"{MARKED}(?:{SUBJECT})[\s*]*[:：].*", re.IGNORECASE)
HEAD_ON_ONE_LINE = re.compile(
    rf"{MARKED}(?:{FROM})[\s*]*[:：].{{1,200}}@.{{1,200}}\b(?:{SENT}|{SUBJECT})[\s*]*[:：].*", re.IGNORECASE
)
NAMED = re.compile(r"@|\[mailto:")
MOMENT = re.compile(r"\d{4}.*\d{1,2}[:.h]\d\d|\d{1,2}[:.h]\d\d.*\d{4}")
RULE = re.compile(r"[\s>]*[_\-—─=]{4,}\s*|.{1,100} --- .{1,150} ---\s*")
# GroupWise heads a quotation without marks by one line.
GROUPWISE = re.compile(r">>> .{2,120}\d{1,2}[:.]\d\d.{0,20} ?>>>\s*")
LABEL_ALONE = re.compile(rf"\s*(?:{ORIGINAL})\s*[:：]?\s*", re.IGNORECASE)
QUOTED = re.compile(r"\s{0,3}(?:>(?!From |[=_])|&gt;|＞)(?!.*<<<\s*$)")
# Marks that count only below an introduction: others use them for tables and lists.
QUOTED_BELOW = re.compile(r"\s{0,3}(?:\||[A-Z][A-Za-z]{0,2}>)(?:\s|$)")
# An introduction without a moment counts only right above marked lines: "Ann Miller wrote:".
NAME_WROTE = re.compile(
    r"(?:[^\s:：]{1,30}\s){1,4}(?:wrote|writes|schrieb|a écrit)\s?:|[^\s:：，。]{1,30}\s?(?:写道|寫道)\s?[:：]"
)
# Our own line above which an answer is to be written, and those of others.
REPLY_LINE = re.compile(
    r"[\s>#=*-]*(?:please )?(?:type|write|reply|enter) .{0,30}above this line.{0,40}|.{0,20}请在此行(?:之上|上方|以上)回复.{0,20}",
    re.IGNORECASE,
)
