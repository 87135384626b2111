"""`guanxi customers duplicates`: look over the whole base and write the pairs found."""

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.actor import console_actor
from guanxi.core.errors import Busy, InvalidInput, Unavailable
from guanxi.core.ids import public_id
from guanxi.customers.duplicates import queries, reading, reasons, services
from guanxi.customers.duplicates.comparing import compare
from guanxi.customers.duplicates.records import Features, features
from guanxi.customers.duplicates.weights import Frequencies
from guanxi.customers.models import DuplicateScan

STEP = 2_000


def add_duplicates(inner: Any) -> None:
    """`customers duplicates`."""
    parser = inner.add_parser(
        "duplicates",
        help="find customers that are on record twice",
        description="Look over the whole base, keep the pairs found and list them, the most likely first. Each side is "
        "named by the first external id it was given, else by its own id (cus_…).",
    )
    parser.add_argument(
        "--min-score", type=_score, default=services.DEFAULT_SCORE, metavar="X",
        help=f"only pairs at least so likely, 0 to 1 (default {services.DEFAULT_SCORE})",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="at most so many pairs (default: all)")
    parser.add_argument("--csv", default="", metavar="FILE", help="write a,b,score,reasons to a file; - for stdout")
    parser.add_argument("--all", action="store_true", help="also pairs that were decided not to be the same")
    parser.add_argument("--no-scan", action="store_true", help="list what is known, without a new look")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=find_duplicates)


def _score(text: str) -> float:
    """A number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(_("“%(value)s” is not a number from 0 to 1.") % {"value": text[:40]})
    return value


def find_duplicates(args: argparse.Namespace) -> int:
    """Scan, then list the pairs."""
    if args.limit < 0:
        raise InvalidInput(_("The limit is a whole number, 0 for all pairs."))
    with _target(args.csv) as target:
        scan = None if args.no_scan else _scan(args)
        pairs = _pairs(args)
        if target is not None:
            count = _write_csv(target, pairs)
            summary: dict[str, Any] = {"pairs": count}
        else:
            listed = list(pairs)
            summary = {"pairs": len(listed), "items": listed}
    if scan is not None:
        summary |= {"customers": scan.customers, "candidates": scan.candidates, "seconds": _seconds(scan)}
    if args.json and args.csv != "-":
        sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")
    elif args.csv != "-":
        _tell(summary, args.csv)
    return 0


def _seconds(scan: DuplicateScan) -> float:
    """How long a scan took."""
    if scan.started_at is None or scan.finished_at is None:
        return 0.0
    return round((scan.finished_at - scan.started_at).total_seconds(), 1)


@contextmanager
def _target(path: str) -> Iterator[TextIO | None]:
    """The file to write to, opened before the work begins; None where none is asked for."""
    if not path:
        yield None
    elif path == "-":
        yield sys.stdout
    else:
        try:
            file = Path(path).open("w", encoding="utf-8", newline="")  # noqa: SIM115 - closed below
        except OSError as error:
            raise Unavailable(
                _("“%(file)s” cannot be written: %(why)s") % {"file": path, "why": error.strerror or error}
            ) from None
        with file:
            yield file


def _scan(args: argparse.Namespace) -> DuplicateScan:
    """Look over the whole base."""
    is_told = not args.json and sys.stderr.isatty()

    def tell(phase: str, done: int, total: int) -> None:
        """Show where it is."""
        share = f" {100 * done // total}%" if total else ""
        sys.stderr.write(f"\r\x1b[K{phase}{share}")
        sys.stderr.flush()

    scan = DuplicateScan(asked_at=clock.now(), by_name=console_actor().name)
    services.enter_scan(scan)
    try:
        return services.run_scan(scan=scan, min_score=args.min_score, tell=tell if is_told else None)
    except Busy:
        services.withdraw_scan(scan)
        raise
    finally:
        if is_told:
            sys.stderr.write("\r\x1b[K")


def _pairs(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The pairs to be listed, the most likely first, with reasons."""
    rows = queries.ranked(console_actor(), min_score=args.min_score, decided=args.all)
    rows = rows.values_list("first_id", "second_id", "score", "findings")
    source = iter(rows[: args.limit] if args.limit else rows)
    while chunk := list(islice(source, STEP)):
        numbers = sorted({number for row in chunk for number in row[:2]})
        outside = reading.names_outside(numbers)
        records = reading.records_of(numbers)
        parsed: dict[int, Features] = {number: features(record) for number, record in records.items()}
        known = Frequencies(len(records))
        for first, second, score, findings in chunk:
            one, other = (outside.get(number) or public_id("cus", number) for number in (first, second))
            told = compare(parsed[first], parsed[second], known) if first in parsed and second in parsed else None
            values = {(e.field, e.found): e.values for e in told.evidence} if told else {}
            if other < one:
                one, other = other, one
                values = {key: (b, a) for key, (a, b) in values.items()}
            sentences = [reasons.sentence(f, w, values.get((f, w), ("", ""))) for f, w, bits in findings if bits]
            yield {"a": one, "b": other, "score": score, "reasons": sentences[: reasons.LISTED]}


def _write_csv(target: TextIO, pairs: Iterator[dict[str, Any]]) -> int:
    """One line a pair."""
    writer = csv.writer(target)
    writer.writerow(("a", "b", "score", "reasons"))
    count = 0
    for pair in pairs:
        writer.writerow((pair["a"], pair["b"], f"{pair['score']:.4f}", "; ".join(pair["reasons"])))
        count += 1
    return count


def _tell(summary: dict[str, Any], path: str) -> None:
    """The result for a person."""
    out = sys.stdout.write
    for item in summary.get("items", ()):
        out(f"{item['score']:.4f}  {item['a']:<16} {item['b']:<16} {'; '.join(item['reasons'][:3])}\n")
    about = f", {summary['customers']:,} customers in {summary['seconds']} s" if "customers" in summary else ""
    out(f"{summary['pairs']:,} pairs{about}{f', written to {path}' if path else ''}\n")
