"""`guanxi seed`: a large invented base, for measuring and for trying things out at size."""

import argparse
import json
import sys
import time

from guanxi.core.actor import console_actor


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("seed", help="make a large base of invented customers and orders, fast")
    parser.add_argument("--customers", type=int, required=True, metavar="N")
    parser.add_argument("--orders-per-customer", type=int, default=3, metavar="M", help="on average (default: 3)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same number makes the same base")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the base and say what was made."""
    from guanxi.demo.seeding.services import seed_base  # numpy and Arrow take a moment, and no other command needs them

    started = time.monotonic()
    made = seed_base(
        actor=console_actor(),
        customers=args.customers,
        orders_per_customer=args.orders_per_customer,
        seed=args.seed,
        say=lambda text: print(text, file=sys.stderr, flush=True),  # noqa: T201 - progress, beside the answer
    )
    answer = {
        "customers": made.customers,
        "orders": made.orders,
        "lines": made.lines,
        "contact_points": made.contact_points,
        "products": made.products,
        "seconds": round(time.monotonic() - started, 1),
        "parts": made.seconds,
    }
    if args.json:
        sys.stdout.write(json.dumps(answer) + "\n")
    else:
        sys.stdout.write(
            f"{made.customers} customers, {made.orders} orders with {made.lines} lines and {made.contact_points} "
            f"contact points in {answer['seconds']} s.\n"
        )
    return 0
