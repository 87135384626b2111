"""Guanxi beside another open-source system, on this machine, with the same number of customers and the same load.

Run by script/bench inside script/with_postgres. The peer is Tryton (trytond and its party module), served by gunicorn
with two processes; Guanxi is served by `guanxi up` with two processes. Both answer the same two questions over their
API: a page of fifty customers, and one customer.
"""

import argparse
import base64
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from guanxi.project.bench import load
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".bench" / "peers"
RESULTS = ROOT / "bench-results"
PASSWORD = base64.urlsafe_b64encode(os.urandom(18)).decode()
Row = dict[str, object]


def main() -> int:
    """Measure both systems, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=32)
    args = parser.parse_args()
    make_environment()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="guanxi-bench-") as folder:
        for name, serve in (("Guanxi", guanxi), ("Tryton", tryton)):
            print(f"{name}: filling with {args.customers:,} customers", flush=True)
            with serve(Path(folder) / name, args.customers) as (version, port, questions):
                for question, requests in questions.items():
                    load.run(port, requests, connections=args.connections, seconds=2)
                    result = load.run(port, requests, connections=args.connections, seconds=args.seconds)
                    rows.append(
                        {
                            "system": f"{name} {version}",
                            "question": question,
                            "per_second": round(result.per_second, 1),
                            "p50_ms": round(result.p50_ms, 1),
                            "p95_ms": round(result.p95_ms, 1),
                            "errors": result.errors,
                        }
                    )
    report(args, rows)
    return 1 if any(row["errors"] for row in rows) else 0


def report(args: argparse.Namespace, rows: list[Row]) -> None:
    """Print the table and write it as JSON."""
    now = datetime.now(UTC)
    print(f"\n{args.customers:,} customers, {args.connections} connections, {args.seconds:g} s each\n")
    print("| system | question | answers/s | p50 ms | p95 ms | errors |\n|---|---|--:|--:|--:|--:|")
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    RESULTS.mkdir(exist_ok=True)
    machine = {"cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version()}
    path = RESULTS / f"peers-{now:%Y-%m-%d}.json"
    content = {"at": now.isoformat(timespec="seconds"), "machine": machine, "customers": args.customers, "rows": rows}
    path.write_text(json.dumps(content, indent=1) + "\n")
    print(f"\nwritten to {path.relative_to(ROOT)}")


def make_environment() -> None:
    """Install the peers, pinned and hashed, apart from Guanxi's own environment."""
    stamp, pins = ENVIRONMENT / ".stamp", (ROOT / "requirements-peers.txt").read_text()
    if stamp.is_file() and stamp.read_text() == pins:
        return
    print("installing the systems to compare with", flush=True)
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", ENVIRONMENT / "bin/python", "--require-hashes"]
    subprocess.run([*install, "--requirement", ROOT / "requirements-peers.txt"], check=True)
    stamp.write_text(pins)


@contextmanager
def guanxi(folder: Path, customers: int) -> Iterator[tuple[str, int, dict[str, Callable[[int], bytes]]]]:
    """Guanxi with that many customers, and what to ask it."""
    folder.mkdir()
    program = str(Path(sys.executable).with_name("guanxi"))
    settings = {"GUANXI_DATA": str(folder), "DATABASE_URL": new_database("guanxi_bench"), "GUANXI_WEB_PROCESSES": "2"}
    environment = os.environ | settings

    def ask(*words: str) -> dict[str, object]:
        answer = subprocess.run([program, *words], env=environment, check=True, capture_output=True, text=True).stdout
        return json.loads(answer) if words[-1] == "--json" else {}

    ask("seed", "--customers", str(customers), "--orders-per-customer", "1")
    ask("user", "create", "bench", "--role", "owner", "--json")
    token = ask("token", "create", "--user", "bench", "--scope", "read", "--json")["token"]
    first_page = ask("customers", "list", "--limit", "200", "--json")["items"]
    ids = [item["id"] for item in first_page]  # type: ignore[attr-defined]
    port = free_port()
    headers = {"Authorization": f"Bearer {token}"}
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    questions = {
        "a page of fifty": lambda n: load.request(
            "/api/v1/customers?limit=50", host=f"localhost:{port}", headers=headers
        ),
        "one customer": lambda n: load.request(
            f"/api/v1/customers/{ids[n % len(ids)]}", host=f"localhost:{port}", headers=headers
        ),
    }
    command = [program, "up", "--port", str(port)]
    with serving(command, environment, f"http://127.0.0.1:{port}/api/v1/health", folder / "log"):
        yield version, port, questions


@contextmanager
def tryton(folder: Path, customers: int) -> Iterator[tuple[str, int, dict[str, Callable[[int], bytes]]]]:
    """Tryton with that many parties, and what to ask it."""
    folder.mkdir()
    url, port = new_database("tryton"), free_port()
    (folder / "conf").write_text(f"[database]\nuri = {url.rsplit('/', 1)[0]}/\n")
    (folder / "password").write_text(PASSWORD + "\n")
    programs = ENVIRONMENT / "bin"
    settings = {"TRYTONPASSFILE": str(folder / "password"), "TRYTOND_CONFIG": str(folder / "conf")}
    environment = os.environ | settings | {"TRYTOND_DATABASE_NAMES": "tryton"}
    admin = [programs / "trytond-admin", "-c", folder / "conf", "-d", "tryton"]
    for words in (["--all", "--email", "admin@example.org"], ["-u", "party", "--activate-dependencies"]):
        subprocess.run([*admin, *words], env=environment, check=True, capture_output=True)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO party_party (active, code, name, create_date)"
            " SELECT true, 'B' || i, 'Customer ' || i, now() FROM generate_series(1, %s) i",
            [customers],
        )
        connection.execute("VACUUM ANALYZE party_party")
    version = subprocess.run(
        [programs / "trytond", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    command = [programs / "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", "trytond.application:app"]
    with serving(command, environment, f"http://127.0.0.1:{port}/", folder / "log"):
        login = {"id": 1, "method": "common.db.login", "params": ["admin", {"password": PASSWORD}]}
        user, session, *_ = rpc(port, login)
        key = base64.b64encode(f"admin:{user}:{session}".encode()).decode()
        headers = {"Authorization": f"Session {key}"}
        fields = ["name", "code", "phone", "email", "active"]

        def ask(method: str, *params: object) -> bytes:
            body = json.dumps({"id": 2, "method": f"model.party.party.{method}", "params": [*params, fields, {}]})
            return load.request("/tryton/rpc/", host=f"localhost:{port}", headers=headers, body=body.encode())

        questions = {
            "a page of fifty": lambda n: ask("search_read", [], 0, 50, None),
            "one customer": lambda n: ask("read", [1 + n * 4999 % customers]),
        }
        yield version, port, questions


def rpc(port: int, call: Row) -> list[object]:
    """One JSON-RPC call."""
    body, headers = json.dumps(call).encode(), {"Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}/tryton/rpc/", body, headers)
    ) as answer:
        return json.load(answer)["result"]


@contextmanager
def serving(command: list[object], environment: dict[str, str], url: str, log: Path) -> Iterator[None]:
    """Run a server until the block ends; begin when it answers anything."""
    words = [str(word) for word in command]
    with log.open("w") as output:
        process = subprocess.Popen(words, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if process.poll() is not None:
                    sys.exit(f"{words[0]} ended:\n{log.read_text()}")
                time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def new_database(name: str) -> str:
    """A new database on the server DATABASE_URL names."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rsplit("/", 1)[0] + "/" + name


if __name__ == "__main__":
    sys.exit(main())
