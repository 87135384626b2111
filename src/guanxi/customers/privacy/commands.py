"""`guanxi customers erasures` and `guanxi customers pack`."""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import ngettext

from guanxi.core.actor import console_actor
from guanxi.core.backup.hooks import Restored
from guanxi.customers.privacy.erasing import listing
from guanxi.customers.privacy.erasing.acting import replay_erasures
from guanxi.customers.privacy.packing import making
from guanxi.customers.queries.finding import find_customer
from guanxi.files.public import path_of

Subparsers = Any


def add_erasures(inner: Subparsers) -> None:
    """`customers erasures`."""
    parser = inner.add_parser("erasures", help="write the list of erasures, for `guanxi restore --erasures`")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.set_defaults(run=write_erasures)


def add_pack(inner: Subparsers) -> None:
    """`customers pack`."""
    parser = inner.add_parser("pack", help="put together everything held about one person")
    parser.add_argument("id", metavar="ID_OR_EXTERNAL_ID", help="cus_…, an external id, or SOURCE:EXTERNAL_ID")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the ZIP file to write")
    parser.set_defaults(run=write_pack)


def write_erasures(args: argparse.Namespace) -> int:
    """Write the list."""
    count = listing.write(args.out)
    sys.stdout.write(f"{count}\n")
    return 0


def write_pack(args: argparse.Namespace) -> int:
    """Make a pack and copy it to the file asked for."""
    actor = console_actor()
    customer = find_customer(actor, args.id)
    pack = making.make_now(actor=actor, customer_id=customer.pk)
    if pack.file is not None:
        shutil.copyfile(path_of(pack.file), args.out)
        args.out.chmod(0o600)
    sys.stdout.write(f"{args.out}\n")
    return 0


def erase_again(restored: Restored) -> str | None:
    """After a restore: erase again whom the lists name; what was done, in a sentence."""
    count = replay_erasures(restored.erasures)
    if not count:
        return None
    return ngettext("%(count)d person was erased again.", "%(count)d people were erased again.", count) % {
        "count": count
    }
