"""The sign-in page."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.people import queries
from guanxi.people.signing_in import attempts, links, rules
from guanxi.people.signing_in.passwords import LONGEST
from guanxi.people.signing_in.services import providers
from guanxi.ui import errors


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth comes without types
    """Name and password, neither longer than any can be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what is wrong in our words."""
        super().__init__(*args, **kwargs)
        words = _("The user name or the password is not right.")
        for field in self.fields.values():
            field.error_messages["required"] = words
        # Passwords set before there was a longest one still count.
        self.fields["password"].max_length = 8 * LONGEST


class SignInView(LoginView):  # type: ignore[misc]  # allauth comes without types
    """allauth's sign-in on our page; without users it names the command that makes the first one."""

    template_name = "people/sign_in.html"
    form_class = SignInForm

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong; 429 with Retry-After where somebody has to wait."""
        return attempts.answer_status(super().form_invalid(form), form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether anybody could sign in."""
        context = {
            "has_users": queries.has_users(),
            "only_providers": rules.only_providers(),
            "providers": providers.active_providers(),
            "may_reset": links.is_offered(),
            **_notice(self.request),
        }
        return {**super().get_context_data(**kwargs), **context}


def _notice(request: HttpRequest) -> dict[str, str]:
    """What the page says after another way of signing in came to nothing; words of ours alone, whatever is asked."""
    seconds = request.GET.get("wait", "")
    if seconds.isascii() and seconds.isdigit() and len(seconds) < 6:
        return {"notice": attempts.too_many(int(seconds)), "notice_tone": "danger"}
    if request.GET.get("provider"):
        known = {
            "unknown": gettext("There is no user here for this account. The owner of this installation can help."),
            "away": gettext("The provider does not answer now. Please try again later."),
        }
        words = gettext("Signing in through the provider did not work. Please try again.")
        return {"notice": known.get(request.GET["provider"], words), "notice_tone": "danger"}
    if request.GET.get("left"):
        return {"notice": _left(request), "notice_tone": "info", "left": request.GET["left"]}
    if request.GET.get("password") == "new":
        return {"notice": gettext("Your password is new. Sign in with it."), "notice_tone": "success"}
    if request.GET.get("passkey"):
        return {"notice": gettext("The passkey was not accepted."), "notice_tone": "danger"}
    return {}


def _left(request: HttpRequest) -> str:
    """Where somebody is signed out now."""
    labels = {provider.slug: provider.label for provider in providers.active_providers()}
    name = {"name": labels.get(request.GET["left"], "")}
    if request.GET.get("there") == "yes" and name["name"]:
        return gettext("You are signed out here and at %(name)s.") % name
    if request.GET.get("there") == "no" and name["name"]:
        return gettext("You are signed out here. %(name)s has not said that you are signed out there too.") % name
    return gettext("You are signed out here.")


def inactive(request: HttpRequest) -> HttpResponse:
    """For those whom a provider knows and who may not sign in here."""
    return errors.error_page(
        request, 403, gettext("Ask the owner of this installation."), heading=gettext("You may not sign in")
    )
