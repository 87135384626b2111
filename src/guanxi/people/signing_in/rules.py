"""Rules of the company about signing in, kept as parameters."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import parameters
from guanxi.core.models import User
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in import environment

OWNER = "owner"
ONLY_PROVIDERS = "sign_in.only_providers"
parameters.declare(ONLY_PROVIDERS, _("Signing in through a provider alone"))


def is_set() -> bool:
    """Whether the company wants people to sign in through a provider alone."""
    return bool(parameters.get(ONLY_PROVIDERS, default=False))


def has_provider(*, without: int | None = None) -> bool:
    """Whether there is a provider in use, one of them left aside."""
    given = environment.providers()
    rows = IdentityProvider.objects.filter(is_active=True).exclude(slug__in=given)
    return bool(given) or any(number != without for number in rows.values_list("pk", flat=True))


def only_providers() -> bool:
    """Whether people sign in through a provider alone, which holds only while there is one in use.

    Owners keep their password, so that nobody is locked out.
    """
    return is_set() and has_provider()


def may_use_password(user: User) -> bool:
    """Whether a user may sign in with name and password."""
    return not only_providers() or user.role.key == OWNER
