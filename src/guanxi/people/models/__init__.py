"""Models of people."""

from guanxi.people.models.signing_in import SignIn, Throttle

__all__ = ["SignIn", "Throttle"]
