"""`guanxi work`: a worker process on its own, for installations that start their processes themselves."""

import argparse
import json
import signal
import sys

from guanxi.core import events, jobs
from guanxi.core.jobs.running import QUEUES
from guanxi.core.jobs.worker import Worker


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("work", help="do background work (guanxi up does it too), until stopped")
    parser.add_argument(
        "--queue", action="append", choices=QUEUES, help="only this queue; may be given several times (default: all)"
    )
    parser.add_argument("--once", action="store_true", help="do what is due now and stop")
    parser.add_argument("--json", action="store_true", help="with --once: say as JSON what was done")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Work until a signal, or until nothing is due."""
    queues = tuple(args.queue or QUEUES)
    if not args.once:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        Worker(queues=queues).run()
        return 0
    delivered = events.deliver_pending() if "now" in queues else 0
    done = sum(jobs.run_pending(queue) for queue in queues)
    if args.json:
        sys.stdout.write(json.dumps({"jobs": done, "events": delivered}) + "\n")
    else:
        sys.stdout.write(f"{done} jobs done, {delivered} events delivered\n")
    return 0
