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
GENERIC = frozenset(
    """
    |no subject|(no subject)|none|hello|hi|hey|help|help needed|question|a question|questions|request|info|information|test|mail|e-mail
    |email|message|new message|urgent|important|order|my order|your order|order status|invoice|invoices|my invoice|bill|receipt|quote
    |quotation|offer|payment|refund|return|returns|complaint|problem|issue|feedback|reminder|follow up|follow-up|thanks|thank you|inquiry
    |enquiry|support|support request|contact|contact form|service|delivery|attachment|document|documents|scan|photo|photos|image
    |无主题|(无主题)|你好|您好|在吗|咨询|客户咨询|请问|问题|问题反馈|反馈|求助|帮助|请帮忙|紧急|急|加急|投诉|建议|订单|订单问题|我的订单|发票|开票
    |开发票|请求开票|申请开票|开票申请|发票申请|申请发票|退款|申请退款|退货|换货|退换货|售后|售后服务|报修|维修|报价|询价|报价单|合同|对账单|付款|物流
    |快递|查询|通知|谢谢|感谢|测试|邮件|文件|附件|照片|图片|資料|訂單|發票|請問|問題|退貨|詢價|報價|無主旨|(無主旨)
    |kein betreff|(kein betreff)|hallo|guten tag|anfrage|frage|hilfe|bestellung|meine bestellung|rechnung|angebot|reklamation|beschwerde
    |rückfrage|danke|bonjour|question|demande|commande|facture|réclamation|merci|aucun objet|hola|consulta|pedido|factura|gracias|ordine
    |fattura|pedido|fatura|件名なし|(件名なし)|無題|問い合わせ|お問い合わせ|質問|注文|ご注文|請求書|見積|お見積り|문의|주문|заказ|счет|вопрос
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)


def subject_key(subject: str) -> str:
    """A subject without its marks, in small letters and one kind of white space."""
    return _without_marks(subject)[0]


def is_answer(subject: str) -> bool:
    """Whether a subject says that the mail answers another one."""
    return _without_marks(subject)[1]


def is_forward(subject: str) -> bool:
    """Whether a subject says that the mail passes another one on: its outermost mark is that of a forward."""
    rest = unicodedata.normalize("NFKC", subject[:500]).strip()
    while match := TAG.match(rest):
        rest = rest[match.end() :]
    return bool(FORWARD.match(rest))


def is_generic(key: str) -> bool:
    """Whether a key says too little to join two mails by it."""
    bare = key.strip(" .!?~…-_。！？～")
    return bare in GENERIC or len(bare) < 2


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
