"""Who a signed-in request comes from."""

from django.contrib.auth.backends import ModelBackend

from guanxi.core.compiled import Compiled
from guanxi.core.models import User

_FIELDS = [field.attname for field in User._meta.concrete_fields]
_ROW = Compiled(lambda user_id: User.objects.filter(pk=user_id).values_list(*_FIELDS), int)


class UserBackend(ModelBackend):
    """User name and password; the user of a session is read with a query that is written once."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user, None when there is none or who may no longer sign in."""
        row = _ROW.first(int(user_id))
        if row is None:
            return None
        user = User.from_db("default", _FIELDS, row)
        return user if self.user_can_authenticate(user) else None
