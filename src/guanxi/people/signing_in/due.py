"""A second factor that a role asks for and that has yet to be set up; meanwhile pages offer nothing but the set-up."""

from django.http import HttpRequest

from guanxi.core.sessions import ENTRY
from guanxi.core.signed_in import SignedIn


def is_due(request: HttpRequest) -> bool:
    """Whether whoever asks has to set one up before anything else opens."""
    came: SignedIn | None = getattr(request.session, "came_with", None)
    if came is None or not came.lacks_second_factor or came.user.pk != request.user.pk:
        return False
    return not request.session.get(ENTRY, {}).get("has_second_factor")  # the provider has asked for one


def layout(request: HttpRequest) -> str:
    """What a page of the set-up stands in: a bare page meanwhile, the settings at any other time."""
    return "people/due.html" if is_due(request) else "ui/settings.html"
