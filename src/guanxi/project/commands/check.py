"""`guanxi check`: what is wrong with this installation, why it matters, what to do."""

import argparse
import contextlib
import json
import sys

from django.db import DatabaseError, InterfaceError
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.core.checkup.examining import examine
from guanxi.core.checkup.findings import Finding, Level
from guanxi.project import database, upgrading
from guanxi.project.commands import check_history

_MARKS = {Level.OK: "  ok  ", Level.WARNING: "  !   ", Level.PROBLEM: " !!!  "}
_INDENT = " " * 6


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("check", help="say what is wrong with this installation")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument(
        "--quick", action="store_true", help="leave out what reads the whole database or calls the mail server"
    )
    parser.add_argument("--strict", action="store_true", help="end with status 1 on warnings too")
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
    findings = examine(with_long=not args.quick)
    levels = {finding.level for finding in findings}
    if args.json:
        _print_json(findings, is_well=Level.PROBLEM not in levels)
    else:
        for finding in findings:
            _tell(finding)
    return 1 if Level.PROBLEM in levels or (args.strict and Level.WARNING in levels) else 0


def _tell(finding: Finding) -> None:
    """One finding for people: what is so; unless all is well, why it matters and what to do."""
    lines = [f"{_MARKS[finding.level]}{finding.text}"]
    if finding.why:
        lines.append(f"{_INDENT}{finding.why}")
    if finding.remedy:
        lines.append(f"{_INDENT}→ {finding.remedy}")
    if finding.page:
        lines.append(f"{_INDENT}→ {_('On the page:')} {_address(finding.page)}")
    sys.stdout.write("\n".join(lines) + "\n")


def _address(page: str) -> str:
    """The address of a page."""
    return reverse(page)


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
    rows = [
        {
            "check": finding.check,
            "level": finding.level,
            "text": finding.text,
            "why": finding.why,
            "remedy": finding.remedy,
            "page": _address(finding.page) if finding.page else "",
        }
        for finding in findings
    ]
    sys.stdout.write(json.dumps({"ok": is_well, "findings": rows}, ensure_ascii=False) + "\n")
