"""Parts of documentation pages that are written by a program, between two marks.

<!-- begin KEY -->
... written by the program ...
<!-- end KEY -->
"""

import re
from collections.abc import Mapping
from pathlib import Path

_PART = re.compile(r"(<!-- begin (?P<key>[^>]*?) -->\n).*?(<!-- end (?P=key) -->)", re.DOTALL)


class MissingMarks(Exception):
    """A page lacks the marks of a part, or has marks that nothing fills."""


def filled(text: str, parts: Mapping[str, str], *, page: str) -> str:
    """The text with every part written anew."""
    marked = {match["key"] for match in _PART.finditer(text)}
    for key in sorted(parts.keys() - marked):
        raise MissingMarks(f"{page}: put <!-- begin {key} --> and <!-- end {key} --> where this part belongs")
    for key in sorted(marked - parts.keys()):
        raise MissingMarks(f"{page}: nothing fills <!-- begin {key} --> any more; take the section out")
    return _PART.sub(lambda match: f"{match[1]}{parts[match['key']].rstrip()}\n{match[3]}", text)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; empty without rows."""
    if not rows:
        return ""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def write_or_check(pages: Mapping[Path, str], *, only_check: bool, command: str) -> int:
    """Write pages that differ, or name them; the exit status."""
    stale = [path for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        if only_check:
            print(f"{path}: not current; run {command}")
        else:
            path.write_text(pages[path], encoding="utf-8")
            print(f"{path}: written")
    return 1 if stale and only_check else 0
