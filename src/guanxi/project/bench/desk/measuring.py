"""Measuring the desk: a shift with its count at the end, mails in bulk, lists over years of conversations."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from guanxi.project.bench.desk import counting, lists, mails
from guanxi.project.bench.desk.found import Found
from guanxi.project.bench.desk.processors import processors
from guanxi.project.bench.desk.shift import Shift
from guanxi.project.bench.desk.visitors import SITE
from guanxi.project.bench.desk.wanted import PARTS, DeskWanted
from guanxi.project.bench.figures import Figure, Report, machine
from guanxi.project.bench.installation import Installation, new_database, profile_of, server_conditions
from guanxi.project.bench.office import p95
from guanxi.project.bench.wanted import Clock, Say

ACT_MS, SEEN_MS, WHOLE = 300.0, 1000.0, 20_000
# Visitors come from many places, through a proxy that is named.
PROXY = {"GUANXI_PROXIES": "127.0.0.1"}


def begin(wanted: DeskWanted) -> Report:
    """A report that says under which conditions its figures will be measured."""
    report = Report(
        {
            **machine(),
            "web_processes": wanted.processes,
            "connections_on_lists": wanted.connections,
            "load_average_before": round(os.getloadavg()[0], 1),
        }
    )
    if rest := [part for part in PARTS if part not in wanted.parts]:
        report.left_out.append(f"Not asked for in this run: {', '.join(rest)}.")
    told = server_conditions(wanted.server_url)
    report.conditions["postgresql"] = ", ".join(f"{name} {value}" for name, value in told.items())
    return report


def measure(wanted: DeskWanted, report: Report, say: Say) -> None:
    """Measure everything asked for, each part in an installation of its own."""
    with TemporaryDirectory(prefix="guanxi-bench-desk-") as folder, _first(wanted, Path(folder) / "first") as first:
        if "shift" in wanted.parts:
            with _like(first, Path(folder) / "shift", wanted) as installation:
                _shift(wanted, installation, report, say)
        if "mails" in wanted.parts:
            with _like(first, Path(folder) / "mails", wanted) as installation:
                mails.measure(wanted, installation, report, say)
        if "lists" in wanted.parts:
            with _like(first, Path(folder) / "lists", wanted) as installation:
                say(f"making {wanted.base:,} conversations")
                made = installation.python("guanxi.project.bench.desk.setting_up", 1, SITE)
                lists.make_base(wanted, installation, report, say)
                with installation.served() as port:
                    one = made["people"][0]
                    cookies = installation.signed_in(port, one["name"], one["password"])
                lists.measure(wanted, installation, cookies, report, say)


@contextmanager
def _first(wanted: DeskWanted, folder: Path) -> Iterator[Installation]:
    """An installation on a database of its own, with its owner and nothing else."""
    folder.mkdir()
    with new_database(wanted.server_url) as url:
        installation = Installation(folder, url, wanted.processes, PROXY)
        installation.run("user", "create", "bench", "--role", "owner")
        yield installation


@contextmanager
def _like(first: Installation, folder: Path, wanted: DeskWanted) -> Iterator[Installation]:
    """A copy of an installation that nothing uses, on a database of its own."""
    shutil.copytree(first.folder, folder)
    with new_database(wanted.server_url, like=first.database_url) as url:
        yield Installation(folder, url, wanted.processes, PROXY)


def _shift(wanted: DeskWanted, installation: Installation, report: Report, say: Say) -> None:
    """Colleagues and visitors at once; then as many conversations as are wanted; then the count."""
    say(f"{wanted.agents} colleagues and {wanted.visitors} visitors at once")
    made = installation.python("guanxi.project.bench.desk.setting_up", wanted.agents)
    lists.make_base(DeskWanted(base=max(wanted.conversations, 100)), installation, report, say)
    # Its chat comes after what years have left behind: in its view stand the visitors of the shift alone.
    made |= installation.python("guanxi.project.bench.desk.setting_up", 0, SITE)
    with installation.served() as port:
        cookies = [installation.signed_in(port, one["name"], one["password"]) for one in made["people"]]
        shift = Shift(port, made["chat"], made["channel"], cookies)
        with Clock() as clock, processors(shift.found):
            shift.run(
                visitors=wanted.visitors, seconds=wanted.seconds, every=wanted.agent_every,
                visitors_every=wanted.visitor_every,
            )  # fmt: skip
        figures = _figures(wanted, shift.found)
        for figure in figures:
            if figure.is_met is False:
                figure.profile = f"{clock.told()}\n\n{profile_of(installation, '/desk/?view=open')}"
        report.figures += figures
        for figure in figures:
            say(f"  {figure.what}: {figure.value} {figure.unit}")
        # What the visitors of the shift saw, before anybody answers them further.
        first = counting.count(counting.rows_of(installation.database_url, made["channel"]), shift.found)
        shift.found.forget_screens()
        with Clock() as clock:
            shift.run_many(wanted.conversations, seconds=wanted.minutes * 60)
        found = counting.count(counting.rows_of(installation.database_url, made["channel"]), shift.found)
        found.add_screens(first)
    report.figures.append(_counted(wanted, shift.found, found, clock.seconds))
    say(f"  {report.figures[-1].what}: {report.figures[-1].value:g}; {found.told()}")


def _figures(wanted: DeskWanted, found: Found) -> list[Figure]:
    """How long acts took, and how soon words were seen."""
    more: dict[str, object] = {"acts": f"{len(found.times):,}", "requests": f"{len(found.requests):,}"}
    more |= {f"{kind}_p95": f"{p95(times):.0f} ms" for kind, times in sorted(found.acts.items())}
    more |= {"request_p95": f"{p95([seconds for _kind, seconds in found.requests]):.0f} ms", "requests_of": found.kinds}
    more |= {"processors_used": found.processors} if found.processors else {}
    if found.errors:
        more |= {"errors": len(found.errors), "first_error": found.errors[0]}
    at_once = f"{wanted.agents} colleagues and {wanted.visitors} visitors at once"
    aims = (ACT_MS, SEEN_MS) if wanted.is_whole else (None, None)
    seen = [*found.to_desk, *found.to_visitor]
    told: dict[str, object] = {
        "to_colleagues_p95": f"{p95(found.to_desk):.0f} ms", "seen_by_colleagues": f"{len(found.to_desk):,}",
        "to_visitors_p95": f"{p95(found.to_visitor):.0f} ms", "seen_by_visitors": f"{len(found.to_visitor):,}",
    }  # fmt: skip
    return [
        Figure(f"{at_once}, p95 of an act at the desk until all is there", round(p95(found.times), 1), "ms", aims[0], more=more),
        Figure(f"{at_once}, p95 until a message stands on the other side's screen", round(p95(seen), 1), "ms", aims[1], more=told),
    ]  # fmt: skip


def _counted(wanted: DeskWanted, found: Found, made: counting.Count, seconds: float) -> Figure:
    """How many messages are lost, doubled, out of order or not shown."""
    more = {**made.told(), "sent_twice_on_purpose": found.sent_twice, "answer_in_doubt": len(found.doubtful)}
    more |= {"after_the_shift": f"{seconds:.0f} s"}
    if found.errors:
        more |= {"answers_with_an_error": len(found.errors), "first_error": found.errors[0]}
    is_enough = made.conversations >= wanted.conversations
    what = f"messages lost, doubled, out of order or not shown in {made.conversations:,} chats"
    figure = Figure(what, made.wrong, "", 1 if is_enough and wanted.conversations >= WHOLE else None, more=more)
    if not is_enough:
        figure.more["fewer_than_wanted"] = f"{wanted.conversations:,}"
    return figure
