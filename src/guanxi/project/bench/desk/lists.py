"""Lists of the desk and of cases over years of conversations, under load."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from guanxi.project.bench import load
from guanxi.project.bench.desk.wanted import DeskWanted
from guanxi.project.bench.figures import Figure, Report
from guanxi.project.bench.installation import Installation, profile_of
from guanxi.project.bench.wanted import WARM_UP_SECONDS, Clock, Say

AIM_MS, WHOLE = 200.0, 500_000
CUSTOMERS_SHARE, MOST_CUSTOMERS, SECONDS = 10, 100_000, 10.0
VIEWS = ("mine", "unassigned", "waiting", "open", "done")
CASES = ("", "?sort=due", "?state=new,open,waiting,held&sort=due", "?state=closed", "?type=complaint", "?priority=1")


@dataclass(frozen=True)
class Page:
    """One list, and where it lies."""

    what: str
    path: Callable[[random.Random], str]
    headers: dict[str, str]


PART = {"HX-Request": "true", "GX-Part": "list"}
PAGES = (
    Page("list of the desk and its numbers, any of its views", lambda lot: f"/desk/?view={lot.choice(VIEWS)}", PART),
    Page(
        "list of the desk in another order",
        lambda lot: f"/desk/?view={lot.choice(VIEWS)}&sort={lot.choice(('newest', 'oldest', 'waiting', 'due'))}",
        PART,
    ),
    Page("the whole page of the desk", lambda lot: f"/desk/?view={lot.choice(VIEWS)}", {}),
    Page("list of cases, any of its filters", lambda lot: f"/cases/{lot.choice(CASES)}", {"HX-Request": "true"}),
    Page("the whole page of cases", lambda _lot: "/cases/", {}),
)


def make_base(wanted: DeskWanted, installation: Installation, report: Report, say: Say) -> None:
    """Make the years of conversations that the lists are over."""
    customers = max(min(wanted.base // CUSTOMERS_SHARE, MOST_CUSTOMERS), 50)
    with Clock() as clock:
        installation.run("seed", "--customers", customers, "--orders-per-customer", 0)
        made = installation.run("seed", "--conversations", wanted.base)
    more = {
        "customers": f"{customers:,}",
        "messages": f"{made['messages']:,}",
        "open": f"{made['open_conversations']:,}",
    }
    what = f"seed of {wanted.base:,} conversations with a case each, PostgreSQL"
    report.figures.append(Figure(what, clock.seconds, "s", more=more))
    say(f"  {what}: {clock.seconds} s")


def measure(wanted: DeskWanted, installation: Installation, cookies: str, report: Report, say: Say) -> None:
    """Put one list after the other under load, as one colleague asks for it."""
    with installation.served() as port:
        host = f"localhost:{port}"
        for page in PAGES:
            lot = random.Random(7)
            headers = {"Cookie": cookies, **page.headers}

            def ask(
                _number: int, page: Page = page, lot: random.Random = lot, headers: dict[str, str] = headers
            ) -> bytes:
                """The next request."""
                return load.request(page.path(lot), host=host, headers=headers)

            seconds = min(SECONDS, wanted.seconds)
            load.run(port, ask, connections=wanted.connections, seconds=min(WARM_UP_SECONDS, seconds))
            found = load.run(port, ask, connections=wanted.connections, seconds=seconds)
            more: dict[str, object] = {"p50": f"{found.p50_ms:.0f} ms", "a_second": f"{found.per_second:,.0f}"}
            if found.errors:
                more["errors"] = found.errors
            what = f"{page.what}, {wanted.base:,} conversations and cases, p95"
            aim = AIM_MS if wanted.base >= WHOLE else None
            figure = Figure(what, round(found.p95_ms, 1), "ms", aim, more=more)
            if figure.is_met is False:
                figure.profile = profile_of(installation, page.path(random.Random(7)))
            report.figures.append(figure)
            say(f"  {figure.what}: {figure.value} ms, {more['a_second']} a second")
