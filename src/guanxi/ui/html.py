"""Fast building of safe HTML in Python, for what is drawn hundreds of times on a page."""

from html import escape as _escape
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

TONES = frozenset(
    ["neutral", "info", "success", "warning", "danger", "accent", "vip", "major", "ordinary", "small", "a", "b", "c"]
)


def escape(value: object) -> str:
    """The text of a value, safe between tags and inside double quotes; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, SafeString):
        return str(value)
    return _escape(str(value))


def safe(markup: str) -> SafeString:
    """Mark markup that was put together from escaped parts."""
    return mark_safe(markup)


def attributes(values: dict[str, object]) -> str:
    """Attributes as ` name="value"`; True stands alone, False and None are left out."""
    parts: list[str] = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        parts.append(f" {name}" if value is True else f' {name}="{escape(value)}"')
    return "".join(parts)


def icon(name: str, extra: str = "") -> str:
    """A decorative icon by its Lucide name."""
    return f'<i class="i i-{_escape(name)}{" " + extra if extra else ""}" aria-hidden="true"></i>'


def link(url: str, text: object, extra: str = "") -> str:
    """A link; an address that is not web, mail, telephone or our own page is shown as text only."""
    if not url.startswith(("/", "?", "#", "https://", "http://", "mailto:", "tel:")) or url.startswith("//"):
        return escape(text)
    css = f' class="{extra}"' if extra else ""
    outward = ' rel="noopener noreferrer" target="_blank"' if url.startswith(("http://", "https://")) else ""
    return f'<a href="{_escape(url)}"{css}{outward}>{escape(text)}</a>'


def badge(text: object, tone: str = "neutral", title: object = "") -> str:
    """A small label in one of the tones that mean the same on every screen."""
    tone = tone if tone in TONES else "neutral"
    hint = f' title="{escape(title)}"' if title else ""
    return f'<span class="badge-gx tone-{tone}"{hint}>{escape(text)}</span>'


def initials(name: str) -> str:
    """One or two characters that stand for a name: the first of a Chinese name, two letters otherwise."""
    words = name.split()
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E80:
        return words[0][0]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def avatar(name: str, seed: int = 0, extra: str = "") -> str:
    """A round sign with initials, its colour fixed by the seed."""
    return f'<span class="avatar-gx hue-{seed % 8}{" " + extra if extra else ""}" aria-hidden="true">{escape(initials(name))}</span>'


def address(path: str) -> str:
    """A text as one piece of an address."""
    return quote(path, safe="")


def text_of(value: str | Promise | None) -> str:
    """A label, translated now."""
    return "" if value is None else str(value)
