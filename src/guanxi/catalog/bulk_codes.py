"""Finding and making many products by the codes that a source gives them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from guanxi.catalog.choices import ProductKind
from guanxi.catalog.models import Product
from guanxi.core import bulk
from guanxi.importing.models import Import
from guanxi.search.public import remove as forget

LOOKUP_CHUNK = 5_000
REMOVE_CHUNK = 500
_COLUMNS = ("id", "source", "code", "name", "category", "kind", "unit_cost_minor", "currency", "import_run_id")


def known(*, source: str, codes: Sequence[str]) -> dict[str, int]:
    """Code -> id of the products that stand already."""
    found: dict[str, int] = {}
    for start in range(0, len(codes), LOOKUP_CHUNK):
        rows = Product.everything.filter(source=source, code__in=codes[start : start + LOOKUP_CHUNK])
        found.update(rows.values_list("code", "id"))
    return found


def ensure(
    *, source: str, products: Mapping[str, tuple[str, str]], currency: str, import_run: Import | None
) -> dict[str, int]:
    """Code -> id, new products made with the (name, kind) given for each code. In the caller's transaction."""
    codes = list(products)
    found = known(source=source, codes=codes)
    missing = [code for code in codes if code not in found]
    if missing:
        numbers = bulk.next_ids(Product, len(missing))
        run_id = import_run.pk if import_run else None
        rows_: list[tuple[Any, ...]] = [
            (
                number,
                source,
                code,
                products[code][0],
                "",
                products[code][1] or ProductKind.GOODS,
                None,
                currency,
                run_id,
            )
            for number, code in zip(numbers, missing, strict=True)
        ]
        bulk.insert(Product, _COLUMNS, rows_)
        found.update(zip(missing, numbers, strict=True))
    return found


def hand_over(run: Import, takers: Mapping[int, int]) -> None:
    """Let products of an import belong to other imports (product -> import), which need them too."""
    for taker in set(takers.values()):
        numbers = [product for product, run_id in takers.items() if run_id == taker]
        Product.everything.filter(import_run=run, pk__in=numbers).update(import_run=taker)


def remove(run: Import, still_used: str) -> Iterator[None]:
    """Delete the products that an import made, in short transactions.

    `still_used` is an SQL condition on `catalog_product`: products that others need stay and stand on their own.
    """
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM catalog_product WHERE import_run_id = %s LIMIT {REMOVE_CHUNK}",  # noqa: S608
                [run.pk],
            )
            numbers = [row[0] for row in cursor.fetchall()]
            if not numbers:
                return
            marks = ", ".join(["%s"] * len(numbers))
            cursor.execute(
                f"UPDATE catalog_product SET import_run_id = NULL WHERE id IN ({marks}) AND {still_used}",  # noqa: S608
                numbers,
            )
            cursor.execute(
                f"DELETE FROM catalog_product WHERE id IN ({marks}) AND import_run_id = %s",  # noqa: S608
                [*numbers, run.pk],
            )
            forget("product", numbers)
        yield
