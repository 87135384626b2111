"""One call to a receiver: to the address that was checked, within one deadline, reading no more than a little."""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from guanxi.integration.webhooks import addresses

DEADLINE_SECONDS = 10.0
ANSWER_BYTES = 16_384
SHOWN_CHARACTERS = 500


@dataclass(frozen=True)
class Outcome:
    """What came of a call; `problem` is '' when the receiver has heard it."""

    took_ms: int
    status: int | None = None
    problem: str = ""
    answer: str = ""
    retry_after_seconds: int | None = None

    @property
    def is_heard(self) -> bool:
        """Whether the receiver has taken the message."""
        return self.problem == ""

    @property
    def is_away(self) -> bool:
        """Whether the receiver as a whole cannot be reached or asks for rest, whatever the message."""
        return self.status is None or self.status in {429, 502, 503, 504}


class _Connection(http.client.HTTPConnection):
    """A connection to one checked address; every wait ends with the deadline."""

    def __init__(self, place: addresses.Place, deadline: float) -> None:
        """Nothing is opened yet."""
        super().__init__(place.host, place.port, timeout=DEADLINE_SECONDS)
        self.place = place
        self.deadline = deadline

    def connect(self) -> None:
        """Open the connection to the address itself, and have the certificate checked for the name."""
        plain = socket.socket(self.place.family, socket.SOCK_STREAM)
        try:
            plain.settimeout(left(self.deadline))
            plain.connect((self.place.address, self.place.port))
            if self.place.scheme == "https":
                plain.settimeout(left(self.deadline))
                self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.place.host)
            else:
                self.sock = plain
        except BaseException:
            plain.close()
            raise


def left(deadline: float) -> float:
    """The seconds until the deadline; TimeoutError when it is over."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def post(url: str, body: bytes, headers: dict[str, str], *, seconds: float = DEADLINE_SECONDS) -> Outcome:
    """Call once. A redirect is not followed: it could lead inside."""
    started = time.monotonic()
    deadline = started + seconds

    def outcome(problem: str = "", **more: object) -> Outcome:
        """What is told of the call."""
        return Outcome(took_ms=round((time.monotonic() - started) * 1000), problem=problem, **more)  # type: ignore[arg-type]

    try:
        place = addresses.resolve(url)
        connection = _Connection(place, deadline)
        try:
            connection.request("POST", place.path, body, {**headers, "Host": place.host_header, "Connection": "close"})
            response, answer = _read(connection, deadline)
        finally:
            connection.close()
    except addresses.InsideError:
        return outcome("inside")
    except socket.gaierror:
        return outcome("name")
    except ssl.SSLCertVerificationError:
        return outcome("certificate")
    except TimeoutError:
        return outcome("timeout")
    except (OSError, http.client.HTTPException, ValueError):
        return outcome("connection")
    status = response.status
    problem = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "status"
    return outcome(
        problem, status=status, answer=_shown(answer), retry_after_seconds=_seconds(response.getheader("Retry-After"))
    )


def _read(connection: _Connection, deadline: float) -> tuple[http.client.HTTPResponse, bytes]:
    """The head of the answer and the beginning of its body.

    A watch shuts the connection at the deadline: each single wait may be short while all of them never end.
    """
    watch = threading.Timer(left(deadline), _shut, (connection.sock,))
    watch.daemon = True
    watch.start()
    try:
        response = connection.getresponse()
        return response, _beginning(response)
    except (OSError, http.client.HTTPException):
        left(deadline)  # TimeoutError where it was the watch that ended it
        raise
    finally:
        watch.cancel()


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """The first bytes of a body. Once the head is here it is known whether the receiver has heard us, whatever follows."""
    parts: list[bytes] = []
    room = ANSWER_BYTES
    try:
        while room > 0 and (part := response.read1(min(room, 4096))):
            parts.append(part)
            room -= len(part)
    except (OSError, http.client.HTTPException, ValueError):
        pass
    return b"".join(parts)


def _shut(sock: socket.socket) -> None:
    """End every wait on a socket."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _shown(answer: bytes) -> str:
    """The beginning of an answer as text for the log."""
    text = answer.decode("utf-8", "replace").replace("\x00", "")
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)[:SHOWN_CHARACTERS]


def _seconds(text: str | None) -> int | None:
    """Retry-After where it is given in seconds."""
    return min(int(text), 24 * 3600) if text and text.strip().isdecimal() and len(text) < 9 else None
