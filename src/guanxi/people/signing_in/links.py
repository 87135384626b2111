"""Links to a new password: which user one is for, and whether it still holds.

A link names the user, the state their password was in and when it was made, signed. It works for an hour, and no
longer once they have set a password, signed in or changed their mail address; once it was found too old it stays so.
"""

import time

from django.conf import settings
from django.core import signing
from django.urls import reverse

from guanxi.core.models import User
from guanxi.people.signing_in import rules
from guanxi.people.signing_in.digests import digest
from guanxi.people.signing_in.services import assertions

SECONDS = 3600
_SALT = "guanxi.reset"


def is_offered() -> bool:
    """Whether passwords can be set anew by mail: there is a mail server, and it is known where links lead."""
    return settings.CONFIG.mail is not None and bool(settings.CONFIG.address)


def may_reset(user: User, *, only_providers: bool) -> bool:
    """Whether a password of their own lets them in; who comes in through a provider has none to lose."""
    may_password = not only_providers or user.role.key == rules.OWNER
    return user.is_active and bool(user.email) and user.has_usable_password() and may_password


def _state(user: User) -> str:
    """What a link stands on, as a digest: once any of it has changed, the link is worth nothing."""
    last = user.last_login.isoformat() if user.last_login else ""
    return digest("\n".join(("reset", str(user.pk), user.password, last, user.email)))


def link_for(user: User) -> str:
    """The address at which a user sets a new password; its host is never that of a request."""
    token = signing.dumps([user.pk, _state(user), int(time.time())], salt=_SALT)
    return f"{settings.CONFIG.address}{reverse('password_link', args=[token])}"


def user_of(token: str) -> User | None:
    """Whose link it is, locked; None for one that is forged, used, too old or made in the future."""
    try:
        user_id, state, at = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    age = time.time() - at
    if age >= SECONDS:
        assertions.note_over(token)
    if not 0 <= age < SECONDS or assertions.was_over(token):
        return None
    user = User.objects.select_for_update(of=("self",)).select_related("role").filter(pk=user_id).first()
    if user is None or _state(user) != state:
        return None
    return user if may_reset(user, only_providers=rules.only_providers()) else None
