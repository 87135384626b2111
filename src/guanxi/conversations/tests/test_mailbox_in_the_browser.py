"""A mailbox is set up on its page, tested there, and read by the installation itself: a mail stands on the desk a moment later."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guanxi.conversations.tests.mail_corpus.sample import mail, text_part
from tests.installation import Server
from tests.mail_servers import PASSWORD, MailServers

pytestmark = pytest.mark.full
US, KIM = "support@example.com", "kim@example.net"


def keep(page: Any, name: str) -> None:
    """Keep a picture where somebody wants to look at the pages."""
    if folder := os.environ.get("GUANXI_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_from_the_page_to_the_desk(
    live_guanxi: Server, open_page: Callable[..., Any], mail_servers: MailServers
) -> None:
    """Set up, said to work, and a person's mail comes in by the listener of `guanxi up`."""
    mail_servers.empty(US)
    page = open_page(live_guanxi, "/settings/channels/mailbox/new", language="en", width=1440, sign_in=True)
    page.fill("[name=name]", "Support")
    page.fill("[name=address]", US)
    for name, value in {
        "imap_host": "127.0.0.1",
        "imap_port": str(mail_servers.imap_port),
        "imap_password": PASSWORD,
        "smtp_host": "127.0.0.1",
        "smtp_port": str(mail_servers.smtp_port),
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=imap_security]", "none")
    page.select_option("[name=smtp_security]", "none")
    keep(page, "mailbox-new")
    page.locator("form [type=submit]").last.click()
    page.wait_for_selector("#tried", state="attached")
    page.get_by_role("button", name="Test the connection").click()
    page.locator("#tried dt").nth(1).wait_for(timeout=20_000)
    assert "does not work" not in page.inner_text("#tried")
    page.locator("#tried", has_text="INBOX").wait_for(timeout=20_000)
    keep(page, "mailbox")
    mail_servers.deliver(
        mail(
            text_part("Where is my parcel?"),
            sender=f"Kim Lee <{KIM}>",
            to=US,
            subject="My parcel",
            message_id="p@example.net",
        ),
        sender=KIM,
        to=US,
    )
    page.goto(f"{live_guanxi.url}/desk/?view=open")
    page.get_by_text("Kim Lee").first.wait_for(timeout=20_000)
    mail_servers.stop_dovecot()
    try:
        page.goto(f"{live_guanxi.url}/settings/channels")
        page.get_by_text("does not work").wait_for(timeout=30_000)
        keep(page, "channels-broken")
    finally:
        mail_servers.start_dovecot()
    page.get_by_text("does not work").wait_for(state="hidden", timeout=30_000)
    narrow = open_page(live_guanxi, "/settings/channels", language="zh-CN", width=390, dark=True, sign_in=True)
    narrow.get_by_role("link", name="Support").click()
    narrow.wait_for_selector("#tried", state="attached")
    keep(narrow, "mailbox-zh-390")
