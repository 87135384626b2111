"""What must survive: a worker killed in a job, a foreign lock on the database, a database that goes away."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request

import pytest

from tests import postgres
from tests.installation import REPOSITORY, end_group, free_port
from tests.reporting import leave_out

TASKS = """
    import os, time
    from pathlib import Path
    from guanxi.core.jobs import policy, task

    @task
    @policy(max_tries=3, first_pause_seconds=0.2)
    def slow(folder, seconds):
        folder = Path(folder)
        (folder / f"started-{os.getpid()}").touch()
        time.sleep(seconds)
        with (folder / "done").open("a") as file:
            file.write(f"{os.getpid()}\\n")
"""
START = """
    import os, sys, logging
    import django
    from django.conf import settings
    settings.DATABASES["default"].setdefault("OPTIONS", {})
    if "sqlite3" in settings.DATABASES["default"]["ENGINE"]:
        settings.DATABASES["default"]["OPTIONS"]["timeout"] = 1
    django.setup()
"""
WORK = (
    START
    + """
    if sys.argv[1:]:
        import fault_tasks
        fault_tasks.slow.enqueue(sys.argv[1], float(sys.argv[2]))
    from guanxi.core.jobs.worker import Worker
    Worker(lease_seconds=2).run()
"""
)
ENQUEUE = (
    START
    + """
    import fault_tasks
    fault_tasks.slow.enqueue(sys.argv[1], float(sys.argv[2]))
"""
)


class Workshop:
    """Workers of an installation, and a task that leaves traces in a folder."""

    def __init__(self, guanxi, folder):
        """Write the task where the workers find it."""
        self.guanxi, self.folder = guanxi, folder
        (folder / "fault_tasks.py").write_text(textwrap.dedent(TASKS))
        guanxi.settings = {
            "PYTHONPATH": f"{REPOSITORY / 'src'}{os.pathsep}{folder}",
            "DJANGO_SETTINGS_MODULE": "guanxi.project.settings",
        }
        self.processes = []

    def python(self, source, *args):
        """Run a script beside the installation."""
        command = [sys.executable, "-c", textwrap.dedent(source), *map(str, args)]
        log = (self.folder / f"{len(self.processes)}.log").open("w")
        process = subprocess.Popen(
            command, env=self.guanxi.environment, cwd=self.folder, start_new_session=True, stderr=log, text=True
        )
        self.processes.append(process)
        return process

    def worker(self, *, seconds=None):
        """Start a worker, which first enqueues the task if it is told how long that takes."""
        return self.python(WORK, *([] if seconds is None else [self.folder, seconds]))

    def log(self, number=0):
        """What a worker has said."""
        return (self.folder / f"{number}.log").read_text()

    def enqueue(self, seconds):
        """Enqueue the task."""
        assert self.python(ENQUEUE, self.folder, seconds).wait(60) == 0

    def done(self):
        """The processes that did the task, once for each time."""
        path = self.folder / "done"
        return path.read_text().split() if path.exists() else []

    def started(self):
        """The processes that began the task."""
        return [path.name.partition("-")[2] for path in self.folder.glob("started-*")]

    def close(self):
        """Kill whatever still runs."""
        for process in self.processes:
            end_group(process)


@pytest.fixture
def workshop(guanxi, tmp_path):
    """Workers of an installation of this test alone."""
    shop = Workshop(guanxi, tmp_path)
    yield shop
    shop.close()


def eventually(condition, seconds=30.0):
    """Wait until something is true; whether it became so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if condition():
                return True
        time.sleep(0.1)
    return False


def test_a_job_whose_worker_is_killed_is_done_once_by_another(workshop):
    first, second = workshop.worker(seconds=1.5), workshop.worker()
    assert eventually(workshop.started)
    victim, survivor = (first, second) if str(first.pid) in workshop.started() else (second, first)
    os.kill(victim.pid, signal.SIGKILL)
    assert eventually(workshop.done)
    time.sleep(0.5)
    assert workshop.done() == [str(survivor.pid)]
    assert survivor.poll() is None


@pytest.mark.full
def test_a_worker_told_to_stop_hands_its_long_job_to_another_at_once(workshop):
    workshop.enqueue(8)
    first = workshop.worker()
    assert eventually(workshop.started)
    first.terminate()
    assert first.wait(8) == 0
    (workshop.folder / f"started-{first.pid}").unlink()
    second = workshop.worker()
    assert eventually(lambda: workshop.started() == [str(second.pid)], 10)


@pytest.mark.full
def test_a_foreign_lock_longer_than_the_timeout_does_not_end_the_worker(workshop):
    if workshop.guanxi.database_url:
        pytest.skip("a lock of this kind exists only on SQLite")
    workers = workshop.worker(), workshop.worker()
    workshop.enqueue(0.2)
    assert eventually(lambda: len(workshop.done()) == 1)
    workshop.enqueue(3)
    before = len(workshop.done())
    time.sleep(1.5)
    assert len(workshop.done()) == before, "the job is in hand"
    # Held while the job ends: its outcome cannot be written, its lease not be renewed, and the other worker sees it.
    foreign = sqlite3.connect(workshop.guanxi.data / "guanxi.sqlite3", isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    time.sleep(6)
    foreign.execute("ROLLBACK")
    foreign.close()
    assert eventually(lambda: len(workshop.done()) == 2)
    workshop.enqueue(0.1)
    assert eventually(lambda: len(workshop.done()) == 3)
    time.sleep(3)
    assert len(workshop.done()) == 3, "nothing was done twice"
    assert [worker.poll() for worker in workers] == [None, None]


def status(url):
    """The status of an address, 0 when nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=15) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.fixture
def own_cluster(tmp_path_factory, pytestconfig):
    """A PostgreSQL server that a test may stop and start."""
    missing = postgres.what_is_missing()
    if missing:
        leave_out(pytestconfig, "PostgreSQL", missing)
    folder = tmp_path_factory.mktemp("cluster")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o711)
    cluster = postgres.Cluster(folder / "postgres", free_port())
    postgres._start(cluster.folder, cluster.port, postgres.SERVER_SETTINGS | postgres.NO_DURABILITY)
    yield cluster
    cluster.stop()


def start_again(cluster):
    """Start a server that was stopped."""
    options = " ".join(f"-c {name}={value}" for name, value in postgres.SERVER_SETTINGS.items())
    options += f" -c port={cluster.port} -c unix_socket_directories={cluster.folder}"
    command = [postgres._program("pg_ctl"), "-D", cluster.folder / "data", "-l", cluster.folder / "server.log"]
    subprocess.run(
        [*command, "-o", options, "-w", "start"],
        **postgres._as_ordinary_user(),
        cwd=cluster.folder,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.full
@pytest.mark.postgres
def test_the_database_away_for_ten_seconds_is_said_and_survived(own_cluster, workshop):
    shop = workshop
    shop.guanxi.database_url = own_cluster.create("guanxi_away")
    server = shop.guanxi.serve()
    try:
        page = f"{server.url}/accounts/login/"
        health = f"{server.url}/api/v1/health"
        shop.enqueue(0.1)
        assert eventually(lambda: len(shop.done()) == 1)
        family = {pid: pid for pid in shop.done()}
        own_cluster.stop()
        down = time.monotonic()
        # Under load: pages and health checks go on being asked for all the while.
        answers = []
        while time.monotonic() - down < 10:
            answers.append((status(page), status(health)))
            time.sleep(0.2)
        assert {answer[1] for answer in answers} == {503}
        assert 500 not in {answer[0] for answer in answers}
        start_again(own_cluster)
        assert eventually(lambda: status(health) == 200 and status(page) == 200, 10)
        shop.enqueue(0.1)
        assert eventually(lambda: len(shop.done()) == 2)
        assert set(shop.done()) == set(family), "the same worker went on"
    finally:
        server.stop()
