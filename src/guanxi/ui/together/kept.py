"""A record that went away while its form was open: what was typed is shown, so that it can be copied."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from guanxi.core.registry import Registry
from guanxi.ui.together.settling import LONGEST, NAMED, OPENED, digest, read_opened


@dataclass(frozen=True)
class Text:
    """One text that somebody had typed."""

    label: str
    value: str

    @property
    def rows(self) -> int:
        """How many lines show it."""
        return min(12, max(1, self.value.count("\n") + 1 + len(self.value) // 90))


@dataclass(frozen=True)
class Successor:
    """The record that took the place of one that went away."""

    title: str
    url: str


# By name: what took the place of the record that an address names (a merge), if the person may see that.
successors: Registry[Callable[[HttpRequest], Successor | None]] = Registry("successors of records")


def was_open(request: HttpRequest) -> bool:
    """Whether the request sends a form about a record."""
    return request.method == "POST" and OPENED in request.POST


def typed(request: HttpRequest) -> list[Text]:
    """The texts that differ from how the form was opened."""
    opened, labels = read_opened(request.POST.get(OPENED, "")), _labels(request.POST.get(NAMED, ""))
    found = []
    for name, label in labels.items():
        value = request.POST.get(name, "")
        if name in opened and value.strip() and digest([value]) != opened[name]:
            found.append(Text(label, value))
    return found


def successor(request: HttpRequest) -> Successor | None:
    """What took the record's place."""
    return next((found for of in successors if (found := of(request)) is not None), None)


def _labels(text: str) -> dict[str, str]:
    """The names of the fields, as the form carries them."""
    try:
        told: Any = json.loads(text) if 0 < len(text) <= LONGEST else {}
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(label)[:200] for name, label in told.items()} if isinstance(told, dict) else {}
