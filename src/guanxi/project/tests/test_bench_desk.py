"""Measuring the desk: the count at the end finds what is wrong, mails are the same each time, and a small run is whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guanxi.project.bench.desk.counting import count
from guanxi.project.bench.desk.found import Found, word
from guanxi.project.bench.desk.made_mails import Expected, mails
from guanxi.project.bench.figures import Figure, Report, desk_part, desk_part_of, methods_part, with_desk_part
from tests.postgres import Cluster

SAID = {"v1": ["v1m1", "v1m2"], "a1": ["a1m1"]}
# Lists of a few hundred rows are asked for two seconds each, not ten: they keep both processors busy all the time.
BRIEFLY = """
import runpy
from guanxi.project.bench.desk import lists
lists.SECONDS = 2.0
runpy.run_module("guanxi.project.bench.desk", run_name="__main__")
"""
KEPT = [(7, "in", "v1m1e Hello"), (7, "out", "a1m1e Good day"), (7, "in", "v1m2e And now?")]


def found() -> Found:
    """One visitor and one colleague, who saw everything."""
    return Found(said=dict(SAID), shown={"v1": ["v1m1", "a1m1", "v1m2"]}, fresh={"v1": ["v1m1", "a1m1", "v1m2"]})


def test_a_whole_talk_counts_as_whole() -> None:
    """Nothing is wrong where everything is there once, in its place, on every screen."""
    made = count(KEPT, found())
    assert (made.wrong, made.conversations, made.messages) == (0, 1, 3)


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (KEPT[:2], "lost"),
        ([*KEPT, KEPT[0]], "doubled"),
        ([KEPT[2], KEPT[1], KEPT[0]], "out_of_order"),
        ([*KEPT, (7, "out", "a2m1e Nobody saw this")], "not_shown"),
    ],
)
def test_the_count_finds_what_is_wrong(rows: list[tuple[int, str, str]], what: str) -> None:
    """Each fault by its name."""
    assert getattr(count(rows, found()), what)


def test_who_is_answered_in_an_earlier_conversation_sees_it_in_its_time() -> None:
    """A visitor began a second conversation, and the answer to the first came later: nothing is wrong with that."""
    rows = [(7, "in", "v1m1e Hello"), (8, "in", "v1m2e And now?"), (7, "out", "a1m1e Good day")]
    screen = ["v1m1", "v1m2", "a1m1"]
    assert count(rows, Found(said=dict(SAID), shown={"v1": screen}, fresh={"v1": screen})).wrong == 0
    swapped = ["v1m1", "a1m1", "v1m2"]
    assert count(rows, Found(said=dict(SAID), shown={"v1": swapped})).out_of_order


def test_a_screen_that_shows_a_message_twice_or_too_early_is_noted() -> None:
    """While the shift goes on."""
    looked = Found()
    looked.look("a1", ["v1m1", "v2m1", "v1m2"])
    assert looked.wrong_on_screen == []
    looked.look("a1", ["v1m2", "v1m1"])
    looked.look("a2", ["v1m1", "v1m1"])
    assert len(looked.wrong_on_screen) == 2
    assert word("v1", 2) == "v1m2e"


def test_made_mails_are_threads_that_are_known() -> None:
    """Each mail names its thread; some come a second time."""
    expected = Expected()
    raw = list(mails(200, expected))
    assert len(raw) == 200 == len(expected.thread_of) + expected.again
    assert 80 < len(set(expected.thread_of.values())) < 180
    assert all(b"Message-ID: <m" in one for one in raw)


def test_the_part_about_the_desk_is_kept_and_written_anew() -> None:
    """The three commands that write the page of figures leave one another's parts."""
    report = Report({"date": "2026-01-01"}, [Figure("act", 5, "ms", 300)], ["Mails: not there."])
    page = Report({}, [], []).page("## Methods\n\n<!-- begin x -->\n| a |\n<!-- end x -->")
    once = with_desk_part(page, desk_part(report))
    assert "| act | 5.0 ms |" in once
    assert once.index("## Methods") < once.index("## Front desk") < once.index("## Known limits")
    again = with_desk_part(once, desk_part(report))
    assert again == once
    assert methods_part(once) == methods_part(page)
    assert Report({}, [], []).page(f"{methods_part(once)}\n\n{desk_part_of(once)}").count("## Front desk") == 1


@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_small_shift_is_whole(postgres_cluster: Cluster, tmp_path: Path) -> None:
    """Colleagues and visitors at once, some chats more, mails and lists: every figure is there, and nothing is lost."""
    words = (
        *("--agents", "3", "--visitors", "6", "--seconds", "20", "--agent-every", "1", "--visitor-every", "3"),
        *("--conversations", "20", "--mails", "40", "--base", "300", "--output", str(tmp_path), "--json"),
    )
    done = subprocess.run(
        [sys.executable, "-c", BRIEFLY, *words],
        env=os.environ | {"DATABASE_URL": postgres_cluster.url("postgres")},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    figures = {figure["what"]: figure for figure in report["figures"]}
    assert not any("errors" in figure["more"] for figure in figures.values()), figures
    act = figures["3 colleagues and 6 visitors at once, p95 of an act at the desk until all is there"]
    assert int(act["more"]["acts"].replace(",", "")) > 15
    (counted,) = (figure for what, figure in figures.items() if what.startswith("messages lost, doubled"))
    assert counted["value"] == 0, json.dumps(counted)  # told whole: it names each of them
    assert int(counted["more"]["messages"].replace(",", "")) > 50
    (seen,) = (figure for what, figure in figures.items() if "other side's screen" in what)
    assert seen["value"] > 0
    assert sum("300 conversations and cases, p95" in what for what in figures) == 5
