"""What is measured, what is aimed at, and how it is told."""

import os
import platform
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import guanxi

HEADING = "# Performance"
LIMITS = """## Known limits

- A list of much that one may see is read along the index of its order until the page is full. Where all that one may see lies at the end of that order (a department of 20,000 among a million, every one of them last by value), the walk is as long as the order.
- A count that a filter narrows is exact up to 10,000 and reads until it has that many.
- Sorting by a column that has no index of its own reads all that one may see."""

DESK_HEADING = "## Front desk"
DESK_WORDS = """Written by `script/bench desk --write`: colleagues at the desk and visitors in the chat at once, over HTTP with live streams, on the same machine as the load; then chats until there are enough of them, counted in the database and on every screen; mails from files; lists over years of conversations."""
# Not the marks of `script/marked_parts.py`: those of a page are filled together, and this part has a command of its own.
DESK_BEGIN = "<!-- what script/bench desk measured -->"
DESK_END = "<!-- so far what script/bench desk measured -->"


@dataclass
class Figure:
    """One measured figure beside its aim; `ratio` is to the base measured in the same run."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    ratio: float | None = None
    more: dict[str, Any] = field(default_factory=dict)
    profile: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        return None if self.aim is None else self.value < self.aim and not self.more.get("errors")


@dataclass
class Report:
    """All figures of a run, and under which conditions they were measured."""

    conditions: dict[str, Any]
    figures: list[Figure] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def missed(self) -> list[Figure]:
        """Figures that miss their aim."""
        return [figure for figure in self.figures if figure.is_met is False]

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "conditions": self.conditions,
            "figures": [{**asdict(figure), "is_met": figure.is_met} for figure in self.figures],
            "left_out": self.left_out,
        }

    def table(self) -> str:
        """The figures as a table in Markdown."""
        lines = ["| what | measured | aim | to the base | more |", "|---|--:|--:|--:|---|"]
        for figure in self.figures:
            aim = f"{figure.aim:g} {figure.unit}" if figure.aim is not None else ""
            sign = {True: "", False: " **missed**", None: ""}[figure.is_met]
            ratio = f"{figure.ratio:.1f}x" if figure.ratio is not None else ""
            more = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figure.more.items())
            lines.append(f"| {figure.what} | {figure.value:,.1f} {figure.unit}{sign} | {aim} | {ratio} | {more} |")
        return "\n".join(lines)

    def page(self, kept: str = "") -> str:
        """The page for the documentation; `kept` are the parts that other commands measured."""
        told = "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in self.conditions.items())
        parts = [
            HEADING,
            "Written by `script/bench` (`guanxi bench --write`). Times include everything up to the last byte received; "
            "the load generator runs on the same machine and takes its share of it.",
            f"## Conditions\n\n{told}",
            f"## Figures\n\n{self.table()}",
        ]
        if kept:
            parts.append(kept)
        parts.append(LIMITS)
        if self.left_out:
            parts.append("## Left out\n\n" + "\n".join(f"- {sentence}" for sentence in self.left_out))
        for figure in self.missed:
            parts.append(f"## Missed: {figure.what}\n\n```\n{figure.profile or 'no profile'}\n```")
        return "\n\n".join(parts) + "\n"


def methods_part(page: str) -> str:
    """What a page says of the methods, from its heading to the mark that ends it; nothing where it says nothing."""
    found = re.search(r"^## Methods\n.*?^<!-- end [^>]* -->$", page, re.DOTALL | re.MULTILINE)
    return found[0] if found else ""


def desk_part_of(page: str) -> str:
    """What a page says of the front desk, measured by a command of its own; nothing where it says nothing."""
    found = re.search(rf"^{DESK_HEADING}\n.*?^{DESK_END}$", page, re.DOTALL | re.MULTILINE)
    return found[0] if found else ""


def desk_part(report: Report) -> str:
    """The part of the page about the front desk."""
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in report.conditions.items())
    left_out = "".join(f"\n\n{sentence}" for sentence in report.left_out)
    return f"{DESK_HEADING}\n\n{DESK_WORDS}\n\n{DESK_BEGIN}\n{report.table()}\n\n{told}.{left_out}\n{DESK_END}"


def with_desk_part(page: str, part: str) -> str:
    """A page with this part in the place of the one before, else before the known limits, else at its end."""
    standing = desk_part_of(page)
    if standing:
        return page.replace(standing, part)
    limits = page.find("## Known limits")
    if limits < 0:
        return f"{page.rstrip() or HEADING}\n\n{part}\n"
    return f"{page[:limits]}{part}\n\n{page[limits:]}"


def machine() -> dict[str, Any]:
    """Return on what and when the figures were measured."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "guanxi": guanxi.__version__,
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_gib": _memory_gib(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    """Return the name of the processor."""
    info = Path("/proc/cpuinfo")
    for line in info.read_text().splitlines() if info.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> int:
    """Return the memory of the machine in whole GiB."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
