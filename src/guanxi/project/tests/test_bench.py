"""Measuring: honest about errors, conditions and misses; the load generator counts what it should."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from guanxi.project.bench import load
from guanxi.project.bench.figures import Figure, Report
from tests.installation import Installation


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


@pytest.mark.full
def test_bench_measures_an_import_and_leaves_this_installation_alone(
    empty_guanxi: Installation, public_data, tmp_path: Path
) -> None:
    """What it measured is written down with its conditions; nothing is made in the caller's data."""
    file = public_data("online_retail/online_retail.parquet").path
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
