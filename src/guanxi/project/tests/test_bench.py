"""Measuring: honest about errors, conditions and misses; the load generator counts what it should."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from guanxi.project.bench import load, office
from guanxi.project.bench.browser import parts, topics
from guanxi.project.bench.figures import Figure, Report, methods_part
from guanxi.project.bench.installation import Installation as Measured
from tests.installation import Installation, Maker
from tests.postgres import Cluster
from tests.public_data import DEMO_DATA


class Answers(BaseHTTPRequestHandler):
    """A server whose answers follow from the path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a length, in chunks, with an error, or not to the end."""
        kind = self.path.strip("/")
        self.send_response(500 if kind == "broken" else 200)
        if kind == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        elif kind == "cut":
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"short")
            self.close_connection = True
        else:
            self.send_header("Content-Length", "11")
            self.end_headers()
            self.wfile.write(b"hello world")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "all_errors", "size"),
    [("plain", False, 11), ("chunked", False, 11), ("broken", True, 11), ("cut", True, 0)],
)
def test_the_load_generator_reads_answers_to_their_end(port: int, path: str, all_errors: bool, size: int) -> None:
    """Lengths, chunks and errors; an answer cut short is an error, and the run goes on."""
    found = load.run(port, lambda _n: load.request(f"/{path}", host="localhost"), connections=3, seconds=0.3)
    assert found.requests >= 3
    assert found.errors == (found.requests if all_errors else 0)
    assert found.received_bytes == size * found.requests
    assert 0 < found.p50_ms <= found.p95_ms <= found.p99_ms


def test_an_aim_is_missed_by_time_or_by_errors() -> None:
    """A fast error is no success; the page names what was missed and shows its profile."""
    fast = Figure("fast", 10, "ms", aim=20)
    slow = Figure("slow", 30, "ms", aim=20, profile="where it goes")
    wrong = Figure("wrong", 1, "ms", aim=20, more={"errors": 3})
    plain = Figure("plain", 5, "s")
    assert [f.is_met for f in (fast, slow, wrong, plain)] == [True, False, False, None]
    report = Report({"date": "2026-01-01"}, [fast, slow, wrong, plain], ["PostgreSQL: not there"])
    page = report.page()
    assert "**missed**" in page
    assert "where it goes" in page
    assert "PostgreSQL: not there" in page
    assert json.loads(json.dumps(report.as_json()))["figures"][1]["is_met"] is False


def test_a_page_keeps_what_another_command_measured_of_the_methods() -> None:
    """`guanxi bench --write` and `script/bench methods --write` share one page."""
    methods = "## Methods\n\nText.\n\n<!-- begin x -->\n| a |\n<!-- end x -->"
    report = Report({"date": "2026-01-01"}, [Figure("plain", 5, "s")], [])
    assert methods_part(report.page()) == ""
    page = report.page(methods)
    assert methods_part(page) == methods
    assert Report({}, [], []).page(methods_part(page)).count("## Methods") == 1


@pytest.mark.full
def test_bench_measures_an_import_and_leaves_this_installation_alone(
    empty_guanxi: Installation, tmp_path: Path
) -> None:
    """What it measured is written down with its conditions; nothing is made in the caller's data."""
    file = DEMO_DATA / "online_retail.parquet"  # the excerpt: it is brought in three times
    words = (
        "bench",
        "--only",
        "import",
        "--file",
        file,
        "--output",
        tmp_path / "results",
        "--write",
        tmp_path / "page.md",
    )
    report = empty_guanxi.json(*words)
    figure = report["figures"][0]
    assert (figure["what"], figure["unit"]) == ("import of Online Retail, SQLite", "s")
    assert figure["value"] > 0
    assert {"date", "processor", "processors", "python"} <= set(report["conditions"])
    assert (tmp_path / "page.md").read_text(encoding="utf-8").startswith("# Performance")
    assert len(list((tmp_path / "results").iterdir())) == 1


def test_a_measured_browser_asks_for_what_a_page_asks_for() -> None:
    """Parts by their trigger, among others and with conditions; topics once each."""
    page = (
        '<div hx-get="/a?x=1&amp;y=2" hx-trigger="load, live"></div><p hx-trigger="live" hx-get="/b"></p>'
        '<i hx-get="/c" hx-trigger="click"></i><div data-live-topic="customer:7 customer"></div>'
        '<b data-live-topic="customer"></b>'
    )
    assert parts(page, "load") == ["/a?x=1&y=2"]
    assert parts(page, "live") == ["/a?x=1&y=2", "/b"]
    assert topics(page) == ["customer", "customer:7"]


@pytest.fixture
def measured(installations: Maker, tmp_path: Path) -> Measured:
    """An installation to be measured, with an empty database."""
    return Measured(installations.copy(tmp_path / "measured", "migrated").data)


@pytest.mark.full
def test_an_office_works_without_an_error(measured: Measured) -> None:
    """People list, read, search and edit over HTTP; what one changes reaches the screens of the others."""
    measured.run("seed", "--customers", 100, "--orders-per-customer", 1)
    with measured.served() as port:
        people = measured.python("guanxi.project.bench.people", 6)
        cookies = [measured.signed_in(port, one["name"], one["password"]) for one in people]
        found = office.work(port, cookies, customers=3, every=0.5, seconds=12)
    assert found.errors == []
    assert set(found.acts) == {"list", "read", "search", "edit"}
    assert len(found.requests) > len(found.times) > 60
    assert found.news
    assert office.p95(found.times) >= office.p95([min(found.times)]) > 0


@pytest.mark.full
@pytest.mark.timeout(600)
def test_bench_merges_parts_and_searches_a_base_full_of_duplicates(
    empty_guanxi: Installation, postgres_cluster: Cluster, tmp_path: Path
) -> None:
    """A small trial on both databases: the rows that moved are told, and the planted duplicates are found."""
    empty_guanxi.settings = {"DATABASE_URL": postgres_cluster.url("postgres")}
    report = empty_guanxi.json("bench", "--only", "merging", "--customers", 600, "--output", tmp_path, timeout=500)
    figures = {figure["what"]: figure for figure in report["figures"]}
    for database in ("SQLite", "PostgreSQL"):
        assert figures[f"merge of a customer with 600 orders, {database}"]["more"]["rows_moved"] >= "600"
        assert figures[f"the same taken back, {database}"]["value"] > 0
    found = figures["search among 600 customers, a fifth of them doubles, PostgreSQL"]["more"]
    assert found["one_telephone_of"] == "120"
    assert float(found["recall"].split()[0]) > 0.9
    assert float(found["precision"]) > 0.9


@pytest.mark.full
def test_bench_erases_people_of_a_large_base(measured: Measured) -> None:
    """Each erasure is timed, and done."""
    measured.run("seed", "--customers", 60, "--orders-per-customer", 1)
    seconds = measured.python("guanxi.project.bench.erasing", 3)
    assert len(seconds) == 3
    assert min(seconds) > 0
    with closing(sqlite3.connect(measured.folder / "guanxi.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM customers_erasure WHERE state = 'done'").fetchone() == (3,)
