"""Backup and restore: every value of one moment comes back, on both databases; and nothing is written over."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from guanxi.core import clock, locks
from guanxi.core.actor import system_actor
from guanxi.core.backup import hooks, keys, places, restoring, runs, scope, snapshot, writing
from guanxi.core.backup.errors import AskedWrongly, BackupError, NotEmpty
from guanxi.core.backup.keys import Keys, Locks
from guanxi.core.backup.snapshot import sum_of, taken
from guanxi.core.errors import Unavailable
from guanxi.core.models import Change, Department, Operation, Parameter, Role, User
from guanxi.core.models.backups import BackupRun, RunKind, RunState
from guanxi.core.models.calendars import CalendarDay, WorkingCalendar
from guanxi.core.models.jobs import Job, JobStatus, Schedule, Worker

pytestmark = pytest.mark.django_db(transaction=True)
PHRASE = "a long passphrase for tests"
MOMENT = datetime(2026, 3, 1, 23, 59, 59, 120000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings) -> None:
    """Cheap passphrases, and a data folder of the test's own."""
    monkeypatch.setattr(keys, "SCRYPT_COST", 4)
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    # The suite empties tables between such tests, roles too.
    Role.objects.get_or_create(key="owner", defaults={"name_en": "Owner", "name_zh": "企业主"})


def odd_rows() -> None:
    """Values that get lost easily."""
    Parameter.objects.create(key="odd.json", value={"z": 1, "a": [1.5, 1e22, -0.0, 2**70, "王\n", None, True], "": {}})
    Parameter.objects.create(key="odd.nothing", value=None)
    Parameter.objects.create(key="Odd.order", value="plain")
    Parameter.objects.create(key="odd.空", value=[])
    department = Department.objects.create(name="客服\t'\"\\部")
    user = User.objects.create(
        username="owner", role=Role.objects.get(key="owner"), department=department, last_login=MOMENT, email=""
    )
    operation = Operation.objects.create(name="x", actor=user, actor_name="", means="web", at=MOMENT)
    Change.objects.create(operation=operation, kind="user", record_id=2**62, act="update", before="", after={"b": ""})
    calendar = WorkingCalendar.objects.create(name="c", zone="Asia/Shanghai")
    CalendarDay.objects.create(calendar=calendar, on=date(2026, 10, 1))
    Department.objects.create(name="gone").delete()


@contextmanager
def empty_sqlite(folder: Path) -> Iterator[None]:
    """An empty SQLite installation in place of the test's own."""
    address = places._sqlite_at(folder / "guanxi.sqlite3") | {"OPTIONS": {}}
    with places.default_database(address):
        yield


@contextmanager
def empty_postgres(cluster: Any, name: str) -> Iterator[None]:
    """An empty PostgreSQL database in place of the test's own."""
    cluster.create(name)
    address = deepcopy(connections["default"].settings_dict) | {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": "guanxi",
        "HOST": "127.0.0.1",
        "PORT": str(cluster.port),
        "OPTIONS": {},
    }
    with places.default_database(address):
        yield
    cluster.drop(name)


Place = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """An empty installation on the database that this run is about."""
    if connection.vendor == "sqlite":
        return lambda: empty_sqlite(tmp_path)
    cluster = request.getfixturevalue("postgres_cluster")
    return lambda: empty_postgres(cluster, f"restore_{os.getpid()}_{os.urandom(3).hex()}")


def sums() -> dict[str, Any]:
    """Rows and digest of every carried table as it stands."""
    _applied, tables, _current = scope.schema_of(connection)
    with taken(connection) as snapshot:
        return {one.name: sum_of(snapshot, one) for one in tables if one.name != "core_backuprun"}


def make(path: Path, **given: Any) -> writing.Made:
    """A backup of the test's database."""
    return writing.make(path, **{"locks": Locks(), **given})


@pytest.mark.full
def test_every_value_comes_back(tmp_path: Path, elsewhere: Place) -> None:
    odd_rows()
    before = sums()
    made = make(tmp_path / "b")
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    with elsewhere():
        outcome = restoring.restore(tmp_path / "b", keys=Keys())
        after = sums()
        assert Parameter.objects.get(key="odd.nothing").value is None
        assert Parameter.objects.get(key="odd.json").value["a"][3] == 2**70
        assert User.objects.get(username="owner").last_login == MOMENT
        # A number given once is not given again.
        assert Department.objects.create(name="next").pk > before["core_department"].rows + 1
        assert not places.is_interrupted()
    assert after == before
    assert outcome.rows == made.rows > 10
    assert any("not encrypted" in note for note in outcome.notes)


@pytest.mark.full
@pytest.mark.postgres
@pytest.mark.usefixtures("schema_at_hand")
def test_rows_are_the_same_on_the_other_database_and_back(tmp_path: Path, postgres_cluster: Any) -> None:
    odd_rows()
    before = sums()
    make(tmp_path / "one")
    with empty_postgres(postgres_cluster, f"across_{os.getpid()}"):
        restoring.restore(tmp_path / "one", keys=Keys())
        assert sums() == before
        make(tmp_path / "two")
    with empty_sqlite(tmp_path):
        restoring.restore(tmp_path / "two", keys=Keys())
        assert sums() == before


@pytest.mark.full
@pytest.mark.postgres
def test_a_nul_character_is_left_out_on_postgresql_and_said(tmp_path: Path, postgres_cluster: Any) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has no such text")
    Department.objects.create(name="a\x00b")
    Parameter.objects.create(key="n", value={"k": "x\x00y", "plain": "\\u0000"})
    make(tmp_path / "b")
    with empty_postgres(postgres_cluster, f"nul_{os.getpid()}"):
        outcome = restoring.restore(tmp_path / "b", keys=Keys())
        assert Department.objects.get().name == "ab"
        assert Parameter.objects.get(key="n").value == {"k": "xy", "plain": "\\u0000"}
    assert any("2 values held a NUL" in note for note in outcome.notes)


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_one_moment_is_read_while_others_write(tmp_path: Path, elsewhere: Place) -> None:
    """What is written meanwhile is not in it, and nobody waits for it."""
    odd_rows()
    written = []

    def write_meanwhile(_text: str) -> None:
        """Another program writes between two tables."""
        for number in range(3):
            Parameter.objects.create(key=f"late.{len(written)}.{number}", value=number)
            Department.objects.create(name="late")
        written.append(True)

    before = sums()
    make(tmp_path / "b", check=write_meanwhile)
    assert len(written) > 3
    with elsewhere():
        restoring.restore(tmp_path / "b", keys=Keys())
        assert sums() == before


def test_into_a_system_with_rows_nothing_is_restored(tmp_path: Path) -> None:
    odd_rows()
    make(tmp_path / "b")
    before = sums()
    with pytest.raises(NotEmpty, match="not empty"):
        restoring.restore(tmp_path / "b", keys=Keys())
    assert sums() == before


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_beside_a_running_guanxi_nothing_is_restored(tmp_path: Path, elsewhere: Place) -> None:
    make(tmp_path / "b")
    with elsewhere():
        restoring.restore(tmp_path / "b", keys=Keys())
        for model in (User, Change, Operation, Department):
            model.objects.all().delete()
        Worker.objects.create(id="w", queues="now", host="h", pid=1, started_at=clock.now(), seen_at=clock.now())
        with pytest.raises(Unavailable.__mro__[1], match="running"):
            restoring.restore(tmp_path / "b", keys=Keys())


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_an_interrupted_restore_is_seen_and_can_be_begun_again(
    tmp_path: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd_rows()
    before = sums()
    make(tmp_path / "b")

    def die(*_given: Any) -> None:
        raise KeyboardInterrupt

    with elsewhere():
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "compare", die)
            with pytest.raises(KeyboardInterrupt):
                restoring.restore(tmp_path / "b", keys=Keys())
        if connection.vendor == "postgresql":
            assert places.is_interrupted()
        else:
            with connection.cursor() as cursor:
                assert connection.introspection.table_names(cursor) == []
            assert not list(tmp_path.glob("restoring-*"))
        restoring.restore(tmp_path / "b", keys=Keys())
        assert sums() == before
        assert not places.is_interrupted()


def test_a_damaged_backup_is_refused_before_anything_is_written(tmp_path: Path, elsewhere: Place) -> None:
    odd_rows()
    make(tmp_path / "b")
    raw = (tmp_path / "b").read_bytes()
    half = len(raw) // 2
    cases = {"damaged": raw[:half] + bytes([raw[half] ^ 1]) + raw[half + 1 :], "cut short": raw[:-40]}
    with elsewhere():
        for word, content in cases.items():
            (tmp_path / "wrong").write_bytes(content)
            with pytest.raises(BackupError, match=word):
                restoring.restore(tmp_path / "wrong", keys=Keys())
            with connection.cursor() as cursor:
                assert connection.introspection.table_names(cursor) == []


def test_a_backup_of_a_newer_version_is_refused_in_words(
    tmp_path: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(writing.guanxi, "__version__", "9.4")
        patch.setattr(writing, "schema_of", lambda connection: ([("core", "0099_later")], [], True))
        make(tmp_path / "b")
    with elsewhere(), pytest.raises(BackupError, match=r"newer version of Guanxi \(9\.4\)"):
        restoring.restore(tmp_path / "b", keys=Keys())


def test_an_older_program_makes_no_backup_of_what_it_knows_in_part(tmp_path: Path) -> None:
    """The tables of a newer version would be missing, and nothing in the file would tell."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0999_later', %s)", [str(MOMENT)]
        )
    try:
        with pytest.raises(BackupError, match=r"newer version: it has core\.0999_later"):
            make(tmp_path / "b")
        assert not list(tmp_path.glob("b*"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_the_secret_key_goes_along_only_when_encrypted(tmp_path: Path, elsewhere: Place) -> None:
    secret = settings.SECRET_KEY.encode()
    assert not make(tmp_path / "open").has_secret_key
    assert make(tmp_path / "closed", locks=Locks(passphrase=PHRASE)).has_secret_key
    with elsewhere():
        outcome = restoring.restore(tmp_path / "closed", keys=Keys(passphrase=PHRASE))
    assert (settings.DATA_DIR / "secret-key").read_bytes() == secret
    assert (settings.DATA_DIR / "secret-key").stat().st_mode & 0o077 == 0
    assert any("secret key" in note for note in outcome.notes)


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_work_in_hand_begins_again_and_what_means_something_only_here_stays(tmp_path: Path, elsewhere: Place) -> None:
    now = clock.now()
    common = {"run_after": now, "enqueued_at": now, "task": "x.y", "queue": "long"}
    Job.objects.create(id="waits", unique_key="k", **common)
    Job.objects.create(id="runs", unique_key="k", status=JobStatus.RUNNING, lease_by="w", lease_until=now, **common)
    Job.objects.create(id="done", status=JobStatus.SUCCESSFUL, finished_at=now, **common)
    Schedule.objects.create(name="s", expression="* * * * *", next_at=now)
    with locks.hold("something"):
        make(tmp_path / "b")
    with elsewhere():
        restoring.restore(tmp_path / "b", keys=Keys())
        assert set(Job.objects.filter(task="x.y").values_list("id", "status", "lease_by")) == {
            ("waits", "READY", ""),
            ("runs", "READY", ""),
        }
        assert not Schedule.objects.exists()


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_what_is_registered_is_done_after_a_restore(
    tmp_path: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the list of erasures is: in the restored database, before anybody uses it."""
    odd_rows()
    made = make(tmp_path / "b")
    monkeypatch.setattr(hooks.after_restore, "_items", {})

    def replay(restored: hooks.Restored) -> str:
        User.objects.update(email="erased@example.com")
        return f"replayed since {restored.made_at:%Y-%m-%d}"

    hooks.after_restore.add("test", replay)
    with elsewhere():
        outcome = restoring.restore(tmp_path / "b", keys=Keys())
        assert User.objects.get().email == "erased@example.com"
    assert f"replayed since {made.made_at:%Y-%m-%d}" in outcome.notes


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_a_drill_restores_compares_and_leaves_nothing(tmp_path: Path) -> None:
    odd_rows()
    before = sums()
    runs.back_up(tmp_path / "b", actor=system_actor(), locks_on=Locks(passphrase=PHRASE))
    outcome = runs.rehearse(tmp_path / "b", actor=system_actor(), keys=Keys(passphrase=PHRASE))
    assert outcome.place == {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    assert sums() == before
    assert list(settings.DATA_DIR.iterdir()) == []
    made = BackupRun.objects.get(kind=RunKind.BACKUP)
    assert made.state == RunState.DONE
    assert made.verified_at is not None
    assert made.row_count == outcome.rows
    assert made.is_encrypted


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_a_drill_notices_rows_that_are_not_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a value does not survive the way into the database."""
    odd_rows()
    make(tmp_path / "b")
    put = restoring.Loader.put

    def lose(self: Any, name: str, lines: bytes) -> None:
        put(self, name, lines)
        if name == "core_department":
            with connection.cursor() as cursor:
                cursor.execute("UPDATE core_department SET name = 'other'")

    monkeypatch.setattr(restoring.Loader, "put", lose)
    with pytest.raises(BackupError, match="core_department does not hold what the backup says"):
        runs.rehearse(tmp_path / "b", actor=system_actor(), keys=Keys())
    run = BackupRun.objects.get(kind=RunKind.DRILL)
    assert run.state == RunState.FAILED
    assert "core_department" in run.error


@pytest.mark.parametrize("keys", [Keys(), Keys(passphrase="not that one at all")])
def test_a_key_that_is_missing_or_wrong_is_no_failure_of_backups(tmp_path: Path, keys: Keys) -> None:
    make(tmp_path / "b", locks=Locks(passphrase=PHRASE))
    with pytest.raises(AskedWrongly):
        runs.rehearse(tmp_path / "b", actor=system_actor(), keys=keys)
    with pytest.raises(AskedWrongly, match="at least"):
        runs.back_up(tmp_path / "c", actor=system_actor(), locks_on=Locks(passphrase="short"))
    assert not BackupRun.objects.exists()
    with pytest.raises(AskedWrongly):
        runs.back_up(tmp_path / "c", actor=system_actor("job"), locks_on=Locks(passphrase="short"))
    assert BackupRun.objects.get().state == RunState.FAILED


def test_a_full_disk_is_said_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing.os, "fsync", full)
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(Unavailable, match="disk is full"):
        runs.back_up(folder / "b", actor=system_actor(), locks_on=Locks())
    assert list(folder.iterdir()) == []
    assert BackupRun.objects.get().state == RunState.FAILED


def test_a_file_that_stands_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(BackupError, match="already"):
        make(tmp_path / "b")
    assert (tmp_path / "b").read_text() == "mine"


def test_sqlite_gets_its_log_back_after_much_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log cannot be shortened while the snapshot is read; a backup that would fill the disk stops itself."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps old rows by itself")
    monkeypatch.setattr(snapshot, "LONGEST_LOG", 0)
    odd_rows()
    with pytest.raises(BackupError, match="written meanwhile"):
        make(tmp_path / "b", check=lambda _text: Parameter.objects.create(key=str(os.urandom(4)), value="x" * 9000))
    assert not (tmp_path / "b").exists()


def test_every_column_of_every_model_can_be_carried() -> None:
    """And nothing that is carried points at what is left out."""
    carried = {table.name for table in scope.tables_of(apps)}
    assert {"core_user", "customers_customer", "commerce_orderline", "core_team_members"} <= carried
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in carried:
            for field in model._meta.concrete_fields:
                if field.is_relation:
                    assert field.related_model._meta.db_table in carried, field


@pytest.mark.full
@pytest.mark.usefixtures("schema_at_hand")
def test_only_known_tables_have_rows_after_the_migrations(elsewhere: Place) -> None:
    """By them a restore tells an empty system from one in use."""
    with elsewhere():
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        with taken(connection) as snapshot:
            filled = {one.name for one in scope.tables_of(apps) if sum_of(snapshot, one).rows}
        places.refuse_unless_empty()
    assert filled <= places.SEEDED


@pytest.mark.full
def test_a_database_that_another_program_has_open_is_not_replaced(tmp_path: Path) -> None:
    make(tmp_path / "b")
    if connection.vendor != "sqlite":
        pytest.skip("there the workers tell")
    other = sqlite3.connect(tmp_path / "guanxi.sqlite3", isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("CREATE TABLE theirs (x)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM theirs").fetchall()
    with empty_sqlite(tmp_path), pytest.raises(Exception, match="open"):
        restoring.restore(tmp_path / "b", keys=Keys())
    other.execute("SELECT * FROM theirs").fetchall()
    other.close()
