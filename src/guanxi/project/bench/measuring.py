"""The measurements: imports on both databases, a large base, and pages under load."""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from guanxi.core import ids
from guanxi.project.bench import care, erasing, load, merging, office
from guanxi.project.bench.figures import Figure, Report, machine
from guanxi.project.bench.installation import Installation, new_database, profile_of, server_conditions
from guanxi.project.bench.wanted import WARM_UP_SECONDS, Clock, Say, Wanted

WHOLE_FILE = "online_retail/online_retail.parquet"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平华科"
PAIRS = (
    "有限",
    "公司",
    "科技",
    "贸易",
    "上海",
    "北京",
    "王伟",
    "李娜",
    "张敏",
    "陈静",
    "刘洋",
    "华中",
    "国强",
    "子轩",
    "诗涵",
    "电子",
)


@dataclass(frozen=True)
class Page:
    """One kind of request under load: its aim in milliseconds at the 95th percentile."""

    what: str
    aim: float | None
    path: Callable[[random.Random], str]


def begin(wanted: Wanted) -> Report:
    """A report that says under which conditions its figures will be measured."""
    report = Report(
        {
            **machine(),
            "customers": f"{wanted.customers:,}",
            "orders_per_customer": wanted.orders_per_customer,
            "web_processes": wanted.processes,
            "connections": wanted.connections,
            "seconds_each": wanted.seconds,
            "load_average_before": round(os.getloadavg()[0], 1),
        }
    )
    if rest := [part for part in Wanted().parts if part not in wanted.parts]:
        report.left_out.append(f"Not asked for in this run: {', '.join(rest)}.")
    if wanted.server_url:
        told = server_conditions(wanted.server_url)
        report.conditions["postgresql"] = ", ".join(f"{name} {value}" for name, value in told.items())
    else:
        report.left_out.append("PostgreSQL: DATABASE_URL is not set (script/bench brings a private server).")
    return report


def measure(wanted: Wanted, report: Report, say: Say) -> None:
    """Measure everything asked for, figure by figure; what this machine cannot do is left out and said."""
    with TemporaryDirectory(prefix="guanxi-bench-") as folder:
        if "import" in wanted.parts:
            _imports(wanted, Path(folder), report, say)
        if wanted.server_url and {"seed", "pages", "office", "erasing"} & set(wanted.parts):
            _large_base(wanted, Path(folder) / "large", report, say)
        if "merging" in wanted.parts:
            merging.measure(wanted, Path(folder) / "merging", report, say)
        if {"backup", "history"} & set(wanted.parts):
            care.measure(wanted, Path(folder) / "care", report, say)


def _imports(wanted: Wanted, folder: Path, report: Report, say: Say) -> None:
    """Bring the file in on each database, each in an installation that is made before the clock starts."""
    file, is_whole = _file(wanted)
    if not is_whole:
        report.left_out.append(f"The whole file: GUANXI_TEST_DATA has no {WHOLE_FILE}; the demo's excerpt served.")
    say(f"importing {file}")
    report.figures.append(_import("SQLite", Installation(folder / "sqlite"), file, is_whole))
    say(f"  SQLite {report.figures[-1].value} s")
    if wanted.server_url:
        with new_database(wanted.server_url) as url:
            report.figures.append(_import("PostgreSQL", Installation(folder / "postgres", url), file, is_whole))
        say(f"  PostgreSQL {report.figures[-1].value} s")


def _file(wanted: Wanted) -> tuple[Path, bool]:
    """Return the file to import and whether it is the whole one."""
    if wanted.file is not None:
        return wanted.file, True
    whole = Path(os.environ.get("GUANXI_TEST_DATA", "/nonexistent")) / WHOLE_FILE
    excerpt = Path(__file__).parents[2] / "demo" / "data" / "online_retail.parquet"
    return (whole, True) if whole.is_file() else (excerpt, False)


def _import(database: str, installation: Installation, file: Path, is_whole: bool) -> Figure:
    """Time one import."""
    installation.folder.mkdir(parents=True)
    installation.run("user", "create", "bench", "--role", "owner")
    with Clock() as clock:
        answer = installation.run("import", "orders", file, "--mapping", "online-retail")
    more = {"rows": f"{answer['rows_stored']:,}", "own_processor_time": f"{clock.processor:.0f} s"}
    figure = Figure(f"import of Online Retail, {database}", clock.seconds, "s", 60 if is_whole else None, more=more)
    figure.profile = clock.told() if figure.is_met is False else ""
    return figure


def _large_base(wanted: Wanted, folder: Path, report: Report, say: Say) -> None:
    """Make a large base and put its pages under load."""
    folder.mkdir()
    with new_database(wanted.server_url) as url:
        installation = Installation(folder, url, wanted.processes)
        account = installation.run("user", "create", "bench", "--role", "owner")
        say(f"making {wanted.customers:,} customers")
        counts = ("--customers", wanted.customers, "--orders-per-customer", wanted.orders_per_customer)
        with Clock() as clock:
            made = installation.run("seed", *counts)
        aim = 300 if (wanted.customers, wanted.orders_per_customer) == (1_000_000, 3) else None
        more = {"orders": f"{made['orders']:,}", "lines": f"{made['lines']:,}"}
        more |= {part.replace(" ", "_"): f"{seconds:.0f} s" for part, seconds in made["parts"].items()}
        what = f"seed of {wanted.customers:,} customers with {wanted.orders_per_customer} orders each, PostgreSQL"
        figure = Figure(what, clock.seconds, "s", aim, more=more)
        figure.profile = clock.told() if figure.is_met is False else ""
        report.figures.append(figure)
        say(f"  {figure.value} s")
        report.figures.append(merging.search_large(wanted, installation))
        say(f"  duplicates {report.figures[-1].value} s")
        if "pages" in wanted.parts:
            with installation.served() as port:
                cookies = installation.signed_in(port, account["name"], account["password"])
                _pages(wanted, installation, port, {"Cookie": cookies}, report, say)
        if "office" in wanted.parts:
            office.measure(wanted, installation, report, say)
        if "erasing" in wanted.parts:
            report.figures += erasing.measure(wanted, installation)
            say(f"  erasing {report.figures[-1].value} ms")


def pages(customers: int) -> list[Page]:
    """Return what is asked for under load; customers and words vary from request to request."""

    def somebody(lot: random.Random) -> str:
        """The public id of any customer."""
        return ids.public_id("cus", lot.randint(1, customers))

    return [
        Page("base: health check (a bare SELECT 1)", None, lambda _lot: "/api/v1/health"),
        Page("list page, HTML", 250, lambda _lot: "/customers/"),
        Page("search, one Chinese character", 150, lambda lot: f"/search/hits?q={quote(lot.choice(SURNAMES + GIVEN))}"),
        Page("search, two Chinese characters", 150, lambda lot: f"/search/hits?q={quote(_pair(lot))}"),
        Page("timeline page, HTML", 100, lambda lot: f"/customers/{somebody(lot)}/activity"),
        Page("search page, HTML", None, lambda lot: f"/search?q={quote(lot.choice(SURNAMES))}"),
        Page("record page, HTML", None, lambda lot: f"/customers/{somebody(lot)}/"),
    ]


def _pair(lot: random.Random) -> str:
    """Return two characters: a common word, a name, or any two."""
    return lot.choice((lot.choice(PAIRS), lot.choice(SURNAMES) + lot.choice(GIVEN)))


def _pages(
    wanted: Wanted, installation: Installation, port: int, headers: dict[str, str], report: Report, say: Say
) -> None:
    """Put one kind of page after the other under load."""
    base: float | None = None
    for page in pages(wanted.customers):
        lot = random.Random(7)

        def ask(_number: int, page: Page = page, lot: random.Random = lot) -> bytes:
            """The next request."""
            return load.request(page.path(lot), host=f"localhost:{port}", headers=headers)

        load.run(port, ask, connections=wanted.connections, seconds=min(WARM_UP_SECONDS, wanted.seconds))
        found = load.run(port, ask, connections=wanted.connections, seconds=wanted.seconds)
        more: dict[str, object] = {"p50": f"{found.p50_ms:.0f} ms", "a_second": f"{found.per_second:,.0f}"}
        more |= {"kb_each": f"{found.received_bytes / max(found.requests, 1) / 1000:.1f}"}
        if found.errors:
            more["errors"] = found.errors
        figure = Figure(f"{page.what}, p95", round(found.p95_ms, 1), "ms", page.aim, more=more)
        if base is None:
            base = found.p95_ms
        else:
            figure.ratio = found.p95_ms / base
        if figure.is_met is False:
            figure.profile = profile_of(installation, page.path(random.Random(7)))
        report.figures.append(figure)
        say(f"  {figure.what}: {figure.value} ms, {more['a_second']} a second")
