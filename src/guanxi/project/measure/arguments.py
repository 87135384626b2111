"""Kinds of arguments that several measures take."""

import argparse
import math
from typing import Any

import numpy as np

from guanxi.core.sentences import gettext as _


def a_number(text: str) -> float:
    """A finite number."""
    try:
        found = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("“%(text)s” is not a number") % {"text": text}) from None
    if not math.isfinite(found):
        raise argparse.ArgumentTypeError(_("“%(text)s” is not a number") % {"text": text})
    return found


def numbers(text: str) -> list[float]:
    """Numbers separated by commas: `.3,.2,.15`."""
    return [a_number(word) for word in text.split(",") if word.strip()]


def a_count(text: str) -> int:
    """A whole number of at least 1."""
    try:
        found = int(text)
    except ValueError:
        found = 0
    if found < 1:
        raise argparse.ArgumentTypeError(_("“%(text)s” is not a whole number of at least 1") % {"text": text})
    return found


def counts(text: str) -> list[int]:
    """Whole numbers from 0 on, separated by commas: `120,150`."""
    found = []
    for word in text.split(","):
        if not word.strip().isdecimal():
            raise argparse.ArgumentTypeError(_("“%(text)s” is not a whole number") % {"text": word})
        found.append(int(word))
    return found


def a_share(text: str) -> float:
    """A number over 0 and under 1."""
    found = a_number(text)
    if not 0 < found < 1:
        raise argparse.ArgumentTypeError(_("“%(text)s” must be over 0 and under 1") % {"text": text})
    return found


def a_scale(text: str) -> tuple[float, float]:
    """The lowest and the highest answer: `1,7`."""
    found = numbers(text)
    if len(found) != 2 or found[0] >= found[1]:
        raise argparse.ArgumentTypeError(
            _("“%(text)s” is no scale; give the lowest and the highest answer, such as 1,7") % {"text": text}
        )
    return found[0], found[1]


def a_day(text: str) -> np.datetime64:
    """A day: 2011-12-10 or 20111210."""
    plain = text.strip()
    if len(plain) == 8 and plain.isdecimal():
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    found: np.datetime64
    try:
        found = np.datetime64(plain, "D")
    except ValueError:
        found = np.datetime64("NaT")
    if np.isnat(found):
        raise argparse.ArgumentTypeError(_("“%(text)s” is no day; write it as 2026-12-31") % {"text": text})
    return found


def add_column(parser: argparse.ArgumentParser, name: str, help: str, *, required: bool = True, **more: Any) -> None:
    """An option that names one column."""
    parser.add_argument(f"--{name}", metavar="COLUMN", required=required, help=help, **more)


def add_columns(parser: argparse.ArgumentParser, name: str, help: str, *, required: bool = True, **more: Any) -> None:
    """An option that names several columns: names separated by commas, or a pattern with `*`."""
    parser.add_argument(f"--{name}", metavar="COLUMNS", required=required, help=help, **more)
