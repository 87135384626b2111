"""The process that reads a mailbox is killed fifty times at random moments: no mail is lost, none is there twice."""

import json
import subprocess
import sys

import pytest

from guanxi.conversations.tests.mail_corpus.sample import mail, text_part
from tests.installation import Installation
from tests.mail_servers import PASSWORD, PEOPLE, MailServers

pytestmark = pytest.mark.full
US, MAILS = "support@example.com", 300

# A supervisor in small: it forks readers as the installation does, and kills them. Between storing a mail and noting its
# number a reader pauses a little, so that many of the deaths fall there.
KILLS = """
import json, os, random, signal, sys, time
import django
django.setup()
from django.db import connection, connections
from guanxi.conversations.adapters.email import watching
from guanxi.conversations.adapters.email.models import MailFolder
from guanxi.conversations.models import Message
from guanxi.conversations.services.channels import create_channel
from guanxi.core import locks
from guanxi.core.actor import system_actor

given = json.loads(sys.argv[1])
chance = random.Random(int(given["seed"]))
create_channel(actor=system_actor(), kind="email", name="Support", address=given["address"], settings=given["settings"],
               secrets={"imap_password": given["password"]})
hold, note = locks.hold, watching.note_read
watching.locks.hold = lambda name, **more: hold(name, lease_seconds=0.3, **more)
watching.note_read = lambda folder, uid: (time.sleep(0.03), note(folder, uid))
watching.LOOKED_EVERY_SECONDS = watching.FIRST_PAUSE_SECONDS = 0.1

def reader():
    connections.close_all()
    pid = os.fork()
    if not pid:
        try:
            watching.run()
        finally:
            os._exit(1)
    return pid

def stored():
    return Message.objects.count()

killed = between = 0
while killed < 50:
    pid, before, began = reader(), stored(), time.monotonic()
    while stored() == before and time.monotonic() - began < 20:
        time.sleep(0.02)
    time.sleep(chance.random() * 0.2)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    killed += 1
    folder = MailFolder.objects.first()
    between += folder is not None and stored() > folder.last_uid
pid, began = reader(), time.monotonic()
while stored() < given["count"] and time.monotonic() - began < 120:
    time.sleep(0.1)
time.sleep(1)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
ids = list(Message.objects.order_by("at", "id").values_list("message_id", flat=True))
print(json.dumps({"killed": killed, "between": between, "ids": ids}))
"""


def test_killed_fifty_times_at_random_moments(guanxi: Installation, mail_servers: MailServers) -> None:
    """Real processes, killed by the system while they read real Dovecot; a good part between storing and noting."""
    for address in PEOPLE:
        mail_servers.empty(address)
    letters = [
        mail(text_part(f"Hello {n}"), sender=f"Kim <kim{n}@example.net>", to=US, subject=f"{n}", message_id=f"k{n}@x")
        for n in range(MAILS)
    ]
    mail_servers.put(US, letters)
    given = {"address": US, "settings": mail_servers.settings(), "password": PASSWORD, "count": MAILS, "seed": 5}
    environment = guanxi.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    words = [sys.executable, "-c", KILLS, json.dumps(given)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["killed"] == 50
    assert found["between"] >= 10, "too few deaths between storing and noting"
    assert found["ids"] == [f"k{n}@x" for n in range(MAILS)], "lost, doubled or out of order"
