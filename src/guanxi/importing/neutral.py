"""Cells that a spreadsheet would run as formulas are made harmless in every file we write."""

import re
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d[\d.,\s]*%?\Z", re.ASCII)


def neutral(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay."""
    if text.startswith(_DANGEROUS) and not _NUMBER.match(text):
        return f"'{text}"
    if text.startswith("'") and plain(text) != text:
        # An apostrophe of its own, which would be taken for one of ours.
        return f"'{text}"
    # A separator or a blank in front does not stop some programs from running what follows.
    stripped = text.lstrip(" ;,|\"'")
    if stripped is not text and stripped[:1] in ("=", "@") and text[:1] in (" ", ";", ",", "|"):
        return f"'{text}"
    return text


def plain(text: str) -> str:
    """The text as it was before `neutral`, or before another program did the same."""
    if not text.startswith("'"):
        return text
    rest = text[1:]
    return rest if rest.startswith(_DANGEROUS) or neutral(rest) == text else text


def neutral_cell(value: Any) -> Any:
    """A cell for a spreadsheet: text made harmless, everything else as it is."""
    return neutral(value) if isinstance(value, str) else value
