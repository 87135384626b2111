"""Everything in one foreground process tree: what `guanxi up` does."""

import errno
import logging
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.core.errors import Unavailable
from guanxi.core.jobs.worker import Worker
from guanxi.core.listening import listeners
from guanxi.project import database, server, static_files, upgrading
from guanxi.project.supervisor import Child, Supervisor, apart

logger = logging.getLogger("guanxi.up")

QUEUE_GROUPS = (("now",), ("default",), ("long",), ("outside",))
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def serve(*, host: str, port: int, with_demo: bool) -> int:
    """Prepare what is missing and serve until a signal; the exit status."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    started = time.monotonic()
    addresses = addresses_of(host, port)
    refuse_port_in_use(addresses)
    upgrading.announce_and_back_up()
    database.ensure()
    if static_files.prepare():
        logger.info("static files prepared")
    if with_demo and (status := apart(_set_up_demo)):
        return status
    Supervisor(_children(addresses), Announcement(host, port, started)).run()
    logger.info("stopped")
    return 0


def addresses_of(host: str, port: int) -> list[tuple[str, int]]:
    """The addresses to bind: both loopbacks for this machine only, else the one given."""
    if host in LOOPBACK:
        return [("127.0.0.1", port), *([("::1", port)] if _has_ipv6_loopback() else [])]
    return [(host, port)]


def _has_ipv6_loopback() -> bool:
    """Whether ::1 can be bound on this machine."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def refuse_port_in_use(addresses: Sequence[tuple[str, int]]) -> None:
    """Say in one sentence why the port cannot be had, before anything else is done."""
    try:
        # Not shared: another server's shared port would otherwise be taken for free.
        for opened in server.open_sockets(addresses, share=False):
            opened.close()
    except OSError as error:
        host, port = addresses[0]
        if error.errno == errno.EADDRINUSE:
            sentence = _("Port %(port)s is in use by another program; choose another one with --port.")
        elif error.errno == errno.EACCES:
            sentence = _("Port %(port)s may not be used by this user; choose one above 1023 with --port.")
        else:
            sentence = _("The address %(host)s does not belong to this machine; choose another one with --host.")
        raise Unavailable(sentence % {"port": port, "host": host}) from None


def _set_up_demo() -> None:
    """Bring the demo company and print who may sign in."""
    from guanxi.demo import public as demo  # its data take a moment to load and most installations never need them

    demo.set_up(say=_print)


def _children(addresses: Sequence[tuple[str, int]]) -> list[Child]:
    """The web processes and a worker for each group of queues."""
    count = settings.CONFIG.web_processes or (2 if settings.CONFIG.is_postgres else 1)
    shares = count > 1 and sys.platform == "linux"
    # Loaded before the fork, so that every child has it; and not earlier: it looks for the prepared static files.
    from guanxi.project.asgi import application

    children = []
    # Opened here and kept open: while a web process is replaced, its callers wait in the queue.
    opened = server.open_sockets(addresses, share=shares)
    for number in range(count):
        if shares and number:
            opened = server.open_sockets(addresses, share=True)
        children.append(Child(f"web process {number + 1}", partial(server.serve, application, opened)))
    for queues in QUEUE_GROUPS:
        children.append(Child(f"worker for {', '.join(queues)}", partial(_work, queues)))
    children += [Child(f"listener for {name}", listen) for name, listen in listeners.items()]
    return children


def _work(queues: Sequence[str]) -> None:
    """Be a worker."""
    Worker(queues=queues).run()


def _print(sentence: object) -> None:
    """One line on standard output, at once."""
    try:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()
    except OSError:
        # Whoever read our output is gone by now, or never was there; serving goes on.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


class Announcement:
    """Says once that the installation serves, and where."""

    def __init__(self, host: str, port: int, started: float) -> None:
        """Nothing is said yet."""
        is_local = host in (*LOOPBACK, "0.0.0.0", "::")  # noqa: S104
        shown = "localhost" if is_local else f"[{host}]" if ":" in host else host
        asked = "127.0.0.1" if is_local else shown
        self.address = f"http://{shown}:{port}"
        self.health = f"http://{asked}:{port}/api/v1/health"
        self.started = started
        self.is_said = False
        self.is_worried = False

    def __call__(self) -> None:
        """Ask for the health until it is good."""
        if self.is_said:
            return
        try:
            # Straight to our own port, whatever proxy the environment names.
            direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with direct.open(self.health, timeout=1) as answer:
                self.is_said = answer.status == 200
        except (urllib.error.URLError, OSError):
            self._worry()
        if self.is_said:
            _print(_("Guanxi serves at %(address)s") % {"address": self.address})

    def _worry(self) -> None:
        """Say, once, that it takes long."""
        if not self.is_worried and time.monotonic() - self.started > 30:
            self.is_worried = True
            logger.warning("not serving yet after 30 s; pid %d goes on trying", os.getpid())
