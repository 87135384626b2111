"""Bulk writes: as many rows as said, as Django reads them."""

import pytest

from guanxi.core import bulk
from guanxi.core.clock import now
from guanxi.core.models import Change, CustomField, Operation

pytestmark = pytest.mark.django_db(transaction=True)
COLUMNS = ("kind", "key", "label_en", "label_zh", "type", "choices", "position", "is_filterable", "is_active")


def _row(key: str, label: str = "Label", position: int = 0) -> tuple[object, ...]:
    """One row of a custom field."""
    return ("customer", key, label, "标签", "text", ["一", 'quote"d'], position, False, True)


def test_rows_come_back_as_written() -> None:
    """JSON, text with tabs and backslashes, booleans."""
    assert bulk.insert(CustomField, COLUMNS, [_row("a", "tab\tback\\slash\nline")]) == 1
    found = CustomField.objects.get(key="a")
    assert (found.label_en, found.choices, found.is_active) == ("tab\tback\\slash\nline", ["一", 'quote"d'], True)


def test_conflicts_are_left_or_updated() -> None:
    """Only the rows really written are counted."""
    bulk.insert(CustomField, COLUMNS, [_row("a", position=1)])
    assert bulk.insert(CustomField, COLUMNS, [_row("a", position=2), _row("b")], on_conflict="ignore") == 1
    assert CustomField.objects.get(key="a").position == 1
    bulk.insert(CustomField, COLUMNS, [_row("a", position=5)], on_conflict="update", keys=("kind", "key"))
    assert CustomField.objects.get(key="a").position == 5


def test_reserved_ids_are_never_given_out_again() -> None:
    """Rows written later get other numbers."""
    from django.db import transaction

    with transaction.atomic():
        reserved = list(bulk.next_ids(CustomField, 3))
        bulk.insert(CustomField, ("id", *COLUMNS), [(pk, *_row(f"k{pk}")) for pk in reserved])
    later = CustomField.objects.create(kind="customer", key="later", label_en="L", label_zh="L", type="text")
    assert len(set(reserved)) == 3
    assert later.pk not in reserved
    assert later.pk > max(reserved)


def test_moments_are_read_back_equal() -> None:
    """Aware times survive to the microsecond."""
    at = now()
    bulk.insert(Operation, ("name", "actor_name", "means", "at"), [("x", "y", "cli", at)])
    assert Operation.objects.get().at == at
    assert not Change.objects.exists()
