"""A private PostgreSQL server for one test run: own folder, own port, ordinary user, no durability."""

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_SETTINGS = {"shared_buffers": "256MB", "max_connections": "200", "listen_addresses": "127.0.0.1"}
NO_DURABILITY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
USER = "guanxi"
RUN_FOLDER = "GUANXI_TEST_RUN"


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    folder: Path
    port: int

    def url(self, database: str) -> str:
        """The address of one of its databases, as DATABASE_URL takes it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, as a copy of another one if asked, and return its address."""
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database whoever is still connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        import psycopg  # a driver is needed only by runs that use PostgreSQL

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server at once, or in order (`fast`)."""
        subprocess.run(
            [_program("pg_ctl"), "-D", self.folder / "data", "-m", mode, "-w", "stop"],
            **_as_ordinary_user(),
            check=False,
            capture_output=True,
        )


def run_folder() -> Path:
    """The folder of this test run, shared by all its workers."""
    return Path(os.environ[RUN_FOLDER])


def what_is_missing() -> str:
    """Why no server can be run on this machine; empty when one can."""
    if _program("initdb") is None:
        return "no PostgreSQL server programs found (Debian and Ubuntu: apt-get install postgresql)"
    return ""


def shared_cluster(run: Path, *, is_durable: bool = False) -> Cluster:
    """The server of this run, started by whoever asks first; a durable one writes to disk as in use."""
    folder = run / "postgres"
    with locked(run / "postgres.lock"):
        ready = run / "postgres.port"
        if not ready.exists():
            _start(folder, port := free_port(), SERVER_SETTINGS | ({} if is_durable else NO_DURABILITY))
            ready.write_text(str(port))
        return Cluster(folder, int(ready.read_text()))


@contextmanager
def kept_cluster(folder: Path) -> Iterator[Cluster]:
    """A server that writes to disk and whose databases stay in the folder for the next time; stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "lock"):
        port = free_port()
        _start(folder / "postgres", port, SERVER_SETTINGS)
        try:
            yield Cluster(folder / "postgres", port)
        finally:
            Cluster(folder / "postgres", port).stop("fast")


def stop_shared_cluster(run: Path) -> None:
    """Stop the server of this run, if it has one."""
    ready = run / "postgres.port"
    if ready.exists():
        Cluster(run / "postgres", int(ready.read_text())).stop()
        ready.unlink()


def _start(folder: Path, port: int, settings: dict[str, str]) -> None:
    """Start a server in a folder, made when it has none yet, and wait until it answers."""
    folder.mkdir(mode=0o700, exist_ok=True)
    as_user = _as_ordinary_user()
    if as_user:
        os.chown(folder, int(as_user["user"]), int(as_user["group"]))
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        initdb = [
            _program("initdb"),
            "-D",
            data,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        subprocess.run(initdb, **as_user, check=True, capture_output=True, cwd=folder)
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    options += f" -c port={port} -c unix_socket_directories={folder}"
    start = [_program("pg_ctl"), "-D", data, "-l", folder / "server.log", "-o", options, "-w", "-t", "60", "start"]
    # Not captured: the server would hold the pipe open for as long as it runs.
    result = subprocess.run(
        start, **as_user, check=False, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    if result.returncode:
        raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'server.log').read_text()}")


def _program(name: str) -> str | None:
    """The newest PostgreSQL program of that name: Debian keeps them out of the PATH."""
    packaged = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: float(p.parts[4]) if p.parts[4] else 0
    )
    return str(packaged[-1]) if packaged else shutil.which(name)


def _as_ordinary_user() -> dict[str, object]:
    """How to start a program as somebody who is not root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise RuntimeError("there is no ordinary user to run PostgreSQL as")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock among the workers of this run."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
