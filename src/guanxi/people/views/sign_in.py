"""The sign-in page."""

from typing import Any

from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse

from guanxi.people import queries
from guanxi.ui import errors


class SignInView(LoginView):  # type: ignore[misc]  # allauth comes without types
    """allauth's sign-in on our page; without users it names the command that makes the first one."""

    template_name = "people/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether anybody could sign in."""
        return {**super().get_context_data(**kwargs), "has_users": queries.has_users()}


def closed(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Pages of allauth that this installation does not open (sign-up, reset by mail)."""
    return errors.error_page(request, 404)
