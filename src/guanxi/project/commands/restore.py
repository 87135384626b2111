"""`guanxi restore`: a backup into an empty Guanxi, on either database."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanxi.core.actor import console_actor
from guanxi.project import database
from guanxi.project.commands.backup import add_key_options, keys_of

if TYPE_CHECKING:
    from guanxi.core.backup.restoring import Outcome


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "restore",
        allow_abbrev=False,
        help="fill an empty Guanxi from a backup",
        description="Checks the whole backup, then fills this Guanxi from it, which must be empty and not running. The "
        "backup may come from the other database and from an earlier version. When it is interrupted, run it again.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup")
    add_key_options(parser)
    parser.add_argument(
        "--erasures", type=Path, metavar="FILE", help="the list of erasures made since, to be done again"
    )
    parser.add_argument("--json", action="store_true", help="answer with JSON")
    # The tables are made as the backup has them.
    parser.set_defaults(run=run, needs_database=False)


def run(args: argparse.Namespace) -> int:
    """Restore and say what came."""
    from guanxi.core.backup import restoring, runs  # needed by few commands, and slow to load

    with database.alone():
        outcome = restoring.restore(args.file, keys=keys_of(args), erasures=args.erasures, say=_say)
        runs.note_restore(args.file, actor=console_actor(), outcome=outcome)
    database.make_private()
    if args.json:
        sys.stdout.write(json.dumps(_as_json(outcome), ensure_ascii=False) + "\n")
        return 0
    told = {
        "rows": outcome.rows,
        "tables": outcome.tables,
        "contents": outcome.contents,
        "made_at": outcome.made_at.strftime("%Y-%m-%d %H:%M UTC"),
        "seconds": outcome.seconds,
    }
    text = _(
        "Restored as of %(made_at)s: %(rows)d rows of %(tables)d tables and %(contents)d stored files in "
        "%(seconds).1f s; every row was compared. Everybody signs in anew."
    )
    sys.stdout.write("\n".join([text % told, *outcome.notes]) + "\n")
    return 0


def _say(text: str) -> None:
    """Progress, beside the answer."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _as_json(outcome: "Outcome") -> dict[str, object]:
    """What came, for programs."""
    return {
        "made_at": outcome.made_at.isoformat(),
        "guanxi": outcome.guanxi,
        "rows": outcome.rows,
        "tables": outcome.tables,
        "contents": outcome.contents,
        "seconds": round(outcome.seconds, 1),
        "notes": outcome.notes,
    }
