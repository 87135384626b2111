"""Database expressions that Django writes for one of our databases only."""

from typing import Any

from django.db.models import Func, TextField


class JoinedText(Func):
    """An aggregate: several texts in one, separated by `SEPARATOR`."""

    SEPARATOR = "\x1f"
    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """The aggregate by its name in each database."""
        name = "string_agg" if connection.vendor == "postgresql" else "group_concat"
        return super().as_sql(
            compiler, connection, function=name, template=f"%(function)s(%(expressions)s, '{self.SEPARATOR}')", **extra
        )
