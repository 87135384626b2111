"""HTML made to keep a sanitiser busy or to fill the memory, told before it is given to one."""

import re

OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SELF_CLOSING = {"p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup"}
CELLS = {"td", "th", "tr", "tbody", "thead", "tfoot"}
LETTERS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
ENTITY_WORK_AT_MOST = 30_000_000_000
TAG_LETTERS = 10_000
REPEATED_AT_MOST = 2_000_000
DRAWING = re.compile(r"<(svg|math)(?![a-z0-9-])", re.IGNORECASE)
DRAWING_END = {name: re.compile(rf"</{name}[^>]{{0,200}}>", re.IGNORECASE) for name in ("svg", "math")}
DEPTH_AT_MOST = 400


def is_hostile(source: str) -> bool:
    """Whether cleaning this would take longer than its length deserves; drawings must be out already."""
    # Sanitisers have been seen to copy what is left of a page at every entity.
    is_slow = source.count("&") * len(source) > ENTITY_WORK_AT_MOST
    return is_slow or bool(DRAWING.search(source)) or _repeats_without_end(source)


def without_drawings(source: str) -> str:
    """HTML without drawings and formulas: they go anyway, and inside them any tag may nest without end."""
    kept, at = [], 0
    while match := DRAWING.search(source, at):
        kept.append(source[at : match.start()])
        end = DRAWING_END[match[1].lower()].search(source, match.end())
        at = end.end() if end else len(source)
    return "".join([*kept, source[at:]])


def without_comments(source: str) -> str:
    """HTML without comments: they go anyway, and Outlook lists hundreds of styles in one, each a tag that nothing closes."""
    kept, at = [], 0
    while (start := source.find("<!--", at)) >= 0:
        end = source.find("-->", start + 2)
        if end < 0:
            break
        kept.append(source[at:start])
        at = end + 3
    return "".join([*kept, source[at:]])


def _repeats_without_end(source: str) -> bool:
    """Whether tags nest deeper than in any person's mail, or letters opened and never closed are repeated for ever.

    The sanitiser's work and what it writes grow with both: every paragraph opens again what is open of bold and fonts.
    """
    depth = letters = repeated = last = 0
    # For each open table what was open around it, and around its open cell.
    tables: list[tuple[int, int | None]] = []
    for match in OPENING.finditer(source):
        tag, is_end = match[2].lower(), bool(match[1])
        repeated += letters
        if match.start() - last > TAG_LETTERS and _has_endless_attributes(source[last : match.start()]):
            return True
        last = match.end()
        if tag == "table":
            if not is_end:
                tables.append((letters, None))
            elif tables:
                letters = tables.pop()[0]
        elif tag in CELLS and tables:
            around, outside = tables[-1]
            letters = letters if outside is None else outside
            tables[-1] = (around, None)
            if tag in {"td", "th"} and not is_end:
                tables[-1], letters = (around, letters), 0
        elif tag in LETTERS:
            letters = max(0, letters - 1) if is_end else letters + 1
        if tag not in VOID and tag not in SELF_CLOSING:
            depth = max(0, depth - 1) if is_end else depth + 1
        if depth > DEPTH_AT_MOST or repeated > REPEATED_AT_MOST:
            return True
    return _has_endless_attributes(source[last:])


def _has_endless_attributes(stretch: str) -> bool:
    """Whether a tag seems to have thousands of attributes: each is compared with all before it."""
    inside = stretch[:end] if (end := stretch.find(">")) >= 0 else stretch
    if len(inside) < TAG_LETTERS:
        return False
    count = len(inside.split())
    return count > 2000 and len(inside) / count < 60
