"""A message's HTML as a page of its own, for a frame in which nothing runs and, at first, nothing is fetched.

The HTML was cleaned when it was taken in; the frame's sandbox and its content policy hold even where that failed.
"""

import base64
import html
import re

from django.utils.translation import gettext as _

from guanxi.conversations.models import Message
from guanxi.files.models import StoredFile
from guanxi.files.public import path_of
from guanxi.ui.html import escape

SHOWN_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
INLINE_AT_MOST = 12 * 1024 * 1024
REMOTE = re.compile(r'\sdata-remote-src="(https?://[^"]*)"', re.IGNORECASE)
CONTENT_ID = re.compile(r'\ssrc="cid:([^"]*)"', re.IGNORECASE)
QUOTE = re.compile(
    r'<([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*? (?:class|id)="gx-quote"|(?: [a-z-]+="[^"]*")*? type="cite")[^>]*>'
)
SHEET = """
:root { color-scheme: light; }
html { background: #fff; }
body { margin: 0; padding: 10px 12px; color: #1b2523; background: #fff; overflow-wrap: anywhere;
  font: 14px/1.55 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
img { max-width: 100%; height: auto; }
img:not([src]) { min-width: 24px; min-height: 16px; border: 1px dashed #b6c2bf; background: #f1f5f4; }
table { max-width: 100%; border-collapse: collapse; }
p.gx-line { margin: 0; }
pre { white-space: pre-wrap; }
a { color: #0a6a60; }
blockquote { margin: 0 0 0 4px; padding-left: 10px; border-left: 3px solid #cfd9d6; color: #48554f; }
details.gx-fold > summary { margin: 6px 0; color: #0a6a60; cursor: pointer; }
"""
# 'self' means this page's own address, also in a frame without an origin; data: for images that came with the mail.
POLICY = (
    "default-src 'none'; img-src data:{remote}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


def policy(*, with_images: bool) -> str:
    """The content policy of the page: no script, no frame, no form; images of others only where they were asked for."""
    return POLICY.format(remote=" https: http:" if with_images else "")


def held_images(message: Message) -> int:
    """How many images of other machines are held back."""
    return len(REMOTE.findall(message.html))


def document(message: Message, *, with_images: bool, language: str) -> str:
    """The page: quoted text folded, images that came with the mail in their places, others only when asked for."""
    body = _folded(message.html)
    body = _with_inline(message, body)
    if with_images:
        body = REMOTE.sub(lambda found: f' src="{found[1]}"', body)
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(message.subject or message.public_id)}</title><style>{SHEET}</style></head>"  # house: style: a page of its own under its own policy
        f"<body>{body}</body></html>"
    )


def _folded(body: str) -> str:
    """The markup with what it quotes from earlier mails folded away."""
    found = QUOTE.search(body)
    if found is None or not re.sub(r"<[^>]*>|\s|&nbsp;", "", body[: found.start()]):
        return body  # nothing, or nothing but quoted text
    end = _end_of(body, found)
    words = html.escape(_("Quoted text"))
    return (
        f'{body[: found.start()]}<details class="gx-fold"><summary>{words}</summary>'
        f"{body[found.start() : end]}</details>{body[end:]}"
    )


def _end_of(body: str, opening: re.Match[str]) -> int:
    """Where the element ends that begins with a tag of well-formed markup."""
    depth = 0
    for tag in re.compile(rf"<(/?){opening[1]}\b[^>]*>").finditer(body, opening.start()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.end()
    return len(body)


def _with_inline(message: Message, body: str) -> str:
    """The markup with the images that came with the mail where it names them; what is no image stays out."""
    named: dict[str, int] = message.details.get("inline", {})
    if not named or "cid:" not in body:
        return body
    rows = StoredFile.objects.filter(record_kind="message", record_id=message.pk).in_bulk(list(named.values()))
    left = INLINE_AT_MOST

    def image(found: re.Match[str]) -> str:
        """One image as data."""
        nonlocal left
        stored = rows.get(named.get(html.unescape(found[1]), 0))
        if stored is None or stored.media_type not in SHOWN_IMAGES or stored.size > left:
            return ""
        path = path_of(stored)
        if not path.is_file():
            return ""
        left -= stored.size
        return f' src="data:{stored.media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"'

    return CONTENT_ID.sub(image, body)


def height_of(message: Message) -> str:
    """How high the frame is to begin with, of a few sizes: by its words, lines and tables; it scrolls and can be drawn out.

    Nothing in the frame may run, so it cannot say how high it is.
    """
    text = message.html
    words = len(re.sub(r"<[^>]*>", "", QUOTE.split(text, maxsplit=1)[0]))
    lines = len(re.findall(r"<(?:br|p|div|tr|li|h[1-6])\b", text, re.IGNORECASE))
    images = len(re.findall(r"<img\b", text, re.IGNORECASE))
    points = words / 90 + lines * 0.8 + images * 5
    return "s" if points < 8 else "m" if points < 18 else "l" if points < 34 else "xl"
