"""The command line: `guanxi COMMAND ...`.

Modules bring their own commands (`commands.py` with `register(subparsers)`); each command is a function that takes
the parsed arguments and returns an exit status. Only the module of the command asked for is loaded, and the settings of
the installation only for commands that need one: `guanxi --help` and `guanxi measure` answer at once and make nothing.
"""

import argparse
import errno
import gc
import os
import re
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import guanxi
from guanxi.core.config import SettingError
from guanxi.core.errors import GuanxiError


@dataclass(frozen=True)
class Command:
    """A word of the command line, told without loading what it runs."""

    word: str
    module: str
    summary: str
    needs_installation: bool = True


COMMANDS = (
    Command("up", "guanxi.project.commands.up", "serve the pages and do the background work, until stopped"),
    Command("check", "guanxi.project.commands.check", "say what is wrong with this installation"),
    Command(
        "backup",
        "guanxi.project.commands.backup",
        "write everything of one moment into a file, while the system runs",
    ),
    Command("restore", "guanxi.project.commands.restore", "fill an empty Guanxi from a backup"),
    Command(
        "user",
        "guanxi.people.commands",
        "make, list, disable and let in users; passwords, sessions, second factors",
    ),
    Command(
        "mcp",
        "guanxi.integration.commands",
        "serve the API as tools for an assistant (Model Context Protocol, on standard input and output)",
    ),
    Command("token", "guanxi.integration.commands", "make, list and revoke tokens for the API"),
    Command(
        "import",
        "guanxi.importing.commands",
        "bring in orders or customers from a file; list and undo imports",
    ),
    Command("export", "guanxi.importing.commands", "write customers or orders to a file"),
    Command("customers", "guanxi.customers.commands", "list and show customers and what they are worth"),
    Command(
        "measure",
        "guanxi.project.measure.command",
        "published methods on a file: value, satisfaction, loyalty, churn, baskets, queues",
        needs_installation=False,
    ),
    Command("search", "guanxi.search.commands", "care for the search index"),
    Command(
        "seed",
        "guanxi.project.commands.seed",
        "make a large base of invented customers, orders and conversations, fast",
    ),
    Command("work", "guanxi.project.commands.work", "do background work (guanxi up does it too), until stopped"),
    Command(
        "bench",
        "guanxi.project.commands.bench",
        "measure imports, a large base and pages under load on this machine",
    ),
)

HELP = frozenset({"-h", "--help", "--version"})


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what begins like a negative number (-1,1) for a value, not for an option."""
        super().__init__(*args, **kwargs)
        self._negative_number_matcher = re.compile(r"-\.?\d")

    def error(self, message: str) -> None:  # type: ignore[override]
        """Say what is wrong with the arguments and stop."""
        sys.stderr.write(f"guanxi: {message} (see {self.prog} --help)\n")
        sys.exit(2)


def build_parser(only: Command | None = None) -> argparse.ArgumentParser:
    """The parser with every command; with `only`, the others are told by their summary alone."""
    parser = Parser(prog="guanxi", description="Guanxi (关系): customer service and relationship management.")
    parser.add_argument("--version", action="version", version=f"guanxi {guanxi.__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    loaded = set()
    for command in COMMANDS:
        if only is None or command.module == only.module:
            if command.module not in loaded:
                import_module(command.module).register(subparsers)
            loaded.add(command.module)
        else:
            subparsers.add_parser(command.word, help=command.summary)
    return parser


def asked_for(words: Sequence[str]) -> Command | None:
    """The command that the first word names; None where there is none, or where help about all is wanted."""
    return next((command for command in COMMANDS if words and command.word == words[0]), None)


def say(sentence: object) -> None:
    """One clear sentence on stderr."""
    sys.stderr.write(f"guanxi: {' '.join(str(sentence).split())}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    if arguments is None:
        # A reader that goes away (| head) ends us quietly, as it does other programs; not one that calls us from within.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        gc.disable()  # until everything is loaded: nothing of that is ever garbage, and looking takes a third of the start
    if sys.stdout is None:
        # Closed by the caller (`>&-`): no file opened later takes its number, and writing to it is an error as on a full disk.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 1)
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - open as long as we run
    command = asked_for(words)
    try:
        if command is None:
            _parser_of_all().parse_args(words)
            return 0
        status = _in_installation(command, words) if command.needs_installation else _alone(command, words)
        sys.stdout.flush()
        if arguments is None and not command.needs_installation:
            # Threads of libraries (Arrow, BLAS) that are still about when Python takes itself apart abort it now and then.
            sys.stderr.flush()
            os._exit(status)
        return status
    except SettingError as error:
        say(error)
    except GuanxiError as error:
        say(error)
    except OSError as error:
        _drop_unwritten_output()
        where = f" ({error.filename})" if error.filename else ""
        say("Standard output is closed." if error.errno == errno.EBADF else f"{error.strerror or error}{where}")
    except KeyboardInterrupt:
        say("stopped")
        return 130
    return 1


def _parser_of_all() -> argparse.ArgumentParser:
    """The parser for help about all commands, and for words that are none."""
    return build_parser(Command("", "", ""))


def _alone(command: Command, words: Sequence[str]) -> int:
    """Run a command that needs no installation: no settings are read, no folder is made."""
    with import_module(command.module).spoken():  # what is wrong with the arguments too
        args = build_parser(command).parse_args(words)
        _collect_from_now_on()
        return int(args.run(args) or 0)


def _collect_from_now_on() -> None:
    """Look for garbage again, and never among what was loaded; a call from within changes nothing of its caller's."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


def _in_installation(command: Command, words: Sequence[str]) -> int:
    """Run a command on this installation; errors of its database become one sentence."""
    import django  # it and what follows take long to load, and help needs them not
    from django.db import DatabaseError, InterfaceError, OperationalError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    scratch = _read_settings(words)
    try:
        django.setup()
        args = build_parser(command).parse_args(words)
        _collect_from_now_on()
        if getattr(args, "needs_database", True):
            from guanxi.project import database  # models load after django.setup()

            database.ensure()
        return int(args.run(args) or 0)
    except (OperationalError, InterfaceError) as error:
        raise GuanxiError(f"The database cannot be used: {_first_line(error)}") from error
    except DatabaseError as error:
        raise GuanxiError(f"The database refused this: {_first_line(error)}") from error
    finally:
        del scratch


def _read_settings(words: Sequence[str]) -> tempfile.TemporaryDirectory[str] | None:
    """Read and check the environment; whoever asks for help needs none of it, and gets a folder that goes again."""
    from django.conf import settings  # as above

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
