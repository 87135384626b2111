"""The clock: against the database's, against the data, against the journal."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import clock
from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.registry import Check, Facts, register
from guanxi.core.leases import database_now
from guanxi.core.models import Operation

SKEW_SECONDS = 2.0
AHEAD_SECONDS = 60.0
LATEST = 200


def look_at_clock() -> Facts:
    """How far apart the clocks are, and what was written at a time still to come."""
    now = clock.now()
    latest = Operation.objects.order_by("-pk").values_list("at", flat=True)[:LATEST]
    newest = max(latest, default=None)
    files = [_written_at(path) - time.time() for path in settings.DATA_DIR.glob("guanxi.sqlite3*")]
    return {
        "skew": abs((database_now() - now).total_seconds()),
        "files_ahead": max(files, default=0.0),
        "journal_ahead": (newest - now).total_seconds() if newest is not None else 0.0,
        "newest": newest.isoformat() if newest is not None else "",
        "now": now.isoformat(),
    }


def _written_at(path: Path) -> float:
    """When a file was written last."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # SQLite takes its side files away when the last program closes
        return 0.0


def tell_of_clock(facts: Facts) -> Iterator[Finding]:
    """Is the clock right?"""
    remedy = _("Have the machine's clock set by a time server (NTP).")
    if facts["skew"] > SKEW_SECONDS:
        text = _("This machine's clock and the database's differ by %(seconds).0f seconds: set both by a time server.")
        why = _("Work is begun twice or late, and the history bears wrong times.")
        yield Finding("clock", Level.PROBLEM, text % {"seconds": facts["skew"]}, why, remedy)
    elif facts["journal_ahead"] > AHEAD_SECONDS:
        text = _("The clock was set back: it is %(now)s, but the history holds what was done at %(newest)s.")
        about = {"now": moment(facts["now"]), "newest": moment(facts["newest"])}
        why = _("The order of the history by time is not the order in which things were done.")
        yield Finding("clock", Level.PROBLEM, text % about, why, remedy)
    elif facts["files_ahead"] > AHEAD_SECONDS:
        text = _("The data were written in the future: this machine's clock is behind. Set it by a time server.")
        yield Finding("clock", Level.PROBLEM, text, "", remedy)
    else:
        yield Finding("clock", Level.OK, _("The clock is right: %(now)s.") % {"now": moment(facts["now"])})


def moment(text: str) -> str:
    """A kept moment in the company's time."""
    return datetime.fromisoformat(text).astimezone(clock.company_zone()).strftime("%Y-%m-%d %H:%M:%S %Z")


register(Check("clock", gettext_lazy("Clock"), look_at_clock, tell_of_clock), order=70)
