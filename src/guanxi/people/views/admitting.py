"""Letting in, or not, whoever comes back from a provider of either protocol."""

import logging

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from guanxi.core.client_address import address_of
from guanxi.core.errors import GuanxiError
from guanxi.people.models import IdentityProvider
from guanxi.people.models.signing_in import Means, Outcome
from guanxi.people.signing_in.persons import Person
from guanxi.people.signing_in.services import history, providers

log = logging.getLogger(__name__)
PROVIDER = "guanxi_provider"


def refused(request: HttpRequest, outcome: Outcome, means: Means, user_id: int | None = None) -> HttpResponse:
    """Back to the sign-in page, which says no more than that it did not work."""
    history.note(
        user_id=user_id,
        outcome=outcome,
        means=means,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )
    return redirect(f"{reverse('account_login')}?provider={'unknown' if outcome == Outcome.NO_USER else 'refused'}")


def admit(request: HttpRequest, provider: IdentityProvider, person: Person, target: str, means: Means) -> HttpResponse:
    """Sign in the user whom a provider has vouched for."""
    try:
        user = providers.user_for(provider, person)
    except GuanxiError as error:
        log.info("sign-in through %s: %s", provider.slug, type(error).__name__)
        return refused(request, Outcome.NO_USER, means)
    if not user.is_active:
        return refused(request, Outcome.DISABLED, means, user.pk)
    record_authentication(
        request, user, "socialaccount", means=means.value, has_second_factor=provider.has_second_factor
    )
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=target))
    if request.user.is_authenticated:
        request.session[PROVIDER] = provider.slug
    return response
