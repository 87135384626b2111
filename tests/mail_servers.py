"""Dovecot and Postfix as they are in the world, private to one run: own folders, free ports, people with mailboxes.

Postfix delivers mails to `PEOPLE` into the mailboxes that Dovecot shows; one to anybody else there comes back. Addresses with a plus sign reach the mailbox before it.
"""

import contextlib
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import reporting
from tests.postgres import run_folder

PASSWORD = "correct horse"
DAEMONS = Path("/usr/lib/postfix/sbin")
PEOPLE = ("support@example.com", "sales@example.com", "kim@example.net", "lee@example.net", "ann@example.net")
START_SECONDS = 20.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class MailServers:
    """Both servers and where they listen."""

    home: Path
    imap_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    auth_port: int = field(default_factory=free_port)
    # Where Dovecot asks whose a token is (`tests.token_provider`, while a test needs it).
    token_port: int = field(default_factory=free_port)
    dovecot: subprocess.Popen[bytes] | None = None

    def settings(self, **more: object) -> dict[str, object]:
        """The settings of a channel that uses them."""
        return {
            "imap_host": "127.0.0.1",
            "imap_port": self.imap_port,
            "imap_security": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp_port,
            "smtp_security": "none",
            "existing": "all",
            "has_plus_addresses": True,
            **more,
        }

    def start(self) -> None:
        """Start both and wait until they answer."""
        self._write_dovecot()
        self._write_postfix()
        self.start_dovecot()
        self._postfix("start")
        wait_for_port(self.smtp_port)

    def start_dovecot(self) -> None:
        """Start the mailboxes."""
        log = (self.home / "dovecot.out").open("ab")
        self.dovecot = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.home / "dovecot.conf")], stdout=log, stderr=log, start_new_session=True
        )
        wait_for_port(self.imap_port)

    def stop_dovecot(self) -> None:
        """The mailboxes are gone, and everybody who listens to them."""
        if self.dovecot is not None:
            self.dovecot.send_signal(signal.SIGTERM)
            self.dovecot.wait(timeout=15)
            self.dovecot = None

    def stop(self) -> None:
        """End both."""
        with contextlib.suppress(subprocess.SubprocessError):
            self._postfix("abort")
        self.stop_dovecot()

    def mailbox(self, address: str) -> imaplib.IMAP4:
        """A connection to somebody's mailbox."""
        client = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=10)
        client.login(address, PASSWORD)
        client.select("INBOX")
        return client

    def deliver(self, raw: bytes, *, sender: str, to: str) -> None:
        """Hand a mail to Postfix as another server would."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=10) as server:
            server.sendmail(sender, [to], raw)

    def put(self, address: str, mails: list[bytes], folder: str = "INBOX") -> None:
        """Lay mails into a mailbox without sending them."""
        client = self.mailbox(address)
        for raw in mails:
            client.append(folder, "", "", raw)
        client.logout()

    def lay(self, address: str, mails: list[bytes]) -> None:
        """Lay mails into a mailbox while the mailboxes are gone (Postfix asks Dovecot who may send, and waits for it)."""
        owner = pwd.getpwnam("nobody")
        for number, raw in enumerate(mails):
            path = self.home / "mail" / address / "new" / f"{time.time_ns()}.{number}.here"
            path.write_bytes(raw)
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def mails_of(self, address: str, *, count: int = 1, seconds: float = 20) -> list[bytes]:
        """The mails in somebody's mailbox, when there are so many."""
        until = time.monotonic() + seconds
        while True:
            client = self.mailbox(address)
            numbers = client.search(None, "ALL")[1][0].split()
            if len(numbers) >= count or time.monotonic() > until:
                found = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1] for number in numbers]  # type: ignore[index]
                client.logout()
                return found  # type: ignore[return-value]
            client.logout()
            time.sleep(0.1)

    def empty(self, address: str) -> None:
        """Take everything out of a mailbox; its server then counts anew."""
        shutil.rmtree(self.home / "mail" / address, ignore_errors=True)

    def _write_dovecot(self) -> None:
        """The settings of the mailboxes."""
        owner = pwd.getpwnam("nobody")
        mail = self.home / "mail"
        mail.mkdir()
        os.chown(mail, owner.pw_uid, owner.pw_gid)
        (self.home / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}::::::\n" for user in PEOPLE))
        (self.home / "oauth2.conf").write_text(
            f"introspection_url = http://127.0.0.1:{self.token_port}/who?access_token=\n"
            "introspection_mode = get\nusername_attribute = email\nactive_attribute = active\nactive_value = true\n"
        )
        (self.home / "dovecot.conf").write_text(f"""
base_dir = {self.home}/run
state_dir = {self.home}/state
log_path = {self.home}/dovecot.log
listen = 127.0.0.1
protocols = imap
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:{mail}/%u
mail_uid = {owner.pw_uid}
mail_gid = {owner.pw_gid}
first_valid_uid = 1
first_valid_gid = 1
mailbox_list_index = no
recipient_delimiter = +
imap_idle_notify_interval = 10 s
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {self.home}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN {self.home}/users
}}
userdb {{
  driver = passwd-file
  args = {self.home}/users
}}
service imap-login {{
  inet_listener imap {{
    port = {self.imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service auth {{
  inet_listener {{
    port = {self.auth_port}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
""")

    def _write_postfix(self) -> None:
        """The settings of the server that sends and takes."""
        home = self.home / "postfix"
        etc, spool, data = home / "etc", home / "spool", home / "data"
        for folder in (etc, spool, data):
            folder.mkdir(parents=True)
        owner = pwd.getpwnam("postfix")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        (etc / "people").write_text("".join(f"{address} {address}/\n" for address in PEOPLE))
        mail = pwd.getpwnam("nobody")
        (etc / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
daemon_directory = {DAEMONS}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
recipient_delimiter = +
maillog_file = {home}/log
maillog_file_prefixes = {home}
virtual_mailbox_domains = example.com, example.net
virtual_mailbox_maps = texthash:{etc}/people
virtual_mailbox_base = {self.home}/mail
virtual_uid_maps = static:{mail.pw_uid}
virtual_gid_maps = static:{mail.pw_gid}
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
smtpd_reject_unlisted_recipient = no
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{self.auth_port}
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
local_recipient_maps =
alias_maps =
alias_database =
message_size_limit = 80000000
minimal_backoff_time = 1s
queue_run_delay = 1s
""")
        plain = [
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite",
        ]
        plain += [f"{name} unix - - n - 0 bounce" for name in ("bounce", "defer", "trace")]
        plain += ["pickup unix n - n 60 1 pickup", "proxymap unix - - n - - proxymap", "error unix - - n - - error"]
        plain += ["retry unix - - n - - error", "smtp unix - - n - - smtp"]
        plain += ["anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache", "postlog unix-dgram n - n - 1 postlogd"]
        plain += ["flush unix n - n 1000? 0 flush", "verify unix - - n - 1 verify", "showq unix n - n - - showq"]
        plain += ["tlsmgr unix - - n 1000? 1 tlsmgr", "local unix - n n - - local", "virtual unix - n n - - virtual"]
        # One that serves on would ask a Dovecot that was stopped since, and refuse whoever signs in first.
        smtpd = f"127.0.0.1:{self.smtp_port} inet n - n - - smtpd -o max_use=1"
        (etc / "master.cf").write_text("\n".join([smtpd, *plain, ""]))

    def _postfix(self, word: str) -> None:
        """One word to Postfix."""
        done = subprocess.run(
            ["postfix", "-c", str(self.home / "postfix" / "etc"), word], capture_output=True, timeout=30, check=False
        )
        if done.returncode and word == "start":
            raise RuntimeError(f"postfix {word}: {done.stderr.decode(errors='replace')}")


def wait_for_port(port: int) -> None:
    """Return when somebody listens."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nobody listens on {port}")


@pytest.fixture(scope="session")
def mail_servers(request: pytest.FixtureRequest) -> Iterator[MailServers]:
    """Dovecot and Postfix, for the whole run of one worker."""
    if os.geteuid() or not shutil.which("dovecot") or not shutil.which("postfix"):
        reporting.leave_out(request.config, "Dovecot and Postfix", "both are needed, and root to run them privately")
    home = run_folder() / f"mail-servers-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    home.mkdir(mode=0o755)
    servers = MailServers(home)
    servers.start()
    try:
        yield servers
    finally:
        servers.stop()
