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


class JsonRows(Func):
    """An aggregate: several columns of several rows as one text, a JSON list of lists, in no particular order."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """The aggregate by its name in each database."""
        if connection.vendor == "postgresql":
            template = "json_agg(json_build_array(%(expressions)s))::text"
        else:
            template = "json_group_array(json_array(%(expressions)s))"
        return super().as_sql(compiler, connection, template=template, **extra)


class DomainOf(Func):
    """What stands behind the @ of an address; its constants are spelt out, so that an index can serve it."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """By what each database has of its own."""
        if connection.vendor == "postgresql":
            template = "split_part(%(expressions)s, '@', 2)"
        else:
            template = "substr(%(expressions)s, instr(%(expressions)s, '@') + 1)"
        return super().as_sql(compiler, connection, template=template, **extra)
