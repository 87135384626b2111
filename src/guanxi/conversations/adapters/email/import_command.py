"""`guanxi import mail`: raw mails from files, by the same way as from a mailbox."""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from guanxi.conversations.adapters.email.archives import RawMail, mails_in
from guanxi.conversations.adapters.email.services.mailboxes import mailbox_for
from guanxi.conversations.adapters.email.services.surely import take_in_surely
from guanxi.conversations.adapters.email.services.taking_in import TakenIn
from guanxi.conversations.choices import MessageClass
from guanxi.core import events
from guanxi.core.actor import console_actor
from guanxi.core.sentences import gettext as _

FOLLOWED_AT_ONCE = 500
TOLD_EVERY_SECONDS = 0.5


def add(kinds: Any) -> None:
    """The words of the command line."""
    parser = kinds.add_parser(
        "mail",
        help="take raw mails in (.eml, mbox), as from a mailbox",
        description="Take raw mails in from files (.eml, mbox) and folders of them, in file order, by the same way as from "
        "a mailbox. A mail that was taken in before is known again.",
    )
    parser.add_argument("files", metavar="FILE_OR_FOLDER", type=Path, nargs="+")
    parser.add_argument(
        "--mailbox", required=True, metavar="ADDRESS", help="the address of the mailbox that they came to"
    )
    parser.add_argument("--outgoing", action="store_true", help="the company sent these mails")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Take everything in: what cannot be is told in a sentence each, and the others do not wait for it."""
    refused: list[Path] = []

    def refuse(path: Path, why: str) -> None:
        """Say on standard error why nothing was taken from a file."""
        refused.append(path)
        _tell(path, why)

    mails = mails_in(args.files, refuse=refuse)
    mailbox = mailbox_for(actor=console_actor(), address=args.mailbox)
    counts: Counter[str] = Counter()
    conversations: set[int] = set()
    told = time.monotonic()
    for found in mails:
        taken = take_in_surely(mailbox, found.raw, is_ours=args.outgoing, is_whole=found.is_whole)
        _tell_of(found, taken)
        entry = answer(found.path, taken, is_ours=args.outgoing)
        if args.json:
            sys.stdout.write(("[\n" if not counts else ",\n") + json.dumps(entry, ensure_ascii=False, indent=1))
        counts[entry["class"]] += 1
        conversations.add(taken.received.conversation.pk)
        if not args.json and sys.stderr.isatty() and time.monotonic() - told > TOLD_EVERY_SECONDS:
            sys.stderr.write(f"\r{counts.total():,} mails")
            told = time.monotonic()
    if args.json:
        sys.stdout.write("\n]\n" if counts else "[]\n")
    else:
        _summarise(counts, len(conversations))
    # What follows from thousands of mails (cases, clocks) is for the workers; a few are followed at once.
    if counts.total() <= FOLLOWED_AT_ONCE:
        events.deliver_pending()
    return 1 if refused and not counts else 0


def _tell(path: Path, sentence: str) -> None:
    """One sentence about one file."""
    sys.stderr.write(f"guanxi: {path}: {sentence}\n")


def _tell_of(found: RawMail, taken: TakenIn) -> None:
    """Say what of a mail was not taken in as it is."""
    if taken.mail is None:
        _tell(found.path, _("The mail could not be read; it is kept as a file."))
    elif not found.is_whole:
        _tell(found.path, _("The mail is too large; only its beginning is taken in."))


def _summarise(counts: Counter[str], conversations: int) -> None:
    """How many mails of which sort, for people."""
    sys.stdout.write(f"{counts.total():,} mails in {conversations:,} conversations\n")
    for kind in sorted(counts):
        sys.stdout.write(f"  {kind:<14}{counts[kind]:>10,}\n")


def answer(path: Path, taken: TakenIn, *, is_ours: bool) -> dict[str, Any]:
    """One mail for programs."""
    mail, message = taken.mail, taken.received.message
    files = [(each.name, each.size, each.media_type) for each in mail.attachments] if mail is not None else []
    if mail is None and message.raw_file is not None:
        files = [(message.raw_file.name, message.raw_file.size, message.raw_file.media_type)]
    return {
        "file": str(path),
        "conversation": taken.received.conversation.public_id,
        "class": str(MessageClass.OWN_REPLY if is_ours else mail.mail_class if mail else MessageClass.NORMAL),
        "subject": mail.subject if mail else message.subject,
        "from_name": mail.sender.name if mail else "",
        "from_address": mail.sender.address if mail else "",
        "new_text": mail.new_text if mail else message.text,
        "attachments": [{"name": name, "bytes": size, "type": kind} for name, size, kind in files],
    }
