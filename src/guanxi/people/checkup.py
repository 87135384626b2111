"""Whether anybody can get in, and whether the owners are well guarded."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.checkup import Check, Finding, Level, register
from guanxi.core.checkup.registry import Facts
from guanxi.core.models import Role, User
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in import environment


def look_at_users() -> Facts:
    """How many may sign in, and how many of them are owners."""
    active = User.objects.filter(is_active=True)
    return {"active": active.exists(), "owners": active.filter(role__key="owner").exists()}


def tell_of_users(facts: Facts) -> Iterator[Finding]:
    """Can anybody sign in?"""
    if not facts["active"]:
        text = _("Nobody can sign in yet: run guanxi user create NAME --role owner.")
        yield Finding("users", Level.WARNING, text, "", "guanxi user create NAME --role owner")
    elif not facts["owners"]:
        text = _("Nobody who may sign in is an owner.")
        why = _("Nobody can change roles, backups and the rules of signing in.")
        yield Finding("users", Level.WARNING, text, why, "guanxi user create NAME --role owner")
    else:
        yield Finding("users", Level.OK, _("Somebody can sign in."))


register(Check("users", gettext_lazy("Users"), look_at_users, tell_of_users), order=85)


def look_at_providers() -> Facts:
    """What the environment says of providers of sign-in and cannot be used."""
    given = environment.providers()
    roles = set(Role.objects.values_list("key", flat=True)) if given else set()
    wrong = [(one.variable, one.problem) for one in environment.mistakes()]
    for slug, one in given.items():
        if one.default_role and one.default_role not in roles:
            wrong.append((environment.variable(slug, "DEFAULT_ROLE"), "role"))
        if any(role not in roles for _claim, _value, role in one.role_rules):
            wrong.append((environment.variable(slug, "ROLE_RULES"), "role"))
        if one.provisions and not (one.default_role or one.role_rules):
            wrong.append((environment.variable(slug, "MAKES_USERS"), "no_role"))
    on_screen = IdentityProvider.objects.filter(is_active=True, slug__in=given)
    return {"given": sorted(given), "wrong": wrong, "twice": sorted(on_screen.values_list("slug", flat=True))}


def _provider_words(problem: str) -> str:
    """What is wrong with a variable; its value, which may be a secret, is not repeated."""
    words = {
        "missing": _("%(name)s is missing."),
        "protocol": _("%(name)s must be oidc or saml."),
        "name": _("%(name)s: short names have lower-case letters, digits and hyphens, at most 40."),
        "https": _("%(name)s must be an address that begins with https://."),
        "metadata": _(
            "%(name)s does not hold the metadata of one SAML provider with https addresses and certificates."
        ),
        "file": _("%(name)s names a file that cannot be read, or that is empty."),
        "twice": _("%(name)s and its variable that ends in _FILE are both set: one of them has to go."),
        "long": _("%(name)s holds more than it can."),
        "flag": _("%(name)s must be yes or no."),
        "rules": _("%(name)s must hold rules such as groups = sales -> agent, with ; between them."),
        "role": _("%(name)s names a role that does not exist here."),
        "no_role": _("%(name)s is on, but no role is said for users who are made: GUANXI_PROVIDER_…_DEFAULT_ROLE."),
        "unknown": _("%(name)s belongs to no provider that GUANXI_PROVIDERS names, or is no setting of it."),
    }
    return words[problem]


def tell_of_providers(facts: Facts) -> Iterator[Finding]:
    """Can people sign in through the providers that the environment sets up?"""
    remedy = _("Correct the variable and start Guanxi again; the settings reference lists them.")
    for name, problem in facts["wrong"]:
        why = _("People cannot sign in through this provider, or get another role than was meant.")
        yield Finding("providers", Level.PROBLEM, _provider_words(problem) % {"name": name}, why, remedy)
    for slug in facts["twice"]:
        text = _("The provider %(name)s is set up on screen and by the environment.") % {"name": slug}
        yield Finding("providers", Level.WARNING, text, _("Only what the environment says counts."))
    if facts["given"] and not facts["wrong"]:
        text = _("Providers of sign-in that the environment sets up: %(names)s.")
        yield Finding("providers", Level.OK, text % {"names": ", ".join(facts["given"])})
    elif not facts["wrong"]:
        yield Finding("providers", Level.OK, _("The environment sets up no providers of sign-in."))


register(Check("providers", gettext_lazy("Providers of sign-in"), look_at_providers, tell_of_providers), order=86)
