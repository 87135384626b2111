"""The connection: Django's own, which sends the notices of a transaction just before it commits."""

from django.db.backends.postgresql import base

from guanxi.core import notices


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def _commit(self) -> None:
        """Send what waits, and commit it with the rest."""
        notices.send_waiting(self)
        super()._commit()  # type: ignore[misc]  # the stubs leave out what is not public
