"""Assertions count once: their ids are kept until they would no longer be good."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from guanxi.core import clock
from guanxi.people.models import UsedAssertion
from guanxi.people.signing_in.persons import ProviderError

KEPT_BEYOND = timedelta(minutes=10)


def use_once(*, provider_id: int, assertion_id: str, until: datetime) -> None:
    """Note that an assertion was used, or refuse it."""
    key = hashlib.sha256(f"{provider_id} {assertion_id}".encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(key=key, until=until + KEPT_BEYOND)
    except IntegrityError:
        raise ProviderError("the assertion was used before") from None


def forget_old() -> int:
    """Drop those that are no longer good anyway."""
    return UsedAssertion.objects.filter(until__lt=clock.now()).delete()[0]
