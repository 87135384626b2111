"""Mails that no person wrote to us: absences, receipts, returned mails, lists, invitations, and our own that come back."""

from collections.abc import Sequence

from guanxi.conversations.tests.mail_corpus.sample import (
    OURS,
    Sample,
    header,
    mail,
    mailbox,
    multipart,
    part,
    text_part,
)

SENT = "ours0.b2@example.com"
ANSWERED = {"in_reply_to": SENT, "references": (SENT,), "thread": "thread-gmail"}


def automatic() -> list[Sample]:
    """All of them."""
    return [
        *absences(),
        *answers(),
        *returned(),
        *servers_own(),
        *lists(),
        *invitations(),
        *circles(),
        *persons(),
        *daemons(),
    ]


def simple(
    name: str,
    kind: str,
    subject: str,
    text: str,
    *more: str,
    sender: str = "kim@example.net",
    thread: str = "",
    **ids: object,
) -> Sample:
    """A mail of text with some headers."""
    raw = mail(
        text_part(text), sender=sender, subject=header(subject), more=more, message_id=f"{name}@auto.example.net", **ids
    )  # type: ignore[arg-type]
    return Sample(name, raw, kind=kind, thread=thread)


def absences() -> list[Sample]:
    """Out of office, as programs and languages say it."""
    exchange = (
        "X-MS-Exchange-Inbox-Rules-Loop: kim@example.net",
        "X-Auto-Response-Suppress: All",
        "Auto-Submitted: auto-generated",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    )
    away = "out_of_office"
    return [
        simple("oof-exchange", away, "Automatic reply: Re: Order 7000", "I am back on Monday.", *exchange, **ANSWERED),
        simple("oof-exchange-zh", away, "自动答复: 订单 7001", "您好，我正在休假。", *exchange[:3], **{**ANSWERED, "in_reply_to": SENT}),
        simple("oof-exchange-de", away, "Automatische Antwort: Bestellung", "Ich bin im Urlaub.", *exchange[1:3]),
        simple("oof-exchange-bare", away, "Automatic reply: Order", "Thank you for your mail.", *exchange[:2]),
        simple(
            "oof-gmail", away, "Out of office Re: Order 7000", "I'm away until Friday.", "Auto-Submitted: auto-replied",
            "Precedence: bulk", "X-Autoreply: yes", **ANSWERED,
        ),
        simple(
            "oof-sieve", away, "Auto: Order 7000", "Thanks for writing.", "Auto-Submitted: auto-replied (vacation)",
            "Precedence: bulk", **ANSWERED,
        ),
        simple("oof-vacation", away, "away from my mail", "I will not be reading my mail for a while.", "Precedence: bulk"),
        simple("oof-apple", away, "Re: Order 7000", "I am on vacation until 3 June.", "Auto-Submitted: auto-replied"),
        simple("oof-qq", away, "自动回复：订单 7019", "您好，我正在休假，暂时无法回复您的邮件。", sender="12345@qq.com"),
        simple("oof-163", away, "自动回复:订单 7020", "这是来自网易邮箱的假期自动回复邮件。我出差在外。", sender="ann@163.com"),
        simple("oof-fr", away, "Réponse automatique : Commande", "Je suis absente du 3 au 9 mai.", "Auto-Submitted: auto-replied"),
        simple("oof-ja", away, "自動応答: 注文7004について", "本日は休暇をいただいております。", "Auto-Submitted: auto-replied"),
        simple("oof-es", away, "Respuesta automática: Pedido", "Estoy de vacaciones.", "X-Autorespond: yes"),
        simple("oof-owner", away, "Order", "Hello", 'Auto-Submitted: auto-replied; owner-email="kim@example.net"'),
        simple("oof-notes", away, "Kim Lee is out of the office (returning 10/05/2024)", "I am away.", "Auto-Submitted: auto-generated"),
        simple("oof-notes-auto", away, "AUTO: Kim Lee is out of the office (returning 10/05/2024)", "Note: this is an automated response."),
        simple("oof-notes-bare", away, "Kim Lee is out of the office.", "I will be out of the office starting 05/06/2024."),
        simple("oof-zh-greets", away, "Re: 订单", "您好，这是一封自动回复邮件。我正在出差，暂时无法回复。", **ANSWERED),
        simple("oof-headerless", away, "Out of Office: Order 7000", "I am out of the office until 12 May."),
    ]  # fmt: skip


def answers() -> list[Sample]:
    """Programs that say that a mail has come, or write by themselves."""
    auto = "auto_reply"
    receipt = multipart(
        "report",
        text_part("Your message was read on Monday."),
        part(
            b"Reporting-UA: mail.example.net\r\nFinal-Recipient: rfc822;kim@example.net\r\nOriginal-Message-ID: <"
            + SENT.encode()
            + b">\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n",
            "Content-Type: message/disposition-notification",
        ),
        more="; report-type=disposition-notification",
    )
    return [
        simple("auto-ticket", auto, "[Ticket#4711] Order", "We have received your request.", "Auto-Submitted: auto-replied", **ANSWERED),
        simple("auto-jira", auto, "[JIRA] (HD-1) Order", "Created by a program.", "Auto-Submitted: auto-generated"),
        simple("auto-precedence", auto, "Re: Order", "Your message has arrived.", "Precedence: auto_reply"),
        simple("auto-x", auto, "Received", "We answer within two days.", "X-Autoreply: yes"),
        simple("auto-qq", auto, "自动回复:您的来信", "您好，您的来信已经收到。", sender="777@qq.com"),
        simple("auto-ja", auto, "【自動返信】お問い合わせ", "お問い合わせを受け付けました。"),
        simple("auto-null", auto, "Your mail", "It has arrived.", "Return-Path: <>"),
        simple("auto-cron", auto, "Cron <root@web> backup", "done", "Auto-Submitted: auto-generated", sender="root@web.example.net"),
        Sample("auto-read", mail(receipt, sender="kim@example.net", subject="Read: Order", message_id="mdn@x"), kind=auto),
        simple("auto-de", auto, "Eingangsbestätigung: Ihre Anfrage", "Ihre Nachricht ist eingegangen.", "Auto-Submitted: auto-replied"),
    ]  # fmt: skip


def report(
    name: str,
    words: str,
    fields: Sequence[str],
    *,
    subject: str,
    sender: str,
    returned_part: str = "message/rfc822",
    more: Sequence[str] = ("Auto-Submitted: auto-replied", "Return-Path: <>"),
    original: str = SENT,
) -> Sample:
    """A report in the standard form."""
    about = b"Reporting-MTA: dns; mx.example.net\r\nArrival-Date: Mon, 6 May 2024 10:11:12 +0200\r\n\r\n"
    inner = f"From: {OURS}\r\nTo: gone@example.net\r\nSubject: Re: Order\r\nMessage-ID: <{original}>\r\n\r\n".encode()
    body = multipart(
        "report",
        text_part(words, encoding="8bit"),
        part(about + "\r\n".join(fields).encode() + b"\r\n", "Content-Type: message/delivery-status"),
        part(inner + (b"the mail\r\n" if returned_part == "message/rfc822" else b""), f"Content-Type: {returned_part}"),
        more="; report-type=delivery-status",
        boundary="B8F2C1.1714960000/mx.example.net",
    )
    raw = mail(body, sender=sender, subject=header(subject), more=more, message_id=f"{name}@mx.example.net")
    return Sample(name, raw, kind="bounce", thread="thread-gmail")


def returned() -> list[Sample]:
    """Reports in the standard form."""
    gone = ["Final-Recipient: rfc822; gone@example.net", "Action: failed", "Status: 5.1.1"]
    daemon = "MAILER-DAEMON@mx.example.net"
    return [
        report(
            "dsn-postfix",
            "This is the mail system at host mx.example.net.\n\nI'm sorry to have to inform you that your message could not\n"
            "be delivered.\n\n<gone@example.net>: host mx[192.0.2.1] said: 550 5.1.1 User unknown",
            [*gone, "Remote-MTA: dns; mx.example.net", "Diagnostic-Code: smtp; 550 5.1.1 <gone@example.net>: User unknown"],
            subject="Undelivered Mail Returned to Sender",
            sender=f"Mail Delivery System <{daemon}>",
        ),
        report(
            "dsn-gmail",
            "** Address not found **\n\nYour message wasn't delivered to gone@example.net because the address couldn't be found.",
            [*gone, "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist."],
            subject="Delivery Status Notification (Failure)",
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            more=("X-Failed-Recipients: gone@example.net", "Auto-Submitted: auto-replied"),
        ),
        report(
            "dsn-exchange",
            "Delivery has failed to these recipients or groups:\n\ngone@example.net\nThe email address you entered couldn't be "
            "found.",
            ["Final-Recipient: rfc822;gone@example.net", "Action: failed", "Status: 5.1.10",
             "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"],
            subject="Undeliverable: Re: Order",
            sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>",
            more=("X-MS-Exchange-Message-Is-Ndr:", "Content-Language: en-US"),
        ),
        report(
            "dsn-exchange-zh",
            "无法将邮件传递给这些收件人或组:\n\ngone@example.net",
            gone,
            subject="未送达: 订单",
            sender="postmaster@example.net",
            more=(),
        ),
        report(
            "dsn-headers",
            "The mail could not be delivered.",
            gone,
            subject="Returned mail: see transcript for details",
            sender=f"Mail Delivery Subsystem <{daemon}>",
            returned_part="text/rfc822-headers",
        ),
        report(
            "dsn-delayed",
            "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
            ["Final-Recipient: rfc822; gone@example.net", "Action: delayed", "Status: 4.4.1", "Will-Retry-Until: Sat, 11 May 2024"],
            subject="Delayed Mail (still being retried)",
            sender=f"Mail Delivery System <{daemon}>",
        ),
        report(
            "dsn-full",
            "452 4.2.2 The email account that you tried to reach is over quota",
            ["Original-Recipient: rfc822;gone@example.net", "Final-Recipient: RFC822; gone@example.net", "Action: failed",
             "Status: 5.2.2", "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full"],
            subject="Mail delivery failed: returning message to sender",
            sender=f"Mail Delivery System <{daemon}>",
        ),
        report(
            "dsn-de",
            "Ihre Nachricht konnte nicht zugestellt werden.",
            gone,
            subject="Unzustellbar: Bestellung",
            sender="postmaster@example.net",
            more=(),
        ),
    ]  # fmt: skip


def servers_own() -> list[Sample]:
    """Returned mails in forms of their own."""
    qmail = (
        "Hi. This is the qmail-send program at example.net.\nI'm afraid I wasn't able to deliver your message to the following "
        "addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<gone@example.net>:\n"
        "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 user unknown\n\n--- Below this line is a copy of the "
        f"message.\n\nReturn-Path: <{OURS}>\nMessage-ID: <{SENT}>\nSubject: Re: Order\n\nthe mail"
    )
    exim = (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to "
        "one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  gone@example.net\n"
        "    host mx.example.net [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<gone@example.net>:\n"
        "    550 5.1.1 No such user\n\n------ This is a copy of the message, including all the headers. ------\n\n"
        f"Message-ID: <{SENT}>\nFrom: {OURS}\n\nthe mail"
    )
    qq = (
        "抱歉，您的邮件被退回来了……\n原邮件信息：\n时  间  2024-05-06 10:11:12\n主  题  订单\n收件人  gone@qq.com\n"
        "退信原因：收件人邮件地址（gone@qq.com）不存在，邮件无法送达。 550 Mailbox not found."
    )
    return [
        simple("qmail", "bounce", "failure notice", qmail, "Return-Path: <>", sender="MAILER-DAEMON@example.net", thread="thread-gmail"),
        simple(
            "exim", "bounce", "Mail delivery failed: returning message to sender", exim, "X-Failed-Recipients: gone@example.net",
            "Auto-Submitted: auto-replied", sender="Mail Delivery System <Mailer-Daemon@mx.example.net>", thread="thread-gmail",
        ),
        simple("bounce-qq", "bounce", "来自qq.com的退信", qq, sender=mailbox("PostMaster", "PostMaster@qq.com")),
        simple("bounce-163", "bounce", "系统退信", "您的邮件未能送达：gone@163.com 550 User not found", sender=mailbox("系统退信", "postmaster@163.com")),
        simple("bounce-outlook-zh", "bounce", "邮件传递状态通知 (失败)", "传递到下列收件人失败。\n\ngone@example.net", sender="postmaster@mail.example"),
        simple("bounce-exmail", "bounce", "[投递失败] 订单", "您的邮件投递失败。收件人 gone@example.net 550 不存在", sender="postmaster@exmail.example.cn"),
        simple("bounce-nameless", "bounce", "Undelivered Mail Returned to Sender", "<gone@example.net>: unknown", sender="MAILER-DAEMON"),
    ]  # fmt: skip


def lists() -> list[Sample]:
    """Mails to many."""
    bulk = "bulk"
    news = ("List-Unsubscribe: <https://news.example.net/u/1>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    list_of_ours = f"List-Post: <mailto:{OURS}>"
    return [
        simple("news-one", bulk, "Spring sale", "Everything must go", *news, sender="News <news@shop.example.net>"),
        simple("news-chimp", bulk, "Our letter", "Read on", *news, "Precedence: bulk", "X-Campaign: c1", "Feedback-ID: 1:2:mc"),
        simple("list-mailman", bulk, "[users] Re: How to", "> How?\nLike this.", "List-Id: Users <users.lists.example.net>", "Precedence: list"),
        simple("list-google", bulk, "[group] Hello", "Hi all", "List-ID: <group.googlegroups.com>", "Mailing-list: list group@googlegroups.com"),
        simple("bulk-precedence", bulk, "Spring sale", "All must go. Unsubscribe: news.example.net/u", "Precedence: bulk"),
        simple("bulk-junk", bulk, "Offer", "Cheap", "Precedence: junk"),
        simple("bulk-generated", bulk, "GitHub: new release", "1.2", "Auto-Submitted: auto-generated", "List-ID: <repo.github.com>"),
        simple("bulk-zh", bulk, "五月优惠", "全场八折", *news, sender=mailbox("商城", "no-reply@shop.example.cn")),
        simple("list-is-ours", "normal", "Order 9001 is late", "Where is it?", list_of_ours, f"List-Id: <{OURS.replace('@', '.')}>", "Precedence: list"),
    ]  # fmt: skip


def invitations() -> list[Sample]:
    """Calendars' own mails, and a person's mail that carries an appointment."""
    event = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20240601T100000Z\r\nSUMMARY:Visit\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    def calendar(method: str, disposition: str = "") -> bytes:
        """The calendar's part."""
        lines = (
            [f'Content-Type: text/calendar; charset="UTF-8"; method={method}']
            if method
            else ["Content-Type: text/calendar"]
        )
        return part(event, *lines, *([f"Content-Disposition: {disposition}"] if disposition else []))

    def sent(
        name: str,
        kind: str,
        subject: str,
        *parts: bytes,
        subtype: str = "alternative",
        more: Sequence[str] = (),
        attachments: Sequence[tuple[str, int, str]] | None = None,
    ) -> Sample:
        """A mail with an event."""
        raw = mail(
            multipart(subtype, *parts),
            sender="kim@example.net",
            subject=header(subject),
            more=more,
            message_id=f"{name}@x",
        )
        return Sample(name, raw, kind=kind, attachments=attachments)

    words = text_part("You are invited.")
    return [
        sent("invite-google", "calendar", "Invitation: Visit", words, calendar("REQUEST"), more=("Auto-Submitted: auto-generated",)),
        sent("invite-outlook", "calendar", "Visit", words, calendar("REQUEST"), more=("Content-class: urn:content-classes:calendarmessage",)),
        sent(
            "invite-google-file", "calendar", "邀请：拜访", multipart("alternative", words, calendar("REQUEST"), boundary="=_b2"),
            part(event, 'Content-Type: application/ics; name="invite.ics"', "Content-Disposition: attachment; filename=invite.ics"),
            subtype="mixed", attachments=[("invite.ics", len(event), "text/calendar")],
        ),
        sent("invite-accepted", "calendar", "Accepted: Visit", words, calendar("REPLY")),
        sent("invite-cancelled", "calendar", "已取消: 拜访", words, calendar("CANCEL")),
        sent("invite-bare", "calendar", "Visit", words, calendar("")),
        sent("published", "normal", "Opening hours", words, calendar("PUBLISH")),
        sent("invite-file", "calendar", "Visit", words, calendar("REQUEST", "attachment; filename=invite.ics"), subtype="mixed"),
        sent(
            "invite-attached", "normal", "The date", text_part("Does this suit you?"), calendar("", "attachment; filename=visit.ics"),
            subtype="mixed",
        ),
    ]  # fmt: skip


def circles() -> list[Sample]:
    """What we sent and what comes back, and colleagues who answer from their own programs."""
    ours = f"Example Support <{OURS}>"
    return [
        simple("loop-mark", "loop", "Re: Order", "our answer", "X-Guanxi-Mark: here; hops=0", sender=ours),
        simple("loop-mark-forwarded", "loop", "Fwd: Order", "our answer", "X-Guanxi-Mark: here; hops=0", "List-Id: <x.example.net>"),
        simple("loop-hops", "loop", "Re: Order", "another installation", "X-Guanxi-Mark: elsewhere; hops=9"),
        simple("loop-received", "loop", "Order", "round and round", *[f"Received: from a{n} by b{n}; Mon, 6 May 2024" for n in range(60)]),
        simple("loop-x", "loop", "Order", "round", f"X-Loop: {OURS}"),
        simple("loop-delivered", "loop", "Order", "round", *[f"Delivered-To: {OURS}"] * 4),
        simple("loop-own-automatic", "loop", "We have your mail", "automatic", "Auto-Submitted: auto-replied", sender=ours),
        simple("own-colleague", "own_reply", "Re: Order 7000 has not arrived", "I wrote by my own program.", sender=ours, **ANSWERED),
        simple("own-upper", "own_reply", "Note", "to ourselves", sender=OURS.upper()),
        simple("other-installation", "normal", "A question", "from a person who uses the same program", "X-Guanxi-Mark: elsewhere; hops=0"),
    ]  # fmt: skip


def persons() -> list[Sample]:
    """Genuine mails that bear the marks or the words of programs, and programs that bear none."""
    ours = f"Example Support <{OURS}>"
    named = {"in_reply_to": "elsewhere@example.net"}
    normal, away, auto = "normal", "out_of_office", "auto_reply"
    return [
        simple("person-hours", normal, "Out of office hours delivery possible?", "I am out of the office till 6."),
        simple("person-away", normal, "Re: Order 7100", "I will be out of office until Monday, please deliver after.", **named),
        simple("person-leave", normal, "休假 期间能否送货", "我下周休假外出。"),
        simple("person-car", normal, "Auto: Schaden am Kotflügel", "Mein Auto hat einen Kratzer."),
        simple("person-on-replies", normal, "Auto reply is broken", "Your auto reply says three days, that was last week."),
        simple("person-asks-for-one", normal, "Re: 订单 7106", "您好，这是自动回复吗？我要人工。", **named),
        simple("person-precedence", normal, "Where is order 7101?", "It should be here by now.", "Precedence: bulk"),
        simple("person-parcel", normal, "Delivery failure of my parcel", "It could not be delivered, I paid 550 euros."),
        simple("person-courier", normal, "Delivery failed", "Your parcel could not be delivered today.", sender="no-reply@courier.example"),
        simple("person-forwards-bounce", normal, "Fwd: Undelivered Mail Returned to Sender", "What is this?\n\n550 5.1.1 user unknown"),
        simple("person-by-service", normal, "Re: Your offer", "We take it.", "List-Unsubscribe: <https://crm.example/u>", **named),
        simple("person-by-form", normal, "Contact form", "I am Kim.", "Reply-To: Kim Lee <kim@form.example>", sender=ours),
        simple(
            "person-by-group", normal, "Order 7102", "Where is it?", "X-Original-From: Ann Miller <ann@group.example>",
            "Reply-To: Ann Miller <ann@group.example>", f"List-Post: <mailto:{OURS}>", "Precedence: list",
            sender=f"'Ann Miller' via Support <{OURS}>",
        ),
        simple("own-by-token", "own_reply", "Re: Order", "from my telephone", sender=OURS.replace("@", "+c12.abcdefghijklmnopqrst@")),
        simple("oof-bare-mark", away, "Re: Order 7103", "I am out of the office until Monday.", "X-Auto-Response-Suppress: All"),
        simple("oof-bulk-mark", away, "Re: Order 7104", "I am on vacation until 3 June.", "Precedence: bulk", **named),
        simple("oof-bracket", away, "[Out of office] Order 7105", "Back on Monday."),
        simple("oof-until", away, "Out of office until 12 May", "Back then."),
        simple("auto-says-so", auto, "Re: 订单 7106", "这是一封自动回复邮件。已收到您的来信，我会尽快给您回复。", **named),
        simple("auto-generated-mark", auto, "Re: Order", "We have it.", "X-Autogenerated: Reply"),
        simple("bulk-nobody", "bulk", "Spring sale", "All must go", "Precedence: bulk", sender="news@shop.example"),
        simple("bulk-words", "bulk", "您的账单", "请查收。退订请点击这里", sender="no-reply@bank.example"),
    ]  # fmt: skip


def daemons() -> list[Sample]:
    """What mail servers write in forms of their own, told by who writes it or by what it says."""
    inner = f"Received: from a by b\nFrom: {OURS}\nMessage-ID: <{SENT}>\nSubject: Re: Order"
    said = f"The following message could not be delivered:\n550 5.1.1 gone@example.net: user unknown\n\n{inner}\n\nthe mail"
    near = "Failed recipient: gone@example.net. 550 Mailbox not found."
    bounce, none = "bounce", "Return-Path: <>"
    return [
        simple("daemon-wordless", bounce, "Mail", near, sender="MAILER-DAEMON@mx.example.org"),
        simple("daemon-delay", bounce, "Delayed Mail (still being retried)", "gone@example.net 550 will be retried", sender="Mail Delivery System <mailer-daemon@mx.example.org>"),
        simple("daemon-null", bounce, "There was an error sending your mail", f"We had trouble delivering your message. {near}", none, sender="mailer-daemon"),
        simple("daemon-sina", bounce, "邮件传输失败！", "邮件无法送达。收件人 gone@example.net 550", sender="postmaster@sina.example"),
        simple("daemon-ja", bounce, "メッセージを配信できません。", near, sender="postmaster@example.jp"),
        simple("daemon-ru", bounce, "Ваше сообщение не доставлено. Mail failure.", near, none, sender="Mailer-Daemon@mail.example"),
        simple("daemon-gateway", bounce, "Mail could not be delivered", said, sender="gateway@corp.example"),
        simple("daemon-verizon", bounce, "Re:Order", f"Error: Invalid user address\n\n{near}", sender="post_master@vtext.example"),
    ]  # fmt: skip
