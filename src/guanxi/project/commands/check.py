"""`guanxi check`: what is wrong with this installation."""

import argparse
import contextlib
import json
import sys

from django.db import DatabaseError, InterfaceError

from guanxi.project import database
from guanxi.project.checkup import Finding, Level, examine
from guanxi.project.commands import check_history

_MARKS = {Level.OK: "  ok  ", Level.WARNING: "  !   ", Level.PROBLEM: " !!!  "}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("check", help="say what is wrong with this installation")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    check_history.add_options(parser)
    # It must be able to say that the database is away.
    parser.set_defaults(run=run, needs_database=False)


def run(args: argparse.Namespace) -> int:
    """Look at everything; 1 when there is a problem."""
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


def _print_json(findings: list[Finding], *, is_well: bool) -> None:
    """For programs."""
    rows = [{"check": finding.check, "level": finding.level, "text": finding.text} for finding in findings]
    sys.stdout.write(json.dumps({"ok": is_well, "findings": rows}, ensure_ascii=False) + "\n")
