"""What is set for a chat: its words, colours, sites, whom it asks what, and when somebody is there."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.conversations.adapters.chat import colours
from guanxi.conversations.models import Channel
from guanxi.core.errors import InvalidInput

TEXT_LIMIT = 300
TITLE_LIMIT = 60
MOST_ORIGINS = 50
LONGEST_MAIL_PAUSE = 1440
SOURCE_LIMIT = 60


class Asking(models.TextChoices):
    """When a visitor is asked for name and mail address before they write."""

    NEVER = "never", gettext_lazy("never")
    AWAY = "away", gettext_lazy("when nobody is there")
    ALWAYS = "always", gettext_lazy("always")


class Side(models.TextChoices):
    """Where the chat stands on the page."""

    RIGHT = "right", pgettext_lazy("side", "right")
    LEFT = "left", pgettext_lazy("side", "left")


@dataclass(frozen=True)
class Configuration:
    """The settings of one chat."""

    title_en: str = ""
    title_zh: str = ""
    greeting_en: str = ""
    greeting_zh: str = ""
    away_en: str = ""
    away_zh: str = ""
    colour: str = colours.BRAND
    side: str = Side.RIGHT
    origins: tuple[str, ...] = ()
    asking: str = Asking.AWAY
    calendar_id: int | None = None
    # Minutes after which an answer that was not seen goes by e-mail; 0 for never.
    mail_after: int = 5
    # Under which name customers keep the ids that the site vouches for.
    source: str = "website"
    # Since when only the key that stands is taken, so that the one before holds for a day.
    key_changed_at: str = ""

    @classmethod
    def of(cls, channel: Channel) -> "Configuration":
        """The settings of a channel; what was never set is as above."""
        known = {field.name for field in fields(cls)}
        held = {name: value for name, value in (channel.settings or {}).items() if name in known}
        if "origins" in held:
            held["origins"] = tuple(held["origins"])
        return cls(**held)

    def text(self, name: str, language: str) -> str:
        """A text in a language: as written in it, else in the other one; '' where none is written."""
        ending = "zh" if language.startswith("zh") else "en"
        other = "en" if ending == "zh" else "zh"
        return getattr(self, f"{name}_{ending}") or getattr(self, f"{name}_{other}")

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may hold the chat."""
        return any(_matches(one, origin.lower()) for one in self.origins)


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they are kept; InvalidInput beside the field where one cannot be."""
    clean = dict(values)
    for name in set(clean) & {"title_en", "title_zh"}:
        clean[name] = _words(name, clean[name], TITLE_LIMIT)
    for name in set(clean) & {"greeting_en", "greeting_zh", "away_en", "away_zh"}:
        clean[name] = _words(name, clean[name], TEXT_LIMIT)
    if "colour" in clean:
        clean["colour"] = colours.checked(clean["colour"])
    if "origins" in clean:
        clean["origins"] = origins_of(clean["origins"])
    if "source" in clean:
        clean["source"] = _words("source", clean["source"], SOURCE_LIMIT) or "website"
    if "mail_after" in clean:
        clean["mail_after"] = min(max(int(clean["mail_after"] or 0), 0), LONGEST_MAIL_PAUSE)
    if "calendar_id" in clean:
        clean["calendar_id"] = int(clean["calendar_id"]) if clean["calendar_id"] else None
    return clean


def origins_of(text: Any) -> list[str]:
    """Sites as one writes them, one a line, as origins: `https://shop.example`, `https://*.example.com`."""
    lines = text.split() if isinstance(text, str) else list(text)
    found = list(dict.fromkeys(_origin(str(line)) for line in lines if str(line).strip()))
    if len(found) > MOST_ORIGINS:
        raise InvalidInput(_("At most %(count)s sites can be named.") % {"count": MOST_ORIGINS}, column="origins")
    return found


def _origin(text: str) -> str:
    """One site as browsers name it."""
    plain = text.strip().rstrip(",;，；").lower()
    whole = plain if "://" in plain else f"https://{plain}"
    try:
        parts = urlsplit(whole)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    host = parts.hostname or ""
    ends = host.removeprefix("*.")
    is_name = bool(ends) and "*" not in ends and all(c.isalnum() or c in "-." for c in ends)
    is_wide = host.startswith("*.") and "." not in ends
    if parts.scheme not in {"https", "http"} or not is_name or is_wide or parts.username:
        raise InvalidInput(
            _("“%(text)s” is no address of a site; write https://www.example.com.") % {"text": text[:80]},
            column="origins",
        )
    return f"{parts.scheme}://{host.encode('idna').decode() if host.isascii() is False else host}{port}"


def _matches(pattern: str, origin: str) -> bool:
    """Whether an origin is a site that was named, `*.` standing for what is before it."""
    scheme, _sep, host = pattern.partition("://")
    if not host.startswith("*."):
        return pattern == origin
    return origin.startswith(f"{scheme}://") and origin.endswith(host[1:]) and "/" not in origin[len(scheme) + 3 :]


def _words(name: str, value: Any, limit: int) -> str:
    """A text of one paragraph."""
    plain = " ".join(str(value or "").replace("\x00", "").split())
    if len(plain) > limit:
        raise InvalidInput(_("At most %(limit)s characters.") % {"limit": limit}, column=name)
    return plain
