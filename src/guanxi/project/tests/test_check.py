"""`guanxi check` finds what is wrong and says it in plain words."""

import json
import os
import socket
import time

import pytest

from guanxi.project import checkup
from guanxi.project.checkup import Level


def finding(report, check):
    """What was found by one check."""
    return next(found for found in report["findings"] if found["check"] == check)


def test_a_fresh_installation_has_no_problem_but_says_what_is_left_to_do(guanxi):
    report = guanxi.json("check")
    assert report["ok"]
    assert {found["level"] for found in report["findings"]} == {"ok", "warning"}
    assert "guanxi user create" in finding(report, "users")["text"]
    assert "guanxi up" in finding(report, "workers")["text"]


def test_a_key_and_data_open_to_others_are_found(guanxi):
    key = guanxi.data / "secret-key"
    key.chmod(0o644)
    guanxi.data.chmod(0o755)
    finished = guanxi.run("check", "--json", expect=1)
    report = json.loads(finished.out)
    assert finding(report, "secret_key")["level"] == "problem"
    assert f"chmod 600 {key}" in finding(report, "secret_key")["text"]
    assert finding(report, "files")["level"] == "warning"


def test_a_database_that_is_away_is_named_without_its_password(guanxi):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    guanxi.database_url = f"postgresql://me:pass-word@127.0.0.1:{port}/shop"
    finished = guanxi.run("check", expect=1)
    assert f"127.0.0.1:{port}/shop does not answer" in finished.out
    assert "pass-word" not in finished.out + finished.err
    assert finished.err == ""


@pytest.mark.parametrize(("free", "level"), [(50, Level.PROBLEM), (900, Level.WARNING), (50_000, Level.OK)])
def test_a_disk_that_fills_up_is_found_in_time(monkeypatch, free, level):
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": free * checkup.MIB}))
    assert [found.level for found in checkup._disk()] == [level]


@pytest.mark.django_db
def test_data_from_the_future_betray_a_wrong_clock(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert [found.level for found in checkup._clock()] == [Level.OK]
    file = tmp_path / "guanxi.sqlite3"
    file.touch()
    os.utime(file, (time.time() + 3600,) * 2)
    assert [found.level for found in checkup._clock()] == [Level.PROBLEM]
