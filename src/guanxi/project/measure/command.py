"""`guanxi measure`: its arguments, its answer as JSON or as text, its errors as one sentence."""

import argparse
import json
import math
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext

from guanxi.core.errors import GuanxiError, InvalidInput
from guanxi.project.measure import language
from guanxi.project.measure.definition import Measure
from guanxi.project.measure.registry import measures
from guanxi_methods.errors import MethodError, Note

WIDTH = 100
spoken = language.spoken


def register(subparsers: Any) -> None:
    """Add the command with every measure."""
    language.prepare()
    parser = subparsers.add_parser(
        "measure",
        help="published methods on a file: value, satisfaction, loyalty, churn, baskets, queues",
        description="Run a published method on a file (CSV, Parquet, XLSX, JSON lines, columns apart by blanks; gzip too; "
        "- is standard input) or on plain figures. Needs no database and makes none. "
        "`guanxi measure METHOD --help` shows formula and source.",
    )
    inner = parser.add_subparsers(dest="method", metavar="METHOD", required=True)
    for measure in measures():
        _add(inner, measure)


def _add(inner: Any, measure: Measure) -> None:
    """One measure."""
    formula = textwrap.indent(measure.formula.strip("\n"), "  ")
    source = textwrap.fill(measure.source, WIDTH, initial_indent="  ", subsequent_indent="  ")
    parser = inner.add_parser(
        measure.name,
        help=measure.summary.replace("%", "%%"),
        description=f"{measure.summary[:1].upper()}{measure.summary[1:]}.",
        epilog=f"formula:\n{formula}\n\nsource:\n{source}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if measure.file != "none":
        parser.add_argument(
            "file",
            metavar="FILE",
            type=Path,
            nargs="?" if measure.file == "optional" else None,
            help="CSV, Parquet, XLSX, JSON lines, columns apart by blanks; gzip too; - is standard input",
        )
    measure.arguments(parser)
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=run, measure=measure, needs_database=False)


def run(args: argparse.Namespace) -> int:
    """Run one measure and print its answer."""
    with language.spoken():
        found = answer(args.measure, args)
        told = json.dumps(found, ensure_ascii=False, allow_nan=False) if args.json else as_text(found)
        if not can_be_written(told):
            # A terminal or a pipe in another encoding: JSON has an escape for every character, a text marks it.
            told = (
                json.dumps(found, allow_nan=False) if args.json else told.encode("ascii", "backslashreplace").decode()
            )
        sys.stdout.write(told + "\n")
    return 0


def can_be_written(text: str) -> bool:
    """Whether standard output has all characters of a text."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def answer(measure: Measure, args: argparse.Namespace) -> dict[str, Any]:
    """The answer as plain data; what the method cannot do is told in the language of now."""
    try:
        found: dict[str, Any] = plain(measure.run(args))
        return found
    except MethodError as error:
        raise InvalidInput(said(error)) from error
    except MemoryError:
        raise GuanxiError(gettext("There is not enough memory for a file of this size.")) from None


def said(sentence: MethodError | Note) -> str:
    """A sentence of a method in the language of now."""
    return gettext(sentence.template).format(**sentence.values)


def plain(value: Any) -> Any:
    """Numbers, texts, lists and dicts alone; what is no finite number is null."""
    if isinstance(value, Note):
        return said(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def as_text(found: Mapping[str, Any]) -> str:
    """The answer for reading: a line a figure, a table a list."""
    lines = []
    width = max((len(str(key)) for key in found), default=0)
    for key, value in found.items():
        if value in ([], {}):
            continue
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            lines += ["", f"{key}:", *_table(value)]
        elif isinstance(value, dict):
            inner = max((len(name) for name in value), default=0)
            lines += ["", f"{key}:", *(f"  {name:<{inner}}  {_figure(one)}" for name, one in value.items())]
        else:
            lines.append(f"{key:<{width}}  {_figure(value)}")
    return "\n".join(lines).strip("\n")


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows under their names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_figure(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(names))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]


def _figure(value: Any) -> str:
    """One figure for reading."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.2f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_figure(inner) for inner in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_figure(inner)}" for name, inner in value.items())
    return str(value)
