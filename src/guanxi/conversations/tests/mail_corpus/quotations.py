"""Answers, forwards and what only looks like them: what is new in each, in the forms that programs and people write."""

from guanxi.conversations.tests.mail_corpus.sample import OURS, Sample, header, mail, text_part

US = f"Example Support <{OURS}>"
NEW = "Yes, please.\nThe blue one."
OLD = "Shall we send it again?"
MARKED = f"> {OLD}"


def quotations() -> list[Sample]:
    """All of them."""
    return [*introduced(), *separated(), *headed(), *own_words(), *passed_on(), *in_html()]


def written(name: str, text: str, new: str, subject: str = "Re: Order 7000", **expected: object) -> Sample:
    """A mail of text."""
    raw = mail(
        text_part(text, encoding="8bit"),
        sender="kim@example.net",
        subject=header(subject),
        message_id=f"{name}@quotations.example.net",
    )
    return Sample(name, raw, new_text=new, **expected)  # type: ignore[arg-type]


def introduced() -> list[Sample]:
    """A line in the language of the program, then the quotation: marked, or bare where `wrote` is not the last word."""
    lines = {
        "yandex": f'26.06.2024, 14:41, "Example Support" <{OURS}>:',
        "mail-ru": f"Thu, 26 Jun 2024 14:00:51 +0400 от Example Support <{OURS}>:",
        "gmail-ru": f"ср, 26 июн. 2024\u202fг. в 15:19, Example Support <{OURS}>:",
        "gmail-ru-old": f'20 окт. 2024 г. 19:37 пользователь "Example Support" <\n{OURS}> написал:',
        "gmail-uk": f'30 серп. 2024 р. 20:45 "Example Support" <{OURS}> пише:',
        "gmail-pl": f"pon., 6 maj 2024 o 10:11 Example Support <{OURS}> napisał(a):",
        "gmail-no": f"man. 6. mai 2024 kl. 10:11 skrev Example Support <{OURS}>:",
        "gmail-da": f"Den man. 6. maj 2024 kl. 10.11 skrev Example Support <{OURS}>:",
        "gmail-fi": f"ma 6. toukok. 2024 klo 10.11 Example Support\n<{OURS}> kirjoitti:",
        "gmail-hu": f"Example Support <{OURS}> ezt írta (időpont: 2024. máj. 6., H, 10:11):",
        "thunderbird-hu": "2024.05.06. 10:11 keltezéssel, Example Support írta:",
        "gmail-cs": f"po 6. 5. 2024 v 10:11 odesílatel Example Support <{OURS}> napsal:",
        "gmail-tr": f"Example Support <{OURS}>, 6 May 2024 Pzt, 10:11 tarihinde şunu yazdı:",
        "gmail-vi": f"Vào 10:11 6 tháng 5, 2024, Example Support <{OURS}> đã viết:",
        "gmail-it": f"Il giorno lun 6 mag 2024 alle ore 10:11 Example Support <{OURS}> ha scritto:",
        "aqua-it": f'In data 6 maggio 2024 10:11:31 "Example Support" <{OURS}> ha scritto:',
        "gmail-es": f"El lun, 6 may 2024 a las 10:11, Example Support (<{OURS}>) escribió:",
        "gmail-pt": f"Em seg., 6 de mai. de 2024 às 10:11, Example Support <{OURS}> escreveu:",
        "gmail-nl": f"Op ma 6 mei 2024 om 10:11 schreef Example Support <{OURS}>:",
        "gmail-ko": f"2024년 5월 6일 (월) 오전 10:11, Example Support <{OURS}>님이 작성:",
        "gmail-old": f"2024-05-06 10:11 GMT+02:00 Example Support <\n{OURS}>:",
        "apple-ja": f"2024/05/06 10:11、Example Support <{OURS}>のメール:",
        "apple-zh": f"2024年5月6日 10:11，Example Support <{OURS}> 写道：",
        "spark": f"On 6 May 2024, 10:11 +0200, Example Support <{OURS}>, wrote:",
        "hey": f"Wednesday, 6 May 2024, 3:32 PM +0300 from Example Support <{OURS}>:",
        "no-colon": f"On Mon, 6 May 2024 10:11:12 +0200 Example Support <{OURS}> wrote",
        "zoho": f"---- On Mon, 06 May 2024 10:11:12 +0800 Example Support <{OURS}> wrote ----",
        "android-dashes": "---- Example Support wrote ----",
        "gmail-zh-broken": f"Example Support for Customers and Partners in all of Asia\n<{OURS}> 于2024年5月6日周一 10:11写道：",
        "gmail-zh-broken-twice": f"Example Support for Customers and Partners in all of Asia\n<{OURS}> 于2024年5月6日周一\n10:11写道：",
        "name-alone": "Example Support wrote:",
        "polymail": f"On Mon, May 6, 2024 at 10:11 AM Example Support\n\n<\nmailto:Example Support <{OURS}>\n> wrote:",
    }
    bare = {"no-colon", "zoho", "android-dashes", "polymail", "gmail-old", "yandex", "spark"}
    found = [
        written(f"by-{name}", f"{NEW}\n\n{line}\n\n{OLD if name in bare else MARKED}\n", NEW, not_in_new=OLD)
        for name, line in lines.items()
    ]
    same_line = f"Yes. On Mon, May 6, 2024 at 10:11 AM, Example Support <{OURS}> wrote:\n{MARKED}\n"
    initials = f"On 06.05.2024 10:11, Example Support wrote:\nES> {OLD}\n\n{NEW}\n"
    table_marks = f"On 06.05.2024 10:11, Example Support wrote:\n| {OLD}\n\n{NEW}\n"
    return [
        *found,
        written("by-same-line", same_line, "Yes.", not_in_new=OLD),
        written("by-initials", initials, NEW, not_in_new=OLD),
        written("by-bars", table_marks, NEW, not_in_new=OLD),
    ]


def separated() -> list[Sample]:
    """A label between dashes, in the languages we know and in others."""
    labels = {
        "qq-phone": "---原始邮件---",
        "qq-reply": "------------------ 回复邮件 ------------------",
        "samsung-zh": "-------- 原始信息 --------",
        "huawei": "-------- 原始邮件 --------",
        "sina": "----- 原始邮件 -----",
        "exmail": "------------------ Original ------------------",
        "danish": "-------- Oprindelig besked --------",
        "norwegian": "-----Opprinnelig melding-----",
        "swedish": "-----Ursprungligt meddelande-----",
        "finnish": "-----Alkuperäinen viesti-----",
        "polish": "-----Wiadomość oryginalna-----",
        "turkish": "-----Özgün İleti-----",
        "gmx-de": "----- Original Nachricht -----",
        "catalan": "----- Missatge original -----",
        "greek": "---- Αρχικό μήνυμα ----",
        "139": "----邮件原文----",
        "163-master-en": "---- Replied Message ----",
        "qq-spaces": "------------------&nbsp;Original&nbsp;------------------",
        "wecom-app": "----------回复的邮件信息----------",
    }
    head = f"From: {US}\nDate: 2024-05-06 10:11\nTo: Kim\nSubject: Order 7000\n"
    zh = f"发件人： {US}\n日  期： 2024年5月6日(星期一) 10:11\n收件人： Kim\n主　题： Order 7000\n"
    chinese = {"qq-phone", "qq-reply", "samsung-zh", "huawei", "sina"}
    found = [
        written(f"sep-{name}", f"{NEW}\n\n{label}\n{zh if name in chinese else head}\n{OLD}\n", NEW, not_in_new=OLD)
        for name, label in labels.items()
    ]
    aliyun = f"{NEW}\n{'-' * 66}\n{zh}\n{OLD}\n"
    return [*found, written("sep-aliyun", aliyun, NEW, not_in_new=OLD)]


def headed() -> list[Sample]:
    """The head of the earlier mail alone."""
    heads = {
        "finnish": f"Lähettäjä: {US}\nLähetetty: maanantai 6. toukokuuta 2024 10.11\nVastaanottaja: Kim\nAihe: Tilaus",
        "danish": f"Fra: {US}\nSendt: 6. maj 2024 10:11\nTil: Kim\nEmne: Ordre",
        "czech": f"Od: {US}\nOdesláno: pondělí 6. května 2024 10:11\nKomu: Kim\nPředmět: Objednávka",
        "polish": f"Od: {US}\nWysłano: poniedziałek, 6 maja 2024 10:11\nDo: Kim\nTemat: Zamówienie",
        "turkish": f"Kimden: {US}\nGönderildi: 6 Mayıs 2024 Pazartesi 10:11\nKime: Kim\nKonu: Sipariş",
        "windows-ru": "От: Example Support\nОтправлено: понедельник, 6 мая 2024 г. 15:05\nКому: Kim",
        "orange-fr": f"====\n\nMessage du : 06/05/2024 10:11\nDe : {US}\nA : kim@example.net\nSujet : Commande",
        "new-outlook-tw": f"寄件者: {US}\n已傳送: 2024年5月6日 上午 10:11\n收件者: Kim\n主旨: 訂單",
        "notes": f'Example Support --- Order 7000 ---\n\nVon:  "Example Support" <{OURS}>\nAn  kim@example.net\nDatum:  06.05.2024 10:11\nBetreff  Order 7000',
        "date-first": f"Date: Mon, 6 May 2024 10:11:02 -0600\nTo: kim@example.net\nFrom: {US}",
        "qq-new": f"原始邮件\n\n发件人：{US}\n发件时间：2024年5月6日 10:11\n收件人：Kim\n主题：订单",
        "feishu": f'发件人: "Support"<{OURS}>\n发送时间: 2024-05-06, 10:11\n主题: 订单\n收件人: Kim',
        "groupwise": ">>> Example Support 06.05.2024 10:11 Uhr >>>",
        "notes-zh": f"-----{OURS} 写: -----\n\n收件人: kim@example.net\n发件人: {OURS}\n日期: 2024-05-06 10:11\n主题: 订单",
        "horde": f"Zitat von Example Support <{OURS}>:\n",
        "notes-bare": "Example Support@EXAMPLE\n05/06/2024 10:11 AM\nTo: Kim Lee/HOU/ECT@ECT\ncc:  \nSubject: Order 7000",
        "outlook-zh-sent": "发件人: Example Support\n已发送: 2024年5月6日 10:11\n收件人: Kim\n主题: 订单",
        "qq-label-over-rule": f"原始邮件\n\n--------------------\n发件人：{US}\n发件时间：2024年5月6日 10:11\n收件人：Kim\n主题：订单",
        "two-lines": f"From: {OURS}\nDate: Mon, 6 May 2024 10:11:02 -0600",
    }
    return [written(f"head-{name}", f"{NEW}\n\n{text}\n\n{OLD}\n", NEW, not_in_new=OLD) for name, text in heads.items()]


def own_words() -> list[Sample]:
    """What people write themselves, though it looks like a quotation: all of it is new."""
    courier = "快递信息如下：\n\n发件人：张三\n收件人：李四\n时间：2024年5月3日 10:20\n单号：SF123\n\n麻烦查一下。"
    trip = "Please change my booking:\n\nFrom: Berlin\nTo: Hamburg\nDate: 6 May 2024\n\nOne adult."
    form = "From: Kim Lee <kim@example.net>\nSubject: A question\n\nMessage Body:\nDo you ship to Norway?"
    table = "These are missing:\n\n| item | number |\n|------|--------|\n| lamp | 2      |"
    prompt = "I typed this:\n\n> install guanxi\n> start guanxi\n\nand nothing happened."
    arrows = ">>> Visit us: shop.example.net <<<\nThe banner above is on every page.\n>_< sorry"
    inline = f"On 06/05/2024 10:11, Example Support wrote:\n> Which colour?\n\nBlue.\n\n> Which size?\n\nLarge.\n\n{MARKED}\n"
    below = f"Example Support <{OURS}> wrote:\n> Hello\n>> earlier\n\n{NEW}"
    told = "On 6 May 2024 your colleague wrote:\nWe will refund you.\nThat did not happen."
    told_zh = "你们的客服 5 月 6 日 10:11 跟我写道：\n一定会退款\n结果没有。"
    counted = "Sent: 3 boxes\nReceived: 2 boxes\nFrom: warehouse 4\nTo: me"
    wide = "＞明日届く予定です。\n\n承知しました。"
    sentences = (
        "On the 6th of May I ordered a lamp.\nOn the phone somebody said: two days.\n\nIt wrote: error 550\nBest\nKim"
    )
    return [
        written("own-courier", courier, courier, "快递问题"),
        written("own-trip", trip, trip, "Booking"),
        written("own-form", form, form, "New message"),
        written("own-table", table, table),
        written("own-prompt", prompt, prompt, "It does not start"),
        written("own-arrows", arrows, arrows),
        written("own-inline", inline, "Blue.\n\nLarge.", not_in_new="Which size?"),
        written("own-below", below, NEW, not_in_new="earlier"),
        written("own-below-wide-marks", wide, "承知しました。", not_in_new="明日"),
        written("own-sentences", sentences, sentences),
        written("own-told", told, told),
        written("own-told-zh", told_zh, told_zh),
        written("own-counted", counted, counted),
        written("own-space-of-html", "What does &nbsp; mean?", "What does &nbsp; mean?"),
        written("own-only-marked", MARKED, MARKED, "My note"),
        written("quoted-only", f"On 06/05/2024 10:11, Example Support wrote:\n{MARKED}", "", not_in_new=OLD),
    ]


def passed_on() -> list[Sample]:
    """Forwards: what they pass on is what they are about."""
    zh = '请看下面的邮件。\n\n------------------ 原始邮件 ------------------\n发件人: "李四" <li@example.cn>;\n发送时间: 2024年5月6日(星期一) 上午10:11\n收件人: "王五"<wang@qq.com>;\n主题: 灯坏了\n\n灯不亮了，请换货。'
    outlook = "FYI\n\nFrom: Lee <lee@example.net>\nSent: Monday, May 6, 2024 10:11 AM\nTo: Kim\nSubject: Broken\n\nThe lamp is broken."
    netease = "-------- 转发邮件信息 --------\n发件人：李四 <li@example.cn>\n发送日期：2024-05-06 10:11:12\n收件人：wang@163.com\n主题：灯坏了\n灯不亮了。"
    apple = "Begin forwarded message:\n\n> From: Lee <lee@example.net>\n> Subject: Broken\n> Date: 6 May 2024 at 10:11\n> To: Kim\n>\n> The lamp is broken."
    return [
        written("fwd-qq", zh, zh, "转发：灯坏了"),
        written("fwd-outlook", outlook, outlook, "FW: Broken"),
        written("fwd-outlook-de", outlook, outlook, "WG: Kaputt"),
        written("fwd-163", netease, netease, "Fw:灯坏了"),
        written("fwd-marked", MARKED, MARKED, "Fwd: Broken"),
        written(
            "fwd-mutt",
            f"----- Forwarded message from Lee <lee@example.net> -----\n\n{OLD}",
            f"----- Forwarded message from Lee <lee@example.net> -----\n\n{OLD}",
            "Fwd: Broken",
        ),
        written("fwd-apple", apple, apple, "Fwd: Broken"),
    ]


def in_html() -> list[Sample]:
    """Pages whose marks the text beside them has lost, or that stand alone."""

    def page(name: str, content: str, new: str = NEW) -> Sample:
        """A mail of HTML alone."""
        raw = mail(
            text_part(content, "html"), sender="kim@example.net", subject="Re: Order 7000", message_id=f"{name}@html.example"
        )  # fmt: skip
        return Sample(name, raw, new_text=new, not_in_new=OLD)

    said = "Yes, please.<br>The blue one."
    return [
        page("html-gmail-bare", f'<div dir="ltr">{said}</div><div class="gmail_quote">{OLD}</div>'),
        page("html-hidden", f'<div style="display:none;max-height:0">To be seen in a list only</div><div>{said}</div><div class="gmail_quote">{OLD}</div>'),
        page("html-rule", f"<div>{said}</div><hr><div><b>From:</b> {OURS} <b>Date:</b> Mon, 6 May 2024</div><div>{OLD}</div>"),
        page("html-wecom", f"<div>{said}</div><div>------------------&nbsp;Original&nbsp;------------------</div><div><b>From:</b> Us;</div><div><b>Date:</b> Mon, May 6, 2024 10:11 AM</div><div><b>Subject:</b> x</div><div>{OLD}</div>"),
        page("html-outlook-mac", f'<div>{said}</div><span id="OLK_SRC_BODY_SECTION"><div>{OLD}</div></span>'),
        page("html-feishu", f'<div>{said}</div><div class="history-quote-wrapper"><div>{OLD}</div></div>'),
        page("html-outlook-styles", "<html><head><!--[if gte mso 9]><xml>" + '<w:LsdException Locked="false" Name="x"/>' * 400 + f"</xml><![endif]--></head><body><p>{said}</p><p><b>From:</b> Us<br><b>Sent:</b> Monday, May 6, 2024 10:11<br><b>To:</b> Kim<br><b>Subject:</b> x</p><p>{OLD}</p></body></html>"),
        page("html-netease-card", f'<div>{said}</div><div id="ntes-pcmail-quote"><p>2024年5月6日 10:11，Us 写道：</p><blockquote>{OLD}</blockquote></div>'),
    ]  # fmt: skip
