"""Tells a database that is away (down, locked, full) from one that refused a statement."""

import select

from django.core.signals import request_started
from django.db import InterfaceError, OperationalError, connection
from django.dispatch import receiver

# SQLSTATE classes: 08 connection failures, 57P operator intervention, 53 out of resources.
_AWAY_STATES = ("08", "57P", "53")
_AWAY_WORDS = (
    "database is locked",
    "database table is locked",
    "unable to open database",
    "disk i/o error",
    "database or disk is full",
    "attempt to write a readonly database",
)


def is_away(error: BaseException) -> bool:
    """Whether the error means that the database cannot be used at the moment, and trying later may help."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if connection.vendor == "sqlite":
        text = str(error).lower()
        return any(words in text for words in _AWAY_WORDS)
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_AWAY_STATES)


def reason(error: BaseException) -> str:
    """The first line of what the database or its driver said."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def drop_connection() -> None:
    """Forget a broken connection, so that the next use opens a new one."""
    if connection.in_atomic_block:
        return
    try:
        connection.close()
    except (OperationalError, InterfaceError):
        connection.connection = None


@receiver(request_started)
def _trust_silence(**_signal: object) -> None:
    """Spare a request the question (`SELECT 1`) whether its kept connection works, when the socket has nothing to say.

    A server that ended a connection has closed its socket, which can then be read. Runs after Django's own receiver.
    """
    if connection.vendor != "postgresql" or connection.connection is None or connection.connection.closed:
        return
    poll = select.poll()
    poll.register(connection.connection.fileno(), select.POLLIN)
    connection.health_check_done = not poll.poll(0)  # type: ignore[attr-defined]
