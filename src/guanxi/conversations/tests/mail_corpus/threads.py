"""Threads: a question, our answer, an answer by every mail program we know, and one more with what is broken."""

from guanxi.conversations.tests.mail_corpus.agents import AGENTS, Agent
from guanxi.conversations.tests.mail_corpus.sample import OUR_NAME, OURS, Sample, header, mail, mailbox, text_part

WORDS = {
    "zh": (
        "订单 {n} 还没有收到",
        "您好，\n我三月份下的订单 {n} 到现在还没有收到，请帮忙查一下。\n谢谢！",
        "您好，包裹已经发出。\n预计明天送达。",
        "好的，收到了。\n请问可以开增值税发票吗？",
        "王小明",
    ),
    "tw": (
        "訂單 {n} 的問題",
        "您好，\n訂單 {n} 的商品有瑕疵，想要退貨。",
        "您好，請將商品寄回。",
        "好的，我明天寄出。\n謝謝您的協助。",
        "陳美玲",
    ),
    "de": (
        "Bestellung {n} fehlt",
        "Guten Tag,\nmeine Bestellung {n} ist nicht angekommen. Können Sie das prüfen?\nGrüße",
        "Guten Tag,\ndas Paket ist unterwegs.",
        "Danke, das hilft mir.\nIch melde mich, falls es länger dauert.",
        "Jürgen Groß",
    ),
    "fr": (
        "Commande {n} non reçue",
        "Bonjour,\nje n'ai pas reçu la commande {n}.",
        "Bonjour,\nelle est en route.",
        "Très bien, merci à vous.",
        "Élodie Lefèvre",
    ),
    "ja": (
        "注文{n}について",
        "お世話になっております。\n注文{n}がまだ届いておりません。",
        "ご連絡ありがとうございます。\n明日届く予定です。",
        "承知しました。\nよろしくお願いいたします。",
        "山田太郎",
    ),
    "en": (
        "Order {n} has not arrived",
        "Hello,\nmy order {n} has not arrived. Could you look into it?\n\nRegards\nAnn",
        "Hello Ann,\nthe parcel is on its way.\nIt should be there tomorrow.",
        "Thank you, that is fine.\nI will be at home all day.",
        "Ann Miller",
    ),
}


def language_of(agent: Agent) -> str:
    """In which language a program's people write."""
    for mark, language in (("zh-tw", "tw"), ("-zh", "zh"), ("-de", "de"), ("-fr", "fr"), ("-ja", "ja")):
        if mark in agent.name:
            return language
    return "zh" if agent.name in {"qq", "163", "foxmail"} else "en"


def threads() -> list[Sample]:
    """Four mails for each program."""
    return [sample for number, agent in enumerate(AGENTS) for sample in thread(number, agent)]


def thread(number: int, agent: Agent) -> list[Sample]:
    """A question, our answer, the reply that names it, and a last one that has lost its references."""
    subject, question, answer, reply, name = (
        text.replace("{n}", str(7000 + number)) for text in WORDS[language_of(agent)]
    )
    person = f"person{number}@{agent.domain}"
    sender = mailbox(name, person, agent.charset)
    ids = [f"q{number}.a1@{agent.domain}", f"ours{number}.b2@example.com", f"r{number}.c3@{agent.domain}"]
    label, step = f"thread-{agent.name}", number * 10
    shown = header(agent.prefix + subject, agent.charset)
    common = {"thread": label, "from_address": person, "from_name": name}
    ours = mail(
        text_part(f"{answer}\n\n{OUR_NAME}\n"),
        sender=f"{OUR_NAME} <{OURS}>",
        to=sender,
        subject=header("Re: " + subject),
        step=step + 1,
        message_id=ids[1],
        in_reply_to=ids[0],
        references=ids[:1],
    )
    full = f"{answer}\n\n{OUR_NAME}"
    replied = mail(
        agent.reply(reply, full, subject),
        sender=sender,
        subject=shown,
        step=step + 2,
        message_id=ids[2],
        in_reply_to=ids[1],
        references=ids[:2],
        more=agent.headers,
    )
    bare = mail(
        agent.reply(reply, full, subject),
        sender=sender,
        subject=shown,
        step=step + 3,
        message_id=f"l{number}@{agent.domain}",
    )
    asked = mail(
        text_part(question, "plain", agent.charset, ("base64", "quoted-printable")[number % 2]),
        sender=sender,
        subject=header(subject, agent.charset, "BQ"[number % 2]),
        step=step,
        message_id=ids[0],
        more=agent.headers,
    )
    written = f"{reply}\n\n{agent.ending}" if agent.ending else reply
    return [
        Sample(f"{agent.name}-question", asked, new_text=question, subject=subject, **common),
        Sample(f"{agent.name}-ours", ours, kind="own_reply", thread=label, is_ours=True),
        Sample(f"{agent.name}-reply", replied, new_text=written, not_in_new=answer.split("\n")[-1], **common),
        Sample(f"{agent.name}-lost", bare, new_text=written, subject=agent.prefix + subject, **common),
    ]
