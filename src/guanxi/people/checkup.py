"""Whether anybody can get in, and whether the owners are well guarded."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core.checkup import Check, Finding, Level, register
from guanxi.core.checkup.registry import Facts
from guanxi.core.models import User


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
