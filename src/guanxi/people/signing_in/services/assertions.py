"""Assertions count once, links that were found too old never again: as digests, until they would no longer be good anyway."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from guanxi.core import clock
from guanxi.people.models import UsedAssertion
from guanxi.people.signing_in.persons import ProviderError

KEPT_BEYOND = timedelta(minutes=10)
# A clock is set back by less than this.
OVER_KEPT = timedelta(days=30)


def use_once(*, provider_id: int, assertion_id: str, until: datetime) -> None:
    """Note that an assertion was used, or refuse it."""
    key = hashlib.sha256(f"{provider_id} {assertion_id}".encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(key=key, until=until + KEPT_BEYOND)
    except IntegrityError:
        raise ProviderError("the assertion was used before") from None


def _link_key(link: str) -> str:
    """What a link is kept as."""
    return hashlib.sha256(f"link {link}".encode()).hexdigest()


def note_over(link: str) -> None:
    """Note that a link of ours was found too old, so that it stays so when the clock is set back."""
    UsedAssertion.objects.get_or_create(key=_link_key(link), defaults={"until": clock.now() + OVER_KEPT})


def was_over(link: str) -> bool:
    """Whether a link was found too old before."""
    return UsedAssertion.objects.filter(key=_link_key(link)).exists()


def forget_old() -> int:
    """Drop those that are no longer good anyway."""
    return UsedAssertion.objects.filter(until__lt=clock.now()).delete()[0]
