"""`guanxi import mail`: raw mails from files, by the same way as from a mailbox."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from guanxi.conversations.adapters.email.archives import mails_in
from guanxi.conversations.adapters.email.services.mailboxes import mailbox_for
from guanxi.conversations.adapters.email.services.taking_in import TakenIn, take_in
from guanxi.conversations.choices import MessageClass
from guanxi.core import events
from guanxi.core.actor import console_actor

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
    """Take everything in."""
    mailbox = mailbox_for(actor=console_actor(), address=args.mailbox)
    answers: list[dict[str, Any]] = []
    told = time.monotonic()
    for path, raw in mails_in(args.files):
        taken = take_in(mailbox, raw, is_ours=args.outgoing)
        answers.append(answer(path, taken, is_ours=args.outgoing))
        if not args.json and sys.stderr.isatty() and time.monotonic() - told > TOLD_EVERY_SECONDS:
            sys.stderr.write(f"\r{len(answers):,} mails")
            told = time.monotonic()
    # What follows from thousands of mails (cases, clocks) is for the workers; a few are followed at once.
    if len(answers) <= FOLLOWED_AT_ONCE:
        events.deliver_pending()
    if args.json:
        json.dump(answers, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return 0
    conversations = {each["conversation"] for each in answers}
    sys.stdout.write(f"{len(answers):,} mails in {len(conversations):,} conversations\n")
    for kind in sorted({each["class"] for each in answers}):
        sys.stdout.write(f"  {kind:<14}{sum(each['class'] == kind for each in answers):>10,}\n")
    return 0


def answer(path: Path, taken: TakenIn, *, is_ours: bool) -> dict[str, Any]:
    """One mail for programs."""
    mail = taken.mail
    return {
        "file": str(path),
        "conversation": taken.received.conversation.public_id,
        "class": str(MessageClass.OWN_REPLY if is_ours else mail.mail_class),
        "subject": mail.subject,
        "from_name": mail.sender.name,
        "from_address": mail.sender.address,
        "new_text": mail.new_text,
        "attachments": [{"name": each.name, "bytes": each.size, "type": each.media_type} for each in mail.attachments],
    }
