"""Reading mailboxes as long as the installation runs: one thread a folder, told of new mails by IDLE or asking now and then.

What is stored is acknowledged by noting its number; a process that dies between the two finds the mail again and knows it.
A server that is gone is tried again after longer and longer pauses, and the channel says so. Where several processes or
machines run, a lock sees to it that a folder is read by one of them.
"""

import contextlib
import hashlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import close_old_connections, connection
from imapclient import IMAPClient

from guanxi.conversations.adapters.email import servers
from guanxi.conversations.adapters.email.archives import BEGINNING_BYTES, MAIL_BYTES_AT_MOST
from guanxi.conversations.adapters.email.configuration import Configuration, Existing
from guanxi.conversations.adapters.email.models import MailFolder
from guanxi.conversations.adapters.email.servers import MailError
from guanxi.conversations.adapters.email.services.mailboxes import begin_anew, folder_of, note_left, note_read
from guanxi.conversations.adapters.email.services.surely import is_passing, take_in_surely
from guanxi.conversations.adapters.email.services.taking_in import Mailbox
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import note_failed, note_worked
from guanxi.core import locks
from guanxi.core.database_away import drop_connection, is_away
from guanxi.core.errors import Busy

logger = logging.getLogger("guanxi.mail")

BATCH = 50
IDLE_SECONDS = 15 * 60
ASKED_EVERY_SECONDS = 30
LOOKED_EVERY_SECONDS = 5
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 300.0
SAID_EVERY_SECONDS = 60


@dataclass
class Watch:
    """One folder of a mailbox being read."""

    channel_id: int
    folder: str
    version: str
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


def run(stop: threading.Event | None = None) -> None:
    """Read all mailboxes until told to stop; channels that are set up, changed or closed are noticed."""
    stop = stop or threading.Event()
    watches: dict[tuple[int, str], Watch] = {}
    while not stop.is_set():
        _look(watches)
        stop.wait(LOOKED_EVERY_SECONDS)
    for watch in watches.values():
        watch.stop.set()
    for watch in watches.values():
        if watch.thread is not None:
            watch.thread.join(timeout=5)


def _look(watches: dict[tuple[int, str], Watch]) -> None:
    """Begin what is to be read and is not, end what is no longer to be read."""
    try:
        wanted = _wanted()
    except Exception as error:
        if not is_away(error):
            raise
        drop_connection()
        return
    for key, watch in list(watches.items()):
        if wanted.get(key) != watch.version or (watch.thread is not None and not watch.thread.is_alive()):
            watch.stop.set()
            del watches[key]
    for key, version in wanted.items():
        if key not in watches:
            watches[key] = _start(*key, version)


def _wanted() -> dict[tuple[int, str], str]:
    """Every folder that is to be read, with a mark that changes with the settings."""
    close_old_connections()
    found = {}
    for channel in Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True):
        held = Configuration.of(channel)
        if held.receives:
            # What a person changes; a token that the provider replaced is no reason to begin anew.
            version = hashlib.sha256(f"{channel.settings}{channel.updated_at}{channel.address}".encode()).hexdigest()
            found.update({(channel.pk, folder): version for folder in held.folders})
    return found


def _start(channel_id: int, folder: str, version: str) -> Watch:
    """Begin to read a folder in a thread of its own."""
    watch = Watch(channel_id, folder, version)
    watch.thread = threading.Thread(
        target=_keep_reading, args=(watch,), name=f"mail {channel_id} {folder}", daemon=True
    )
    watch.thread.start()
    return watch


def _keep_reading(watch: Watch) -> None:
    """Read a folder, again and again, until told to stop; whatever goes wrong is said and tried again."""
    pause = FIRST_PAUSE_SECONDS
    while not watch.stop.is_set():
        begun = time.monotonic()
        try:
            with locks.hold(f"mail:{watch.channel_id}:{watch.folder}"[:90], about=watch.folder) as lock:
                read_folder(watch, check=lock.check)
            pause = FIRST_PAUSE_SECONDS
        except Busy:
            pause = LOOKED_EVERY_SECONDS
        except Exception as error:  # noqa: BLE001 - said, and tried again
            pause = FIRST_PAUSE_SECONDS if time.monotonic() - begun > 60 else min(pause * 2, LONGEST_PAUSE_SECONDS)
            _say(watch, error)
        watch.stop.wait(pause)
    connection.close()


def _say(watch: Watch, error: Exception) -> None:
    """Say on the channel what went wrong; a database that is away is only waited for."""
    if is_away(error):
        drop_connection()
        return
    code, detail = (error.code, error.detail) if isinstance(error, MailError) else ("reading", str(error))
    if is_passing(error):
        code = "storing"
    elif not isinstance(error, MailError):
        logger.error("mail folder %s of channel %s", watch.folder, watch.channel_id, exc_info=error)
    with contextlib.suppress(Exception):  # the channel may just have been removed
        note_failed(watch.channel_id, code, detail, about=watch.folder)


def read_folder(watch: Watch, *, check: Callable[[], None] | None = None) -> None:
    """Catch up with a folder, then wait for what is new, until told to stop."""
    channel = Channel.objects.get(pk=watch.channel_id)
    with servers.mailbox(channel) as client, servers.told():
        folder = select(client, channel, watch.folder)
        mailbox = Mailbox.of(channel)
        said = 0.0
        while not watch.stop.is_set():
            close_old_connections()
            if check is not None:
                check()
            count = catch_up(client, mailbox, folder, stop=watch.stop)
            if count or time.monotonic() - said > SAID_EVERY_SECONDS:
                note_worked(channel.pk, about=watch.folder)
                said = time.monotonic()
            if not watch.stop.is_set():
                wait_for_mail(client, watch.stop)


def select(client: IMAPClient, channel: Channel, name: str) -> MailFolder:
    """Open a folder without changing it; begin anew where the server counts anew."""
    try:
        state = client.select_folder(name, readonly=True)
    except client.Error as error:
        raise MailError("no_folder", f"{name}: {error}") from error
    validity, following = int(state[b"UIDVALIDITY"]), int(state.get(b"UIDNEXT", 0))
    folder = folder_of(channel.pk, name)
    if folder.uid_validity != validity:
        is_first = folder.uid_validity == 0
        leaves_old = is_first and Configuration.of(channel).existing == Existing.NEW
        begin_anew(
            folder, uid_validity=validity, last_uid=_last_before(client, channel, following) if leaves_old else 0
        )
    return folder


def _last_before(client: IMAPClient, channel: Channel, following: int) -> int:
    """The last mail that lay there before the mailbox was set up; those that came since are not left behind."""
    since = channel.updated_at.replace(microsecond=0)
    client.normalise_times = False
    numbers = client.search(["SINCE", (since - timedelta(days=1)).date()])
    came = client.fetch(numbers, ["INTERNALDATE"]) if numbers else {}
    later = [uid for uid, known in came.items() if known[b"INTERNALDATE"] >= since]
    return (min(later) if later else max(1, following)) - 1


def catch_up(client: IMAPClient, mailbox: Mailbox, folder: MailFolder, *, stop: threading.Event | None = None) -> int:
    """Take in every mail after the last one that was taken in, in batches; how many there were."""
    numbers = [uid for uid in client.search(["UID", f"{folder.last_uid + 1}:*"]) if uid > folder.last_uid]
    numbers.sort()
    for begin in range(0, len(numbers), BATCH):
        batch = numbers[begin : begin + BATCH]
        sizes = client.fetch(batch, ["RFC822.SIZE"])
        for place, uid in enumerate(batch):
            if stop is not None and stop.is_set():
                return begin + place
            if uid in sizes:
                size = int(sizes[uid][b"RFC822.SIZE"])
                raw = _fetched(client, uid, size)
                if raw is not None:
                    take_in_surely(mailbox, raw, is_whole=size <= MAIL_BYTES_AT_MOST)
            note_read(folder, uid)
        note_left(folder, len(numbers) - begin - len(batch))
    return len(numbers)


def _fetched(client: IMAPClient, uid: int, size: int) -> bytes | None:
    """A mail, without marking it as read; of one beyond all limits its beginning. None when it is gone."""
    what = "BODY.PEEK[]" if size <= MAIL_BYTES_AT_MOST else f"BODY.PEEK[]<0.{BEGINNING_BYTES}>"
    answer = client.fetch([uid], [what]).get(uid, {})
    return next(
        (value for key, value in answer.items() if key.startswith(b"BODY[]") and isinstance(value, bytes)), None
    )


def wait_for_mail(client: IMAPClient, stop: threading.Event) -> None:
    """Return when something may have come: told by the server where it can, else after a while."""
    if b"IDLE" not in client.capabilities():
        if not stop.wait(ASKED_EVERY_SECONDS):
            client.noop()
        return
    client.idle()
    until = time.monotonic() + IDLE_SECONDS
    try:
        while not stop.is_set() and time.monotonic() < until:
            heard = client.idle_check(timeout=1)
            if any(len(each) > 1 and each[1] in {b"EXISTS", b"RECENT"} for each in heard):
                return
            if any(each and each[0] in {b"BYE"} for each in heard):
                raise MailError("broken", "BYE")
    finally:
        with contextlib.suppress(Exception):
            client.idle_done()
