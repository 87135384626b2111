"""`guanxi backup`: one file with everything, made while the system runs; and whether such a file can be restored."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanxi.core.actor import console_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models.backups import BackupRun, RunKind, RunState

if TYPE_CHECKING:
    from guanxi.core.backup.keys import Keys, Locks
    from guanxi.core.backup.restoring import Outcome
    from guanxi.core.backup.writing import Made


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "backup",
        allow_abbrev=False,
        help="write everything of one moment into a file, while the system runs",
        description="Writes every row and every stored file of one moment into FILE. People go on working meanwhile. "
        "An encrypted backup also holds the secret key. With --verify the backup (FILE if it stands, else one made "
        "now; without FILE the newest one) is restored into a scratch place and compared row by row.",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="where the backup goes; must not be there yet"
    )
    parser.add_argument("--verify", action="store_true", help="restore it into a scratch place and compare every row")
    parser.add_argument("--encrypt", action="store_true", help="encrypt it by the passphrase that is given")
    add_key_options(parser)
    parser.add_argument(
        "--public-key", action="append", default=[], metavar="KEY", help="encrypt it for the holder of the private key"
    )
    parser.add_argument("--masked", action="store_true", help="a copy for testing: personal data are other words")
    parser.add_argument(
        "--new-key", type=Path, metavar="FILE", help="make a pair of keys: the private one goes to FILE"
    )
    parser.add_argument("--json", action="store_true", help="answer with JSON")
    # A backup before an upgrade must find the tables as they are.
    parser.set_defaults(run=run, needs_database=False)


def add_key_options(parser: argparse.ArgumentParser) -> None:
    """The options by which encrypted backups are opened."""
    parser.add_argument(
        "--passphrase-file",
        metavar="FILE",
        help="the passphrase is its first line, - for standard input (default: GUANXI_BACKUP_PASSPHRASE)",
    )
    parser.add_argument("--key-file", action="append", default=[], metavar="FILE", help="a private key that opens it")


def keys_of(args: argparse.Namespace) -> "Keys":
    """With what backups may be opened."""
    from guanxi.core.backup import given_keys
    from guanxi.core.backup.keys import Keys  # needed by few commands, and slow to load

    private = tuple(given_keys.private_key(source) for source in args.key_file)
    return Keys(passphrase=given_keys.passphrase(args.passphrase_file), private_keys=private)


def _locks_of(args: argparse.Namespace, keys: "Keys") -> "Locks":
    """How a new backup is encrypted."""
    from guanxi.core.backup.keys import Locks

    if args.encrypt and not keys.passphrase and not args.public_key:
        raise InvalidInput(
            _("Give a passphrase to encrypt by: --passphrase-file FILE (or -) or GUANXI_BACKUP_PASSPHRASE.")
        )
    wanted = args.encrypt or args.passphrase_file is not None
    return Locks(passphrase=keys.passphrase if wanted else "", public_keys=tuple(args.public_key))


def run(args: argparse.Namespace) -> int:
    """Make a backup, or verify one, or both."""
    if args.new_key:
        return _make_keys(args)
    keys = keys_of(args)
    path = args.file.absolute() if args.file else _newest() if args.verify else None
    if path is None:
        raise InvalidInput(_("Say where the backup goes: guanxi backup FILE."))
    answer: dict[str, Any] = {"file": str(path)}
    lines = []
    if not (args.verify and path.exists()):
        made = _make(args, path, _locks_of(args, keys))
        lines += _told_made(made)
        answer |= _as_json(made)
        if made.file_key:
            keys = _with(keys, made.file_key)
    if args.verify:
        outcome = _verify(path, keys)
        lines += _told_verified(outcome)
        answer |= {"verified": True, "place": outcome.place, "rows": outcome.rows, "notes": outcome.notes}
        answer |= {"verify_seconds": round(outcome.seconds, 1), "made_at": outcome.made_at.isoformat()}
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if args.json else "\n".join(lines)) + "\n")
    return 0


def _make_keys(args: argparse.Namespace) -> int:
    """Make a pair of keys and print the public one."""
    from guanxi.core.backup import given_keys

    public = given_keys.write_new_pair(args.new_key)
    if args.json:
        sys.stdout.write(json.dumps({"public_key": public, "file": str(args.new_key)}) + "\n")
    else:
        text = _("The private key is in %(path)s: keep it where the backups are not. The public key, to encrypt by:")
        sys.stdout.write(f"{text % {'path': args.new_key}}\n{public}\n")
    return 0


def _newest() -> Path:
    """The newest backup that is known."""
    found = (
        BackupRun.objects.filter(kind=RunKind.BACKUP, state=RunState.DONE, removed_at=None)
        .order_by("-started_at")
        .values_list("path", flat=True)
    )
    for path in found:
        if Path(path).exists():
            return Path(path)
    raise InvalidInput(_("No backup is known here: name its file."))


def _say(text: str) -> None:
    """Progress, beside the answer."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _make(args: argparse.Namespace, path: Path, locks: "Locks") -> "Made":
    """Make it."""
    from guanxi.core.backup import runs

    return runs.back_up(path, actor=console_actor(), locks_on=locks, is_masked=args.masked, say=_say)


def _verify(path: Path, keys: "Keys") -> "Outcome":
    """Restore it into a scratch place."""
    from guanxi.core.backup import runs

    return runs.rehearse(path, actor=console_actor(), keys=keys, say=_say)


def _with(keys: "Keys", file_key: bytes) -> "Keys":
    """The keys, and that of a backup made by this process: only a public key may be at hand."""
    from dataclasses import replace

    return replace(keys, file_keys=(file_key,))


def size_text(count: int) -> str:
    """A number of bytes for people."""
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} B"


def _told_made(made: "Made") -> list[str]:
    """What was made, in words."""
    told = {
        "path": made.path,
        "size": size_text(made.size),
        "rows": made.rows,
        "tables": made.tables,
        "contents": made.contents,
        "seconds": made.seconds,
    }
    text = _("%(path)s: %(size)s, %(rows)d rows of %(tables)d tables and %(contents)d stored files in %(seconds).1f s.")
    lines = [text % told]
    if made.missing:
        lines.append(_("Lost or damaged stored files that are not in it: %(count)d.") % {"count": len(made.missing)})
    if made.is_masked:
        lines.append(_("Personal data are masked; stored files, tokens and the secret key are left out."))
    elif made.has_secret_key:
        lines.append(_("It is encrypted and holds the secret key too."))
    else:
        lines.append(_("It is not encrypted, so the secret key is left out."))
    return lines


def _as_json(made: "Made") -> dict[str, Any]:
    """What was made, for programs."""
    return {
        "size": made.size,
        "rows": made.rows,
        "tables": made.tables,
        "contents": made.contents,
        "missing": list(made.missing),
        "encrypted": made.is_encrypted,
        "masked": made.is_masked,
        "secret_key": made.has_secret_key,
        "made_at": made.made_at.isoformat(),
        "seconds": round(made.seconds, 1),
    }


def _told_verified(outcome: "Outcome") -> list[str]:
    """What the drill found, in words."""
    told = {"rows": outcome.rows, "place": outcome.place, "seconds": outcome.seconds}
    text = _("Verified: restored into a scratch place (%(place)s), all %(rows)d rows are as written (%(seconds).1f s).")
    return [text % told, *outcome.notes]
