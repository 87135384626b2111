"""Headers, charsets, files and addresses as they should not be, and what must become of them."""

import base64
import binascii
from collections.abc import Sequence

from guanxi.conversations.tests.mail_corpus.sample import (
    OURS,
    Sample,
    coded,
    file_part,
    header,
    mail,
    mailbox,
    multipart,
    part,
    text_part,
    word,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(40)
PDF = b"%PDF-1.7\n" + bytes(200)
EXE = b"MZ\x90\x00" + bytes(300)
ZIP = b"PK\x03\x04" + bytes(100)
DOCX = b"PK\x03\x04\x14\x00\x06\x00" + bytes(20) + b"[Content_Types].xml" + bytes(50) + b"word/document.xml" + bytes(50)
TNEF = b"\x78\x9f\x3e\x22" + bytes(60)


def odd() -> list[Sample]:
    """All of them."""
    return [*headers(), *bodies(), *files(), *addressing(), *damaged()]


def plain(
    name: str, text: str = "Hello", *, lines: Sequence[bytes] = (), sender: str = "kim@example.net", **expected: object
) -> Sample:
    """A mail of text with header lines in bytes."""
    raw = mail(text_part(text), sender=sender, message_id=f"{name}@odd.example.net")
    return Sample(name, b"".join(line + b"\r\n" for line in lines) + raw, **expected)  # type: ignore[arg-type]


def headers() -> list[Sample]:
    """Subjects and names."""
    subject = "关于订单退款的问题和发票"
    data = subject.encode("gb18030")
    cut = base64.b64encode(data[:5]).decode(), base64.b64encode(data[5:]).decode()
    coded_whole = base64.b64encode(subject.encode()).decode()
    rare = "朱镕基龘喆"
    vendor = "①株式会社髙島屋"
    jis = b"\x1b$B-!3t<02q<R\x1b(B"
    return [
        plain(
            "cut-character",
            lines=[f"Subject: =?gb2312?B?{cut[0]}?=\r\n =?gb2312?B?{cut[1]}?=".encode()],
            subject=subject,
        ),
        plain(
            "cut-base64",
            lines=[f"Subject: =?utf-8?B?{coded_whole[:18]}?=\r\n\t=?utf-8?B?{coded_whole[18:]}?=".encode()],
            subject=subject,
        ),
        plain(
            "rare-in-gb2312",
            lines=[f"Subject: =?gb2312?B?{base64.b64encode(rare.encode('gb18030')).decode()}?=".encode()],
            subject=rare,
        ),
        plain(
            "folded-word",
            lines=[f"Subject: =?utf-8?B?{coded_whole[:20]}\r\n {coded_whole[20:]}?=".encode()],
            subject=subject,
        ),
        plain(
            "raw-gb",
            lines=["Subject: 请尽快回复我的邮件，谢谢您".encode("gb18030")],
            subject="请尽快回复我的邮件，谢谢您",
        ),
        plain("raw-utf8", lines=["Subject: 请尽快回复".encode()], subject="请尽快回复"),
        plain("raw-big5", lines=["Subject: 請問訂單什麼時候會到達".encode("big5")], subject="請問訂單什麼時候會到達"),
        plain(
            "raw-latin", lines=["Subject: Bestätigung für Müller".encode("latin-1")], subject="Bestätigung für Müller"
        ),
        plain(
            "raw-sjis",
            lines=["Subject: ご注文についてのお問い合わせです".encode("cp932")],
            subject="ご注文についてのお問い合わせです",
        ),
        plain("jis-vendor", lines=[b"Subject: =?iso-2022-jp?B?" + base64.b64encode(jis) + b"?="], subject="①株式会社"),
        plain("utf8-vendor", lines=[f"Subject: {header(vendor)}".encode()], subject=vendor),
        plain(
            "wrong-charset",
            lines=[f"Subject: =?us-ascii?B?{base64.b64encode('价格'.encode()).decode()}?=".encode()],
            subject="价格",
        ),
        plain(
            "unknown-charset",
            lines=[f"Subject: =?x-none?B?{base64.b64encode('订单问题'.encode()).decode()}?=".encode()],
            subject="订单问题",
        ),
        plain("q-spaces", lines=[b"Subject: =?utf-8?Q?Caf=C3=A9 au lait?="], subject="Café au lait"),
        plain(
            "words-and-text",
            lines=[b"Subject: Re: =?utf-8?Q?f=C3=BCr?= you =?utf-8?Q?und?= me"],
            subject="Re: für you und me",
        ),
        plain(
            "quoted-word-name",
            sender='"=?gb2312?B?zfXQocP3?=" <wang@qq.com>',
            from_name="王小明",
            from_address="wang@qq.com",
        ),
        plain(
            "comma-name",
            sender='"Miller, Ann (Sales)" <ann@example.net>',
            from_name="Miller, Ann (Sales)",
            from_address="ann@example.net",
        ),
        plain(
            "comma-in-word",
            sender=mailbox("王,小明", "wang@example.net"),
            from_name="王,小明",
            from_address="wang@example.net",
        ),
        plain(
            "old-comment", sender="ann@example.net (Ann Miller)", from_name="Ann Miller", from_address="ann@example.net"
        ),
        plain(
            "name-is-address",
            sender='"ann@example.net" <ann@example.net>',
            from_name="",
            from_address="ann@example.net",
        ),
        plain("no-subject", subject=""),
        plain("nul-subject", lines=[b"Subject: a\x00b\x07c"], subject="abc"),
        plain("surrogate", lines=[b"Subject: =?utf-8?B?7aCA?= x"], subject=None),
        plain("rtl-name", sender="Ann <ann@example.net>", lines=["Subject: evil \u202etxt.exe".encode()]),
    ]


def bodies() -> list[Sample]:
    """Texts."""
    latin = part(b"Caf\xe9 und Stra\xdfe\r\n", "Content-Type: text/plain")
    page = "<html><body><script>alert(1)</script><p onclick='x()'>Hello <b>you</b></p><img src='http://t.example/x.gif'></body></html>"
    flowed = part(
        b"This line was broken \r\nfor the way.\r\n\r\n-- \r\nKim\r\n",
        "Content-Type: text/plain; charset=utf-8; format=flowed",
    )
    forward = (
        "Please look at this.\n\n---------- Forwarded message ---------\nFrom: Lee <lee@example.net>\nDate: Mon, May 6, 2024\n"
        "Subject: Broken\nTo: Kim <kim@example.net>\n\nThe lamp is broken."
    )
    only_forward = forward.partition("\n\n")[2]
    not_a_quote = (
        "The menu says:\n\n- soup\n- bread\n\nOn my bill it says 12 euros. Someone wrote: too much.\n\nBest\nKim"
    )

    def sent(name: str, body: bytes, **expected: object) -> Sample:
        """A mail with this body."""
        raw = mail(body, sender="kim@example.net", subject=name, message_id=f"{name}@odd.example.net")
        return Sample(name, raw, **expected)  # type: ignore[arg-type]

    return [
        sent("latin-undeclared", latin, new_text="Café und Straße"),
        sent("gb-undeclared", part("您好，我想退货，请告诉我怎么办理。".encode("gb18030"), "Content-Type: text/plain"), new_text="您好，我想退货，请告诉我怎么办理。"),
        sent("lying-charset", part("您好，请问什么时候发货".encode(), "Content-Type: text/plain; charset=iso-8859-1"), new_text="您好，请问什么时候发货"),
        sent("big5-as-gb", part("您好，訂單還沒有收到，請幫忙查詢一下物流資訊。".encode("big5"), "Content-Type: text/plain; charset=gb2312"), new_text="您好，訂單還沒有收到，請幫忙查詢一下物流資訊。"),
        sent("jis-as-utf8", part("ご注文について".encode("iso2022_jp"), "Content-Type: text/plain; charset=utf-8"), new_text="ご注文について"),
        sent("gbk-as-latin", part("您好，请问什么时候发货".encode("gbk"), "Content-Type: text/plain; charset=iso-8859-1"), new_text="您好，请问什么时候发货"),
        sent("html-only", text_part(page, "html"), new_text="Hello you"),
        sent("flowed", flowed, new_text="This line was broken for the way.\n\n--\nKim"),
        sent("forward", text_part(forward), new_text=forward),
        sent("forward-alone", text_part(only_forward), new_text=only_forward),
        sent("not-a-quote", text_part(not_a_quote), new_text=not_a_quote),
        sent("no-content-type", b"\r\njust text\r\n", new_text="just text"),
        sent("tencent", text_part(f"好的\n\n------------------ Original ------------------\nFrom:  \"Us\"<{OURS}>;\nDate:  Mon, May 6, 2024 10:11 AM\nTo:  \"Kim\"<kim@example.net>;\nSubject:  x\n\nold"), new_text="好的"),
        sent("163-phone", text_part(f"收到\n\n---- 回复的原邮件 ----\n| 发件人 | Us<{OURS}> |\n| 日期 | 2024年05月06日 10:11 |\n\nold"), new_text="收到"),
        sent("gmx", text_part(f"Danke\n \nGesendet: Montag, 06. Mai 2024 um 10:11 Uhr\nVon: \"Us\" <{OURS}>\nAn: kim@example.net\nBetreff: x\nalt"), new_text="Danke"),
        sent("gmail-phone", text_part(f"Yes\n\nOn Mon, 6 May 2024, 10:11 Us, <{OURS}> wrote:\n\n> old"), new_text="Yes"),
        sent("taiwan-apple", text_part(f"謝謝\n\n> Us <{OURS}> 於 2024年5月6日 上午10:11 寫道：\n> \n> old"), new_text="謝謝"),
        sent("empty", text_part(""), new_text=""),
        sent("unclosed", multipart("alternative", text_part("open end")).rsplit(b"--=_b1--", 1)[0], new_text="open end"),
        sent("bad-base64", part(b"SGVs*bG8g\r\n!!d29ybGQ", "Content-Type: text/plain", "Content-Transfer-Encoding: base64"), new_text="Hello world"),
        sent("utf7", part(b"Gr+APw-n", "Content-Type: text/plain; charset=utf-7"), new_text="Grün"),
        sent("hz", part("您好".encode("hz"), "Content-Type: text/plain; charset=hz-gb-2312"), new_text="您好"),
        sent("jis-halfwidth", part(b"\x1b$B$3$s$K$A$O\x1b(I6E\x1b(B", "Content-Type: text/plain; charset=iso-2022-jp"), new_text="こんにちはｶﾅ"),
        sent("mbox-escaped", text_part(">From the start it was late", encoding="8bit"), new_text="From the start it was late"),
        sent("signature", text_part("Thank you.\n\n-- \nKim Lee\n+49 30 1234"), new_text="Thank you.\n\n--\nKim Lee\n+49 30 1234"),
    ]  # fmt: skip


def files() -> list[Sample]:
    """Attachments: names in every form, types that lie, pictures in the words."""

    def sent(
        name: str,
        *parts: bytes,
        expected: Sequence[tuple[str, int, str]],
        subtype: str = "mixed",
        text: str = "See below.",
    ) -> Sample:
        """A mail with files."""
        body = multipart(subtype, text_part(text), *parts)
        raw = mail(body, sender="kim@example.net", subject=name, message_id=f"{name}@odd.example.net")
        return Sample(name, raw, new_text=text, attachments=expected)

    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    coded_name = header("报价单.pdf", "gb2312")
    inner = b"From: lee@example.net\r\nSubject: " + header("内部").encode() + b"\r\n\r\nHi\r\n"
    return [
        sent("pdf", file_part(PDF, "application/pdf", "; filename=a.pdf"), expected=[("a.pdf", len(PDF), "application/pdf")]),
        sent("lying-exe", file_part(EXE, "application/pdf", '; filename="invoice.pdf"'), expected=[("invoice.pdf", len(EXE), "application/x-msdownload")]),
        sent("lying-png", file_part(PNG, "text/plain", "; filename=x.txt"), expected=[("x.txt", len(PNG), "image/png")]),
        sent("octet-docx", file_part(DOCX, named="; filename=c.docx"), expected=[("c.docx", len(DOCX), word)]),
        sent("zip", file_part(ZIP, named="; filename=z.zip"), expected=[("z.zip", len(ZIP), "application/zip")]),
        sent("html-file", file_part(b"<script>x()</script>", "image/png", "; filename=p.png"), expected=[("p.png", 20, "text/html")]),
        sent("svg-file", file_part(b"<svg onload='x()'/>", "image/png", "; filename=p.png"), expected=[("p.png", 19, "image/svg+xml")]),
        sent("rfc2231", file_part(PDF, named="; filename*=gb2312''%B1%A8%BC%DB.pdf"), expected=[("报价.pdf", len(PDF), "application/pdf")]),
        sent(
            "rfc2231-pieces",
            file_part(PDF, named=";\r\n filename*0*=utf-8''%E6%8A%A5;\r\n filename*1*=%E4%BB%B7;\r\n filename*2=.pdf"),
            expected=[("报价.pdf", len(PDF), "application/pdf")],
        ),
        sent("rfc2231-cut", file_part(PDF, named=";\r\n filename*0*=utf-8''%E6%8A;\r\n filename*1*=%A5.pdf"), expected=[("报.pdf", len(PDF), "application/pdf")]),
        sent("name-word", file_part(PDF, f'application/pdf; name="{coded_name}"'), expected=[("报价单.pdf", len(PDF), "application/pdf")]),
        sent("rfc2231-cut-sign", file_part(PDF, named=";\r\n filename*0*=utf-8''%E6%8A%A5%E;\r\n filename*1*=4%BB%B7.pdf"), expected=[("报价.pdf", len(PDF), "application/pdf")]),
        sent("name-as-address", file_part(PDF, named="; filename=%E6%8A%A5%E4%BB%B7.pdf"), expected=[("报价.pdf", len(PDF), "application/pdf")]),
        sent("name-of-percents", file_part(PDF, named="; filename=50%25%20off%BB.pdf"), expected=[("50%25%20off%BB.pdf", len(PDF), "application/pdf")]),
        sent("both-names", file_part(PDF, named="; filename=old.pdf; filename*=utf-8''new%20one.pdf"), expected=[("new one.pdf", len(PDF), "application/pdf")]),
        sent("path-name", file_part(PDF, named='; filename="..\\\\..\\\\etc/pass.pdf"'), expected=[("pass.pdf", len(PDF), "application/pdf")]),
        sent("script-name", file_part(PDF, named='; filename="<img src=x onerror=a()>.pdf"'), expected=[("img src=x onerror=a().pdf", len(PDF), "application/pdf")]),
        sent("rtl-file", file_part(EXE, named="; filename*=utf-8''a%E2%80%AEfdp.exe"), expected=[("afdp.exe", len(EXE), "application/x-msdownload")]),
        sent("nameless", file_part(PDF), expected=[("file.pdf", len(PDF), "application/pdf")]),
        sent("winmail", file_part(TNEF, "application/ms-tnef", "; filename=winmail.dat"), expected=[("winmail.dat", len(TNEF), "application/ms-tnef")]),
        sent("forwarded-mail", part(inner, "Content-Type: message/rfc822"), expected=[("内部.eml", len(inner), "message/rfc822")]),
        sent("inline", file_part(PNG, "image/png", "; filename=logo.png", "inline", "logo@x"), subtype="related", expected=[("logo.png", len(PNG), "image/png")]),
        sent("text-file", file_part("第一行".encode("gb18030"), "text/plain", "; filename=n.txt"), expected=[("n.txt", 6, "text/plain")]),
        sent("bomb", file_part(b"PK\x03\x04" + b"\x00" * 40 + b"bomb", named="; filename=42.zip"), expected=[("42.zip", 48, "application/zip")]),
        sent("signed", part(b"sig", "Content-Type: application/pgp-signature; name=signature.asc"), subtype="signed", expected=[]),
    ]  # fmt: skip


def addressing() -> list[Sample]:
    """Reply-To, dates, ids, and two mails under one id."""
    body = text_part("The first.", encoding="8bit")
    twin = {"sender": "kim@example.net", "subject": "Twin 4040", "message_id": "twin@odd.example.net"}
    return [
        Sample("reply-to-us", mail(text_part("Hello"), sender="kim@example.net", more=[f"Reply-To: {OURS}"], message_id="rt@odd")),
        Sample("twin-one", mail(body, **twin), thread="twin"),  # type: ignore[arg-type]
        Sample("twin-two", mail(text_part("The second."), **twin), thread="twin"),  # type: ignore[arg-type]
        Sample("bad-date", b"Date: yesterday\r\nFrom: kim@example.net\r\nSubject: x\r\n\r\nHello\r\n", new_text="Hello"),
        Sample("no-header", coded("only words", encoding="8bit")),
        Sample("same-subject-other-person", mail(text_part("Me too"), sender="other@example.net", subject="Re: Twin 4040", message_id="o@odd"), thread="other"),
    ]  # fmt: skip


def damaged() -> list[Sample]:
    """Accents that look like Asian bytes, lost boundaries and blanks, names and addresses in unusual forms."""
    accents = "äöüß und ÄÖÜ"
    body = b"--there\r\nContent-Type: text/plain\r\n\r\nHello\r\n--there--\r\n"
    page = "Content-Type: multipart/mixed"
    head = b"From: kim@example.net\r\nSubject: x\r\n"
    attached = f'{page}; boundary="b"\r\n\r\n--b\r\nContent-Type: image/png\r\nContent-Location: http://x.example/a/p%201.png\r\n\r\n'

    def sent(name: str, raw: bytes, **expected: object) -> Sample:
        """A mail in bytes."""
        return Sample(name, raw, **expected)  # type: ignore[arg-type]

    return [
        plain("accents-word", lines=[f"Subject: {word(accents, 'iso-8859-1', 'Q')}".encode()], subject=accents),
        plain("accents-name", sender=mailbox("Ääöö Öüß", "a@example.net", "iso-8859-1"), from_name="Ääöö Öüß"),
        sent("accents-raw", head + b"\r\n" + f"vergessen einzufügen:\n{accents}".encode("latin-1"), new_text=f"vergessen einzufügen:\n{accents}"),
        sent("accents-declared", head + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n" + accents.encode("latin-1"), new_text=accents),
        sent("utf8-damaged", head + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "价格很好，谢谢".encode()[:-1], new_text="价格很好，谢\ufffd"),
        sent("blank-first", b"\r\n\r\n" + head + b"\r\nHello", new_text="Hello", subject="x"),
        sent("damaged-line", b"From: kim@example.net\r\nX-Track: abc\r\nno field at all\r\nSubject: x\r\nDate: Mon, 6 May 2024 10:11:12 +0200\r\n\r\nHello", new_text="Hello", subject="x"),
        sent("blank-in-subject", b"From: kim@example.net\r\nSubject: one\r\n \r\n\ttwo\r\n\r\nHello", new_text="Hello", subject="one two"),
        sent("lost-boundary", head + f'{page}; boundary="elsewhere"\r\n\r\n'.encode() + body, new_text="Hello"),
        sent("no-part", head + f'{page}; boundary="elsewhere"\r\n\r\nHello'.encode(), new_text="Hello"),
        sent("unindented", head + f'{page};\r\nboundary="there"\r\n\r\n'.encode() + body, new_text="Hello"),
        sent("located", head + attached.encode() + PNG + b"\r\n--b--", attachments=[("p 1.png", len(PNG), "image/png")]),
        sent("uuencoded", head + b"\r\nSee the list.\r\n\r\nbegin 644 list.csv\r\n" + binascii.b2a_uu(b"name,town\nKim,Bonn\n") + b"`\r\nend\r\n", new_text="See the list.", attachments=[("list.csv", 19, "text/plain")]),
        sent("two-from", b"From: [??]\r\nFrom: Kim <kim@example.net>\r\n\r\nx", from_name="Kim", from_address="kim@example.net"),
        sent("from-nowhere", '"我" <>\r\n'.join(["From: ", "Reply-To: me@example.cn\r\n\r\nx"]).encode(), from_name="我", from_address="me@example.cn"),
        plain("name-with-comma", sender="Miller, Ann <ann@example.net>", from_name="Miller, Ann", from_address="ann@example.net"),
        plain("name-half-quoted", sender='"Ann" B. "Miller" <ann@example.net>', from_name="Ann B. Miller"),
        plain("wide-brackets", sender="李雷＜li@example.cn＞", from_name="李雷", from_address="li@example.cn"),
        sent("byte-order-mark", head + b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xef\xbb\xbfHello", new_text="Hello"),
        plain("quoted-local", sender='太郎 <"a..b."@docomo.example>', from_address="a..b.@docomo.example"),
    ]  # fmt: skip
