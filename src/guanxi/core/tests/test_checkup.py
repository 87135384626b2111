"""What is wrong with an installation is found, said once, and said again only when it begins anew."""

import os
import ssl
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from guanxi.core import changes, clock, events, parameters
from guanxi.core.actor import system_actor
from guanxi.core.backup import schedule
from guanxi.core.checkup import copies, databases, exposure, journal, machine, mail, moments, standing, work
from guanxi.core.checkup.events import TroubleBegan
from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.registry import Check, checks
from guanxi.core.config import MailServer
from guanxi.core.models import Role, TeamMember, User
from guanxi.core.models.backups import BackupRun, RunKind, RunReason, RunState
from guanxi.core.models.checkups import CheckResult
from guanxi.core.models.events import OutboxEvent
from guanxi.core.models.jobs import Job, JobStatus, Worker
from guanxi.core.models.seals import SealedChange

MIB = 1024**2


def levels(findings) -> list[Level]:
    """How bad each is."""
    return [finding.level for finding in findings]


@pytest.mark.parametrize(("free", "level"), [(50, Level.PROBLEM), (900, Level.WARNING), (50_000, Level.OK)])
def test_a_disk_that_fills_up_is_found_in_time(free, level):
    place = {"key": "data", "path": "/data", "device": 1, "free": free * MIB, "free_files": 1_000_000}
    assert levels(machine.tell_of_disk({"places": [place]})) == [level]


@pytest.mark.parametrize(("free_files", "level"), [(10, Level.PROBLEM), (5_000, Level.WARNING), (-1, Level.OK)])
def test_a_disk_that_takes_no_more_files_is_found(free_files, level):
    place = {"key": "data", "path": "/data", "device": 1, "free": 50_000 * MIB, "free_files": free_files}
    assert levels(machine.tell_of_disk({"places": [place]})) == [level]


@pytest.mark.parametrize(
    ("key", "is_weak"),
    [
        ("a" * 60, True),
        ("please-change-me-please-change-me-0123456789", True),
        ("django-insecure-3k9f0x8s7d6f5g4h3j2k1l0q9w8e7r6t5y", True),
        ("short", True),
        ("pZ8vJ0w3qF5tY7uH1kL9xB2nC4mD6sAeRgTiOyPqWz", False),
    ],
)
def test_a_key_that_can_be_guessed_is_told_from_a_good_one(key, is_weak):
    assert machine.is_guessable(key) == is_weak


def test_a_secret_in_the_arguments_of_a_program_is_found(monkeypatch, tmp_path, settings):
    settings.SECRET_KEY = "pZ8vJ0w3qF5tY7uH1kL9xB2nC4mD6sAeRgTiOyPqWz"
    own, other = tmp_path / "10", tmp_path / "11"
    for folder, text in ((own, "guanxi\0up"), (other, f"sh\0-c\0GUANXI_SECRET_KEY={settings.SECRET_KEY} guanxi up")):
        folder.mkdir()
        (folder / "cmdline").write_text(text)
        (folder / "environ").write_text("PATH=/bin")
    monkeypatch.setattr(exposure, "PROC", tmp_path)
    assert exposure.on_command_lines() == ["GUANXI_SECRET_KEY"]
    (other / "cmdline").write_text("sh")
    assert exposure.on_command_lines() == []


@pytest.mark.django_db
def test_backups_that_others_can_read_are_found_where_the_folder_is_open(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o755)
    backups = tmp_path / "backups"
    backups.mkdir(mode=0o700)
    file = backups / "a.guanxi"
    file.touch(mode=0o600)
    assert machine.look_at_files()["open_backups"] == []
    file.chmod(0o644)
    found = [one for one in machine.tell_of_files(machine.look_at_files()) if one.level == Level.PROBLEM]
    assert len(found) == 1
    assert str(file) in found[0].text
    tmp_path.chmod(0o700)
    assert machine.look_at_files()["open_backups"] == []


@pytest.mark.django_db
def test_a_folder_of_backups_may_be_listed_where_none_of_them_may_be_read(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    elsewhere = tmp_path / "backups"
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "a.guanxi").touch(mode=0o600)
    with changes.operation(actor=system_actor(), name="test") as op:
        parameters.put(op, schedule.PARAMETER, {"folder": str(elsewhere)})
    assert machine.look_at_files()["open_backups"] == []
    (elsewhere / "a.guanxi").chmod(0o640)
    assert machine.look_at_files()["open_backups"] == [str(elsewhere / "a.guanxi")]


@pytest.mark.django_db
def test_data_from_the_future_betray_a_wrong_clock(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert levels(moments.tell_of_clock(moments.look_at_clock())) == [Level.OK]
    file = tmp_path / "guanxi.sqlite3"
    file.touch()
    os.utime(file, (time.time() + 3600,) * 2)
    assert levels(moments.tell_of_clock(moments.look_at_clock())) == [Level.PROBLEM]


@pytest.mark.django_db
def test_a_journal_ahead_of_the_clock_betrays_that_it_was_set_back(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    ahead = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: ahead)
    with changes.operation(actor=system_actor(), name="core.test"):
        pass
    monkeypatch.undo()
    (found,) = moments.tell_of_clock(moments.look_at_clock())
    assert found.level == Level.PROBLEM
    assert "set back" in found.text


@pytest.mark.django_db
def test_this_database_is_whole_and_saves_safely():
    assert levels(databases.tell_of_database(databases.look_at_database())) == [Level.OK]
    assert levels(databases.tell_of_integrity(databases.look_at_integrity())) == [Level.OK]
    assert levels(databases.tell_of_migrations(databases.look_at_migrations())) == [Level.OK]
    found = databases.look_at_durability()
    # The private server of the tests is set to forget: just what is to be found.
    expected = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    assert set(found["off"]) <= (set(expected) if connection.vendor == "postgresql" else set())
    assert not found["collation"]


def test_settings_that_lose_data_are_told_by_how_much_they_lose():
    told = databases.tell_of_durability
    assert levels(told({"off": ["fsync=off"], "collation": False, "age": 0})) == [Level.PROBLEM]
    assert levels(told({"off": ["synchronous_commit=off"], "collation": False, "age": 0})) == [Level.WARNING]
    assert levels(told({"off": ["autovacuum=off"], "collation": False, "age": 0})) == [Level.WARNING]
    assert levels(told({"off": [], "collation": True, "age": 0})) == [Level.PROBLEM]
    assert levels(told({"off": [], "collation": False, "age": 1_900_000_000})) == [Level.PROBLEM]


@pytest.mark.django_db(transaction=True)
def test_rows_and_indexes_broken_past_the_program_are_found():
    table = TeamMember._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute(f"INSERT INTO {table} (team_id, user_id) VALUES (4711, 4711)")
            try:
                found = list(databases.tell_of_integrity(databases.look_at_integrity()))
            finally:
                cursor.execute(f"DELETE FROM {table}")
                cursor.execute("PRAGMA foreign_keys=ON")
            assert table in found[0].text
        else:
            cursor.execute("CREATE INDEX broken_index ON core_team (name)")
            cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken_index'::regclass")
            try:
                found = list(databases.tell_of_integrity(databases.look_at_integrity()))
            finally:
                cursor.execute("DROP INDEX broken_index")
            assert "broken_index" in found[0].text
    assert found[0].level != Level.OK


@pytest.mark.django_db
def test_work_that_waits_too_long_is_found_with_and_without_a_worker():
    now = clock.now()
    Job.objects.create(task="a.b", queue="now", run_after=now - timedelta(hours=1), enqueued_at=now)
    found = list(work.tell_of_workers(work.look_at_workers()))
    assert levels(found) == [Level.PROBLEM]
    Worker.objects.create(id="w", queues="now,default,long,outside", host="h", pid=1, started_at=now, seen_at=now)
    found = list(work.tell_of_workers(work.look_at_workers()))
    assert levels(found) == [Level.OK, Level.WARNING]
    assert "60 minutes" in found[1].text
    Job.objects.update(status=JobStatus.FAILED, finished_at=now)
    assert levels(work.tell_of_workers(work.look_at_workers())) == [Level.OK]
    (failed,) = work.tell_of_failures(work.look_at_failures())
    assert failed.level == Level.WARNING
    assert failed.text.endswith("b")


def backup(path: Path, *, days: float, state=RunState.DONE, kind=RunKind.BACKUP, **more) -> BackupRun:
    """A backup or drill of some days ago."""
    at = clock.now() - timedelta(days=days)
    return BackupRun.objects.create(
        kind=kind, reason=RunReason.SCHEDULE, state=state, path=str(path), started_at=at, ended_at=at, **more
    )


@pytest.mark.django_db
def test_what_is_wrong_with_backups_is_said(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tell = lambda: list(copies.tell_of_backups(copies.look_at_backups()))  # noqa: E731
    assert levels(tell()) == [Level.WARNING]  # none yet, but nobody works here either
    User.objects.create(username="old", role=Role.objects.get(key="agent"))
    User.objects.update(date_joined=clock.now() - timedelta(days=8))
    assert levels(tell()) == [Level.PROBLEM]
    schedule.save(actor=system_actor(), wanted=schedule.Schedule(is_on=True))
    file = tmp_path / "a.guanxi"
    file.touch(mode=0o600)
    done = backup(file, days=1, verified_at=clock.now())
    said = tell()
    assert levels(said) == [Level.WARNING]
    assert "same disk" in said[0].text
    file.unlink()
    assert "no longer where" in tell()[0].text
    BackupRun.objects.filter(pk=done.pk).update(removed_at=clock.now())
    assert levels(tell()) in ([Level.OK], [Level.WARNING])
    BackupRun.objects.filter(pk=done.pk).update(started_at=clock.now() - timedelta(days=4))
    assert "4 days old" in tell()[0].text
    BackupRun.objects.filter(pk=done.pk).update(started_at=clock.now() - timedelta(days=1))
    backup(file, days=0.1, state=RunState.FAILED, error="no room")
    backup(file, days=0.05, state=RunState.FAILED, kind=RunKind.DRILL, error="differs")
    texts = " ".join(one.text for one in tell() if one.level == Level.PROBLEM)
    assert "no room" in texts
    assert "differs" in texts


@pytest.mark.django_db
def test_seals_that_are_late_and_rows_that_were_touched_are_found(monkeypatch):
    from guanxi.core import sealing

    hour_ago = clock.now() - timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: hour_ago)
    with changes.operation(actor=system_actor(), name="core.test") as op:
        op.record(kind="parameter", record_id=0, field="x", before=1, after=2)
    monkeypatch.undo()
    assert levels(journal.tell_of_seals(journal.look_at_seals())) == [Level.WARNING]
    sealing.seal_now(patience=0)
    assert levels(journal.tell_of_seals(journal.look_at_seals())) == [Level.OK]
    assert levels(journal.tell_of_history(journal.look_at_history())) == [Level.OK]
    SealedChange.objects.all().delete()
    assert levels(journal.tell_of_history(journal.look_at_history())) == [Level.PROBLEM]


def test_what_keeps_mail_from_going_out_is_told_without_the_servers_words():
    server = MailServer("127.0.0.1", 9, "me", "pass-word", "none")
    assert mail.try_server(server) in {"refused", "away", "timeout"}
    assert mail.try_server(MailServer("no-such-host.invalid", 25, "", "", "none")) in {"name", "away"}
    assert mail.error_code(ssl.SSLCertVerificationError("x")) == "tls"
    (found,) = mail.tell_of_mail_server({"is_set": True, "error": "auth"})
    assert found.level == Level.PROBLEM
    assert "password" in found.text
    assert found.remedy


def always(level: Level) -> Check:
    """A check that finds what it is told to."""
    return Check("test", "Test", lambda: {"level": level}, lambda facts: [Finding("test", facts["level"], "…")])


@pytest.mark.django_db
def test_a_problem_is_told_when_it_begins_and_not_at_every_look(monkeypatch):
    told = lambda: OutboxEvent.objects.filter(name=TroubleBegan.event_name).count()  # noqa: E731
    start = clock.now()
    at = lambda **later: monkeypatch.setattr(clock, "now", lambda: start + timedelta(**later))  # noqa: E731
    standing.look(always(Level.WARNING))
    assert told() == 0
    standing.look(always(Level.PROBLEM))
    at(minutes=10)
    standing.look(always(Level.PROBLEM))
    assert told() == 1
    # It goes and comes within the hour: not told again.
    at(minutes=20)
    standing.look(always(Level.OK))
    at(minutes=30)
    standing.look(always(Level.PROBLEM))
    assert told() == 1
    # It stays for days, or begins anew the day after: told.
    at(days=4)
    standing.look(always(Level.PROBLEM))
    assert told() == 2
    at(days=4, minutes=10)
    standing.look(always(Level.OK))
    at(days=6)
    standing.look(always(Level.PROBLEM))
    assert told() == 3
    # With the clock set back nothing stays untold for a year.
    at(days=-365)
    standing.look(always(Level.PROBLEM))
    assert told() == 4
    assert CheckResult.objects.get(check_key="test").level == "problem"


@pytest.mark.django_db
def test_every_check_of_the_house_can_be_looked_at_and_told():
    from guanxi.core.checkup.examining import examine

    found = examine()
    assert {check.key for check in checks if check.key != "mail_server"} <= {finding.check for finding in found}
    assert all(finding.text for finding in found)
    assert all(finding.why or finding.remedy for finding in found if finding.level == Level.PROBLEM)
    assert events.deliver_pending() == 0  # looking by hand tells nobody
