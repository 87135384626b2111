"""Who may see and manage users and roles."""

from guanxi.core import access
from guanxi.core.models import Role, User
from guanxi.people.models import SignIn


class UserPolicy(access.Policy):
    """Users are seen by those who manage users."""

    kind = "user"


class RolePolicy(access.Policy):
    """Roles are seen by those who manage users."""

    kind = "role"


class SignInPolicy(access.Policy):
    """The history of signing in is read by those who manage users."""

    kind = "user"


access.register(User, UserPolicy())
access.register(SignIn, SignInPolicy())
access.register(Role, RolePolicy())
