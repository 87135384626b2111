"""Markup that is the same for many requests is drawn once; what differs is put in its places each time.

    drawn_once((user.pk, user.name), "ui/greeting.html", lambda: {"user": user}, rows=rows, csrf_token=token)

The key names everything that the template draws from, so that a drawing can never be out of date: of what the database
holds it carries the values as this request has read them. What differs (`rows`, `csrf_token`) reaches the template as
a stand-in that it may print, also inside an address, but neither test nor change. A drawing is kept for each language.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from secrets import token_hex
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from guanxi.ui.html import escape, safe

MOST = 400
_MARK = f"x{token_hex(12)}x"  # nobody can guess it, so that nobody's text can hold one
_PLACES = re.compile(f"{_MARK}([a-z_]+?){_MARK}")

# Literal text and names of what differs, by turns.
_drawings: dict[Hashable, list[str]] = {}


def drawn_once(
    key: tuple[Hashable, ...], template: str, context: Callable[[], Mapping[str, Any]], **differing: str
) -> SafeString:
    """The template's markup; texts that differ are escaped unless they are safe markup already."""
    whole_key = (template, get_language(), tuple(differing), key)
    pieces = _drawings.get(whole_key)
    if pieces is None:
        marks = {name: safe(f"{_MARK}{name}{_MARK}") for name in differing}
        pieces = _PLACES.split(get_template(template).render({**context(), **marks}))
        if len(_drawings) >= MOST:
            _drawings.clear()
        _drawings[whole_key] = pieces
    drawn = pieces.copy()
    drawn[1::2] = [escape(differing[name]) for name in pieces[1::2]]
    return safe("".join(drawn))
