"""Rules of the company about signing in, kept as parameters."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import parameters
from guanxi.core.models import User

OWNER = "owner"
ONLY_PROVIDERS = "sign_in.only_providers"
parameters.declare(ONLY_PROVIDERS, _("Signing in through a provider alone"))


def only_providers() -> bool:
    """Whether people sign in through a provider alone; owners keep their password, so that nobody is locked out."""
    return bool(parameters.get(ONLY_PROVIDERS, default=False))


def may_use_password(user: User) -> bool:
    """Whether a user may sign in with name and password."""
    return not only_providers() or user.role.key == OWNER
