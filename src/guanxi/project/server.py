"""A web process: granian on sockets that the supervisor has opened."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from guanxi.integration.public import keep_callers

if TYPE_CHECKING:
    from guanxi.project.asgi import Application


logger = logging.getLogger("guanxi.server")

BACKLOG = 1024
MOST_CONNECTIONS = 4096
STOP_SECONDS = 4


class SocketServer(Server):
    """Granian in our own event loop, on a socket that is open already."""

    def __init__(self, app: "Application", opened: socket.socket) -> None:
        """Take a copy of the socket: granian closes what it is given."""
        host, port = opened.getsockname()[:2]
        super().__init__(
            app,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            websockets=False,
            backlog=BACKLOG,
            backpressure=MOST_CONNECTIONS,
            log_level=LogLevels.error,
        )
        self.workers_kill_timeout = STOP_SECONDS
        self.opened = opened

    def _init_shared_socket(self) -> None:
        """Use the open socket instead of binding one."""
        # The library's own types know only the form it uses on Windows.
        self._shd: Any = SocketHolder(os.dup(self.opened.fileno()), False, BACKLOG)  # type: ignore[call-arg]
        self._ssp = None


def open_sockets(addresses: Sequence[tuple[str, int]], *, share: bool) -> list[socket.socket]:
    """Bind one socket for each address; several processes may share a port where the system spreads connections."""
    opened = []
    for host, port in addresses:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if share:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        bound.setblocking(False)
        bound.bind((host, port))
        bound.listen(BACKLOG)
        opened.append(bound)
    return opened


def serve(application: "Application", sockets: Sequence[socket.socket]) -> None:
    """Serve until SIGTERM or SIGINT."""
    # A browser that goes away must not end us.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    asyncio.run(_serve(application, sockets))


async def _serve(application: "Application", sockets: Sequence[socket.socket]) -> None:
    """Run one granian for each socket, all in this loop."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    logging.getLogger("_granian").setLevel(logging.ERROR)
    servers = [SocketServer(application, opened) for opened in sockets]
    keep_callers()
    running = [asyncio.create_task(server.serve()) for server in servers]
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait([stopped, *running], return_when=asyncio.FIRST_COMPLETED)
    application.close()
    for server in servers:
        server.stop()  # type: ignore[no-untyped-call]
    done, late = await asyncio.wait(running, timeout=STOP_SECONDS)
    for task in done:
        if task.exception() is not None:
            logger.error("the web server failed", exc_info=task.exception())
    # Threads still at work on a request must not keep the process; the supervisor waits no longer either.
    os._exit(0 if stopping.is_set() and not late else 1)
