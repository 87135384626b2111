"""An installation to measure: a folder and a database of its own, run as any user would run it."""

import html
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from guanxi.core.errors import Unavailable

STARTS_WITHIN_SECONDS = 60
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")


@dataclass
class Installation:
    """A folder of data, and a database."""

    folder: Path
    database_url: str = ""
    processes: int = 2
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes: nothing of the caller's own Guanxi."""
        own = {"GUANXI_DATA": str(self.folder), "GUANXI_WEB_PROCESSES": str(self.processes), **self.more}
        if self.database_url:
            own["DATABASE_URL"] = self.database_url
        return {name: os.environ[name] for name in KEPT if name in os.environ} | own

    def run(self, *words: object) -> Any:
        """Run a command and return what it answers as JSON; its errors are ours."""
        return self.python("guanxi", *words, "--json")

    def python(self, module: str, *words: object) -> Any:
        """Run a module that prints JSON in this installation's environment."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", module, *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [""])[-1]
            raise Unavailable(
                _("“%(words)s” failed: %(why)s") % {"words": " ".join(map(str, (module, *words[:2]))), "why": last}
            )
        return json.loads(done.stdout)

    @contextmanager
    def served(self) -> Iterator[int]:
        """Serve until the block ends; gives the port."""
        port = free_port()
        with (self.folder / "up.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "guanxi", "up", "--port", str(port)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                _wait_until_it_answers(port, process)
                yield port
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)

    def signed_in(self, port: int, name: str, password: str) -> str:
        """Sign in as a browser does; returns the cookies to send."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        address = f"http://localhost:{port}/accounts/login/"
        page = opener.open(address, timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = {"login": name, "password": password, "csrfmiddlewaretoken": html.unescape(token[1]) if token else ""}
        opener.open(urllib.request.Request(address, urllib.parse.urlencode(form).encode()), timeout=30).close()
        if not any(cookie.name == "guanxi_session" for cookie in jar):
            raise Unavailable(_("Signing in for the measurement failed."))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def profile_of(installation: Installation, path: str) -> str:
    """Return where one page spends its time, measured in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "guanxi.project.bench.profiling", "bench", path],
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr.strip()[-2000:]


def _wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return when the health check says that it serves."""
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise Unavailable(_("The installation to be measured did not start."))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def new_database(server_url: str, *, like: str = "") -> Iterator[str]:
    """Make a database beside the one that an address names, and drop it afterwards; that one itself is not touched.

    `like`: the address of one beside it that is copied; nobody may be connected to that.
    """
    import psycopg  # only where PostgreSQL is measured

    name = f"guanxi_bench_{uuid4().hex[:10]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        copied = urllib.parse.urlsplit(like).path.lstrip("/")
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{copied}"' if copied else ""))
    parts = urllib.parse.urlsplit(server_url)
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def server_conditions(server_url: str) -> dict[str, str]:
    """Return the settings of a PostgreSQL server that decide how fast it is, to be told with every figure."""
    import psycopg

    names = ("server_version", "shared_buffers", "fsync", "synchronous_commit", "full_page_writes", "jit")
    with psycopg.connect(server_url) as connection:
        return {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in names}  # type: ignore[index]
