"""The command line: `guanxi COMMAND ...`.

Modules bring their own commands (`commands.py` with `register(subparsers)`); each command is a function that takes
the parsed arguments and returns an exit status.
"""

import argparse
import errno
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import django
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError

import guanxi
from guanxi.core.config import SettingError
from guanxi.core.errors import GuanxiError

COMMAND_MODULES = (
    "guanxi.project.commands.up",
    "guanxi.project.commands.check",
    "guanxi.project.commands.backup",
    "guanxi.project.commands.restore",
    "guanxi.people.commands",
    "guanxi.integration.commands",
    "guanxi.importing.commands",
    "guanxi.customers.commands",
    "guanxi.insight.commands",
    "guanxi.search.commands",
    "guanxi.project.commands.seed",
    "guanxi.project.commands.work",
    "guanxi.project.commands.bench",
)

HELP = frozenset({"-h", "--help", "--version"})


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Say what is wrong with the arguments and stop."""
        sys.stderr.write(f"guanxi: {message} (see {self.prog} --help)\n")
        sys.exit(2)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every module's commands."""
    parser = Parser(prog="guanxi", description="Guanxi (关系): customer service and relationship management.")
    parser.add_argument("--version", action="version", version=f"guanxi {guanxi.__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for name in COMMAND_MODULES:
        if find_spec(name):
            import_module(name).register(subparsers)
    return parser


def say(sentence: object) -> None:
    """One clear sentence on stderr."""
    sys.stderr.write(f"guanxi: {' '.join(str(sentence).split())}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    # A reader that goes away (| head) ends us quietly, as it does other programs.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if sys.stdout is None:
        # Closed by the caller (`>&-`): no file opened later takes its number, and writing to it is an error as on a full disk.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 1)
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - open as long as we run
    try:
        scratch = _read_settings(sys.argv[1:] if arguments is None else arguments)
        django.setup()
        args = build_parser().parse_args(arguments)
        if getattr(args, "needs_database", True):
            from guanxi.project import database  # models load after django.setup()

            database.ensure()
        status = int(args.run(args) or 0)
        sys.stdout.flush()
        del scratch
        return status
    except SettingError as error:
        say(error)
    except GuanxiError as error:
        say(error)
    except (OperationalError, InterfaceError) as error:
        say(f"The database cannot be used: {_first_line(error)}")
    except DatabaseError as error:
        say(f"The database refused this: {_first_line(error)}")
    except OSError as error:
        _drop_unwritten_output()
        where = f" ({error.filename})" if error.filename else ""
        say("Standard output is closed." if error.errno == errno.EBADF else f"{error.strerror or error}{where}")
    except KeyboardInterrupt:
        say("stopped")
        return 130
    return 1


def _read_settings(words: Sequence[str]) -> tempfile.TemporaryDirectory[str] | None:
    """Read and check the environment; whoever asks for help needs none of it, and gets a folder that goes again."""
    try:
        settings.DATA_DIR  # noqa: B018 - reads them
    except SettingError:
        if not HELP.intersection(words):
            raise
        for name in [name for name in os.environ if name.startswith("GUANXI_") or name == "DATABASE_URL"]:
            del os.environ[name]
        scratch = tempfile.TemporaryDirectory()
        os.environ["GUANXI_DATA"] = scratch.name
        settings.DATA_DIR  # noqa: B018 - reads them
        return scratch
    return None


def _drop_unwritten_output() -> None:
    """Forget what could not be written to stdout: Python would try once more when it ends, and complain of it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _first_line(error: Exception) -> str:
    """The first line of a database's message."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
