"""`guanxi check --history`: whether the journal is as it was written."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core import sealing
from guanxi.core.errors import InvalidInput
from guanxi.core.sealing import anchors, verifying


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `guanxi check` takes for the history."""
    group = parser.add_argument_group("the history of changes")
    group.add_argument("--history", action="store_true", help="verify the seals of the whole history of changes")
    group.add_argument("--seal", action="store_true", help="seal what is not sealed yet, then verify")
    group.add_argument(
        "--anchor",
        metavar="FILE",
        type=Path,
        help="verify, also against the seals kept in this file, then add the newest to it; keep it elsewhere",
    )


def run(args: argparse.Namespace) -> int:
    """Verify, tell, and keep the newest seal where asked; 1 when something is wrong."""
    given = anchors.read(args.anchor) if args.anchor is not None and args.anchor.exists() else []
    if args.seal:
        sealing.seal_now()
    report = verifying.verify(anchors=[*given, *anchors.kept_here()], progress=_progress())
    if args.anchor is not None and report.anchor is not None and report.is_whole and report.anchor not in given:
        anchors.add(args.anchor, report.anchor)
    if args.json:
        sys.stdout.write(json.dumps(_plain(report), ensure_ascii=False) + "\n")
    else:
        _tell(report)
    if args.anchor is not None and report.anchor is None:
        raise InvalidInput(_("Nothing is sealed yet: the worker does it every minute, or add --seal."))
    return 0 if report.is_whole else 1


def _progress() -> verifying.Progress:
    """A line that counts up, on a terminal."""
    told = time.monotonic()

    def tell(done: int, total: int) -> None:
        """At most twice a second."""
        nonlocal told
        if sys.stderr.isatty() and (done == total or time.monotonic() - told > 0.5):
            told = time.monotonic()
            end = "\n" if done == total else ""
            sys.stderr.write(f"\r{done:,} / {total:,} {_('seals')}{end}")
            sys.stderr.flush()

    return tell


def _plain(report: verifying.Report) -> dict[str, Any]:
    """For programs."""
    rows = [
        {"fault": finding.fault, "table": finding.table, "id": finding.id, "about": finding.about, "text": str(finding)}
        for finding in report.findings
    ]
    names = ("seals", "operations", "changes", "erased", "unsealed", "found")
    return {
        "ok": report.is_whole,
        **{name: getattr(report, name) for name in names},
        "clock_jumps": report.jumps,
        "findings": rows,
        "anchor": json.loads(str(report.anchor)) if report.anchor else None,
    }


def _tell(report: verifying.Report) -> None:
    """For people."""
    for finding in report.findings:
        sys.stdout.write(f" !!!  {finding}\n")
    if report.found > len(report.findings):
        sys.stdout.write(" !!!  " + _("%(count)d more.") % {"count": report.found - len(report.findings)} + "\n")
    text = _("Read: seals %(seals)d, operations %(operations)d, changes %(changes)d.")
    about = {"seals": report.seals, "operations": report.operations, "changes": report.changes}
    sys.stdout.write("      " + text % about + "\n")
    if report.jumps:
        text = ngettext(
            "The clock was set back: %(count)d operation bears a time before that of an earlier one.",
            "The clock was set back: %(count)d operations bear a time before that of an earlier one.",
            report.jumps,
        )
        sys.stdout.write("  !   " + text % {"count": report.jumps} + "\n")
    if report.erased:
        text = _("The values of %(count)d rows were erased.")
        sys.stdout.write("      " + text % {"count": report.erased} + "\n")
    if report.unsealed:
        text = _("%(count)d rows are not sealed yet.")
        sys.stdout.write("      " + text % {"count": report.unsealed} + "\n")
    if report.is_whole:
        sys.stdout.write("  ok  " + _("The history is as it was written.") + "\n")
    if report.anchor is not None:
        sys.stdout.write("      " + _("The newest seal, to be kept elsewhere:") + f" {report.anchor}\n")
