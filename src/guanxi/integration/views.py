"""The page of one's tokens."""

from datetime import timedelta
from typing import Any, cast

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import clock, ids
from guanxi.core.models import User
from guanxi.integration import scopes, services
from guanxi.people.public import confirmed_recently
from guanxi.ui import forms, toasts

CHOSEN = "chosen"


class TokenForm(forms.RecordForm):
    """Which program is to use a token, what for, and how long."""

    label = django_forms.CharField(
        label=gettext_lazy("Used by"),
        max_length=80,
        help_text=gettext_lazy("The program or service that will use it, so that you know it again."),
    )
    scope = django_forms.ChoiceField(
        label=gettext_lazy("May"),
        choices=[
            (scopes.READ, gettext_lazy("read everything that you may see")),
            (scopes.WRITE, gettext_lazy("read and change everything that you may")),
            (CHOSEN, gettext_lazy("only what is ticked below")),
        ],
        widget=django_forms.RadioSelect,
        initial=scopes.READ,
    )
    areas = django_forms.MultipleChoiceField(
        label=gettext_lazy("Areas"), required=False, widget=django_forms.CheckboxSelectMultiple
    )
    days = django_forms.TypedChoiceField(
        label=gettext_lazy("Holds for"),
        choices=[
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            ("365", gettext_lazy("a year")),
            ("", gettext_lazy("until it is revoked")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        initial="365",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """List the areas of the API."""
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = [(name, name) for name in scopes.known_scopes() if ":" in name]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn the choice into scopes."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("scope") == CHOSEN:
            if not given.get("areas"):
                raise django_forms.ValidationError({"areas": _("Tick at least one.")})
            given["scope"] = " ".join(given["areas"])
        return given


def _page(request: HttpRequest, key: str = "") -> HttpResponse:
    """Show the signed-in user's tokens, and right after making one its key."""
    tokens = services.tokens_of(request.actor, request.user.pk)  # type: ignore[attr-defined]
    context = {"tokens": tokens, "key": key, "now": clock.now()}
    response = render(request, "integration/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    """List the signed-in user's tokens."""
    return _page(request)


@login_required
@confirmed_recently
def create(request: HttpRequest) -> HttpResponse:
    """Make a token and show its key once."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["days"]
        _token, key = services.create_token(
            actor=request.actor,  # type: ignore[attr-defined]
            user=cast(User, request.user),
            scope=form.cleaned_data["scope"],
            label=form.cleaned_data["label"],
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )
        return _page(request, key)
    return forms.page(
        request, form, title=_("New API token"), submit=_("Make token"), back_url=reverse("integration:tokens")
    )


@require_POST
@login_required
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make one's token useless."""
    token = services.revoke_token(actor=request.actor, token_id=ids.parse("tok", public_id) or 0)  # type: ignore[attr-defined]
    toasts.message(request, _("The token %(beginning)s… is revoked.") % {"beginning": token.beginning})
    return forms.done(request, reverse("integration:tokens"))
