"""`guanxi check` finds what is wrong and says it in plain words."""

import json
import socket


def finding(report, check):
    """What was found by one check."""
    return next(found for found in report["findings"] if found["check"] == check)


def without_durability(report):
    """The findings but those about the tests' own PostgreSQL, which is set to forget."""
    return [found for found in report["findings"] if found["check"] != "durability"]


def test_a_fresh_installation_has_no_problem_but_says_what_is_left_to_do(guanxi):
    finished = guanxi.run("check", "--json", expect=None)
    report = json.loads(finished.out)
    assert finished.status == (0 if report["ok"] else 1)
    assert {found["level"] for found in without_durability(report)} == {"ok", "warning"}
    assert "guanxi user create" in finding(report, "users")["text"]
    assert "guanxi up" in finding(report, "workers")["text"]
    backups = finding(report, "backups")
    assert (backups["level"], backups["page"]) == ("warning", "/settings/backups")
    assert backups["why"]
    assert backups["remedy"]
    assert {"integrity", "history", "search", "mail", "static"} <= {found["check"] for found in report["findings"]}


def test_warnings_alone_end_with_1_where_that_is_asked_and_the_long_looks_can_be_left_out(guanxi):
    finished = guanxi.run("check", "--quick", "--strict", expect=1)
    assert "guanxi user create" in finished.out
    assert "The database is whole." not in finished.out
    assert "The database is whole." in guanxi.run("check", expect=None).out


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
