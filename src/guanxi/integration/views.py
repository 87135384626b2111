"""The page of one's tokens."""

from typing import cast

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guanxi.core import ids
from guanxi.core.models import User
from guanxi.integration import services
from guanxi.integration.models import TokenScope
from guanxi.ui import forms, toasts


class TokenForm(forms.RecordForm):
    """Which program is to use a token, and whether it may write."""

    label = django_forms.CharField(
        label=gettext_lazy("Used by"),
        max_length=80,
        help_text=gettext_lazy("The program or service that will use it, so that you know it again."),
    )
    scope = django_forms.ChoiceField(
        label=gettext_lazy("May"), choices=TokenScope.choices, widget=django_forms.RadioSelect, initial=TokenScope.READ
    )


def _page(request: HttpRequest, key: str = "") -> HttpResponse:
    """Show the signed-in user's tokens, and right after making one its key."""
    tokens = services.tokens_of(request.actor, request.user.pk)  # type: ignore[attr-defined]
    response = render(request, "integration/tokens.html", {"tokens": tokens, "key": key})
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    """List the signed-in user's tokens."""
    return _page(request)


@login_required
def create(request: HttpRequest) -> HttpResponse:
    """Make a token and show its key once."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _token, key = services.create_token(actor=request.actor, user=cast(User, request.user), **form.cleaned_data)  # type: ignore[attr-defined]
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
