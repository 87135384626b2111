"""Guanxi beside another open-source system, on this machine, on one PostgreSQL, with the same parties and the same load.

`script/bench peers` runs this on a server of its own whose databases stay in .bench/, so that only the first run seeds
them. The peer is Tryton (trytond and its party module), served by gunicorn with two processes; Guanxi is served by
`guanxi up` with two processes. Both answer the same three questions over their API, authenticated and with rights
checked: fifty parties filtered and sorted by name, one party, and who is reached by a telephone number. Runs alternate;
the median of each question counts. Tryton is given the indexes that these questions need.
"""

import argparse
import base64
import json
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg

from guanxi.core import ids
from guanxi.project.bench import load
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
ENVIRONMENT = BENCH / "peers"
RESULTS = ROOT / "bench-results"
PASSWORD = base64.urlsafe_b64encode(os.urandom(18)).decode()
AIMS = {"fifty, filtered and sorted": 10.0, "read one": 3.0, "look up a phone number": 3.0}
MOST_P95_MS = 100.0
MOST_RIGHTS_COST = 0.30
SOUGHT = 5_000
PAGE = """# Performance beside another system

Written by `script/bench peers --write FILE`: Guanxi and Tryton on the same machine and the same PostgreSQL, with the same parties, two web processes each, authenticated, full rights checked, no answer cached. The load generator runs on the same machine and takes its share of it. Tryton is given the indexes that these questions need."""
Row = dict[str, object]
Questions = dict[str, Callable[[int], bytes]]


@dataclass
class System:
    """One system that serves: what it is called, where, and what to ask it."""

    name: str
    port: int
    questions: Questions
    token: str = ""


def main() -> int:
    """Measure both systems in turn, print a table, write JSON; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write a page for the documentation")
    args = parser.parse_args()
    make_environment()
    url = guanxi_database(args.customers)
    phones = sample(url)
    peer = tryton_database(url, args.customers)
    found: dict[tuple[str, str], list[load.Load]] = {}
    with ExitStack() as stack:
        systems = [
            stack.enter_context(guanxi(url, args.customers, phones)),
            stack.enter_context(tryton(peer, args.customers, phones)),
        ]
        for system in systems:  # fills the caches of the database
            for ask in system.questions.values():
                load.run(system.port, ask, connections=args.connections, seconds=3)
        for number in range(args.runs):
            for question in AIMS:
                for system in systems if number % 2 == 0 else reversed(systems):
                    ask = system.questions[question]
                    measured = load.run(system.port, ask, connections=args.connections, seconds=args.seconds)
                    found.setdefault((question, system.name), []).append(measured)
                    told = f"{measured.per_second:,.0f}/s, p95 {measured.p95_ms:.0f} ms, {measured.errors} errors"
                    print(f"  {number + 1}. {question}, {system.name}: {told}", flush=True)
        cost = json.loads(in_guanxi(url, "-m", "script.bench_rights"))
        return report(args, systems, found, cost, url)


def report(
    args: argparse.Namespace,
    systems: list[System],
    found: dict[tuple[str, str], list[load.Load]],
    cost: dict[str, float],
    url: str,
) -> int:
    """Print the table, write it as JSON and where it is asked for as a page; 1 when an aim is missed."""
    names = [system.name for system in systems]
    rows = [row_of(question, aim, found, names) for question, aim in AIMS.items()]
    rights = {question: round(share, 3) for question, share in cost.items()}
    profiles = {
        str(row["question"]): profile_of(systems[0], str(row["question"]), url) for row in rows if not row["is_met"]
    }
    machine = {"cpus": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version()}
    machine |= {"load_average": round(os.getloadavg()[0], 1)}
    told = "\n\n".join(
        [*tables(args, names, rows, rights), *(f"## Missed: {q}\n\n```\n{p}\n```" for q, p in profiles.items())]
    )
    print(f"\n{told}")
    now = datetime.now(UTC)
    if args.write:
        conditions = "\n".join(
            f"- {key.replace('_', ' ')}: {value}" for key, value in {"date": f"{now:%Y-%m-%d}", **machine}.items()
        )
        args.write.write_text(f"{PAGE}\n\n## Conditions\n\n{conditions}\n\n{told}\n")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"peers-{now:%Y-%m-%d-%H%M%S}.json"
    content = {
        "at": now.isoformat(timespec="seconds"),
        "machine": machine,
        "systems": names,
        "customers": args.customers,
        "rows": rows,
        "rights_cost": rights,
        "profiles": profiles,
    }
    path.write_text(json.dumps(content, indent=1) + "\n")
    print(f"\nwritten to {path.relative_to(ROOT)}")
    return 1 if profiles or any(share > MOST_RIGHTS_COST for share in rights.values()) else 0


def row_of(question: str, aim: float, found: dict[tuple[str, str], list[load.Load]], names: list[str]) -> Row:
    """The medians of one question and whether its aim is met."""
    ours, theirs = (found[question, name] for name in names)
    speed, other = (statistics.median(one.per_second for one in runs) for runs in (ours, theirs))
    p95 = statistics.median(one.p95_ms for one in ours)
    errors = sum(one.errors for one in (*ours, *theirs))
    return {
        "question": question,
        "guanxi_per_second": round(speed, 1),
        "tryton_per_second": round(other, 1),
        "ratio": round(speed / other, 1) if other else None,
        "aim": aim,
        "guanxi_p95_ms": round(p95, 1),
        "tryton_p95_ms": round(statistics.median(one.p95_ms for one in theirs), 1),
        "errors": errors,
        "is_met": bool(other) and speed / other >= aim and p95 < MOST_P95_MS and not errors,
    }


def tables(args: argparse.Namespace, names: list[str], rows: list[Row], rights: dict[str, float]) -> list[str]:
    """What was measured, in Markdown."""
    conditions = (
        f"{args.customers:,} parties, {args.connections} connections, {args.runs} runs of {args.seconds:g} s each"
    )
    lines = [
        f"| question | {names[0]} /s | {names[1]} /s | ratio | aim | p95 ms | p95 ms of the peer | errors |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        sign = "" if row["is_met"] else " **missed**"
        lines.append(
            f"| {row['question']} | {row['guanxi_per_second']:,} | {row['tryton_per_second']:,} | {row['ratio']}{sign} |"
            f" {row['aim']:g} | {row['guanxi_p95_ms']} | {row['tryton_p95_ms']} | {row['errors']} |"
        )
    costs = [f"| {question} | {share:.0%} | {MOST_RIGHTS_COST:.0%} |" for question, share in rights.items()]
    return [
        f"## Figures\n\n{conditions}; the median of the runs, in which the systems took turns; aim for p95: {MOST_P95_MS:g} ms.",
        "\n".join(lines),
        "The share of a request that rights take, against the same requests with nothing to check, in one process:",
        "\n".join(["| question | share | at most |", "|---|--:|--:|", *costs]),
    ]


def profile_of(system: System, question: str, url: str) -> str:
    """Where Guanxi spends the time of a question whose aim it misses."""
    path = system.questions[question](1).split(b" ", 2)[1].decode()
    return in_guanxi(url, "-m", "guanxi.project.bench.profiling", "bench-peers", path, system.token).strip()


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


def once(name: str, make: Callable[[str], None]) -> str:
    """A database that is made when it is asked for the first time, whole or not at all; its address."""
    server = os.environ["DATABASE_URL"]
    url = f"{server.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        has_it = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        if (has_it.fetchone() or ("",))[0] == "seeded":
            return url
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
        print(f"filling the database {name}", flush=True)
        make(url)
        connection.execute(f"COMMENT ON DATABASE \"{name}\" IS 'seeded'")
    return url


def environment_of(url: str) -> dict[str, str]:
    """The environment of Guanxi's processes."""
    folder = BENCH / "guanxi"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"GUANXI_DATA": str(folder), "DATABASE_URL": url, "GUANXI_WEB_PROCESSES": "2"}
    return os.environ | settings | {"GUANXI_API_REQUESTS_PER_MINUTE": "0"}


def in_guanxi(url: str, *words: str) -> str:
    """What a command of Guanxi's own Python answers."""
    command = [sys.executable, *words]
    return subprocess.run(command, env=environment_of(url), check=True, capture_output=True, text=True).stdout


def guanxi_database(customers: int) -> str:
    """Guanxi's database with that many customers, brought up to date."""

    def make(url: str) -> None:
        """Seed it."""
        in_guanxi(url, "-m", "guanxi", "seed", "--customers", str(customers), "--orders-per-customer", "1")

    url = once(f"guanxi_{customers}", make)
    in_guanxi(url, "-m", "guanxi", "customers", "list", "--limit", "1", "--json")
    return url


def sample(url: str) -> list[str]:
    """Some telephone numbers that are there and hold in the numbering plan."""
    text = in_guanxi(url, "-m", "script.bench_rights", "phones", str(SOUGHT))
    phones: list[str] = json.loads(text)
    return phones


def tryton_database(source: str, customers: int) -> str:
    """Tryton's database with the same parties: their names, codes and telephone numbers."""

    def make(url: str) -> None:
        """Have Tryton make its tables and copy the parties into them."""
        for words in (["--all", "--email", "admin@example.org"], ["-u", "party", "--activate-dependencies"]):
            tryton_admin(url, *words)
        with psycopg.connect(source) as ours, psycopg.connect(url, autocommit=True) as theirs:
            copied(
                ours, theirs,
                "SELECT id + 1000, true, 'B' || id, name, now() FROM customers_customer",
                "party_party (id, active, code, name, create_date)",
            )  # fmt: skip
            copied(
                ours, theirs,
                "SELECT id, true, customer_id + 1000, 'phone', normalised, normalised, now() FROM customers_contactpoint"
                " WHERE kind = 'phone'",
                "party_contact_mechanism (id, active, party, type, value, value_compact, create_date)",
            )  # fmt: skip
            theirs.execute("SELECT setval('party_party_id_seq', (SELECT max(id) FROM party_party))")
            theirs.execute("CREATE INDEX ON party_party (name, id)")
            theirs.execute("CREATE INDEX ON party_contact_mechanism (value, type)")
            theirs.execute("VACUUM ANALYZE")

    return once(f"tryton_{customers}", make)


def copied(source: psycopg.Connection, target: psycopg.Connection, query: str, table: str) -> None:
    """Copy what a query of one database gives into a table of another."""
    with (
        source.cursor().copy(f"COPY ({query}) TO STDOUT") as out,
        target.cursor().copy(f"COPY {table} FROM STDIN") as into,
    ):
        for part in out:
            into.write(part)


def tryton_settings(url: str) -> dict[str, str]:
    """The environment of Tryton's processes, with a password made for this run."""
    folder = BENCH / "tryton"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conf").write_text(f"[database]\nuri = {url.rsplit('/', 1)[0]}/\n")
    (folder / "password").write_text(PASSWORD + "\n")
    name = url.rsplit("/", 1)[1]
    settings = {"TRYTONPASSFILE": str(folder / "password"), "TRYTOND_CONFIG": str(folder / "conf")}
    return os.environ | settings | {"TRYTOND_DATABASE_NAMES": name}


def tryton_admin(url: str, *words: str) -> None:
    """Run Tryton's own tool on its database."""
    command = [ENVIRONMENT / "bin/trytond-admin", "-c", BENCH / "tryton" / "conf", "-d", url.rsplit("/", 1)[1], *words]
    subprocess.run(command, env=tryton_settings(url), check=True, capture_output=True)


@contextmanager
def guanxi(url: str, customers: int, phones: list[str]) -> Iterator[System]:
    """Guanxi, and what to ask it: one token of a user whose role sees every customer."""
    token = json.loads(in_guanxi(url, "-m", "script.bench_rights", "token"))
    port = free_port()
    host, headers = f"localhost:{port}", {"Authorization": f"Bearer {token}"}
    version = in_guanxi(url, "-m", "guanxi", "--version").split()[-1]
    lot = random.Random(7)

    def ask(path: str) -> bytes:
        """A request."""
        return load.request(f"/api/v1/customers{path}", host=host, headers=headers)

    questions: Questions = {
        "fifty, filtered and sorted": lambda n: ask(f"?limit=50&status=active&sort={'-' if n % 2 else ''}name"),
        "read one": lambda _n: ask(f"/{ids.public_id('cus', lot.randint(1, customers))}"),
        "look up a phone number": lambda _n: ask(f"/lookup?phone={quote(lot.choice(phones))}"),
    }
    command = [sys.executable, "-m", "guanxi", "up", "--port", str(port)]
    health = f"http://127.0.0.1:{port}/api/v1/health"
    with serving(command, environment_of(url), health, BENCH / "guanxi" / "log"):
        yield System(f"Guanxi {version}", port, questions, token)


@contextmanager
def tryton(url: str, customers: int, phones: list[str]) -> Iterator[System]:
    """Tryton, and what to ask it."""
    environment = tryton_settings(url)
    tryton_admin(url, "--password")
    port, name = free_port(), url.rsplit("/", 1)[1]
    programs = ENVIRONMENT / "bin"
    asked = subprocess.run([programs / "trytond", "--version"], capture_output=True, text=True, check=True)
    command = [programs / "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", "trytond.application:app"]
    with serving(command, environment, f"http://127.0.0.1:{port}/", BENCH / "tryton" / "log"):
        login = {"id": 1, "method": "common.db.login", "params": ["admin", {"password": PASSWORD}]}
        user, session, *_ = rpc(port, name, login)
        key = base64.b64encode(f"admin:{user}:{session}".encode()).decode()
        headers = {"Authorization": f"Session {key}"}
        fields = ["name", "code", "phone", "email", "active"]
        lot = random.Random(7)

        def ask(method: str, *params: object) -> bytes:
            """A request."""
            body = json.dumps({"id": 2, "method": f"model.party.{method}", "params": [*params, {}]})
            return load.request(f"/{name}/rpc/", host=f"localhost:{port}", headers=headers, body=body.encode())

        def page(number: int) -> bytes:
            """Fifty, filtered and sorted."""
            order = [["name", "DESC" if number % 2 else "ASC"]]
            return ask("party.search_read", [["active", "=", True]], 0, 50, order, fields)

        def by_phone(_number: int) -> bytes:
            """Who is reached by a telephone number."""
            asked = [["type", "=", "phone"], ["value", "=", lot.choice(phones)]]
            return ask(
                "contact_mechanism.search_read", asked, 0, 50, None, ["party", "party.name", "party.code", "value"]
            )

        questions: Questions = {
            "fifty, filtered and sorted": page,
            "read one": lambda _n: ask("party.read", [1000 + lot.randint(1, customers)], fields),
            "look up a phone number": by_phone,
        }
        yield System(f"Tryton {asked.stdout.split()[-1]}", port, questions)


def rpc(port: int, name: str, call: Row) -> list[object]:
    """One JSON-RPC call."""
    body, headers = json.dumps(call).encode(), {"Content-Type": "application/json"}
    with urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}/{name}/rpc/", body, headers)
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


if __name__ == "__main__":
    sys.exit(main())
