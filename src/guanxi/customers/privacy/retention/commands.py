"""`guanxi customers retention`."""

import argparse
import json
import sys
from typing import Any

from django.utils.translation import gettext as _

from guanxi.core.actor import console_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.customers.models import RetentionRun
from guanxi.customers.privacy.retention import presenting, previewing, requesting, rules, running

Subparsers = Any


def add_retention(inner: Subparsers) -> None:
    """`customers retention`."""
    parser = inner.add_parser("retention", help="how long each kind of data is kept; preview and end what is past it")
    parser.add_argument("kind", nargs="?", metavar="KIND", help="one kind of data, as the list names it")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--preview", action="store_true", help="count what is past its period (the usual act on a KIND)")
    act.add_argument("--run", dest="wants_run", action="store_true", help="preview, then end just that")
    act.add_argument("--resume", action="store_true", help="go on with a run that was confirmed and interrupted")
    parser.add_argument(
        "--count", type=int, metavar="N", help="with --run: how many rows you expect; else it is refused"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=retention)


def retention(args: argparse.Namespace) -> int:
    """List the kinds, or preview or end one."""
    if not args.kind:
        if args.wants_run or args.resume or args.preview:
            raise InvalidInput(_("Name the kind of data."))
        return _list(as_json=args.json)
    rules.kind_of(args.kind)
    if args.resume:
        run = RetentionRun.objects.filter(kind=args.kind, state__in=running.GOING).first()
        if run is None:
            raise Conflict(_("No run of this kind is in hand."))
        return _go(run, as_json=args.json)
    run = previewing.count(previewing.order(actor=console_actor(), key=args.kind))
    if not args.wants_run or not run.expected_count:
        return _print(run, as_json=args.json)
    if args.count is None:
        raise InvalidInput(
            _("%(count)d rows are past their period: repeat the number with --count.") % {"count": run.expected_count}
        )
    run = requesting.confirm(actor=console_actor(), run_id=run.pk, typed=str(args.count))
    return _go(run, as_json=args.json)


def _go(run: RetentionRun, *, as_json: bool) -> int:
    """Do a run to its end; 1 when it could not be done."""
    while running.go_on(run.pk):
        pass
    run.refresh_from_db()
    return _print(run, as_json=as_json)


def _print(run: RetentionRun, *, as_json: bool) -> int:
    """A run in numbers."""
    told = {
        "run": run.pk,
        "kind": run.kind,
        "state": run.state,
        "days": run.days,
        "before": run.before.isoformat(),
        "past": run.expected_count,
        "held": run.held_count,
        "parts": {name: {k: v for k, v in part.items() if k != "last_id"} for name, part in run.parts.items()},
        "ended": run.counts,
        "left": run.left_count,
        "error": run.error,
    }
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(f"{run.kind}: {run.get_state_display()}\n")
        sys.stdout.write(f"  before {run.before:%Y-%m-%d %H:%M} UTC ({run.days} days)\n")
        sys.stdout.write(f"  past {run.expected_count}, held {run.held_count}\n")
        for name, count in run.counts.items():
            sys.stdout.write(f"  ended {name} {count}\n")
        if run.left_count:
            sys.stdout.write(f"  left {run.left_count}\n")
        if run.error:
            sys.stdout.write(f"  {run.error}\n")
    return 1 if run.error else 0


def _list(*, as_json: bool) -> int:
    """Every kind with its period."""
    found = [
        {
            "kind": rule.key,
            "days": rule.days,
            "ending": rule.kind.ending.value,
            "is_automatic": rule.is_automatic,
            "notice_days": None if rule.kind.is_log else rule.notice_days,
            "set_by": rule.set_by_name or None,
            "label": str(rule.kind.label),
        }
        for rule in rules.all_rules()
    ]
    if as_json:
        sys.stdout.write(json.dumps({"items": found}, ensure_ascii=False) + "\n")
        return 0
    for rule in rules.all_rules():
        sys.stdout.write(
            f"{rule.key:24} {presenting.period(rule.days):>14} {presenting.how(rule):44} {rule.kind.label}\n"
        )
    return 0
