"""The grid of a role's rights and the fields that it may lose sight of."""

from collections.abc import Iterable, Mapping
from typing import Any

from guanxi.core import masking
from guanxi.core.actor import Act
from guanxi.core.models import CustomField
from guanxi.people.right_words import ACTIONS, action_word, further_acts, kind_word, kinds_of


def rows(held: Mapping[Act, str]) -> list[dict[str, Any]]:
    """A row for each kind, a cell for each act, and one for the acts of its own."""
    return [
        {
            "kind": kind,
            "label": kind_word(kind),
            "cells": [_cell(held, kind, action) for action in ACTIONS],
            "further": [_cell(held, kind, action) for action in further_acts(kind, held)],
        }
        for kind in kinds_of(held)
    ]


def _cell(held: Mapping[Act, str], kind: str, action: str) -> dict[str, str]:
    """One act on one kind, as a form has it."""
    word = action_word(action)
    return {
        "name": f"may:{kind}:{action}",
        "label": f"{kind_word(kind)}: {word}",
        "word": word,
        "value": held.get((kind, action), ""),
    }


def guarded_fields(fields: Mapping[Act, str], added: Iterable[CustomField]) -> list[dict[str, Any]]:
    """The guarded fields by kind, those that the company added among them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in masking.guarded:
        cell = {
            "name": f"sees:{one.kind}:{one.field}",
            "label": one.label,
            "value": fields.get((one.kind, one.field), ""),
        }
        groups.setdefault(one.kind, []).append(cell)
    for own in added:
        name = f"{masking.OWN}{own.key}"
        cell = {"name": f"sees:{own.kind}:{name}", "label": own.label, "value": fields.get((own.kind, name), "")}
        groups.setdefault(own.kind, []).append(cell)
    return [
        {
            "label": kind_word(kind),
            "fields": cells,
            "is_open": kind in {"contactpoint", "customer"} or any(c["value"] for c in cells),
        }
        for kind, cells in groups.items()
    ]
