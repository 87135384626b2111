"""Who a signed-in request comes from."""

from django.contrib.auth.backends import ModelBackend

from guanxi.core.compiled import CompiledRecords
from guanxi.core.models import User

_USERS = CompiledRecords(User, lambda user_id: User.objects.filter(pk=user_id), int)


class UserBackend(ModelBackend):
    """User name and password; the user of a session is read with a query that is written once."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user, None when there is none or who may no longer sign in."""
        user = _USERS.first(int(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None
