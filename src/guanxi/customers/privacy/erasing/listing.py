"""The list of erasures kept apart from the database, so that a restored backup is erased again."""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidInput
from guanxi.customers.choices import WorkState
from guanxi.customers.models import Erasure

NAME = "erasures.jsonl"


def own_file() -> Path:
    """Where this installation keeps its list."""
    return Path(settings.DATA_DIR) / NAME


def line_of(erasure: Erasure) -> dict[str, Any]:
    """One erasure as the list has it: numbers, moments and digests, nothing that names anybody."""
    return {
        "customer_id": erasure.customer_id,
        "customer_created_at": erasure.customer_created_at.isoformat(),
        "requested_by": erasure.requested_by,
        "asked_at": erasure.asked_at.isoformat(),
        "ended_at": erasure.ended_at.isoformat() if erasure.ended_at else None,
        "digest_key": erasure.digest_key,
        "digests": sorted(erasure.identifiers.values_list("kind", "digest")),
    }


def append(erasure: Erasure) -> None:
    """Add an erasure that is done; on the disk before anything else goes on."""
    descriptor = os.open(own_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(line_of(erasure)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def write(path: Path) -> int:
    """Write the list of all erasures that are done to a file of its own; how many."""
    rows = Erasure.objects.filter(state=WorkState.DONE).order_by("pk")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    count = 0
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        for erasure in rows:
            file.write(json.dumps(line_of(erasure)) + "\n")
            count += 1
    return count


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The erasures of a list; InvalidInput names the line that is none."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                line = json.loads(text)
                yield {
                    **line,
                    "customer_id": int(line["customer_id"]),
                    "customer_created_at": datetime.fromisoformat(line["customer_created_at"]),
                    "asked_at": datetime.fromisoformat(line["asked_at"]),
                    "digests": [(str(kind), str(digest)) for kind, digest in line["digests"]],
                }
            except (ValueError, KeyError, TypeError):
                raise InvalidInput(
                    _("Line %(line)d of %(file)s is no erasure.") % {"line": number, "file": path.name}
                ) from None
