"""Subjects as they are compared: without the marks of replies and forwards that programs of all languages put before."""

import re
import unicodedata

# Marks of replies, then of forwards; programs repeat and mix them, some count ("Re[2]:", "回复：3").
REPLIES = r"re|aw|antw|antwort|sv|vs|odp|res|rif|r|ref|bls|回复|回覆|答复|答覆|回信|返信|返"
FORWARDS = r"fwd|fw|wg|tr|rv|enc|i|doorst|vb|pd|转发|轉寄|轉發|转寄|転送"
REPLY = re.compile(
    rf"\s*(?:{REPLIES})\s*(?:\[\d{{1,3}}\]|\(\d{{1,3}}\)|\^\d{{1,3}}|\*\d{{1,3}})?\s*[:：]\s*", re.IGNORECASE
)
FORWARD = re.compile(rf"\s*(?:{FORWARDS})\s*(?:\[\d{{1,3}}\]|\(\d{{1,3}}\))?\s*[:：]\s*", re.IGNORECASE)
# What lists and gateways put before a subject: "[support]", "[EXTERNAL]", "【外部邮件】".
TAG = re.compile(
    r"\s*(?:\[(?:external|ext|extern|spam\??|外部(?:邮件)?)\]|【(?:外部邮件|外部)】|external:)\s*", re.IGNORECASE
)
MARKS_AT_MOST = 40
# Subjects that say nothing: two mails under one of these need not belong together.
GENERIC = {
    *("", "no subject", "(no subject)", "hello", "hi", "help", "question", "request", "info", "information", "test"),
    *("urgent", "order", "invoice", "complaint", "thanks", "thank you", "inquiry", "support", "contact"),
    *(
        "无主题",
        "(无主题)",
        "(无主题)",
        "你好",
        "您好",
        "咨询",
        "请问",
        "帮助",
        "紧急",
        "投诉",
        "订单",
        "发票",
        "谢谢",
        "测试",
    ),
    *(
        "kein betreff",
        "(kein betreff)",
        "hallo",
        "anfrage",
        "frage",
        "件名なし",
        "(件名なし)",
        "問い合わせ",
        "お問い合わせ",
    ),
}


def subject_key(subject: str) -> str:
    """A subject without its marks, in small letters and one kind of white space."""
    return _without_marks(subject)[0]


def is_answer(subject: str) -> bool:
    """Whether a subject says that the mail answers another one."""
    return _without_marks(subject)[1]


def is_generic(key: str) -> bool:
    """Whether a key says too little to join two mails by it."""
    return key in GENERIC or len(key) < 2


def _without_marks(subject: str) -> tuple[str, bool]:
    """The bare subject, and whether a mark of a reply was taken off."""
    rest, is_reply = unicodedata.normalize("NFKC", subject[:500]).strip(), False
    for _number in range(MARKS_AT_MOST):
        match = TAG.match(rest) or FORWARD.match(rest)
        if match is None:
            match = REPLY.match(rest)
            is_reply = is_reply or match is not None
        if match is None:
            break
        rest = rest[match.end() :]
    return " ".join(rest.lower().split()), is_reply
