"""Signing in through a provider, and the providers themselves for those who manage roles."""

import logging
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django import forms as django_forms
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.client_address import address_of
from guanxi.core.errors import Conflict, GuanxiError
from guanxi.people import queries as people
from guanxi.people.models import IdentityProvider
from guanxi.people.models.signing_in import Means, Outcome
from guanxi.people.signing_in import confirming, oidc
from guanxi.people.signing_in.confirming import confirmed_recently
from guanxi.people.signing_in.persons import ProviderError
from guanxi.people.signing_in.services import history, providers
from guanxi.ui import forms, toasts
from guanxi.ui.forms import RecordForm, Section

log = logging.getLogger(__name__)
PROVIDER = "guanxi_provider"


def _refused(request: HttpRequest, outcome: Outcome, user_id: int | None = None) -> HttpResponse:
    """Back to the sign-in page, which says no more than that it did not work."""
    history.note(
        user_id=user_id,
        outcome=outcome,
        means=Means.OIDC,
        address=address_of(request),
        agent=request.headers.get("User-Agent", ""),
    )
    return redirect(f"{reverse('account_login')}?provider={'unknown' if outcome == Outcome.NO_USER else 'refused'}")


@require_GET
@never_cache
@login_not_required
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Send somebody to the provider."""
    provider = providers.provider_named(slug)
    target = confirming.safe_next(request, request.GET.get("next", ""), reverse("home"))
    try:
        return HttpResponseRedirect(oidc.begin(request, provider, target))
    except ProviderError as error:
        log.warning("sign-in through %s: %s", provider.slug, error)
        return _refused(request, Outcome.BAD_ANSWER)


@require_GET
@never_cache
@login_not_required
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in who comes back from the provider."""
    provider = providers.provider_named(slug)
    try:
        person, target = oidc.finish(request, provider)
    except (ProviderError, Conflict) as error:
        log.warning("sign-in through %s: %s", provider.slug, error)
        return _refused(request, Outcome.BAD_ANSWER)
    try:
        user = providers.user_for(provider, person)
    except GuanxiError as error:
        log.info("sign-in through %s: %s", provider.slug, type(error).__name__)
        return _refused(request, Outcome.NO_USER)
    if not user.is_active:
        return _refused(request, Outcome.DISABLED, user.pk)
    record_authentication(
        request, user, "socialaccount", means=Means.OIDC.value, has_second_factor=provider.has_second_factor
    )
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=target))
    if request.user.is_authenticated:
        request.session[PROVIDER] = provider.slug
    return response


@require_GET
@never_cache
@login_not_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign out at the provider too."""
    provider = providers.provider_named(slug)
    return HttpResponseRedirect(oidc.leaving_address(request, provider) or reverse("account_login"))


class ProviderForm(RecordForm):
    """An OpenID Connect provider."""

    sections = (
        Section("provider", _("Provider"), ("label", "slug", "issuer", "client_id", "secret", "scopes", "is_active")),
        Section(
            "people",
            _("Whom it lets in"),
            ("matches_email", "provisions", "default_role", "role_rules", "has_second_factor"),
        ),
    )
    label = django_forms.CharField(
        label=pgettext_lazy("provider", "Name"), max_length=80, help_text=_("What the button on the sign-in page says.")
    )
    slug = django_forms.SlugField(
        label=_("Short name"), max_length=40, help_text=_("Part of the address that the provider sends people back to.")
    )
    issuer = django_forms.CharField(
        label=_("Issuer"), max_length=300, help_text=_("Its address, beginning with https://")
    )
    client_id = django_forms.CharField(label=_("Client id"), max_length=300)
    secret = django_forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        strip=True,
        widget=django_forms.PasswordInput({"autocomplete": "off"}),
        help_text=_("Kept sealed and never shown; empty leaves the one that is kept."),
    )
    scopes = django_forms.CharField(label=_("Scopes"), max_length=200, initial="openid email profile")
    is_active = django_forms.BooleanField(label=_("In use"), required=False, initial=True)
    matches_email = django_forms.BooleanField(
        label=_("Knows users by their verified mail address"), required=False, initial=True
    )
    provisions = django_forms.BooleanField(label=_("Makes users for people it knows and we do not"), required=False)
    default_role = django_forms.TypedChoiceField(
        label=_("Role of users made so"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=lambda: [("", "–"), *people.role_choices()],
    )
    role_rules = django_forms.CharField(
        label=_("Roles by claim"),
        required=False,
        widget=django_forms.Textarea({"rows": 3}),
        help_text=_("One rule a line, the first that fits counts: groups = sales -> agent"),
    )
    has_second_factor = django_forms.BooleanField(
        label=_("Asks for a second factor itself, so that we do not"), required=False
    )

    def clean_issuer(self) -> str:
        """An address that may be trusted."""
        text = str(self.cleaned_data["issuer"]).rstrip("/")
        if not oidc.is_allowed(text):
            raise django_forms.ValidationError(_("The address must begin with https://"))
        return text

    def clean_role_rules(self) -> list[list[str]]:
        """Rules out of their lines."""
        rules = []
        for line in filter(None, map(str.strip, self.cleaned_data["role_rules"].splitlines())):
            left, arrow, role = line.rpartition("->")
            claim, equals, value = left.partition("=")
            if not (arrow and equals and claim.strip() and value.strip() and role.strip()):
                raise django_forms.ValidationError(_("Write each rule as: claim = value -> role"))
            rules.append([claim.strip(), value.strip(), role.strip()])
        return rules


def _initial(provider: IdentityProvider | None) -> dict[str, Any] | None:
    """What holds now; never the secret."""
    if provider is None:
        return None
    rules = "\n".join(f"{claim} = {value} -> {role}" for claim, value, role in provider.role_rules)
    plain = ("label", "slug", "is_active", "matches_email", "provisions", "has_second_factor")
    return {
        **{name: getattr(provider, name) for name in plain},
        **provider.settings,
        "default_role": provider.default_role_id,
        "role_rules": rules,
    }


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_recently
def edit(request: HttpRequest, provider_id: int = 0) -> HttpResponse:
    """Set a provider up, or change it."""
    actor = request.actor  # type: ignore[attr-defined]
    providers.all_providers(actor)
    provider = providers.provider_of(actor, provider_id) if provider_id else None
    form = ProviderForm(request.POST or None, initial=_initial(provider))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        settings = {name: data.pop(name) for name in ("issuer", "client_id", "scopes")}
        data["default_role_id"] = data.pop("default_role")
        try:
            providers.save_provider(actor=actor, provider=provider, settings=settings, **data)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, gettext("The provider is saved."))
            return forms.done(request, reverse("people:sign_in_rules"))
    return forms.page(
        request,
        form,
        title=provider.label if provider else gettext("New provider"),
        back_url=reverse("people:sign_in_rules"),
        back_label=gettext("Sign-in rules"),
        intro=gettext("The provider must send people back to %(address)s") % {"address": _example(request, provider)},
    )


def _example(request: HttpRequest, provider: IdentityProvider | None) -> str:
    """The address that the provider is to know of us."""
    slug = provider.slug if provider else "short-name"
    return request.build_absolute_uri(reverse("oidc_callback", args=[slug]))


@login_required
@require_POST
@confirmed_recently
def remove(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Take a provider away."""
    providers.remove_provider(actor=request.actor, provider_id=provider_id)  # type: ignore[attr-defined]
    toasts.message(request, gettext("The provider is removed."))
    return redirect("people:sign_in_rules")
