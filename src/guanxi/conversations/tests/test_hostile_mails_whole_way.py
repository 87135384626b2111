"""Hostile mails on their whole way, by the command and by a real mailbox: all are there, in bounded time and memory."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from guanxi.conversations.adapters.email import servers, watching
from guanxi.conversations.adapters.email.services.taking_in import Mailbox
from guanxi.conversations.models import Message
from guanxi.conversations.services.channels import create_channel
from guanxi.conversations.tests.hostile_mails import US, hostile_mails
from guanxi.core.actor import system_actor
from tests.installation import Installation
from tests.mail_servers import PASSWORD, MailServers

pytestmark = pytest.mark.full
MEMORY_KB = 450_000


def test_hostile_mails_by_the_command(guanxi: Installation, tmp_path: Path) -> None:
    """Each is answered as what it is, a second time the same; the most memory is that of the largest mail a few times."""
    folder, mails = tmp_path / "mails", hostile_mails()
    folder.mkdir()
    for number, (name, (raw, _wanted)) in enumerate(mails.items()):
        (folder / f"{number:02}-{name}.eml").write_bytes(raw)
    (folder / "99-empty.eml").write_bytes(b"")
    begun = time.monotonic()
    out, peak = guanxi.peak_of("import", "mail", folder, "--mailbox", US, "--json")
    assert time.monotonic() - begun < 120
    answers = json.loads(out)
    assert peak < MEMORY_KB, f"{peak / 1000:.0f} MB"
    assert [Path(one["file"]).stem[3:] for one in answers] == list(mails)
    for (name, (_raw, wanted)), answer in zip(mails.items(), answers, strict=True):
        assert {key: answer[key] for key in wanted} == wanted, name
    again = guanxi.run("import", "mail", folder, "--mailbox", US, "--json")
    assert again.json() == answers
    assert again.err.endswith("99-empty.eml: The file is empty.\n")
    assert again.err.count("\n") == 1


@pytest.mark.django_db(transaction=True)
def test_hostile_mails_by_a_real_mailbox(mail_servers: MailServers, settings: Any, tmp_path: Path) -> None:
    """The same mails from Dovecot: as many, none kept as a file that could not be read, and the mailbox read to its end."""
    settings.DATA_DIR = tmp_path
    mail_servers.empty(US)
    mails = hostile_mails()
    # A server takes no mail without a header and none with NUL.
    sent = {name: raw for name, (raw, _wanted) in mails.items() if name not in {"nothing", "nul", "noise"}}
    mail_servers.put(US, list(sent.values()))
    box = create_channel(
        actor=system_actor(), kind="email", name="Support", address=US, settings=mail_servers.settings(),
        secrets={"imap_password": PASSWORD},
    )  # fmt: skip
    with servers.mailbox(box) as client:
        folder = watching.select(client, box, "INBOX")
        assert watching.catch_up(client, Mailbox.of(box), folder) == len(sent)
    assert Message.objects.count() == len(sent)
    assert not Message.objects.filter(external_key__startswith="unread#").exists()
    largest = max(Message.objects.all(), key=lambda one: one.details.get("mail", {}).get("size", 0))
    assert largest.subject == "sixty-megabytes"
