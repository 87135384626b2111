"""Answers kept so that a request that is sent twice acts once. They are no records of the company: no journal has them."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from guanxi.core import clock
from guanxi.integration.models import ApiToken, KeptAnswer

KEPT = timedelta(days=1)


def claim(*, token: ApiToken, key: str, digest: str, lapses: timedelta) -> KeptAnswer | None:
    """Take a key for a request that begins now; what stands under the key already, where something does.

    A request whose process died holds its key no longer than `lapses`: nothing of it was written.
    """
    now = clock.now()
    rows = KeptAnswer.objects.filter(token=token, key=key)
    rows.filter(at__lt=now - KEPT).delete()
    # One that began in a time still to come began before the clock was set back.
    rows.filter(Q(at__lt=now - lapses) | Q(at__gt=now + lapses), status=None).delete()
    try:
        with transaction.atomic():
            KeptAnswer.objects.create(token=token, key=key, digest=digest, at=now)
    except IntegrityError:
        # Gone again when the first request has failed meanwhile: then it may be sent once more.
        return rows.first() or KeptAnswer(token=token, key=key, digest=digest, at=now)
    return None


def keep(*, token: ApiToken, key: str, status: int, headers: dict[str, str], body: bytes) -> None:
    """Put the answer under its key, in the caller's transaction."""
    KeptAnswer.objects.filter(token=token, key=key).update(status=status, headers=headers, body=body)


def release(*, token: ApiToken, key: str) -> None:
    """Give a key free whose request did nothing."""
    KeptAnswer.objects.filter(token=token, key=key, status=None).delete()
