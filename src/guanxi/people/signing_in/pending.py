"""What somebody began at a provider of sign-in: kept in their session, finished once, within ten minutes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest

from guanxi.people.models import IdentityProvider
from guanxi.people.models.signing_in import Outcome
from guanxi.people.signing_in.persons import Begun, ProviderError

MOST = 5
SECONDS = 600


def keep(
    request: HttpRequest, place: str, name: str, provider: IdentityProvider, target: str, is_proof: bool, **held: str
) -> None:
    """Keep what must come back under its name, in a place of the session; of too many the oldest goes."""
    pending = {key: one for key, one in request.session.get(place, {}).items() if _is_fresh(one)}
    while len(pending) >= MOST:
        pending.pop(next(iter(pending)))
    begun = {"provider": provider.slug, "next": target, "at": time.time(), "is_proof": is_proof, **held}
    request.session[place] = {**pending, name: begun}


@contextmanager
def finishing(request: HttpRequest, place: str, name: str, provider: IdentityProvider) -> Iterator[dict[str, Any]]:
    """What was begun under this name, taken out; an error while it is finished knows what came to nothing."""
    pending = dict(request.session.get(place, {}))
    begun = pending.pop(name, None)
    request.session[place] = pending
    if begun is None or not _is_fresh(begun) or begun["provider"] != provider.slug:
        raise ProviderError("nothing was begun here that this finishes", Outcome.NOT_ASKED)
    try:
        yield begun
    except ProviderError as error:
        error.begun = Begun(str(begun["next"]), bool(begun.get("is_proof")))
        raise


def _is_fresh(begun: Any) -> bool:
    """Whether what was begun may still be finished."""
    return isinstance(begun, dict) and 0 <= time.time() - begun.get("at", 0) < SECONDS
