"""What one command of `guanxi measure` is."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Measure:
    """One method on the command line."""

    name: str
    """Package and method: "queueing.erlang-c"."""
    summary: str
    """What it answers, in one line without a full stop."""
    formula: str
    """In plain text, as `--help` shows it."""
    source: str
    """Paper or book with the equation; "Guanxi's own definition" where nothing is in print."""
    arguments: Callable[[argparse.ArgumentParser], None]
    """Adds the options."""
    run: Callable[[argparse.Namespace], dict[str, Any]]
    """Gives the answer as plain data. numpy numbers are fine; NaN and infinity become null. "warnings" may hold notes."""
    file: Literal["none", "optional", "required"] = "required"
    """Whether it takes a FILE (`args.file`, a Path or None)."""
