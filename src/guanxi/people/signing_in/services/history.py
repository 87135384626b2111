"""The history of signing in: one row for each attempt."""

from datetime import timedelta

from guanxi.core import clock
from guanxi.people.models import SignIn
from guanxi.people.models.signing_in import Means, Outcome

KEPT_DAYS = 400


def note(
    *,
    user_id: int | None,
    outcome: Outcome | str,
    means: Means | str,
    address: str,
    agent: str,
    second: str = "",
) -> SignIn:
    """Write one attempt down."""
    return SignIn.objects.create(
        at=clock.now(),
        user_id=user_id,
        outcome=outcome,
        means=means,
        second=second,
        address=address[:45],
        agent=_clean(agent),
    )


def _clean(agent: str) -> str:
    """What a browser says of itself, as far as it can be kept."""
    return "".join(sign for sign in agent[:300] if sign.isprintable())


def forget_old(days: int = KEPT_DAYS) -> int:
    """Drop what is older than a year and a month, a chunk at a time."""
    old = SignIn.objects.filter(at__lt=clock.now() - timedelta(days=days))
    gone = 0
    while ids := list(old.values_list("id", flat=True)[:500]):
        gone += SignIn.objects.filter(id__in=ids).delete()[0]
    return gone
