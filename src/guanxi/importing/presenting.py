"""Imports as their pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.importing.choices import ImportState
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.engine.refusals import readable, refused_rows
from guanxi.importing.lists import state_badge, target_label
from guanxi.importing.mapping.store import saved_mappings, shipped_mappings
from guanxi.importing.models import Import
from guanxi.importing.services import is_counted, notes_of, target_of, uploads
from guanxi.importing.sight import as_seen, closed_columns, open_fields

SAMPLE_ROWS = 5
COLUMNS_OFFERED = 300
ERASED_SHOWN = 100
COMMON_CURRENCIES = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "SGD", "KRW", "AUD", "CAD", "CHF", "INR")
BUSY = frozenset({ImportState.CHECKING, ImportState.UNDOING})


@dataclass(frozen=True)
class Step:
    """One step of the way from a file to the archive."""

    label: str
    is_done: bool
    is_here: bool
    url_name: str = ""


def is_busy(run: Import) -> bool:
    """Whether a job works on the import or is about to."""
    return bool(run.asked)


def steps_of(run: Import, *, at_columns: bool = False) -> list[Step]:
    """File, columns, check, import: which are done."""
    if at_columns or run.state == ImportState.DRAFT:
        here = 1
    elif run.state in {ImportState.CHECKING, ImportState.CHECKED} and run.asked != "commit":
        here = 2
    else:
        here = 3
    is_over = run.state in {ImportState.IN_FORCE, ImportState.UNDONE}
    labels = (_("File"), _("Columns"), _("Check"), _("Import"))
    return [
        Step(label, place < here or is_over, place == here and not is_over, "columns" if place == 1 else "")
        for place, label in enumerate(labels)
    ]


def phase_of(run: Import) -> str:
    """What is being done, in words."""
    if run.asked == "undo" or run.state == ImportState.UNDOING:
        return _("The import is being taken back.")
    if run.state == ImportState.CHECKING:
        return _("The rows are read and checked.")
    if run.state == ImportState.WRITING:
        return _("The rows are written; nobody sees them before the last one stands.")
    if run.state == ImportState.IN_FORCE:
        return _("Value, tiers and classes are measured anew.")
    return _("Waiting for its turn.")


def facts_of(run: Import) -> dict[str, Any]:
    """The figures of an import."""
    labels = {
        "customers_created": _("New customers"),
        "customers_updated": _("Customers brought up to date"),
        "consents_recorded": _("Consents recorded"),
        "orders_created": _("New orders"),
        "lines_created": _("New order lines"),
        "products_created": _("New products"),
    }
    names = {field.key: field.label for field in target_of(run.target).fields()}
    return {
        "state": state_badge(run.state),
        "target": target_label(run.target),
        "has_money": target_of(run.target).has_money,
        "made": [(labels.get(key, key), count) for key, count in run.counts.items()],
        "columns": [(names.get(key, key), column) for key, column in run.mapping.get("columns", {}).items()],
        "labels": names,
        "notes": notes_of(run),
        "is_counted": is_counted(run),
    }


def refusals_of(run: Import, start: int, limit: int, actor: Actor) -> dict[str, Any]:
    """One page of refused rows: the mapped columns of each that are open to the actor, the cell at fault marked."""
    names, closed = run.table.get("columns", []), closed_columns(run, actor)
    found = refused_rows(folder_of(run.pk).refused, start=start, limit=limit)
    rows = [as_seen(refused, names, closed) for refused in found]
    mapped = set(run.mapping.get("columns", {}).values()) - closed
    places = [place for place, name in enumerate(names) if name in mapped]
    table = [
        {
            "row": refused.row,
            "column": refused.column,
            "reason": refused.reason,
            "cells": [
                {
                    "place": place,
                    "text": refused.cells[place],
                    "is_wrong": names[place] == refused.column,
                    "size": min(24, max(6, _width(refused.cells[place]))),
                }
                for place in places
                if place < len(refused.cells)
            ],
        }
        for refused in rows
    ]
    last = max(0, (run.rows_refused - 1) // limit)
    return {
        "refused": table,
        "refused_columns": [names[place] for place in places],
        "page": start // limit,
        "pages": last + 1,
        "next_page": start // limit + 1 if start // limit < last else None,
        "previous_page": start // limit - 1 if start else None,
        "corrected": sum(len(cells) for cells in run.corrections.values()),
    }


def _width(text: str) -> int:
    """How many narrow letters wide a text is; Chinese characters count twice."""
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def erased_of(run: Import) -> dict[str, Any] | None:
    """The rows that name people who were erased, for those who may know; nothing where there are none."""
    if not run.erased_rows:
        return None
    shown = ", ".join(map(str, run.erased_rows[:ERASED_SHOWN]))
    return {"count": len(run.erased_rows), "rows": shown, "more": max(0, len(run.erased_rows) - ERASED_SHOWN)}


def preview_of(run: Import, limit: int, actor: Actor) -> dict[str, Any]:
    """The first rows as they would come in."""
    rows = uploads.preview_rows(run, limit, actor)
    zone = ZoneInfo(run.timezone)
    labels = facts_of(run)["labels"]
    keys = [key for key in (rows[0] if rows else {}) if key != "row"]
    return {
        "heads": [labels.get(key, key) for key in keys],
        "rows": [(row["row"], [_shown(row[key], zone) for key in keys]) for row in rows],
    }


def _shown(value: Any, zone: ZoneInfo) -> str:
    """A value that was read, as text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def columns_page(run: Import, actor: Actor, given: Mapping[str, str] | None) -> dict[str, Any]:
    """Everything that the page of the columns shows."""
    table = uploads.table_of(run)
    target = target_of(run.target)
    sample = table.sample(SAMPLE_ROWS)
    chosen = dict(run.mapping.get("columns", {}))
    if given is not None:
        chosen = {name.removeprefix("field:"): str(v) for name, v in given.items() if name.startswith("field:") and v}
    needed = {key for group in target.one_of for key in group}
    closed = closed_columns(run, actor)
    samples = {
        name: [readable(cell) for cell in sample.columns[place][:3]] if len(sample) else []
        for place, name in enumerate(table.columns)
        if name not in closed
    }
    every = open_fields(target.fields(), actor)
    asked = _asked_groups(given)
    used = {field.group for field in every if field.key in chosen} | set(asked)
    fields = [
        {
            "key": field.key,
            "label": field.short_label if field.group else field.label,
            "group": field.group,
            "group_label": field.group_label,
            "is_required": field.is_required,
            "is_alternative": field.key in needed,
            "chosen": chosen.get(field.key, ""),
            "sample": [text for text in samples.get(chosen.get(field.key, ""), []) if text],
        }
        for field in every
        if not field.group or field.group in used
    ]
    more = {field.group: field.group_label for field in every if field.group and field.group not in used}
    return {
        "fields": fields,
        "groups_asked": asked,
        "groups_offered": more,
        "target_notes": target.notes(run),
        "columns": table.columns[:COLUMNS_OFFERED],
        "unused": {name: name not in chosen.values() for name in table.columns[:COLUMNS_OFFERED]},
        "about": {**table.about(), "notes": table.notes},
        "target_label": target.label,
        "has_money": target.has_money,
        "sample_rows": _sample_rows(table.columns, sample, closed),
        "mappings": [
            *(m.name for m in shipped_mappings(run.target)),
            *(m.name for m in saved_mappings(run.target, actor)),
        ],
        "currencies": COMMON_CURRENCIES,
        "timezones": sorted(available_timezones()),
        "given": _given(run, given),
    }


def _asked_groups(given: Mapping[str, str] | None) -> list[str]:
    """The groups of fields that were asked for on the page and are not filled yet."""
    named = [*str((given or {}).get("groups", "")).split(","), str((given or {}).get("group", ""))]
    return sorted({name for name in named if name})


def sample_of(run: Import, name: str, actor: Actor) -> list[str]:
    """The first cells of a column."""
    table = uploads.table_of(run)
    if name not in table.columns or name in closed_columns(run, actor):
        return []
    sample = table.sample(SAMPLE_ROWS)
    cells = sample.columns[table.columns.index(name)][:3] if len(sample) else []
    return [text for text in map(readable, cells) if text]


def _given(run: Import, given: Mapping[str, str] | None) -> dict[str, str]:
    """Source, currency, zone and order of dates as they stand in the form."""
    held = {
        "source": run.source,
        "currency": run.currency,
        "timezone": run.timezone,
        "date_order": run.mapping.get("date_order", ""),
    }
    return {key: str(given.get(key, value)) for key, value in held.items()} if given is not None else held


def _sample_rows(names: Sequence[str], sample: Any, closed: frozenset[str]) -> dict[str, Any]:
    """The first rows as they stand in the file, without closed columns."""
    places = [place for place, name in enumerate(names) if name not in closed][:12]
    shown = [names[place] for place in places]
    rows = []
    for index in range(len(sample)):
        cells = sample.cells(index)
        rows.append((sample.numbers[index], [readable(cells[place])[:60] for place in places if place < len(cells)]))
    return {"heads": shown, "rows": rows, "more": max(0, len(names) - len(shown))}
