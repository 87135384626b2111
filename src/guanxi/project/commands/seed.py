"""`guanxi seed`: a large invented base, for measuring and for trying things out at size."""

import argparse
import json
import sys
import time
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.actor import console_actor


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "seed", help="make a large base of invented customers, orders and conversations, fast"
    )
    parser.add_argument("--customers", type=int, default=0, metavar="N")
    parser.add_argument("--orders-per-customer", type=int, default=3, metavar="M", help="on average (default: 3)")
    parser.add_argument(
        "--conversations",
        type=int,
        default=0,
        metavar="N",
        help="conversations with a case each, with customers there are",
    )
    parser.add_argument("--messages-per-conversation", type=int, default=3, metavar="M", help="on average (default: 3)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same number makes the same base")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the base and say what was made."""
    from guanxi.core.errors import InvalidInput

    if not args.customers and not args.conversations:
        raise InvalidInput(_("Say what to make: --customers N, --conversations N or both."))
    started = time.monotonic()
    answer: dict[str, Any] = {}
    told = []
    if args.customers:
        answer |= _customers(args)
        told.append(
            "{customers} customers, {orders} orders with {lines} lines and {contact_points} contact points".format(
                **answer
            )
        )
    if args.conversations:
        answer |= _conversations(args)
        told.append("{conversations} conversations with {messages} messages and a case each".format(**answer))
    answer["seconds"] = round(time.monotonic() - started, 1)
    if args.json:
        sys.stdout.write(json.dumps(answer) + "\n")
    else:
        sys.stdout.write(f"{'; '.join(told)} in {answer['seconds']} s.\n")
    return 0


def _say(text: str) -> None:
    """Tell the progress, beside the answer."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress


def _customers(args: argparse.Namespace) -> dict[str, Any]:
    """Make the base."""
    from guanxi.demo.seeding.services import seed_base  # numpy and Arrow take a moment, and no other command needs them

    made = seed_base(
        actor=console_actor(),
        customers=args.customers,
        orders_per_customer=args.orders_per_customer,
        seed=args.seed,
        say=_say,
    )
    return {
        "customers": made.customers,
        "orders": made.orders,
        "lines": made.lines,
        "contact_points": made.contact_points,
        "products": made.products,
        "parts": made.seconds,
    }


def _conversations(args: argparse.Namespace) -> dict[str, Any]:
    """Make years of a front desk."""
    from guanxi.demo.seeding.talking import seed_talks  # models load after the command line

    made = seed_talks(
        actor=console_actor(),
        conversations=args.conversations,
        messages_each=args.messages_per_conversation,
        seed=args.seed,
        say=_say,
    )
    return {
        "conversations": made.conversations,
        "messages": made.messages,
        "open_conversations": made.open_conversations,
    }
