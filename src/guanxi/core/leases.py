"""What leases on jobs and locks share: one clock for all machines, and a name for each holder."""

import os
import socket
from datetime import datetime

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
