"""Which mails share a conversation, and which never do: forged references, reused subjects, mails out of order."""

from email.utils import formatdate
from typing import Any

import pytest

from guanxi.conversations.adapters.email.services.taking_in import Mailbox, take_in
from guanxi.conversations.models import Channel, Message
from guanxi.conversations.services.channels import create_channel
from guanxi.conversations.tests.mail_corpus import OURS
from guanxi.conversations.tests.mail_corpus.sample import BEGIN, mail, text_part
from guanxi.core.actor import system_actor

pytestmark = pytest.mark.django_db
DAY = 86_400
ANN = "Ann Miller <ann@customer.example>"
EVE = "Eve <eve@elsewhere.example>"


@pytest.fixture
def box(db: None) -> Mailbox:
    """A mailbox."""
    return Mailbox.of(create_channel(actor=system_actor(), kind="email", name="Support", address=OURS, settings={}))


def place(box: Mailbox, text: str, *, is_ours: bool = False, day: int = 0, **given: Any) -> int:
    """The conversation of a mail, taken in; `day` after the first."""
    values = {"sender": ANN, "message_id": f"m{Channel.objects.count()}.{Message.objects.count()}@x.example", **given}
    raw = mail(text_part(text), **values).replace(
        formatdate(BEGIN).encode(), formatdate(BEGIN + DAY * day).encode()
    )  # fmt: skip
    return take_in(box, raw, is_ours=is_ours).received.conversation.pk


def talk(box: Mailbox) -> int:
    """Ann asks, we answer."""
    first = place(box, "Where is my parcel 7000?", subject="Parcel 7000", message_id="q@customer.example")
    ours = place(
        box, "The parcel left our house on Monday morning.", is_ours=True, sender=OURS, to=ANN, subject="Re: Parcel 7000",
        message_id="a@example.com", in_reply_to="q@customer.example",
    )  # fmt: skip
    assert ours == first
    return first


def test_a_stranger_who_names_a_mail_of_another_customer_begins_a_conversation_of_their_own(box: Mailbox) -> None:
    """Whichever of its mails they name, under its very subject."""
    first = talk(box)
    for named in ("a@example.com", "q@customer.example"):
        forged = place(
            box, "Please send it to my new address.", sender=EVE, subject="Re: Parcel 7000", in_reply_to=named,
            references=["q@customer.example", "a@example.com"], message_id=f"forged-{named}",
        )  # fmt: skip
        assert forged != first
        assert Message.objects.get(message_id=f"forged-{named}").details["mail"]["strange_to"] == first


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("Ann at home <ANN@customer.example>", "Thanks"),
        ("Bo <bo@customer.example>", "I take this over from Ann."),
        (
            "Ann <ann.private@gmail.com>",
            "Thanks!\n\nOn Mon, May 6, 2024, Support <support@example.com> wrote:\n> The parcel left our house on Monday morning.\n",
        ),
        ("Lee <lee@third.example>", "I was in copy"),
    ],
    ids=["same", "colleague", "quotes", "copied"],
)
def test_who_took_part_or_was_given_it_to_read_joins(box: Mailbox, sender: str, text: str) -> None:
    """A colleague, another mailbox of the same person that quotes us, somebody in copy."""
    first = talk(box)
    place(
        box,
        "Lee should know too.",
        in_reply_to="a@example.com",
        subject="Re: Parcel 7000",
        more=["Cc: lee@third.example"],
    )
    assert place(box, text, sender=sender, subject="Re: Parcel 7000", in_reply_to="a@example.com") == first


def test_the_same_subject_of_other_people_joins_nothing(box: Mailbox) -> None:
    """Of whatever kind; and one that says nothing joins nobody's two mails."""
    one = place(box, "Mine", subject="Parcel 7000")
    assert place(box, "Mine", sender=EVE, subject="Re: Parcel 7000") != one
    for subject in ("Invoice", "发票", "Rechnung", "请求开票", "訂單"):
        assert place(box, "One", subject=subject) != place(box, "Two", subject=subject)


def test_a_subject_holds_for_a_time_by_the_dates_of_the_mails(box: Mailbox) -> None:
    """An archive that comes in at once is told apart like one that came over years."""
    first = place(box, "One", subject="Parcel 7000")
    assert place(box, "Two", subject="Parcel 7000", day=3) == first
    assert place(box, "Three", subject="Re: Parcel 7000", day=60) == first
    later = place(box, "Years later", subject="Re: Parcel 7000", day=1000)
    assert later != first
    assert place(box, "Again", subject="Parcel 7000", day=1200) not in {first, later}


def test_a_form_that_sends_for_many_people_makes_one_conversation_each(box: Mailbox) -> None:
    """One sender and one subject, and each one's own address to answer to."""
    form: dict[str, Any] = {"sender": "Shop <form@shop.example>", "subject": "New message from the contact form"}
    one = place(box, "I am Kim", more=["Reply-To: kim@one.example"], **form)
    assert place(box, "I am Lee", more=["Reply-To: lee@two.example"], **form) != one


def test_mails_out_of_order_find_each_other(box: Mailbox) -> None:
    """An answer that comes first, and two answers to a mail that we do not have."""
    answer = place(box, "Thanks", subject="Your offer 77", in_reply_to="offer@example.com")
    offer = place(box, "We offer", is_ours=True, sender=OURS, to=ANN, subject="Offer", message_id="offer@example.com")
    assert offer == answer
    one = place(box, "Yes", subject="Re: Visit", in_reply_to="lost@example.com")
    two = place(box, "Me too", sender="bo@customer.example", subject="AW: Visit", in_reply_to="lost@example.com")
    assert one == two
    assert place(box, "No", sender=EVE, subject="Re: Visit", in_reply_to="lost@example.com") != one
