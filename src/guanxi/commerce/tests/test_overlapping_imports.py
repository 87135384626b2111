"""Files that bring the same lines: whichever import is undone, what the others brought stays, and nothing more."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderAddition, OrderLine
from guanxi.commerce.tests.conftest import BASE, MORE, Bring
from guanxi.commerce.tests.test_orders_import import archive
from guanxi.core.actor import console_actor
from guanxi.customers.models import Customer, ExternalId
from guanxi.importing.engine import undoing
from guanxi.importing.models import Import, ImportClaim
from guanxi.importing.services import undo_import

Row = tuple[str, ...]
POOL: tuple[Row, ...] = (
    ("1", "2024-05-01 10:00", "A", "P1", "Pen", "2", "1.50", "France"),
    ("1", "2024-05-01 10:00", "A", "P2", "Ink", "1", "2.25", "France"),
    ("2", "2024-05-02 11:00", "A", "P1", "Pen", "10", "1.50", "France"),
    ("2", "2024-05-02 11:00", "A", "P3", "Cap", "1", "9", "France"),
    ("3", "2024-05-03 12:00", "B", "P1", "Pen", "1", "1.50", "Italy"),
    ("3", "2024-05-03 12:00", "", "P4", "Box", "1", "4", ""),
    ("4", "2024-05-04 12:00", "C", "P3", "Cap", "-1", "9", "Spain"),
)
FILES = st.lists(st.sampled_from(POOL), min_size=1, max_size=8)


def take_back(run: Import) -> None:
    """Undo as the console."""
    undo_import(actor=console_actor(), import_id=run.pk)


def expected(files: Sequence[Sequence[Row]]) -> Counter[Row]:
    """What stands when these files were brought: of equal lines, as many as the file with most of them has."""
    lines: Counter[Row] = Counter()
    for rows in files:
        lines |= Counter(rows)
    return lines


def check(lines: Counter[Row]) -> None:
    """The archive holds just these lines, and what they need."""
    found = OrderLine.everything.values_list("order__number", "order__customer_ref", "product__code", "amount_minor")
    told = Counter(lines)
    wanted: Counter[tuple[str, str, str, int]] = Counter()
    totals: dict[tuple[str, str], list[int]] = {}
    for row, count in told.items():
        minor = int(Decimal(row[5]) * Decimal(row[6]) * 100)
        wanted[row[0], row[2], row[3], minor] += count
        total = totals.setdefault((row[0], row[2]), [0, 0])
        total[0] += minor * count
        total[1] += count
    assert Counter(found) == wanted
    orders = Order.everything.values_list("number", "customer_ref", "amount_minor", "line_count")
    assert sorted(orders) == sorted((*ref, *total) for ref, total in totals.items())
    assert set(ExternalId.everything.values_list("value", flat=True)) == {row[2] for row in told} - {""}
    assert Customer.everything.count() == ExternalId.everything.count()
    assert set(Product.everything.values_list("code", flat=True)) == {row[3] for row in told}
    for model in (Order, OrderLine, Customer, Product):
        assert model.objects.count() == model.everything.count()


@pytest.mark.full
@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.one_of(FILES, st.integers(0, 5)), min_size=2, max_size=9))
def test_any_sequence_of_imports_and_undos_leaves_what_the_standing_ones_brought(
    bring: Bring, steps: list[list[Row] | int]
) -> None:
    """After every step the archive is that of the files in force; after undoing all of them it is empty."""
    standing: list[tuple[Import, list[Row]]] = []
    for step in steps:
        if isinstance(step, list):
            standing.append((bring(step).run, step))
        elif standing:
            run, _rows = standing.pop(step % len(standing))
            take_back(run)
        check(expected([rows for _run, rows in standing]))
    while standing:
        take_back(standing.pop()[0])
        check(expected([rows for _run, rows in standing]))
    assert not OrderAddition.objects.exists()
    assert not ImportClaim.objects.exists()


@pytest.mark.parametrize("is_first_undone_first", [True, False])
def test_a_longer_export_of_the_same_orders(bring: Bring, is_first_undone_first: bool) -> None:
    """Undoing the first leaves all that the second brought; undoing the second what the first brought; both nothing."""
    first = bring(BASE).run
    alone = archive()
    second = bring([*BASE, *MORE]).run
    both = archive()
    order = [first, second] if is_first_undone_first else [second, first]
    take_back(order[0])
    assert archive() == (both if is_first_undone_first else alone)
    take_back(order[1])
    assert Order.everything.count() == OrderLine.everything.count() == Customer.everything.count() == 0
    assert Product.everything.count() == 0


def test_handing_over_that_was_cut_short_loses_nothing(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between handing over and hiding, the first import still counts; then either may be undone."""
    first = bring(BASE).run
    alone = archive()
    second = bring([*BASE, *MORE]).run
    both = archive()

    def die() -> None:
        """Stands for the end of the process."""
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(undoing, "_last_change", lambda: 0)
        patched.setattr(undoing.Operation.objects, "create", lambda **_values: die())
        with pytest.raises(KeyboardInterrupt):
            take_back(first)
    assert archive() == both
    take_back(second)
    assert archive() == alone
    take_back(first)
    assert OrderLine.everything.count() == 0


def test_a_dead_import_leaves_no_claims(bring: Bring) -> None:
    """What an import that never came in force claimed is forgotten with it."""
    first = bring(BASE).run
    alone = archive()
    dead = bring(BASE).run
    assert ImportClaim.objects.filter(import_run=dead).count() == len(BASE)
    with transaction.atomic():
        Import.objects.filter(pk=dead.pk).update(state="writing")
    take_back(dead)
    assert archive() == alone
    assert not ImportClaim.objects.exists()
    take_back(first)
    assert OrderLine.everything.count() == 0
