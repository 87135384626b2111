"""Where an act comes from when no request brought it: who sits at which console, or which job."""

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

_job: ContextVar[str] = ContextVar("job", default="")


@contextmanager
def in_job(name: str) -> Iterator[None]:
    """While the block runs, what the system does is done by this job."""
    token = _job.set(name.rpartition(".")[2])
    try:
        yield
    finally:
        _job.reset(token)


def here(means: str) -> str:
    """The job that runs, else user and host for the console; nothing otherwise."""
    return _job.get() or (_console() if means == "cli" else "")


@cache
def _console() -> str:
    """Who sits at this machine: the user of the terminal, behind sudo too."""
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as containers have
        name = str(os.getuid())
    return f"{name}@{socket.gethostname()}"
