"""What insight adds to the command line: `guanxi customers tiers`."""

import argparse
import json
import sys
from typing import Any

from guanxi.core import money
from guanxi.insight.models import StandingRun
from guanxi.insight.value.queries import latest_run


def register(subparsers: Any) -> None:
    """Nothing of its own; `customers tiers` is added to the commands of the customer archive."""


def add_tiers(inner: Any) -> None:
    """`customers tiers`."""
    parser = inner.add_parser("tiers", help="the customer pyramid and the ABC classes of the whole base")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=show_tiers)


def show_tiers(args: argparse.Namespace) -> int:
    """Print the figures of the last measurement."""
    found = tiers(latest_run())
    if args.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return 0
    period = found["period"]
    sys.stdout.write(f"{period['from'] or '-'} .. {period['to'] or '-'}  {found['currency']}\n")
    for name in ("pyramid", "abc", "levels"):
        for entry in found[name]:
            first = next(iter(entry.values()))
            sys.stdout.write(f"{first:<10}{entry['customers']:>12,}{entry['net_revenue']:>20}\n")
    for entry in found["left_out"]:
        sys.stdout.write(
            f"left out: {entry['orders']:,} orders in {entry['currency']} of {entry['customers']:,} customers,"
            f" because no rate to {found['currency']} is known\n"
        )
    return 0


def tiers(run: StandingRun | None) -> dict[str, Any]:
    """The pyramid, the classes and the levels as plain data; empty without a measurement."""
    currency = run.currency if run else money.reporting_currency()

    def rows(figure: str, key: str) -> list[dict[str, Any]]:
        """One classification."""
        return [
            {
                key: entry[key],
                "customers": entry["customers"],
                "net_revenue": money.plain(entry["net_minor"], currency),
            }
            for entry in (run.figures.get(figure, []) if run else [])
        ]

    return {
        "period": {
            "from": run.period_from.isoformat() if run else None,
            "to": run.period_to.isoformat() if run else None,
        },
        "as_of": run.as_of.isoformat() if run else None,
        "currency": currency,
        "method": run.method if run else None,
        "pyramid": rows("pyramid", "tier"),
        "abc": rows("abc", "abc"),
        "levels": rows("levels", "level"),
        "levels_by": run.level_basis if run else None,
        "left_out": run.left_out if run else [],
    }
