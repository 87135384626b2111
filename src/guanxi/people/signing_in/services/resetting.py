"""A new password by mail: asked for by anybody, told to nobody but the owner of the mail address.

The page does the same for a name that somebody has and for one that nobody has: the same statements, one row of
history, one job. What differs happens in the job.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from guanxi.core.actor import actor_of
from guanxi.core.client_address import network_of
from guanxi.core.errors import NotFound
from guanxi.core.models import User
from guanxi.people import services
from guanxi.people.jobs import mail_link, tell_changed
from guanxi.people.models.signing_in import Means, Outcome
from guanxi.people.signing_in import links, rules
from guanxi.people.signing_in.services import history, sessions, throttling
from guanxi.people.signing_in.services.throttling import Key, same_name

NOBODY = 0


@transaction.atomic
def ask(*, name: str, address: str, agent: str) -> timedelta:
    """Have a link mailed to whoever it is, if it is anybody whom a link can help; zero, or how long to wait first."""
    typed = same_name(name)
    wait = throttling.begin([Key("reset", f"{typed} {network_of(address)}"), Key("reset-sender", network_of(address))])
    if wait > timedelta(0):
        return wait
    user, only_providers = _meant(name), rules.only_providers()
    # However they are named and from wherever: counted for nobody's names too, and told to nobody.
    has_many = throttling.begin([Key("reset-user", str(user.pk) if user else f"nobody {typed}")]) > timedelta(0)
    outcome = Outcome.UNKNOWN_NAME
    if user is not None:
        may = links.may_reset(user, only_providers=only_providers)
        outcome = Outcome.THROTTLED if has_many else Outcome.RESET_ASKED if may else Outcome.NOT_ALLOWED
    user_id = user.pk if user is not None else None
    history.note(user_id=user_id, outcome=outcome, means=Means.MAIL, address=address, agent=agent)
    mail_link.enqueue(user_id if user_id and outcome == Outcome.RESET_ASKED else NOBODY)
    return timedelta(0)


def _meant(text: str) -> User | None:
    """The user of a name, else the only one with a mail address."""
    found = list(User.objects.select_related("role").filter(Q(username=text) | Q(email__iexact=text))[:3])
    named = [user for user in found if user.username == text]
    return named[0] if named else found[0] if len(found) == 1 else None


@transaction.atomic
def holds(token: str) -> bool:
    """Whether a link may still be used."""
    return links.user_of(token) is not None


@transaction.atomic
def set_new(*, token: str, password: str, address: str, agent: str) -> None:
    """Give the user of a link a new password; every session of theirs ends, second factors stay."""
    user = links.user_of(token)
    if user is None:
        raise NotFound(gettext("This link has been used or is too old."))
    actor = actor_of(user, means="mail", address=address)
    services.set_forgotten_password(actor=actor, password=password)
    sessions.end_sessions(actor=actor, user_id=user.pk)
    history.note(user_id=user.pk, outcome=Outcome.PASSWORD_RESET, means=Means.MAIL, address=address, agent=agent)
    tell_changed.enqueue(user.pk)
