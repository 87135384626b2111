"""Models of people."""

from guanxi.people.models.providers import Identity, IdentityProvider, UsedAssertion
from guanxi.people.models.signing_in import SignIn, Throttle

__all__ = ["Identity", "IdentityProvider", "SignIn", "Throttle", "UsedAssertion"]
