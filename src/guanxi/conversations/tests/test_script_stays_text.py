"""Script in a message, a name, a subject, a file name: on every page and in the API it stays text."""

import io
import re
from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.adapters.email.services.mailboxes import mailbox_for
from guanxi.conversations.adapters.email.services.taking_in import take_in
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.public import Contact, Inbound, InboundFile, receive
from guanxi.conversations.tests.mail_corpus.sample import file_part, mail, multipart, text_part
from guanxi.core import events, jobs
from guanxi.core.actor import system_actor
from guanxi.core.models import Role, User
from guanxi.customers.models import Customer
from guanxi.files.public import files_of
from guanxi.files.public import receive as keep

pytestmark = pytest.mark.django_db
BAD = "\"'><img src=x onerror=alert(7)><script>alert(8)</script>{{7*7}}"
ACTS = re.compile(r"<img src=x|<script>alert|onerror=alert\(7\)>(?!&)", re.IGNORECASE)


@pytest.fixture
def talk(settings: Any, tmp_path: Any, channel: Channel) -> Conversation:
    """A conversation in which everything that a stranger can name is script, by a connector and by mail."""
    settings.DATA_DIR = tmp_path
    file = InboundFile(f"{BAD}.png", keep(io.BytesIO(b"\x89PNG\r\n\x1a\n0")), content_id=BAD)
    found = receive(
        Inbound(
            channel, Contact("email", "eve@example.org", BAD), BAD, subject=BAD, files=[file], details={"thread": BAD}
        )
    )
    raw = mail(
        multipart("mixed", text_part(f"<p>{BAD}</p>", "html"), file_part(b"x", named=f'; filename="{BAD[3:]}.txt"')),
        sender="eve@example.org", subject=BAD, message_id=f"{BAD.replace(' ', '')}@x",
    )  # fmt: skip
    take_in(mailbox_for(actor=system_actor(), address="support@example.com"), raw)
    events.deliver_pending()
    jobs.run_pending()
    return found.conversation


def test_nothing_that_a_stranger_names_acts(talk: Conversation, client: Client) -> None:
    """The desk with its parts, search, the customer, the history, the API; what is downloaded is no page."""
    client.force_login(User.objects.create_user("boss", password="x", role=Role.objects.get(key="owner")))
    customer = Customer.objects.get()
    shown = 0
    pages = [
        "/desk/",
        "/desk/?view=open&q=alert",
        "/search?q=alert",
        "/search/hits?q=alert",
        "/customers",
        "/history",
        "/",
    ]
    for row in Conversation.objects.all():
        pages += [f"/desk/{row.public_id}/"]
    pages += [f"/customers/{customer.public_id}/", f"/customers/{customer.public_id}/overview", "/cases", "/tasks"]
    for page in pages:
        answer = client.get(page, follow=True)
        text = answer.content.decode()
        assert answer.status_code == 200, page
        if answer.headers["Content-Type"].startswith("application/json"):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            continue
        assert not ACTS.search(text), page
        assert "script-src" in answer.headers["Content-Security-Policy"]
        shown += "alert(8)" in text
    assert shown >= 6
    for message in Message.objects.all():
        assert not ACTS.search(message.html)
        for file in files_of("message", message.pk):
            answer = client.get(file.get_absolute_url())
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "\n" not in answer.headers["Content-Disposition"]
