"""Notices leave with their transaction, in one statement; those of a savepoint that was rolled back do not."""

from typing import Any

import pytest
from django.db import connection, transaction

from guanxi.core import live
from guanxi.core.wake import wake_workers

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_that_a_transaction_tells_leaves_in_one_statement() -> None:
    """Each once, in their order, before the commit."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes rows")
    told: list[Any] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note what notices are sent."""
        told.extend([params] if "pg_notify" in sql else [])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        with transaction.atomic():
            live.notify("desk", {"conversation": 1})
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                live.notify("desk", {"conversation": 2})
                wake_workers()
                raise ZeroDivisionError
            live.notify("desk", {"conversation": 1})
            wake_workers()
            wake_workers()
        live.notify("desk", {"conversation": 3})
    message = '{"topic":"desk","data":{"conversation":%s}}'
    assert told == [
        [["guanxi_live", "guanxi_work"], [message % 1, ""]],
        [["guanxi_live"], [message % 3]],
    ]
