"""A Guanxi of its own for a test: the command line in its own process, a server, a data folder, a database."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests import postgres
from tests.postgres import free_port

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 120
# A program that runs another and writes the most memory that one held to standard error, in kB.
MEASURES = (
    "import resource, subprocess, sys\n"
    "status = subprocess.call(sys.argv[1:])\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n"
    "sys.exit(status)"
)


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


@dataclass
class Installation:
    """A data folder with its database, and the command line that works on it."""

    data: Path
    database_url: str = ""
    command: tuple[str, ...] = (sys.executable, "-m", "guanxi")
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment its processes see."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GUANXI_", "PYTEST_", "COV_"))}
        kept.pop("DATABASE_URL", None)
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        if self.command == (sys.executable, "-m", "guanxi"):
            kept["PYTHONPATH"] = str(REPOSITORY / "src")
        if self.database_url:
            kept["DATABASE_URL"] = self.database_url
        return kept | {"GUANXI_DATA": str(self.data), "LANG": "C.UTF-8"} | self.settings

    def popen(self, *args: object, **options: Any) -> subprocess.Popen[str]:
        """Start a command and leave it running, in a process group of its own."""
        words = [*self.command, *(str(arg) for arg in args)]
        return subprocess.Popen(
            words, env=self.environment, cwd=self.data.parent, start_new_session=True, text=True, **options
        )

    def run(self, *args: object, expect: int | None = 0, stdin: str = "", timeout: float = 280) -> Finished:
        """Run `guanxi ARGS` to its end; fail unless it ends with the expected status (None: any)."""
        process = self.popen(*args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        finally:
            end_group(process)
        if expect is not None and process.returncode != expect:
            raise AssertionError(
                f"guanxi {' '.join(map(str, args))} ended with {process.returncode}, not {expect}\n{out}\n{err}"
            )
        return Finished(process.returncode, out, err)

    def peak_of(self, *args: object) -> tuple[str, int]:
        """What a command printed, and the most memory it held, in kB.

        A process is charged with the memory of whoever started it until it becomes another program: a small program
        starts it, so that the memory of the tests does not count.
        """
        words = [sys.executable, "-S", "-c", MEASURES, *self.command, *(str(arg) for arg in args)]
        ended = subprocess.run(
            words, env=self.environment, cwd=self.data.parent, text=True, capture_output=True, check=True
        )
        return ended.stdout, int(ended.stderr.splitlines()[-1])

    def json(self, *args: object, **options: Any) -> Any:
        """Run a command with --json and return what it printed."""
        return self.run(*args, "--json", **options).json()

    def make_database(self) -> None:
        """Make the database without going through a command."""
        code = "import django; django.setup(); from guanxi.project import database; database.ensure()"
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=START_SECONDS)

    def serve(self, *args: object, port: int | None = None) -> "Server":
        """Run `guanxi up` on a free port and wait until it answers."""
        server = Server(self, port or free_port(), args)
        server.start()
        return server


@dataclass
class Server:
    """A running `guanxi up`."""

    installation: Installation
    port: int
    args: tuple[object, ...] = ()
    owner: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self._log_path.read_text(errors="replace")

    @property
    def _log_path(self) -> Path:
        return self.installation.data.parent / f"{self.installation.data.name}-up-{self.port}.log"

    def run(self, *args: object, **options: Any) -> Finished:
        """Run a command on the same installation."""
        return self.installation.run(*args, **options)

    def json(self, *args: object, **options: Any) -> Any:
        """Run a command on the same installation and return what it printed as JSON."""
        return self.installation.json(*args, **options)

    def start(self) -> None:
        """Start the process and wait until its health check answers."""
        with self._log_path.open("a") as log:
            self.process = self.installation.popen(
                "up", "--port", self.port, *self.args, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        health = f"http://127.0.0.1:{self.port}/api/v1/health"
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"guanxi up ended with {self.process.returncode}:\n{self.log}")
            with contextlib.suppress(OSError), urllib.request.urlopen(health, timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.1)
        self.stop()
        raise AssertionError(f"guanxi up did not answer within {START_SECONDS} s:\n{self.log}")

    def stop(self, *, by: signal.Signals = signal.SIGTERM) -> None:
        """Stop it as a user (SIGINT), a service manager (SIGTERM) or a crash (SIGKILL) would."""
        if self.process is None:
            return
        if by == signal.SIGKILL:
            end_group(self.process)
        elif self.process.poll() is None:
            self.process.send_signal(by)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"guanxi up did not stop within 20 s:\n{self.log}") from None
        finally:
            end_group(self.process)
            self.process = None


def end_group(process: subprocess.Popen[str]) -> None:
    """Kill whatever is left of a process and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Maker:
    """Makes installations, new ones or copies of one that was prepared once for the whole run."""

    run: Path
    cluster: postgres.Cluster | None

    def empty(self, folder: Path) -> Installation:
        """An installation that nothing has touched: no database, an empty data folder."""
        folder.mkdir(parents=True, exist_ok=True)
        url = self.cluster.create(f"guanxi_{uuid4().hex[:12]}") if self.cluster else ""
        return Installation(folder, url)

    def copy(self, folder: Path, kind: str) -> Installation:
        """A copy of the prepared installation of a kind: `migrated` or `demo`."""
        prepared = self._prepared(kind)
        shutil.copytree(prepared.data, folder)
        if not self.cluster:
            return Installation(folder)
        return Installation(folder, self.cluster.create(f"guanxi_{uuid4().hex[:12]}", template=f"prepared_{kind}"))

    def copy_database(self, name: str) -> None:
        """The prepared, migrated database under another name: a path, or a name in the cluster."""
        prepared = self._prepared("migrated")
        if self.cluster:
            self.cluster.create(name, template="prepared_migrated")
        else:
            shutil.copy2(prepared.data / "guanxi.sqlite3", name)

    def prepared_data(self, kind: str) -> Path:
        """The data folder of the prepared installation of a kind, to be read."""
        return self._prepared(kind).data

    def _prepared(self, kind: str) -> Installation:
        """Prepare an installation of a kind once, whichever worker asks first."""
        name = f"prepared_{kind}"
        folder = self.run / ("postgres-" if self.cluster else "") / name
        installation = Installation(folder, self.cluster.url(name) if self.cluster else "")
        folder.parent.mkdir(exist_ok=True)
        with postgres.locked(folder.with_suffix(".lock")):
            ready, failed = folder.with_suffix(".ready"), folder.with_suffix(".failed")
            if failed.exists():
                raise AssertionError(f"a {kind} installation could not be prepared; the first test that asked says why")
            if not ready.exists():
                failed.touch()
                if kind == "demo":
                    shutil.copytree(self._prepared("migrated").data, folder)
                    if self.cluster:
                        self.cluster.create(name, template="prepared_migrated")
                    installation.serve("--demo").stop()
                else:
                    folder.mkdir()
                    if self.cluster:
                        self.cluster.create(name)
                    installation.make_database()
                ready.touch()
                failed.unlink()
        return installation


@pytest.fixture(scope="session")
def installations(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Maker:
    """Makes installations on the database this run is about."""
    on_postgres = pytestconfig.getoption("--db") == "postgres"
    return Maker(postgres.run_folder(), request.getfixturevalue("postgres_cluster") if on_postgres else None)


@pytest.fixture
def guanxi(installations: Maker, tmp_path: Path) -> Installation:
    """An installation with an empty, migrated database for this test alone."""
    return installations.copy(tmp_path / "guanxi", "migrated")


@pytest.fixture
def empty_guanxi(installations: Maker, tmp_path: Path) -> Installation:
    """An installation with an empty data folder and no database yet."""
    return installations.empty(tmp_path / "guanxi-empty")


@pytest.fixture
def run_guanxi(guanxi: Installation) -> Callable[..., Finished]:
    """Run `guanxi ARGS` in its own process on an installation of this test alone."""
    return guanxi.run


@pytest.fixture(scope="module")
def live_guanxi(installations: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server of this test module, with an owner (`.owner["name"]`, `.owner["password"]`)."""
    installation = installations.copy(tmp_path_factory.mktemp("live") / "guanxi", "migrated")
    owner = installation.json("user", "create", "owner", "--role", "owner")
    yield from serving(installation, owner)


@pytest.fixture(scope="module")
def demo_guanxi(installations: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server of this test module with the demo company, and an owner."""
    installation = installations.copy(tmp_path_factory.mktemp("demo") / "guanxi", "demo")
    owner = installation.json("user", "create", "test-owner", "--role", "owner")
    yield from serving(installation, owner)


def serving(installation: Installation, owner: dict[str, str]) -> Iterator[Server]:
    """Serve an installation until the module is done."""
    server = installation.serve()
    server.owner = owner
    try:
        yield server
    finally:
        server.stop()
