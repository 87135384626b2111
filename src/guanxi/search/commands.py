"""`guanxi search`: care for the index."""

import argparse
import json
import sys

from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidInput
from guanxi.search.kinds import kinds
from guanxi.search.services import rebuild


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("search", help="care for the search index")
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    again = acts.add_parser("rebuild", help="make the entries of all records anew, while people work")
    again.add_argument("kinds", nargs="*", metavar="KIND", help="only these kinds of record (customer, product)")
    again.add_argument("--json", action="store_true", help="answer with JSON")
    again.set_defaults(run=_rebuild)


def _rebuild(args: argparse.Namespace) -> int:
    """Make entries anew; how many differed."""
    known = [kind.key for kind in kinds if kind.is_indexed]
    unknown = set(args.kinds) - set(known)
    if unknown:
        text = _("“%(kind)s” is not in the index; there are: %(kinds)s.")
        raise InvalidInput(text % {"kind": sorted(unknown)[0], "kinds": ", ".join(known)})
    changed = {key: rebuild(key) for key in (args.kinds or known)}
    if args.json:
        sys.stdout.write(json.dumps({"changed": changed}) + "\n")
    else:
        for key, count in changed.items():
            sys.stdout.write(
                _("%(kind)s: %(count)d entries were not as they should be.") % {"kind": key, "count": count} + "\n"
            )
    return 0
