"""The API of a running server with two web processes: revocation reaches both, and hostile requests harm neither."""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, Maker, Server, serving

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]
SECONDS_UNTIL_REVOKED = 5.0


@pytest.fixture(scope="module")
def two_processes(installations: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two web processes and an owner."""
    installation = installations.copy(tmp_path_factory.mktemp("two") / "guanxi", "migrated")
    installation.settings |= {"GUANXI_WEB_PROCESSES": "2", "GUANXI_API_REQUESTS_PER_MINUTE": "0"}
    owner = installation.json("user", "create", "owner", "--role", "owner")
    yield from serving(installation, owner)


def token_of(installation: Installation | Server, user: str, scope: str = "write") -> dict[str, str]:
    """A token of a user."""
    made: dict[str, str] = installation.json("token", "create", "--user", user, "--scope", scope, "--per-minute", "0")
    return made


@pytest.fixture(scope="module")
def token(two_processes: Server) -> str:
    """A token of the owner, for the tests that harm none."""
    return token_of(two_processes, "owner")["token"]


def status_of(
    server: Server, token: str, path: str = "customers?limit=1", method: str = "GET", body: Any = None
) -> int:
    """What a fresh connection (so any of the processes) answers."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Connection": "close"}
    request = urllib.request.Request(f"{server.url}/api/v1/{path}", content, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def become(server: Server, token: str, wanted: int, **how: Any) -> None:
    """Ask both processes again and again from now on: within five seconds all answer so, and go on to."""
    until = time.monotonic() + SECONDS_UNTIL_REVOKED
    while time.monotonic() < until and status_of(server, token, **how) != wanted:
        pass
    answers = {status_of(server, token, **how) for _ in range(24)}
    assert answers == {wanted}


def warm(server: Server, token: str, **how: Any) -> None:
    """Let both processes know the token well."""
    assert {status_of(server, token, **how) for _ in range(24)} <= {200, 201}


def test_an_ended_token_ends_in_both_processes(two_processes: Server) -> None:
    made = token_of(two_processes, "owner")
    warm(two_processes, made["token"])
    two_processes.run("token", "revoke", made["id"])
    become(two_processes, made["token"], 401)


def test_a_user_who_is_disabled_is_out_of_both_processes(two_processes: Server) -> None:
    two_processes.run("user", "create", "leaver", "--role", "manager")
    token = token_of(two_processes, "leaver")["token"]
    warm(two_processes, token)
    two_processes.run("user", "disable", "leaver")
    become(two_processes, token, 401)


def test_a_narrower_role_holds_in_both_processes(two_processes: Server) -> None:
    """A manager who becomes an auditor reads as before and enters nobody any more."""
    two_processes.run("user", "create", "mover", "--role", "manager")
    token = token_of(two_processes, "mover")["token"]
    enter = {"path": "customers", "method": "POST", "body": {"name": "Anna"}}
    warm(two_processes, token, **enter)
    in_another_process(two_processes, "update_user(actor=console_actor(), user_id=user.pk, role='auditor')", "mover")
    become(two_processes, token, 403, **enter)
    warm(two_processes, token)


def in_another_process(server: Server, statement: str, user: str) -> None:
    """Do something with a user in a process of its own."""
    code = (
        "import django; django.setup(); from guanxi.core.actor import console_actor; "
        "from guanxi.core.models import User; from guanxi.people.services import update_user; "
        f"user = User.objects.get(username={user!r}); {statement}"
    )
    environment = server.installation.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=120)


def resident_mb(server: Server) -> int:
    """Memory of the server's processes together."""
    assert server.process is not None
    group, total = server.process.pid, 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[2]) == group:
                    total += int((folder / "statm").read_text().split()[1]) * 4096
            except (OSError, ValueError, IndexError):
                continue
    return total // 1024**2


def raw(server: Server, head: str) -> socket.socket:
    """A connection on which a head was sent."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(head.replace("\n", "\r\n").encode("latin-1"))
    return connection


def answer_on(connection: socket.socket) -> http.client.HTTPResponse:
    """What comes back, up to the end of the head."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer


def test_a_large_body_of_a_token_without_scope_is_refused_unread(two_processes: Server) -> None:
    """403 after the head alone, then the connection ends; of 200 MB that follow nothing is kept."""
    token = token_of(two_processes, "owner", "read")["token"]
    for path, kind in (("imports", "multipart/form-data; boundary=x"), ("customers", "application/json")):
        before = resident_mb(two_processes)
        connection = raw(
            two_processes,
            f"POST /api/v1/{path} HTTP/1.1\nHost: localhost\nAuthorization: Bearer {token}\n"
            f"Content-Type: {kind}\nContent-Length: {200 * 1024**2}\n\n",
        )
        with connection:
            answer = answer_on(connection)  # nothing of the body was sent yet
            assert (answer.status, answer.getheader("Connection")) == (403, "close")
            assert answer.getheader("Content-Type") == "application/problem+json"
            sent = 0
            with contextlib.suppress(OSError):  # it is closed, as it should be
                while sent < 200 * 1024**2:
                    sent += connection.send(b"x" * 65536)
            assert sent < 150 * 1024**2
        assert resident_mb(two_processes) - before < 60


def test_a_body_too_large_or_lying_about_its_length_is_a_problem_document(two_processes: Server, token: str) -> None:
    """413 by what is said, 400 or 413 by what comes; a negative or doubled length never reaches a handler."""
    head = f"POST /api/v1/customers HTTP/1.1\nHost: localhost\nAuthorization: Bearer {token}\nContent-Type: application/json\n"
    with raw(two_processes, head + f"Content-Length: {21 * 1024**2}\n\n") as connection:
        assert answer_on(connection).status == 413
    with raw(two_processes, head + "Transfer-Encoding: chunked\n\n") as connection:
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        with contextlib.suppress(OSError):
            for _ in range(64):
                connection.sendall(chunk)
        # It may be closed before the answer can be read, with the rest on its way.
        with contextlib.suppress(OSError, http.client.HTTPException):
            assert answer_on(connection).status == 413
    for lie in ("Content-Length: -1", "Content-Length: 5\nContent-Length: 7", "Content-Length: 5x"):
        hung_up = contextlib.suppress(http.client.HTTPException)  # which is an answer too
        with raw(two_processes, head + lie + '\n\n{"name": "x"}') as connection, hung_up:
            assert answer_on(connection).status in {400, 411}
    assert status_of(two_processes, token) == 200


def test_slow_bodies_keep_nobody_waiting(two_processes: Server, token: str) -> None:
    """Two hundred bodies that never end take no thread: everybody else is answered."""
    head = f"POST /api/v1/customers HTTP/1.1\nHost: localhost\nAuthorization: Bearer {token}\nContent-Type: application/json\n"
    slow = [raw(two_processes, head + 'Content-Length: 1000\n\n{"name"') for _ in range(200)]
    try:
        assert [status_of(two_processes, token) for _ in range(20)] == [200] * 20
    finally:
        for connection in slow:
            connection.close()
    assert status_of(two_processes, token) == 200


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"[" * 200_000, {400}),
        (b'{"name":' * 5_000 + b"1" + b"}" * 5_000, {400}),
        (b'{"name": ' + b"9" * 1_000_000 + b"}", {400, 422}),
        (b'{"name": "x", "custom": {"a": 1e999}}', {400, 422}),
        (b'{"name": "a\\u0000b"}', {400}),
        (b'{"name": "a\x00b"}', {400}),
        (b'{"name": "\xff\xfe"}', {400}),
        (b'{"name": "\\ud800"}', {400}),
        (b'{"name": "a", "name": "b"}', {400}),
        (b"", {400, 422}),
        (b"null", {422}),
        (b'"x"', {422}),
    ],
)
def test_hostile_bodies_get_one_clear_answer(
    two_processes: Server, token: str, body: bytes, statuses: set[int]
) -> None:
    """A problem document each, nothing written, nothing in the log."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{two_processes.url}/api/v1/customers", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request, timeout=30):
        pass
    with refused.value as answer:
        told = json.loads(answer.read())
    assert answer.code in statuses, told
    assert told["status"] == answer.code
    assert "Traceback" not in two_processes.log


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("customers?" + "&".join(f"a{n}=1" for n in range(3_000)), {400, 414, 422, 431}),
        ("customers?q=%00", {400}),
        ("customers?q=%ff%fe", {200, 400, 422}),
        ("customers/%00", {400, 404}),
        ("customers/%ff", {400, 404}),
        ("customers/..%2f..%2fetc", {404}),
        ("orders?limit=99999999999999999999999999", {422}),
        ("orders?after=%ff", {422}),
        ("history?record=99999999999999999999999999999999999999", {200, 422}),
        ("customers/cus_zzzzzzzzzzzzzzzzzzzzzzzzz", {404}),
    ],
)
def test_hostile_addresses_get_one_clear_answer(
    two_processes: Server, token: str, path: str, statuses: set[int]
) -> None:
    """Never a fault of ours."""
    assert status_of(two_processes, token, path) in statuses
    assert "Traceback" not in two_processes.log
