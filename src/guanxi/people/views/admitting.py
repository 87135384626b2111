"""Letting in, or not, whoever comes back from a provider of either protocol."""

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from guanxi.core import sessions
from guanxi.core.client_address import address_of
from guanxi.core.errors import GuanxiError
from guanxi.core.models import User
from guanxi.people.models import IdentityProvider
from guanxi.people.models.providers import Protocol
from guanxi.people.models.signing_in import Means, Outcome
from guanxi.people.signing_in import confirming
from guanxi.people.signing_in.persons import Begun, ProviderError, Returned
from guanxi.people.signing_in.saml_leaving import ENTRY
from guanxi.people.signing_in.services import factors, history, providers
from guanxi.people.signing_in.services.sessions import PROVIDER

log = logging.getLogger(__name__)
Begin = Callable[[HttpRequest, IdentityProvider, str, bool], str]


def send_off(request: HttpRequest, slug: str, protocol: Protocol, begin: Begin) -> HttpResponse:
    """Send somebody to a provider, which is asked as its protocol says; they come back to where they wanted to go."""
    provider = providers.provider_named(slug, protocol)
    target = confirming.safe_next(request, request.GET.get("next", ""), reverse("home"))
    is_proof = "confirm" in request.GET and request.user.is_authenticated
    try:
        return HttpResponseRedirect(begin(request, provider, target, is_proof))
    except ProviderError as error:
        log.warning("sign-in through %s: %s", provider.slug, error)
        return refused(request, error.outcome, Means(protocol.value), begun=Begun(target, is_proof))


def refused(
    request: HttpRequest, outcome: Outcome, means: Means, user_id: int | None = None, *, begun: Begun | None = None
) -> HttpResponse:
    """Back to the page that they came from, which says whether the provider was away and no more; the history says why."""
    history.note(
        user_id=user_id,
        outcome=outcome,
        means=means,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )
    is_proof = begun is not None and begun.is_proof and request.user.is_authenticated
    on = {} if begun is None or begun.target == reverse("home") else {"next": begun.target}
    said = {Outcome.NO_USER: "unknown", Outcome.AWAY: "away"}.get(outcome, "refused")
    page = reverse("account_reauthenticate" if is_proof else "account_login")
    return redirect(f"{page}?{urlencode({**on, 'provider': said})}")


def admit(request: HttpRequest, provider: IdentityProvider, came: Returned) -> HttpResponse:
    """Sign in the user whom a provider has vouched for, or take its word as proof that it is still them."""
    means, begun = Means(provider.protocol), Begun(came.target, came.is_proof)
    try:
        user = providers.user_for(provider, came.person)
    except GuanxiError as error:
        log.info("sign-in through %s: %s", provider.slug, type(error).__name__)
        return refused(request, Outcome.NO_USER, means, begun=begun)
    if not user.is_active:
        return refused(request, Outcome.DISABLED, means, user.pk, begun=begun)
    if came.is_proof:
        return _confirm(request, user, came, means)
    record_authentication(
        request, user, "socialaccount", means=means.value, has_second_factor=provider.has_second_factor
    )
    # Kept before too: the second step may come between.
    kept = {PROVIDER: provider.slug, ENTRY: came.entry}
    request.session.update(kept)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=came.target))
    request.session.update(kept)
    # Whoever has nothing else to show would be asked in vain, and could not even set up a passkey to show.
    if request.user.is_authenticated and (came.at is not None or factors.has_own_proof(user)):
        confirming.note_shown_at(request, came.at)
    return response


def _confirm(request: HttpRequest, user: User, came: Returned, means: Means) -> HttpResponse:
    """Lead on whoever has shown the provider once more who they are; somebody else proves nothing."""
    if request.user.pk != user.pk:
        return refused(request, Outcome.BAD_ANSWER, means, begun=Begun(came.target, is_proof=True))
    if came.at is not None:
        confirming.note_shown_at(request, came.at)
        if confirming.is_confirmed(request):
            return HttpResponseRedirect(came.target)
    # It was asked to say when: one that does not (or names an old time) may have asked them nothing.
    query = urlencode({"next": came.target, "unasked" if came.at is not None else "undated": "1"})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")


def came_through(request: HttpRequest) -> str:
    """The short name of the provider through which this session began, '' for none."""
    means = str(request.session.get(sessions.ENTRY, {}).get("means", "")).split(" ")[0]
    return str(request.session.get(PROVIDER, "")) if means in Protocol.values else ""
