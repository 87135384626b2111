"""`guanxi check`: what is wrong with this installation."""

import argparse
import contextlib
import json
import sys

from django.db import DatabaseError, InterfaceError

from guanxi.project import database, upgrading
from guanxi.project.checkup import Finding, Level, examine
from guanxi.project.commands import check_history

_MARKS = {Level.OK: "  ok  ", Level.WARNING: "  !   ", Level.PROBLEM: " !!!  "}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("check", help="say what is wrong with this installation")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument(
        "--upgrade", action="store_true", help="say what an upgrade of the database will do, do nothing"
    )
    check_history.add_options(parser)
    # It must be able to say that the database is away.
    parser.set_defaults(run=run, needs_database=False)


def run(args: argparse.Namespace) -> int:
    """Look at everything; 1 when there is a problem."""
    if args.upgrade:
        return _upgrade(args)
    # When it cannot be made, the examination says so in its own words.
    with contextlib.suppress(DatabaseError, InterfaceError):
        database.ensure()
    if args.history or args.seal or args.anchor is not None:
        return check_history.run(args)
    findings = examine()
    is_well = not any(finding.level == Level.PROBLEM for finding in findings)
    if args.json:
        _print_json(findings, is_well=is_well)
    else:
        for finding in findings:
            sys.stdout.write(f"{_MARKS[finding.level]}{finding.text}\n")
    return 0 if is_well else 1


def _upgrade(args: argparse.Namespace) -> int:
    """Say what is still to be done to the tables; 1 when something should be seen to before."""
    todo = upgrading.plan()
    if args.json:
        sys.stdout.write(json.dumps(upgrading.as_json(todo), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(upgrading.told(todo)) + "\n")
    return 1 if todo.obstacles else 0


def _print_json(findings: list[Finding], *, is_well: bool) -> None:
    """For programs."""
    rows = [{"check": finding.check, "level": finding.level, "text": finding.text} for finding in findings]
    sys.stdout.write(json.dumps({"ok": is_well, "findings": rows}, ensure_ascii=False) + "\n")
