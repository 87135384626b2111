"""Taking an orders import back leaves the archive as if the file had never come."""

import pytest
from django.db import transaction

from guanxi.catalog.models import Product
from guanxi.commerce.models import Order, OrderAddition, OrderLine
from guanxi.commerce.tests.conftest import BASE, MORE, Bring
from guanxi.commerce.tests.test_orders_import import archive
from guanxi.core import changes, parameters
from guanxi.core.actor import Actor, console_actor, system_actor
from guanxi.core.errors import Conflict, NotFound
from guanxi.core.models import Change
from guanxi.customers.models import Customer
from guanxi.importing.choices import ImportState
from guanxi.importing.engine.undoing import UndoRefused
from guanxi.importing.models import Import
from guanxi.importing.services import undo_import


def take_back(run: Import, *, rest: bool = False) -> None:
    """Undo as the console."""
    undo_import(actor=console_actor(), import_id=run.pk, rest=rest)


def leftovers() -> int:
    """Rows of any import that is not in force."""
    models = (Order, OrderLine, Customer, Product)
    return sum(m.everything.count() - m.objects.count() for m in models)


def test_undo_is_exact(bring: Bring) -> None:
    """Nothing of the import is left, nothing else is touched."""
    bring(BASE[:2])
    before = archive()
    run = bring([*BASE, *MORE], source="orders").run
    take_back(run)
    assert archive() == before
    assert leftovers() == 0
    assert not OrderAddition.objects.exists()
    run.refresh_from_db()
    assert run.state == ImportState.UNDONE
    assert run.undone_by_name == "console"


def test_undo_of_everything_leaves_nothing(bring: Bring) -> None:
    """The first import of all, taken back, leaves an empty archive; the file can come again."""
    run = bring(BASE).run
    assert parameters.get("reporting_currency") == "EUR"
    full = archive()
    take_back(run)
    assert Order.everything.count() == OrderLine.everything.count() == Customer.everything.count() == 0
    assert Product.everything.count() == 0
    assert parameters.get("reporting_currency") is None
    told = Change.objects.filter(kind="parameter", field="reporting_currency").select_related("operation")
    assert [(row.before, row.after, row.operation.means) for row in told.order_by("pk")] == [
        (None, "EUR", "import"),
        ("EUR", None, "import"),
    ]
    bring(BASE)
    assert archive() == full


def test_imports_that_share_customers_are_taken_back_in_any_order(bring: Bring) -> None:
    """Customers and products that a later file needs too stay, as if that file had brought them."""
    may = bring(BASE).run
    june = [
        ("20", "2024-06-01", "A", "P1", "Pen", "1", "1.50", ""),
        ("21", "2024-06-01", "E", "P5", "Box", "1", "4", ""),
    ]
    bring(june)
    take_back(may)
    left = archive()
    assert [order[1] for order in left["orders"]] == ["20", "21"]
    assert [row[1] for row in left["customers"]] == ["A", "E"]
    assert [row[1] for row in left["products"]] == ["P1", "P5"]


def test_a_customer_changed_by_a_person_stands_in_the_way(bring: Bring) -> None:
    """Who changed what is said; with the rest taken back the changed customer stays as it is now."""
    run = bring(BASE).run
    anna = Actor(user_id=None, name="Anna", means="web", permissions={("*", "*"): "all"})
    customer = Customer.objects.get(external_ids__value="A")
    with changes.operation(actor=anna, name="customers.update_customer") as operation:
        operation.update(customer, name="Alpha Ltd")
    before = archive()
    with pytest.raises(UndoRefused, match=r"Alpha Ltd.*Anna"):
        take_back(run)
    assert archive() == before
    take_back(run, rest=True)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Alpha Ltd"]
    assert Order.everything.count() == 0


def test_who_may_not_import_may_not_undo(bring: Bring) -> None:
    """For an agent the import does not even exist."""
    run = bring(BASE).run
    agent = Actor(user_id=None, name="agent", means="web", permissions={("order", "view"): "all"})
    with pytest.raises(NotFound):
        undo_import(actor=agent, import_id=run.pk)
    assert Order.objects.count() == 4


def test_undo_twice(bring: Bring) -> None:
    """The second time it is said."""
    run = bring(BASE).run
    take_back(run)
    with pytest.raises(Conflict):
        take_back(run)


def test_an_undo_that_was_cut_short_is_finished(bring: Bring) -> None:
    """Hidden rows whose deletion was cut short go with the next import or the same undo."""
    run = bring(BASE).run
    with transaction.atomic():
        Import.objects.filter(pk=run.pk).update(state=ImportState.UNDOING)
    assert Order.objects.count() == 0
    assert Order.everything.count() == 4
    bring([("50", "2024-06-01", "A", "P1", "Pen", "1", "1.50", "")])
    assert Order.everything.count() == 1
    run.refresh_from_db()
    assert run.state == ImportState.UNDONE


def test_pending_rows_are_not_seen(bring: Bring) -> None:
    """Rows of an import that is not in force are in no list and no figure."""
    run = bring(BASE).run
    Import.objects.filter(pk=run.pk).update(state=ImportState.WRITING)
    actor = system_actor()
    for model in (Order, OrderLine, Customer, Product):
        assert model.objects.visible_to(actor).count() == 0
        assert model.everything.count() > 0
