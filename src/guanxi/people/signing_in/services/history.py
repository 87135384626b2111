"""The history of signing in: one row for each attempt."""

from guanxi.core import clock
from guanxi.people.models import SignIn
from guanxi.people.models.signing_in import Means, Outcome


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
