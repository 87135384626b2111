"""One after the other, where no row stands for what is written."""

from zlib import crc32

from django.db import connection

_SPACE = 7002


def take_turn(name: str) -> None:
    """Wait until nobody else holds the turn of this name; it is held until the transaction ends.

    On SQLite a transaction that may write begins as the only one anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SPACE, crc32(name.encode()) - 2**31])
