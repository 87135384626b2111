"""Which user somebody is whom a provider vouches for, and the providers themselves."""

import re
import unicodedata
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, GuanxiError, InvalidInput, NotFound
from guanxi.core.models import Change, Role, User
from guanxi.people import services
from guanxi.people.models import Identity, IdentityProvider
from guanxi.people.models.providers import Protocol
from guanxi.people.signing_in import environment, rules
from guanxi.people.signing_in.digests import digest
from guanxi.people.signing_in.factors_adapter import seal, unseal
from guanxi.people.signing_in.persons import Person

# What the journal says of acts on the word of a provider.
MEANS = "sso"


class NoUserError(NotFound):
    """The provider knows somebody who is no user here."""


@transaction.atomic
def user_for(provider: IdentityProvider, person: Person) -> User:
    """The user whom a provider has vouched for: known by subject, else by verified mail address, else made."""
    actor = system_actor(means=MEANS, name=provider.label)
    found = Identity.objects.select_related("user__role").filter(provider=provider, subject=person.subject).first()
    user = found.user if found is not None else _by_email(provider, person) or _made(actor, provider, person)
    if user is None:
        raise NoUserError(gettext("There is no user here for this account."))
    if found is None:
        _link(actor, provider, person, user)
    _give_role(actor, provider, person, user)
    return user


def _by_email(provider: IdentityProvider, person: Person) -> User | None:
    """The one user with a mail address that the provider has verified."""
    if not (provider.matches_email and person.email and person.is_email_verified):
        return None
    found = list(User.objects.select_related("role").filter(email__iexact=person.email)[:2])
    return found[0] if len(found) == 1 else None


def _made(actor: Actor, provider: IdentityProvider, person: Person) -> User | None:
    """A user made for somebody new, without a password of their own."""
    role = _role_by_rules(provider, person) or (provider.default_role.key if provider.default_role else "")
    if not (provider.provisions and role):
        return None
    if person.email and User.objects.filter(email__iexact=person.email).exists():
        return None  # somebody else's, or not to be matched: an owner decides
    user, _password = services.create_user(
        actor=actor,
        name=_free_name(person),
        role=role,
        display_name=person.name[:120],
        email=person.email if person.is_email_verified else "",
    )
    with changes.operation(actor=actor, name="people.set_password") as op:
        op.update(user, password=make_password(None))
    return user


def _free_name(person: Person) -> str:
    """A user name that nobody has yet."""
    text = unicodedata.normalize("NFKC", person.username or person.email.partition("@")[0] or person.subject)
    base = re.sub(r"[^\w.@+-]", "", text)[:100] or "user"
    names = (base, *(f"{base}-{number}" for number in range(2, 1000)))
    found = next((name for name in names if not User.objects.filter(username__iexact=name).exists()), None)
    if found is None:
        raise NoUserError(gettext("There is no user here for this account."))
    return found


def _link(actor: Actor, provider: IdentityProvider, person: Person, user: User) -> None:
    """Keep which user a subject is."""
    try:
        with changes.operation(actor=actor, name="people.link_identity") as op:
            Identity.objects.create(provider=provider, subject=person.subject, user=user, made_at=clock.now())
            op.record(
                kind="user", record_id=user.pk, act=changes.DONE, field="identity", before=None, after=provider.slug
            )
    except IntegrityError:
        raise Conflict(gettext("Please sign in once more.")) from None


def _role_by_rules(provider: IdentityProvider, person: Person) -> str:
    """The role that the first fitting rule gives, '' for none."""
    for claim, value, role in provider.role_rules:
        held = person.claims.get(claim)
        values = held if isinstance(held, list) else [held]
        if any(str(one) == value for one in values if one is not None):
            return str(role)
    return ""


def _give_role(actor: Actor, provider: IdentityProvider, person: Person, user: User) -> None:
    """Give the role that the rules say, and take back the one that a rule gave and none gives any more.

    Whose role was set by hand keeps it where no rule fits; owners stay what they are.
    """
    if not provider.role_rules:
        return
    role = _role_by_rules(provider, person)
    if not role and user.role.key != services.OWNER:
        role = _role_without_rules(provider, user)
    if role and role != user.role.key:
        try:
            services.update_user(actor=actor, user_id=user.pk, role=role)
        except GuanxiError:
            return
        user.refresh_from_db()


def _role_without_rules(provider: IdentityProvider, user: User) -> str:
    """The role of somebody whom no rule fits: the default one, else the one set by hand before; NoUserError without either.

    The journal says who gave the role that they have; '' where that was done by hand.
    """
    given = Change.objects.filter(Q(field="role_id") | Q(act="create"), kind="user", record_id=user.pk).order_by("-id")
    by_hand: Any = None
    for number, (means, after) in enumerate(given.values_list("operation__means", "after")):
        if means != MEANS:
            if number == 0:
                return ""
            by_hand = after.get("role_id") if isinstance(after, dict) else after
            break
    role = provider.default_role or Role.objects.filter(pk=by_hand or 0).first()
    if role is None:
        raise NoUserError(gettext("There is no user here for this account."))
    return str(role.key)


def active_providers() -> list[IdentityProvider]:
    """The providers through which people may sign in: those set up on screen, and those of the environment."""
    given = environment.providers()
    rows = IdentityProvider.objects.filter(is_active=True).exclude(slug__in=given)
    return sorted([*rows, *_all_given(given)], key=lambda provider: provider.label)


def _all_given(given: dict[str, environment.Given]) -> list[IdentityProvider]:
    """The providers of the environment, as far as lists show them."""
    return [_as_given(IdentityProvider(), one) for one in given.values()]


def _as_given(provider: IdentityProvider, given: environment.Given) -> IdentityProvider:
    """A provider as the environment says; nothing of it is written to the database."""
    for name in ("slug", "protocol", "label", "settings", "matches_email", "provisions", "role_rules"):
        setattr(provider, name, getattr(given, name))
    provider.has_second_factor = given.has_second_factor
    provider.is_active = provider.is_given = True
    return provider


def _given_provider(given: environment.Given) -> IdentityProvider:
    """A provider of the environment with its row, which is made when somebody first goes to it."""
    row = IdentityProvider.objects.filter(slug=given.slug).first() or _row_for(given)
    provider = _as_given(row, given)
    provider.default_role = Role.objects.filter(key=given.default_role).first() if given.default_role else None
    if given.protocol == Protocol.OIDC:
        provider.secret_sealed = seal(given.secret) if given.secret else ""
    return provider


def _row_for(given: environment.Given) -> IdentityProvider:
    """A row to hang on who is who; not in use by itself, so that it ends with its variables."""
    row = IdentityProvider(slug=given.slug, label=given.label, protocol=given.protocol, is_active=False)
    try:
        with changes.operation(actor=system_actor(means=MEANS, name=given.label), name="people.save_provider") as op:
            made: IdentityProvider = op.create(row)
        return made
    except IntegrityError:
        return IdentityProvider.objects.get(slug=given.slug)


def provider_named(slug: str, protocol: Protocol) -> IdentityProvider:
    """A provider in use that speaks a protocol, or NotFound."""
    given = environment.providers().get(slug)
    if given is not None:
        found = _given_provider(given) if given.protocol == protocol else None
    else:
        every = IdentityProvider.objects.select_related("default_role")
        found = every.filter(slug=slug, protocol=protocol, is_active=True).first()
    if found is None:
        raise NotFound(gettext("There is no such provider."))
    return found


def provider_for_proof(slug: str) -> IdentityProvider | None:
    """The provider that a session began through, if it is still in use."""
    return next((one for one in active_providers() if one.slug == slug), None) if slug else None


def provider_of(actor: Actor, provider_id: int) -> IdentityProvider:
    """A provider for those who manage roles, or NotFound; Conflict for one that is set by the environment."""
    access.require(actor, "role", "manage")
    found = IdentityProvider.objects.filter(pk=provider_id).first()
    if found is None:
        raise NotFound(gettext("There is no such provider."))
    if found.slug in environment.providers():
        raise Conflict(gettext("This provider is set by the environment; it is changed there."))
    return found


def all_providers(actor: Actor) -> list[IdentityProvider]:
    """Every provider, for those who manage roles; of one that the environment set up once nothing is left but who is who."""
    access.require(actor, "role", "manage")
    given = environment.providers()
    rows = [row for row in IdentityProvider.objects.exclude(slug__in=given) if row.settings]
    return sorted([*rows, *_all_given(given)], key=lambda provider: provider.label)


def mark_of_secret(provider: IdentityProvider) -> str:
    """What the kept secret is compared by with one that is entered; '' for none, or for one that no key of ours opens."""
    try:
        return digest(unseal(provider.secret_sealed)) if provider.secret_sealed else ""
    except Conflict:
        return ""


@transaction.atomic
def save_provider(*, actor: Actor, provider: IdentityProvider | None, secret: str, **values: Any) -> IdentityProvider:
    """Make or change a provider; an empty secret leaves the one that is kept."""
    access.require(actor, "role", "manage")
    for _claim, _value, role in values.get("role_rules", []):
        if not Role.objects.filter(key=role).exists():
            raise InvalidInput(gettext("There is no role “%(role)s”.") % {"role": role[:40]}, column="role_rules")
    if provider is not None and not values.get("is_active", True):
        _keep_one(provider)
    if secret:
        values["secret_sealed"] = seal(secret)
    others = IdentityProvider.objects.filter(slug=values["slug"])
    if values["slug"] in environment.providers() or (others.exclude(pk=provider.pk) if provider else others).exists():
        raise Conflict(gettext("This short name is taken."), column="slug")
    with changes.operation(actor=actor, name="people.save_provider") as op:
        if provider is None:
            made: IdentityProvider = op.create(IdentityProvider(**values))
            return made
        op.update(provider, **values)
    return provider


def _keep_one(provider: IdentityProvider) -> None:
    """Refuse to give up the last provider in use while people sign in through one alone."""
    if provider.is_active and rules.is_set() and not rules.has_provider(without=provider.pk):
        words = gettext(
            "People sign in through a provider alone, and this is the last one in use. End that rule first."
        )
        raise Conflict(words, column="is_active")


@transaction.atomic
def remove_provider(*, actor: Actor, provider_id: int) -> None:
    """Take a provider away, with all it said of who is who."""
    provider = provider_of(actor, provider_id)
    _keep_one(provider)
    with changes.operation(actor=actor, name="people.remove_provider") as op:
        for identity in Identity.objects.filter(provider=provider):
            op.delete(identity)
        op.delete(provider)
