"""`guanxi customers`: list, show, and what other modules add."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core import ids
from guanxi.core.actor import console_actor
from guanxi.core.errors import NotFound
from guanxi.core.registry import Registry
from guanxi.customers.choices import Tier
from guanxi.customers.duplicates.commands import add_duplicates
from guanxi.customers.presenting import customer_page, details
from guanxi.customers.queries import merging
from guanxi.customers.queries.finding import find_customer
from guanxi.customers.services.merging import merge_customers, undo_merge

Subparsers = Any
# Modules above add subcommands in their registrations.py: `subcommands.add("tiers", function(subparsers))`.
subcommands: Registry[Callable[[Subparsers], None]] = Registry("customers subcommands")


def register(subparsers: Subparsers) -> None:
    """Add `customers` to the command line."""
    parser = subparsers.add_parser("customers", help="list and show customers and what they are worth")
    inner = parser.add_subparsers(dest="customers_command", required=True, metavar="COMMAND")
    _add_list(inner)
    _add_show(inner)
    _add_merge(inner)
    add_duplicates(inner)
    for add in subcommands:
        add(inner)


def _add_list(inner: Subparsers) -> None:
    """`customers list`."""
    parser = inner.add_parser("list", help="list customers, the best first")
    parser.add_argument("--limit", type=int, default=50, help="how many (1 to 10000, default 50)")
    parser.add_argument("--after", default="", metavar="CURSOR", help="go on after a page: its `next`")
    parser.add_argument("--tier", choices=Tier.values, help="only this tier")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=list_customers)


def _add_show(inner: Subparsers) -> None:
    """`customers show`."""
    parser = inner.add_parser("show", help="show one customer")
    parser.add_argument("id", metavar="ID_OR_EXTERNAL_ID", help="cus_…, an external id, or SOURCE:EXTERNAL_ID")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=show_customer)


def _add_merge(inner: Subparsers) -> None:
    """`customers merge` and `customers unmerge`."""
    parser = inner.add_parser("merge", help="make one customer of several")
    parser.add_argument("keep", metavar="KEEP", help="the customer that remains: cus_…, or an external id")
    parser.add_argument("absorb", nargs="+", metavar="ABSORB", help="those that become part of it")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=merge)
    parser = inner.add_parser("unmerge", help="take a merge back, at any later time")
    parser.add_argument("id", metavar="ID", help="the merge: mrg_…, as `customers merge` prints it")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=unmerge)


def merge(args: argparse.Namespace) -> int:
    """Merge customers and print the merges."""
    actor = console_actor()
    keep, *absorbed = (find_customer(actor, text).pk for text in (args.keep, *args.absorb))
    made = merge_customers(actor=actor, keep_id=keep, absorb_ids=absorbed)
    if args.json:
        _print_json({"items": [merging.told(one) for one in made]})
        return 0
    for told in map(merging.told, made):
        sys.stdout.write(f"{told['id']}: {told['absorbed']} > {told['survivor']}, {told['moved']} rows\n")
    return 0


def unmerge(args: argparse.Namespace) -> int:
    """Take a merge back and print what came of it."""
    number = ids.parse("mrg", args.id)
    if number is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    told = merging.told_parted(undo_merge(actor=console_actor(), merge_id=number))
    if args.json:
        _print_json(told)
        return 0
    sys.stdout.write(f"{told['merge']['absorbed']}: {told['rows_back']} rows back\n")
    for name in told["kept_fields"]:
        sys.stdout.write(f"changed since and kept: {name}\n")
    return 0


def list_customers(args: argparse.Namespace) -> int:
    """Print a page of customers."""
    page = customer_page(console_actor(), limit=args.limit, after=args.after, tier=args.tier or "")
    if args.json:
        _print_json(page)
        return 0
    for item in page["items"]:
        amount = f"{item['net_revenue']:>16} {item['currency'] or '':3}"
        sys.stdout.write(f"{item['id']:14} {amount} {item['tier'] or '-':8} {item['abc'] or '-':1} {item['name']}\n")
    if page["next"]:
        sys.stdout.write(f"more: --after {page['next']}\n")
    return 0


def show_customer(args: argparse.Namespace) -> int:
    """Print one customer."""
    actor = console_actor()
    found = details(find_customer(actor, args.id))
    if args.json:
        _print_json(found)
        return 0
    for key, value in found.items():
        if value not in (None, "", [], {}):
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            sys.stdout.write(f"{key}: {shown}\n")
    return 0


def _print_json(value: Any) -> None:
    """One JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
