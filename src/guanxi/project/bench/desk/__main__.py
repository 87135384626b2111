"""`python -m guanxi.project.bench.desk` (`script/bench desk`): how fast the front desk is on this machine."""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

from guanxi.project.bench.desk.measuring import begin, measure
from guanxi.project.bench.desk.wanted import PARTS, DeskWanted
from guanxi.project.bench.figures import desk_part, with_desk_part

USUAL = DeskWanted()


def arguments() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(prog="script/bench desk", description=__doc__)
    parser.add_argument("--agents", type=int, default=USUAL.agents, metavar="N")
    parser.add_argument("--visitors", type=int, default=USUAL.visitors, metavar="N")
    parser.add_argument(
        "--seconds", type=float, default=USUAL.seconds, metavar="S", help="how long they are there at once"
    )
    parser.add_argument("--agent-every", type=float, default=USUAL.agent_every, metavar="S")
    parser.add_argument("--visitor-every", type=float, default=USUAL.visitor_every, metavar="S")
    parser.add_argument(
        "--conversations", type=int, default=USUAL.conversations, metavar="N", help="chats that are counted in the end"
    )
    parser.add_argument(
        "--minutes", type=float, default=USUAL.minutes, metavar="M", help="how long these may take at most"
    )
    parser.add_argument("--mails", type=int, default=USUAL.mails, metavar="N")
    parser.add_argument("--base", type=int, default=USUAL.base, metavar="N", help="conversations that lists are over")
    parser.add_argument(
        "--connections", type=int, default=USUAL.connections, metavar="N", help="that ask for lists at once"
    )
    parser.add_argument("--processes", type=int, default=USUAL.processes, metavar="N", help="web processes")
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part (may be given several times)")
    parser.add_argument("--output", type=Path, metavar="FOLDER", default=Path("bench-results"), help="where JSON goes")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the part of the documentation's page")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def main(words: list[str]) -> int:
    """Measure, print, write; not 0 when an aim is missed."""
    args = arguments().parse_args(words)
    names = set(DeskWanted.__dataclass_fields__) & set(vars(args))
    given = {name: getattr(args, name) for name in names}
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        sys.stderr.write("The desk is measured on PostgreSQL: set DATABASE_URL, or run script/bench desk.\n")
        return 2
    wanted = DeskWanted(**given, parts=tuple(args.only or PARTS), server_url=url)
    args.output.mkdir(parents=True, exist_ok=True)
    path = args.output / f"desk-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.json"
    report = begin(wanted)
    try:
        measure(wanted, report, lambda text: print(text, file=sys.stderr, flush=True))  # noqa: T201 - progress
    finally:  # what was measured before something failed took long
        path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if args.write:
        page = args.write.read_text(encoding="utf-8") if args.write.exists() else ""
        args.write.write_text(with_desk_part(page, desk_part(report)), encoding="utf-8")
    if args.json:
        sys.stdout.write(json.dumps({**report.as_json(), "file": str(path)}, ensure_ascii=False) + "\n")
    else:
        told = "\n".join(f"left out: {sentence}" for sentence in report.left_out)
        sys.stdout.write(f"{report.table()}\n{told}\nwritten to {path}\n")
        for figure in report.missed:
            sys.stdout.write(f"\nmissed: {figure.what}\n{figure.profile}\n")
    return 1 if report.missed else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    django.setup()  # errors are told in words
    sys.exit(main(sys.argv[1:]))
