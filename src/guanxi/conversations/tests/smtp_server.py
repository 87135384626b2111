"""A server that sends mails, for tests of what such servers do: it answers as it is told and keeps what it took."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# What a server answers to a command (`line` while it is sent a mail, `.` at its end): its line, '' for closing the connection without a word, None for the usual answer.
Answers = Callable[[str, "SmtpServer"], str | None]
USUAL = {"EHLO": "250-here\r\n250 SIZE 80000000", "DATA": "354 go on", "QUIT": "221 bye", ".": "250 taken"}


@dataclass
class SmtpServer:
    """One server on a free port."""

    answers: Answers = lambda _command, _server: None
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    connections: int = 0
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def settings(self) -> dict[str, object]:
        """The settings of a mailbox that sends by it."""
        port = self.listener.getsockname()[1]
        return {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "sign_in": "none"}

    def run(self) -> None:
        """Serve one after another until closed."""
        with suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                self.connections += 1
                with connection, suppress(OSError, EOFError):
                    self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        """One connection from greeting to leave-taking."""
        stream = connection.makefile("rb")
        connection.sendall(b"220 here\r\n")
        people: list[str] = []
        while line := stream.readline():
            command = line.decode("utf-8", "replace").strip()
            if command.upper().startswith("RCPT"):
                people.append(command.partition("<")[2].partition(">")[0])
            said = self._say(connection, command)
            if command.upper() == "DATA" and said.startswith("3"):
                lines: list[bytes] = []
                while (got := stream.readline()) not in {b".\r\n", b""}:
                    lines.append(got.removeprefix(b".") if got.startswith(b"..") else got)
                    if self.answers("line", self) == "":
                        return
                told = self._say(connection, ".")
                if told.startswith("2"):
                    self.taken.append((people, b"".join(lines)))
                people = []
            elif not said.startswith("2") and command.upper().startswith("RCPT"):
                people.pop()
            if command.upper() == "QUIT":
                return

    def _say(self, connection: socket.socket, command: str) -> str:
        """Answer; closing is an end."""
        told = self.answers(command, self)
        if told == "":
            raise EOFError
        said = told if told is not None else USUAL.get(command.upper().split(" ")[0], "250 fine")
        connection.sendall(said.encode() + b"\r\n")
        return said


@contextmanager
def smtp_server(answers: Answers = lambda _command, _server: None) -> Iterator[SmtpServer]:
    """A server at work."""
    server = SmtpServer(answers)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        # One that only closes waits in `accept` for ever.
        with suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join(timeout=5)
