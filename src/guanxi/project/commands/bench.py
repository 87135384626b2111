"""`guanxi bench`: how fast this machine is with Guanxi."""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

PARTS = ("import", "seed", "pages", "office", "erasing", "merging", "backup", "history")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "bench",
        help="measure imports, a large base and pages under load on this machine",
        description="Measures in installations of its own; the data of this one are not touched. PostgreSQL is measured "
        "on the server that DATABASE_URL names, in databases made for it and dropped again.",
    )
    parser.add_argument("--customers", type=_positive, default=1_000_000, metavar="N")
    parser.add_argument("--orders-per-customer", type=_positive, default=3, metavar="M")
    parser.add_argument("--connections", type=_positive, default=32, metavar="N")
    parser.add_argument("--processes", type=_positive, default=2, metavar="N", help="web processes (default: 2)")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S", help="how long each page is under load")
    parser.add_argument(
        "--people", type=_positive, default=60, metavar="N", help="people at work at once (default: 60)"
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part (may be given several times)")
    parser.add_argument("--file", type=Path, help="the file to import (default: Online Retail in GUANXI_TEST_DATA)")
    parser.add_argument("--output", type=Path, metavar="FOLDER", default=Path("bench-results"), help="where JSON goes")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write a page for the documentation")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.set_defaults(run=run, needs_database=False)


def _positive(text: str) -> int:
    """A whole number of at least one."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Measure, print, write; not 0 when an aim is missed."""
    from guanxi.project.bench.figures import desk_part_of, methods_part
    from guanxi.project.bench.measuring import begin, measure  # needed by no other command
    from guanxi.project.bench.wanted import Wanted

    wanted = Wanted(
        customers=args.customers,
        orders_per_customer=args.orders_per_customer,
        connections=args.connections,
        processes=args.processes,
        seconds=args.seconds,
        parts=tuple(args.only or PARTS),
        file=args.file.absolute() if args.file else None,
        people=args.people,
        server_url=os.environ.get("DATABASE_URL", ""),
    )
    args.output.mkdir(parents=True, exist_ok=True)
    path = args.output / f"guanxi-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.json"
    report = begin(wanted)
    try:
        measure(wanted, report, lambda text: print(text, file=sys.stderr, flush=True))  # noqa: T201 - progress
    finally:  # what was measured before something failed took long
        path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if args.write:
        page = args.write.read_text(encoding="utf-8") if args.write.exists() else ""
        kept = [part for part in (methods_part(page), desk_part_of(page)) if part]
        args.write.write_text(report.page("\n\n".join(kept)), encoding="utf-8")
    if args.json:
        sys.stdout.write(json.dumps({**report.as_json(), "file": str(path)}, ensure_ascii=False) + "\n")
    else:
        told = "\n".join(f"left out: {sentence}" for sentence in report.left_out)
        sys.stdout.write(f"{report.table()}\n{told}\nwritten to {path}\n")
        for figure in report.missed:
            sys.stdout.write(f"\nmissed: {figure.what}\n{figure.profile}\n")
    return 1 if report.missed else 0
