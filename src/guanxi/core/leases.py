"""What leases on jobs and locks share: one clock for all machines, and a name for each holder."""

import os
import socket
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils.crypto import get_random_string

from guanxi.core import clock


def database_now() -> datetime:
    """The moment by the database's clock, so that machines whose clocks differ agree on when a lease ends."""
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def holder_name() -> str:
    """A name nobody else has: host, process and something random."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{get_random_string(12)}"


def lives_here(holder: str) -> bool:
    """Whether a holder is a process of this machine that still runs."""
    host, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:30] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # A killed process keeps its number until its parent has taken note.
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
