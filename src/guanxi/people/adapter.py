"""How sign-in through allauth behaves here: no open sign-up, no chatter, preferences follow the person."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from guanxi.core.client_address import address_of
from guanxi.core.models import User
from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in import attempts, device, rules
from guanxi.ui.views.shell import remember


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    """Accounts are given by an owner, never taken."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The user name or the password is not right."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs themselves up."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows says enough."""

    def get_login_stages(self) -> list[str]:
        """After the first proof comes the second."""
        return ["guanxi.people.signing_in.stages.SecondStep"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from, read in one place."""
        return address_of(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our own pages ask for it (`signing_in.confirming`), before allauth's flows run."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a name and a password: the same work and the same words whether the name is known or not."""
        name = str(credentials.get("username") or "")
        attempt, known = attempts.by_password(request, name)
        attempt.begin()
        found = authenticate(request, username=name, password=credentials.get("password"))
        if isinstance(found, User) and rules.may_use_password(found):
            attempt.succeeded()
            return found
        if isinstance(found, User):
            attempt.note(Outcome.NOT_ALLOWED)
        elif known is None:
            attempt.note(Outcome.UNKNOWN_NAME)
        else:
            attempt.note(Outcome.WRONG_PASSWORD if known.is_active else Outcome.DISABLED)
        return None

    def post_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse:
        """Lead on, with the person's language and theme in this browser too."""
        response: HttpResponse = super().post_login(request, user, **rest)
        remember(response, request, language=user.language, theme=user.theme)
        device.mark(response, request, user.pk)
        return response
