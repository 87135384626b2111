"""Who may see and manage users and roles."""

from guanxi.core import access
from guanxi.core.models import Role, User


class UserPolicy(access.Policy):
    """Users are seen by those who manage users."""

    kind = "user"


class RolePolicy(access.Policy):
    """Roles are seen by those who manage users."""

    kind = "role"


access.register(User, UserPolicy())
access.register(Role, RolePolicy())
