"""Sessions: who has signed in where, in one row that ends with the session."""

from typing import Any, ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models


class Session(AbstractBaseSession):
    """One browser's session; once somebody has signed in: who, from where, with what, and when they were last seen."""

    user = models.ForeignKey("core.User", null=True, on_delete=models.CASCADE, related_name="+")
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    means = models.CharField(max_length=20, blank=True)

    objects: ClassVar[BaseSessionManager[Any]] = BaseSessionManager()

    @classmethod
    def get_session_store_class(cls) -> Any:
        """What reads and writes these rows."""
        from guanxi.core.sessions import SessionStore  # it imports this model

        return SessionStore
