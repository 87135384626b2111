"""The company's rules about signing in."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext

from guanxi.core import access, changes, parameters
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Role
from guanxi.people.signing_in.rules import ONLY_PROVIDERS, has_provider, is_set


def hold_roles() -> None:
    """Keep others from changing any role until the transaction ends."""
    list(Role.objects.select_for_update().order_by("id").values_list("id"))


@transaction.atomic
def set_rules(*, actor: Actor, roles_with_factor: Collection[int], only_through_providers: bool) -> None:
    """Say which roles ask for a second factor, and whether people sign in through a provider alone."""
    access.require(actor, "role", "manage")
    if only_through_providers and not has_provider():
        words = gettext("No provider is in use yet, so that nobody but owners could sign in: set one up first.")
        raise InvalidInput(words, column="only_providers")
    with changes.operation(actor=actor, name="people.set_sign_in_rules") as op:
        for role in Role.objects.select_for_update().order_by("id"):
            wanted = role.pk in roles_with_factor
            if role.requires_mfa != wanted:
                Role.objects.filter(pk=role.pk).update(requires_mfa=wanted)
                op.record(kind="role", record_id=role.pk, field="requires_mfa", before=not wanted, after=wanted)
        parameters.put(op, ONLY_PROVIDERS, only_through_providers, before=is_set())
