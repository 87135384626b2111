"""How many rows, and the sums under the columns, without letting a huge list wait."""

from typing import Any

from django.db.models import QuerySet

from guanxi.core.reading_in_reach import for_a_count
from guanxi.ui.cells import Context, format_number
from guanxi.ui.lists.rows import context_of
from guanxi.ui.lists.state import Scene

LIMIT = 10_000


def capped(queryset: QuerySet[Any]) -> int | None:
    """How many rows, or None when there are more than the limit."""
    number = for_a_count(queryset).order_by().values("pk")[: LIMIT + 1].count()
    return None if number > LIMIT else number


def exact(queryset: QuerySet[Any]) -> int:
    """How many rows, however many."""
    return queryset.order_by().count()


def words(number: int | None) -> str:
    """A count as shown: 10,000+ beyond the limit."""
    return f"{format_number(LIMIT)}+" if number is None else format_number(number)


def sums(scene: Scene, queryset: QuerySet[Any]) -> dict[str, str]:
    """The figure under each shown column that has one."""
    shown = {column.key for column in scene.shown()}
    wanted = [item for item in scene.page.table.sums if item.column in shown]
    if not wanted:
        return {}
    figures = for_a_count(queryset).order_by().aggregate(**{f"sum_{item.column}": item.aggregate for item in wanted})
    context: Context = context_of(scene)
    return {item.column: item.render(figures[f"sum_{item.column}"], context) for item in wanted}
