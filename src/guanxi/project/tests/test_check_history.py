"""`guanxi check --history` tells whether the journal is as it was written, and keeps an anchor elsewhere."""

import json
import sqlite3


def test_a_history_is_verified_anchored_and_found_out(guanxi, tmp_path):
    guanxi.json("user", "create", "ann", "--role", "agent")
    anchor = tmp_path / "anchor.json"
    before = guanxi.json("check", "--history")
    assert (before["ok"], before["seals"]) == (True, 0)
    assert before["unsealed"] >= 2
    report = guanxi.json("check", "--history", "--seal", "--anchor", str(anchor))
    assert (report["ok"], report["unsealed"], report["findings"]) == (True, 0, [])
    assert json.loads(anchor.read_text()) == report["anchor"]
    assert anchor.stat().st_mode & 0o777 == 0o600
    text = guanxi.run("check", "--history", "--anchor", str(anchor)).out
    assert "The history is as it was written." in text
    assert len(anchor.read_text().splitlines()) == 1, "the same anchor is not kept twice"
    if guanxi.database_url:
        return
    with sqlite3.connect(guanxi.data / "guanxi.sqlite3") as database:
        database.execute("UPDATE core_operation SET actor_name = 'Somebody' WHERE id = 1")
    finished = guanxi.run("check", "--history", "--json", expect=1)
    (found,) = json.loads(finished.out)["findings"]
    assert (found["fault"], found["table"], found["id"]) == ("value_changed", "operation", 1)
    assert "operation 1" in guanxi.run("check", "--history", expect=1).out
    with sqlite3.connect(guanxi.data / "guanxi.sqlite3") as database:
        for table in ("core_seal", "core_sealedoperation", "core_sealedchange"):
            database.execute(f"DELETE FROM {table}")
    finished = guanxi.run("check", "--history", "--seal", "--anchor", str(anchor), expect=1)
    assert "not the one that was kept elsewhere" in finished.out
    assert len(anchor.read_text().splitlines()) == 1, "nothing is anchored that does not verify"


def test_an_anchor_that_is_none_is_refused_in_one_sentence(guanxi, tmp_path):
    file = tmp_path / "anchor.json"
    file.write_text("hello")
    finished = guanxi.run("check", "--history", "--anchor", str(file), expect=1)
    assert finished.err.count("\n") == 1
    assert "no anchor" in finished.err
