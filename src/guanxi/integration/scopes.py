"""What a token may be used for: `read`, `write`, or one area of the API (`customers:read`, `orders:write`)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from guanxi.core.api import routers
from guanxi.core.errors import InvalidInput

READ, WRITE = "read", "write"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# The area in which a token asks about itself: open to every token.
ITSELF = "token"


def areas() -> list[str]:
    """The areas of the API; what belongs to none, or is open to every token, has no scope of its own."""
    return sorted({part.area for part in routers if part.area not in {"", ITSELF}})


def known_scopes() -> list[str]:
    """Every scope there is, the widest first."""
    return [READ, WRITE, *(f"{area}:{act}" for area in areas() for act in (READ, WRITE))]


def clean(scopes: str | Iterable[str]) -> str:
    """Scopes as they are stored, separated by spaces; InvalidInput names one that there is not."""
    given = scopes.replace(",", " ").split() if isinstance(scopes, str) else list(scopes)
    known = known_scopes()
    unknown = [scope for scope in given if scope not in known]
    if unknown or not given:
        raise InvalidInput(
            _("There is no scope “%(scope)s”; there are: %(known)s.")
            % {"scope": (unknown or [""])[0][:40], "known": ", ".join(known)},
            column="scope",
        )
    return " ".join(scope for scope in known if scope in given)


def needed(area: str, method: str) -> str:
    """The scope that an operation asks for, '' for one that every token may use."""
    return "" if area == ITSELF else f"{area}:{READ if method in READING else WRITE}"


def allows(held: frozenset[str], scope: str) -> bool:
    """Whether scopes allow what one asks for: writing includes reading, no area stands for all of them."""
    if not scope:
        return True
    area, _colon, act = scope.partition(":")
    enough = (WRITE,) if act == WRITE else (READ, WRITE)
    return any(one in held or f"{area}:{one}" in held for one in enough)
