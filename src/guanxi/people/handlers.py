"""What follows when somebody signs in or out."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from guanxi.core import clock
from guanxi.core.client_address import address_of
from guanxi.core.models import User
from guanxi.core.sessions import ENTRY
from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in import confirming
from guanxi.people.signing_in.attempts import means_of
from guanxi.people.signing_in.services import history
from guanxi.people.views.seeing import end_in


@receiver(user_logged_in, dispatch_uid="people.note_entry")
def note_entry(request: HttpRequest, user: User, **_rest: Any) -> None:
    """The session, which has another key by now, says who, from where and with what; the history has one row more."""
    means, second = means_of(get_authentication_records(request, user))
    address, agent = address_of(request), request.META.get("HTTP_USER_AGENT", "")
    shown = f"{means} {second}".strip()
    request.session[ENTRY] = {"at": clock.now().isoformat(), "address": address, "agent": agent, "means": shown}
    if any(record.get("has_second_factor") for record in get_authentication_records(request, user)):
        request.session[ENTRY]["has_second_factor"] = True
    confirming.note_confirmed(request)
    history.note(user_id=user.pk, outcome=Outcome.SIGNED_IN, means=means, second=second, address=address, agent=agent)


@receiver(user_logged_out, dispatch_uid="people.end_look")
def end_look(user: User | None, request: HttpRequest, **_rest: Any) -> None:
    """With the session a look as another is over."""
    if user is not None:
        end_in(request)
