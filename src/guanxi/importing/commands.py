"""`guanxi import` and `guanxi export`."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.core import events
from guanxi.core.actor import console_actor
from guanxi.core.errors import InvalidInput
from guanxi.importing import services
from guanxi.importing.engine import faults
from guanxi.importing.engine.undoing import UndoRefused, conflict_as_json, sentence
from guanxi.importing.exporting import export_to, exports
from guanxi.importing.further import further_imports
from guanxi.importing.models import Import
from guanxi.importing.services import ImportRequest, ImportResult, NothingImported
from guanxi.importing.targets import targets


def register(subparsers: Any) -> None:
    """Add the commands."""
    importing = subparsers.add_parser("import", help="bring in orders or customers from a file; list and undo imports")
    kinds = importing.add_subparsers(dest="what", metavar="WHAT", required=True)
    for target in targets:
        _register_target(kinds, target.key)
    for add in further_imports:
        add(kinds)
    listing = kinds.add_parser("list", help="the imports so far")
    listing.add_argument("--limit", type=int, default=100, metavar="N", help="how many, newest first (100)")
    listing.add_argument("--json", action="store_true", help="answer as JSON")
    listing.set_defaults(run=list_imports)
    undo = kinds.add_parser("undo", help="take an import back")
    undo.add_argument("import_id", metavar="IMPORT_ID", help="as shown by the import or by `guanxi import list`")
    undo.add_argument("--rest", action="store_true", help="keep what was changed since and take back the rest")
    undo.add_argument("--json", action="store_true", help="answer as JSON")
    undo.set_defaults(run=undo_import)
    _register_export(subparsers)


def _register_export(subparsers: Any) -> None:
    """The command that writes files."""
    parser = subparsers.add_parser(
        "export",
        help="write customers or orders to a file",
        description="Write everything of one kind to a file; its form follows from its name "
        "(.csv, .csv.gz, .xlsx, .parquet). Cells that a spreadsheet would run as formulas are made harmless.",
    )
    parser.add_argument("what", metavar="WHAT", choices=exports.keys(), help=" or ".join(exports.keys()))
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--masked", action="store_true", help="names, numbers, addresses and free texts in their masked form"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=export)


def export(args: argparse.Namespace) -> int:
    """Write a file."""
    with faults.told():
        count = export_to(args.file, actor=console_actor(), key=args.what, is_masked=args.masked)
    if args.json:
        print_json({"what": args.what, "file": str(args.file), "rows": count})
    else:
        sys.stdout.write(f"{count:,} rows written to {args.file}\n")
    return 0


def _register_target(kinds: Any, key: str) -> None:
    """The command for one kind of import."""
    parser = kinds.add_parser(
        key,
        help=f"bring in {key}",
        description=f"Bring in {key} from a file (CSV, XLSX or Parquet, also gzip). Fields: "
        + ", ".join(field.key for field in _fields(key))
        + ". Without --mapping or --map columns are matched by name and content.",
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--mapping", default="", metavar="NAME_OR_FILE", help="a saved or shipped mapping, or a JSON file"
    )
    parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", help="which column holds a field")
    parser.add_argument(
        "--source", default="", metavar="NAME", help="whose ids these are (the mapping's name, else orders)"
    )
    parser.add_argument("--currency", default="", metavar="CODE", help="currency of the amounts")
    parser.add_argument("--timezone", default="", metavar="ZONE", help="time zone of the times, such as Europe/London")
    parser.add_argument(
        "--date-order", default="", metavar="ORDER", help="dmy, mdy or ymd, where the file leaves it open"
    )
    parser.add_argument(
        "--take-erased",
        default=None,
        metavar="REASON",
        help="take in rows that name people who were erased, for this reason (they are left out)",
    )
    parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=run_import, target=key)


def _fields(key: str) -> Any:
    """The fixed fields of a target; those that the company added are known once there is a database."""
    target = targets[key]
    return getattr(target, "FIELDS", None) or _safe_fields(target)


def _safe_fields(target: Any) -> Any:
    """The fields of a target whose module lists them without the database."""
    module = sys.modules[type(target).__module__]
    return getattr(module, "FIELDS", ())


def _the_file(path: Path) -> Path:
    """The file that is meant: a folder with one file in it stands for that file."""
    if not path.is_dir():
        return path
    found = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
    if len(found) != 1:
        raise InvalidInput(
            _("“%(name)s” is a folder with %(count)s files; name the one to bring in.")
            % {"name": path, "count": len(found)}
        )
    return found[0]


def run_import(args: argparse.Namespace) -> int:
    """Bring a file in."""
    request = ImportRequest(
        target=args.target,
        path=_the_file(args.file),
        mapping=args.mapping,
        columns=dict(_pair(text) for text in args.map),
        source=args.source,
        currency=args.currency,
        timezone=args.timezone,
        date_order=args.date_order,
        is_dry_run=args.dry_run,
        take_erased=args.take_erased,
    )
    teller = ProgressTeller(is_quiet=args.json)
    try:
        result = services.run_import(actor=console_actor(), request=request, progress=teller)
    except NothingImported as error:
        teller.clear()
        if args.json:
            print_json(error.result.as_json())
        raise
    finally:
        teller.clear()
    if not args.dry_run:
        events.deliver_pending()
    if args.json:
        print_json(result.as_json())
    else:
        _tell(result)
    return 0


def _pair(text: str) -> tuple[str, str]:
    """One `field=column`."""
    field, mark, column = text.partition("=")
    if not mark or not field.strip() or not column.strip():
        raise InvalidInput(f"--map wants FIELD=COLUMN, not {text!r}.")
    return field.strip(), column


def _tell(result: ImportResult) -> None:
    """The result for a person."""
    answer = result.told()
    out = sys.stdout.write
    out(f"{'dry run: nothing written' if result.is_dry_run else answer['import_id']}\n")
    for key in ("rows_read", "rows_stored", "rows_refused", *result.counts):
        out(f"  {key.replace('_', ' '):<18}{answer[key]:>14,}\n")
    if targets[result.run.target].has_money:
        out(f"  {'amount stored':<18}{answer['amount_stored']:>14} {answer['currency']}\n")
    for refused in result.refused[:10]:
        out(f"  row {refused.row}, {refused.column or 'row'}: {refused.reason}\n")
    if result.run.rows_refused > 10:
        out(f"  ... and {result.run.rows_refused - 10:,} more\n")
    if result.refused_file:
        out(f"  all refused rows: {result.refused_file}\n")
    if answer["rows_erased"]:
        rows = ", ".join(map(str, answer["erased"][:10])) + (" ..." if answer["rows_erased"] > 10 else "")
        became = {"taken": "taken in", "left_out": "left out"}.get(answer["erased_choice"], "would be left out")
        out(f"  {answer['rows_erased']:,} rows name people who were erased, {became}: {rows}\n")
    for note in answer["notes"]:
        out(f"  note: {note}\n")


def list_imports(args: argparse.Namespace) -> int:
    """List the imports."""
    runs = Import.objects.visible_to(console_actor())[: max(1, args.limit)]
    if args.json:
        print_json({"items": [import_as_json(run) for run in runs]})
        return 0
    for run in runs:
        sys.stdout.write(
            f"{run.public_id}  {timezone.localtime(run.created_at):%Y-%m-%d %H:%M}  {run.state:<9}  {run.target:<10} "
            f"{run.rows_stored:>10,} stored {run.rows_refused:>8,} refused  {run.file_name} ({run.by_name})\n"
        )
        if run.error_text:
            sys.stdout.write(f"    {run.error_text}\n")
    return 0


def import_as_json(run: Import) -> dict[str, Any]:
    """One import for programs."""
    return {
        "import_id": run.public_id,
        "target": run.target,
        "source": run.source,
        "state": run.state,
        "file": run.file_name,
        "mapping": run.mapping_name or None,
        "currency": run.currency,
        "timezone": run.timezone,
        "rows_read": run.rows_read,
        "rows_stored": run.rows_stored,
        "rows_refused": run.rows_refused,
        **run.counts,
        "error": run.error_text or None,
        "by": run.by_name,
        "created_at": run.created_at.isoformat(),
        "committed_at": run.committed_at.isoformat() if run.committed_at else None,
        "undone_at": run.undone_at.isoformat() if run.undone_at else None,
        "undone_by": run.undone_by_name or None,
    }


def undo_import(args: argparse.Namespace) -> int:
    """Take an import back."""
    number = services.parse_import_id(args.import_id)
    try:
        undone = services.undo_import(actor=console_actor(), import_id=number, rest=args.rest)
    except UndoRefused as error:
        if args.json:
            conflicts = [conflict_as_json(conflict) for conflict in error.conflicts]
            print_json({"import_id": args.import_id, "undone": False, "conflicts": conflicts})
        raise
    events.deliver_pending()
    shared = undone.run.counts.get("records_shared", 0)
    kept = [conflict_as_json(conflict) for conflict in undone.kept]
    if args.json:
        print_json(
            {
                "import_id": undone.run.public_id,
                "undone": True,
                "state": undone.run.state,
                "kept": kept,
                "shared": shared,
            }
        )
        return 0
    sys.stdout.write(f"{undone.run.public_id} is taken back.\n")
    if shared:
        sys.stdout.write(f"  {shared:,} records stay: other imports brought them too\n")
    for conflict in undone.kept:
        sys.stdout.write(f"  kept: {sentence(conflict)}\n")
    return 0


def print_json(answer: Any) -> None:
    """One JSON document on stdout; text that is no text is written with escapes."""
    text = json.dumps(answer, ensure_ascii=False, default=str)
    sys.stdout.write(text.encode("utf-8", errors="backslashreplace").decode("utf-8") + "\n")
    sys.stdout.flush()


class ProgressTeller:
    """One line on stderr that follows the import, on a terminal only."""

    def __init__(self, *, is_quiet: bool) -> None:
        """Nothing is told where a program reads or nobody looks."""
        self.is_told = not is_quiet and sys.stderr.isatty()
        self._last = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show where the import is, a few times a second."""
        if not self.is_told or (time.monotonic() - self._last < 0.1 and done):
            return
        self._last = time.monotonic()
        share = f" {100 * done // total}%" if total else ""
        count = f" {done:,} rows" if done else ""
        sys.stderr.write(f"\r\x1b[K{phase}{count}{share}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self.is_told:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
