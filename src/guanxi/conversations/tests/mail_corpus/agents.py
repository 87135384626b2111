"""How mail programs write an answer above what they quote: one function each, text to body."""

import html
from collections.abc import Callable
from dataclasses import dataclass

from guanxi.conversations.tests.mail_corpus.sample import OUR_NAME, OURS, multipart, text_part


@dataclass(frozen=True)
class Agent:
    """A mail program: how it writes an answer, its charset, the mark of its Message-IDs, its own headers."""

    name: str
    reply: Callable[[str, str, str], bytes]
    domain: str = "mail.example.net"
    prefix: str = "Re: "
    charset: str = "utf-8"
    headers: tuple[str, ...] = ()
    # What the program writes below the new text by itself.
    ending: str = ""


def quoted(text: str) -> str:
    """Lines behind marks."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def rich(text: str, tag: str = "div") -> str:
    """Text as simple HTML."""
    end = tag.split()[0]
    return "".join(f"<{tag}>{html.escape(line) or '<br>'}</{end}>" for line in text.split("\n"))


MSO = 'p class="MsoNormal"'


def both(
    plain: str, page: str, charset: str = "utf-8", encoding: str = "base64", boundary: str = "000000000000abc"
) -> bytes:
    """The same in two forms."""
    return multipart(
        "alternative",
        text_part(plain, "plain", charset, encoding),
        text_part(page, "html", charset, encoding),
        boundary=boundary,
    )


def gmail(attribution: str) -> Callable[[str, str, str], bytes]:
    """Gmail in the language of its attribution line."""

    def reply(new: str, old: str, _subject: str) -> bytes:
        """Both forms."""
        page = (
            f'<div dir="ltr">{rich(new)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
            f'class="gmail_attr">{html.escape(attribution)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px '
            f'0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{rich(old)}</blockquote></div>'
        )
        return both(f"{new}\n\n{attribution}\n\n{quoted(old)}\n", page, encoding="quoted-printable")

    return reply


def outlook(
    names: tuple[str, str, str, str],
    sent: str,
    charset: str = "utf-8",
    separator: str = "",
    colon: str = ":",
    rich_only: bool = False,
) -> Callable[[str, str, str], bytes]:
    """Outlook on the desktop: the head of the earlier mail in the language of the program."""

    def reply(new: str, old: str, subject: str) -> bytes:
        """Both forms, or HTML alone."""
        values = (f"{OUR_NAME} <{OURS}>", sent, "Someone <someone@example.net>", subject)
        head = [f"{name}{colon} {value}" for name, value in zip(names, values, strict=True)]
        plain = "\n".join([new, "", separator, *head, "", old, ""])
        shown = "<br>".join(
            f"<b>{name}{colon}</b> {html.escape(value)}" for name, value in zip(names, values, strict=True)
        )
        page = (
            '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm;} --></style>'
            f'</head><body lang="EN-US" link="#0563C1"><div class="WordSection1">{rich(new, MSO)}<p class="MsoNormal"><o:p>'
            '&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p '
            f'class="MsoNormal">{shown}<o:p></o:p></p></div></div>{rich(old, MSO)}</div></body></html>'
        )
        if rich_only:
            return text_part(page, "html", charset, "quoted-printable")
        return both(plain, page, charset, boundary="_000_AM9PR04MB8550")

    return reply


def outlook_web(new: str, old: str, subject: str) -> bytes:
    """Outlook in the browser: a rule, then a marked head."""
    page = (
        f'<html><body><div class="elementToProof">{rich(new)}</div><div id="appendonsend"></div><hr style="display:'
        'inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"><b>From:'
        f"</b> {OUR_NAME} &lt;{OURS}&gt;<br><b>Sent:</b> Monday, May 6, 2024 10:11 AM<br><b>To:</b> Someone<br><b>Subject:"
        f"</b> {html.escape(subject)}</font><div>&nbsp;</div></div><div>{rich(old)}</div></body></html>"
    )
    plain = (
        f"{new}\n________________________________\nFrom: {OUR_NAME} <{OURS}>\nSent: Monday, May 6, 2024 10:11 AM\n"
        f"To: Someone <someone@example.net>\nSubject: {subject}\n\n{old}\n"
    )
    return both(plain, page, encoding="quoted-printable", boundary="_000_DB9PR08MB")


def outlook_phone(new: str, old: str, subject: str) -> bytes:
    """Outlook on a telephone: HTML alone."""
    page = (
        f'<div dir="auto">{rich(new)}</div><div id="ms-outlook-mobile-signature"><div><br></div>Get <a href="https://aka.ms/'
        'o0ukef">Outlook for iOS</a></div><div id="mail-editor-reference-message-container"><hr style="display:inline-block;'
        f'width:98%"><div id="divRplyFwdMsg"><b>From:</b> {OUR_NAME} &lt;{OURS}&gt;<br><b>Sent:</b> Monday, May 6, 2024<br>'
        f"<b>To:</b> Someone<br><b>Subject:</b> {html.escape(subject)}<br></div>{rich(old)}</div>"
    )
    return text_part(page, "html", "utf-8", "quoted-printable")


def apple(attribution: str, ending: str = "") -> Callable[[str, str, str], bytes]:
    """Apple Mail, on a telephone with its last line."""

    def reply(new: str, old: str, _subject: str) -> bytes:
        """Both forms."""
        shown = new + (f"\n\n{ending}" if ending else "")
        page = (
            f'<html><body dir="auto">{rich(shown)}<div dir="ltr"><br><blockquote type="cite">{html.escape(attribution)}<br>'
            f'<br></blockquote></div><blockquote type="cite"><div dir="ltr">{rich(old)}</div></blockquote></body></html>'
        )
        lines = quoted(f"{attribution}\n\n{old}")
        return both(f"{shown}\n\n{lines}\n", page, encoding="quoted-printable", boundary="Apple-Mail-7F3A")

    return reply


def qq(new: str, old: str, subject: str) -> bytes:
    """QQ 邮箱 in the browser: GB18030, a line of dashes around 原始邮件."""
    page = (
        f'<div>{rich(new)}</div><div>&nbsp;</div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">'
        '------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:'
        f'8px;"><div><b>发件人:</b>&nbsp;"{OUR_NAME}" &lt;{OURS}&gt;;</div><div><b>发送时间:</b>&nbsp;2024年5月6日(星期一) 上午10:11'
        f'</div><div><b>收件人:</b>&nbsp;"someone"&lt;someone@qq.com&gt;;</div><div><b>主题:</b>&nbsp;{html.escape(subject)}</div>'
        f"</div><div>&nbsp;</div>{rich(old)}"
    )
    plain = (
        f'{new}\n\n\n\n\n------------------ 原始邮件 ------------------\n发件人: "{OUR_NAME}" <{OURS}>;\n'
        f'发送时间: 2024年5月6日(星期一) 上午10:11\n收件人: "someone"<someone@qq.com>;\n\n主题: {subject}\n\n\n\n{old}\n'
    )
    return both(plain, page, "gb18030", boundary="----=_NextPart_66384F2B_1A2B")


def netease(new: str, old: str, _subject: str) -> bytes:
    """网易 163 in the browser: GBK, 写道 above a marked quotation."""
    at = f'At 2024-05-06 10:11:12, "{OUR_NAME}" <{OURS}> wrote:'
    page = (
        '<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial">'
        f'{rich(new)}<div id="divNeteaseMailCard"></div><br>{html.escape(at)}<br> <blockquote id="isReplyContent" style="'
        f'PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid">{rich(old)}</blockquote></div>'
    )
    marked = "\n".join(f">{line}" for line in old.split("\n"))
    return both(f"{new}\n\n\n\n\n\n\n\n{at}\n{marked}\n", page, "gbk", boundary="----=_Part_71233_9021")


def netease_chinese(new: str, old: str, _subject: str) -> bytes:
    """网易 163 with its Chinese attribution."""
    marked = "\n".join(f">{line}" for line in old.split("\n"))
    return text_part(f'{new}\n\n\n\n在 2024-05-06 10:11:12，"{OUR_NAME}" <{OURS}> 写道：\n{marked}\n', "plain", "gbk")


def foxmail(new: str, old: str, subject: str) -> bytes:
    """Foxmail: GB2312 by name, a bordered head in Chinese."""
    page = (
        f'<html><head><style>body {{ line-height: 1.5; }}</style></head><body>{rich(new)}<hr style="width: 210px; height: 1px;"'
        ' color="#b5c4df" size="1" align="left"><div><span>someone@163.com</span></div><blockquote style="margin-Top: 0px; '
        'margin-Bottom: 0px; margin-Left: 0.5em"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;'
        f'padding:3.0pt 0cm 0cm 0cm"><div style="PADDING-RIGHT: 8px"><div><b>发件人：</b>&nbsp;{OUR_NAME}</div><div><b>发送时间：'
        f"</b>&nbsp;2024-05-06&nbsp;10:11</div><div><b>收件人：</b>&nbsp;someone</div><div><b>主题：</b>&nbsp;{html.escape(subject)}"
        f"</div></div></div>{rich(old)}</blockquote></body></html>"
    )
    plain = f"{new}\n\n\n\nsomeone@163.com\n \n发件人： {OUR_NAME}\n发送时间： 2024-05-06 10:11\n收件人： someone\n主题： {subject}\n{old}\n"
    return both(plain, page, "gb2312", boundary="----=_001_NextPart8812")


def thunderbird(attribution: str, charset: str = "utf-8") -> Callable[[str, str, str], bytes]:
    """Thunderbird: flowed text."""

    def reply(new: str, old: str, _subject: str) -> bytes:
        """Text alone."""
        body = f"{new}\n\n{attribution}\n{quoted(old)}\n"
        return text_part(body, "plain", charset, "8bit", "; format=flowed")

    return reply


def yahoo(new: str, old: str, _subject: str) -> bytes:
    """Yahoo: an indented quotation."""
    at = f"On Monday, May 6, 2024, 10:11:12 AM GMT+2, {OUR_NAME} <{OURS}> wrote:"
    page = (
        f'<div class="ydp1 yahoo-style-wrap">{rich(new)}</div><div id="ydp2" class="yahoo_quoted"><div><div>{html.escape(at)}'
        f"</div><div><br></div><div>{rich(old)}</div></div></div>"
    )
    plain = f"{new}\n    {at}  \n\n" + "\n".join(f" {line}" for line in old.split("\n"))
    return both(plain, page, boundary="----=_Part_2211_88")


def proton(new: str, old: str, _subject: str) -> bytes:
    """Proton: a marked quotation, the original's name in the attribution."""
    at = f"On Monday, May 6th, 2024 at 10:11 AM, {OUR_NAME} <{OURS}> wrote:"
    page = (
        f'{rich(new)}<div class="protonmail_quote">{html.escape(at)}<br><blockquote class="protonmail_quote" type="cite">'
        f"{rich(old)}</blockquote></div>"
    )
    return both(f"{new}\n\n{at}\n\n{quoted(old)}\n", page)


def bottom(new: str, old: str, _subject: str) -> bytes:
    """mutt: the answer below what it answers."""
    return text_part(f"On Mon, May 06, 2024 at 10:11:12AM +0200, {OUR_NAME} wrote:\n{quoted(old)}\n\n{new}\n")


def between(new: str, old: str, _subject: str) -> bytes:
    """An answer between the lines."""
    first, *rest = old.split("\n")
    return text_part(f"On 06/05/2024 10:11, {OUR_NAME} wrote:\n> {first}\n\n{new}\n\n" + quoted("\n".join(rest)) + "\n")


EN = ("From", "Sent", "To", "Subject")
AGENTS = [
    Agent("gmail", gmail(f"On Mon, May 6, 2024 at 10:11 AM {OUR_NAME} <{OURS}>\nwrote:"), "mail.gmail.com"),
    Agent("gmail-zh", gmail(f"{OUR_NAME} <{OURS}> 于2024年5月6日周一 10:11写道："), "mail.gmail.com"),
    Agent("gmail-de", gmail(f"Am Mo., 6. Mai 2024 um 10:11 Uhr schrieb {OUR_NAME} <{OURS}>:"), "mail.gmail.com"),
    Agent("gmail-fr", gmail(f"Le lun. 6 mai 2024 à 10:11, {OUR_NAME} <{OURS}> a écrit :"), "mail.gmail.com"),
    Agent("gmail-ja", gmail(f"2024年5月6日(月) 10:11 {OUR_NAME} <{OURS}>:"), "mail.gmail.com"),
    Agent("outlook", outlook(EN, "Monday, May 6, 2024 10:11 AM"), "AM9PR04MB8550.eurprd04.prod.outlook.com", "RE: "),
    Agent("outlook-html", outlook(EN, "06 May 2024 10:11", rich_only=True), "prod.outlook.com", "RE: "),
    Agent(
        "outlook-zh",
        outlook(("发件人", "发送时间", "收件人", "主题"), "2024年5月6日 10:11", "gb2312"),
        "prod.outlook.com",
        "答复: ",
        "gb2312",
    ),
    Agent(
        "outlook-zh-tw",
        outlook(("寄件者", "寄件日期", "收件者", "主旨"), "2024年5月6日 上午 10:11", "big5"),
        "prod.outlook.com",
        "回覆: ",
        "big5",
    ),
    Agent(
        "outlook-de",
        outlook(("Von", "Gesendet", "An", "Betreff"), "Montag, 6. Mai 2024 10:11", "iso-8859-1"),
        "prod.outlook.com",
        "AW: ",
        "iso-8859-1",
    ),
    Agent(
        "outlook-fr",
        outlook(("De", "Envoyé", "À", "Objet"), "lundi 6 mai 2024 10:11", "windows-1252", colon=" :"),
        "prod.outlook.com",
        "RE: ",
    ),
    Agent(
        "outlook-ja",
        outlook(("差出人", "送信日時", "宛先", "件名"), "2024年5月6日 10:11", "iso-2022-jp"),
        "prod.outlook.com",
        "RE: ",
        "iso-2022-jp",
    ),
    Agent(
        "outlook-old",
        outlook(EN, "Monday, May 06, 2024 10:11 AM", separator="-----Original Message-----"),
        prefix="RE: ",
    ),
    Agent("outlook-web", outlook_web, "prod.outlook.com"),
    Agent("outlook-phone", outlook_phone, "prod.outlook.com", ending="Get Outlook for iOS"),
    Agent("apple", apple(f"On 6 May 2024, at 10:11, {OUR_NAME} <{OURS}> wrote:"), "icloud.com"),
    Agent(
        "iphone",
        apple(f"On May 6, 2024, at 10:11, {OUR_NAME} <{OURS}> wrote:", "Sent from my iPhone"),
        "icloud.com",
        ending="Sent from my iPhone",
    ),
    Agent(
        "iphone-zh",
        apple(f"在 2024年5月6日，10:11，{OUR_NAME} <{OURS}> 写道：", "发自我的 iPhone"),
        "icloud.com",
        "回复：",
        ending="发自我的 iPhone",
    ),
    Agent("iphone-de", apple(f"Am 06.05.2024 um 10:11 schrieb {OUR_NAME} <{OURS}>:"), "icloud.com", "Aw: "),
    Agent("qq", qq, "qq.com", "回复：", "gb18030", ("X-Mailer: QQMail 2.x", "X-QQ-MSC-ID: 1")),
    Agent("163", netease, "163.com", "Re:", "gbk", ("X-Mailer: Coremail Webmail Server Version 2024",)),
    Agent("163-zh", netease_chinese, "163.com", "回复：", "gbk"),
    Agent("foxmail", foxmail, "163.com", "回复: ", "gb2312", ("X-Mailer: Foxmail 7.2.25.179[cn]",), "someone@163.com"),
    Agent("thunderbird", thunderbird(f"On 06/05/2024 10:11, {OUR_NAME} wrote:")),
    Agent("thunderbird-de", thunderbird(f"Am 06.05.24 um 10:11 schrieb {OUR_NAME}:"), prefix="Re: "),
    Agent("thunderbird-zh", thunderbird(f"在 2024/5/6 10:11, {OUR_NAME} 写道:", "gb18030"), charset="gb18030"),
    Agent("yahoo", yahoo, "mail.yahoo.com"),
    Agent("proton", proton, "protonmail.com"),
    Agent("mutt", bottom),
    Agent("between", between),
]
