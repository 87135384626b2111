"""Sending: with the transaction, by NOTIFY on PostgreSQL and by a row on SQLite."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection

from guanxi.core import clock, notices
from guanxi.core.inserting import CompiledInsert
from guanxi.core.live.topics import is_well_formed
from guanxi.core.models.live import LiveMessage

CHANNEL = "guanxi_live"
KEPT_SECONDS = 60
_LONGEST_BYTES = 7500  # PostgreSQL takes just under 8000
_PRUNE_EVERY = 64
_insert = CompiledInsert(LiveMessage)

Plain = int | str | bool | None
_PAGE = re.compile(r"[A-Za-z0-9]{1,20}")
_page: ContextVar[str] = ContextVar("page", default="")


@contextmanager
def caused_by(page: str) -> Iterator[None]:
    """Let messages say which open page caused them: it has the answer to its own act and need not ask again."""
    token = _page.set(page if _PAGE.fullmatch(page) else "")
    try:
        yield
    finally:
        _page.reset(token)


def by_page() -> dict[str, Plain]:
    """The page in whose request this happens, to go along with a message; nothing where there is none."""
    page = _page.get()
    return {"page": page} if page else {}


def notify(topic: str, data: Mapping[str, Plain] | None = None) -> None:
    """Tell whoever listens to the topic, when the transaction commits; ids and codes only."""
    if not is_well_formed(topic):
        raise ValueError(f"{topic!r} is no live topic")
    message = json.dumps({"topic": topic, "data": dict(data or {})}, separators=(",", ":"))
    if len(message.encode()) > _LONGEST_BYTES:
        raise ValueError(f"a live message holds ids, not {len(message)} characters")
    if connection.vendor == "postgresql":
        notices.send(CHANNEL, message)
        return
    now = clock.now()
    row = _insert(LiveMessage(topic=topic, data=dict(data or {}), at=now))
    if row.pk % _PRUNE_EVERY == 0:
        LiveMessage.objects.filter(at__lt=now - timedelta(seconds=KEPT_SECONDS)).delete()
