"""How sign-in through allauth behaves here: no open sign-up, no chatter, preferences follow the person."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from guanxi.core.models import User
from guanxi.ui.views.shell import remember


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth comes without types
    """Accounts are given by an owner, never taken."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs themselves up."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows says enough."""

    def post_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse:
        """Lead on, with the person's language and theme in this browser too."""
        response: HttpResponse = super().post_login(request, user, **rest)
        remember(response, request, language=user.language, theme=user.theme)
        return response
