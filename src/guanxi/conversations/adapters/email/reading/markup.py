"""HTML of mails: cleaned so that nothing runs, nothing is fetched and nothing is sent, and read as plain text.

The sanitiser's output is well formed, so that what follows works on its tags by one regular expression each.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import nh3

from guanxi.conversations.adapters.email.reading.charsets import clean
from guanxi.conversations.adapters.email.reading.hostile_markup import (
    VOID,
    is_hostile,
    without_comments,
    without_drawings,
)

HTML_AT_MOST = 3_000_000
TAGS = {
    *[
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
    ],
    *[
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "nav",
    ],
    *[
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
    ],
    *["time", "tr", "tt", "u", "ul", "var", "wbr"],
}
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "math",
    "textarea",
    "xml",
}
ATTRIBUTES = {
    "*": {"align", "bgcolor", "class", "dir", "height", "id", "lang", "style", "title", "valign", "width"},
    "a": {"href", "name"},
    "blockquote": {"type", "cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"color", "face", "size"},
    "img": {"alt", "border", "src"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "nowrap", "rowspan"},
    "th": {"colspan", "nowrap", "rowspan", "scope"},
}
STYLES = re.compile(
    r"(?:(?:min-|max-)?(?:width|height)|color|background-color|display|direction|float|clear|vertical-align|white-space|"
    r"word-(?:break|wrap|spacing)|overflow-wrap|letter-spacing|line-height|opacity|list-style-type|table-layout|"
    r"(?:font|text)(?:-[a-z]+)*|(?:margin|padding)(?:-[a-z]+)*|"
    r"border(?:-(?:top|right|bottom|left|width|style|color|radius|collapse|spacing))*)"
)
UNSAFE_VALUE = re.compile(r"url|expression|image|@|\\|var\(|[<>{}\"]", re.IGNORECASE)
# The marks by which mail programs name the part that is quoted.
QUOTE_CLASS = re.compile(
    r"\b(?:gmail_quote(?:_container)?|gmail_attr|yahoo_quoted|moz-cite-prefix|OutlookMessageHeader|protonmail_quote|"
    r"zmail_extra|tutanota_quote|qmbox|ntes-mailmaster-quote|history-quote-wrapper|lark-mail-quote|"
    r"xm_compose_origin_mail_container|bloop_original_html)\b"
)
QUOTE_ID = re.compile(
    r"^(?:x_)?(?:divRplyFwdMsg|appendonsend|isReplyContent|original-content|replyHeader|mailcontent_quote|"
    r"mail-editor-reference-message-container|ms-outlook-mobile-body-separator-line|gmail_quote|ntes-pcmail-quote|"
    r"OLK_SRC_BODY_SECTION|reply-intro|zwchr|lark-mail-quote[\w-]*)$",
    re.IGNORECASE,
)
QUOTE = "gx-quote"
# Outlook writes every line as a paragraph without space around it.
TIGHT_CLASS = re.compile(r"\b(?:MsoNormal|MsoPlainText|elementToProof|MsoListParagraph)")
TIGHT = "gx-line"
TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|[^<]+|<')
SOURCE = re.compile(r"(?:https?:)?//|cid:", re.IGNORECASE)
DATA_IMAGE = re.compile(r"""(["'])\s*data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]*)\1""", re.IGNORECASE)
HIDDEN = re.compile(r' style="[^"]*\bdisplay:\s*none\b', re.IGNORECASE)
IMAGE = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
BLOCKS = {
    *[
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
    ],
    *["hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul"],
}
SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"}


@dataclass(frozen=True)
class Markup:
    """Cleaned HTML, and how many images on other machines were held back."""

    html: str
    held_images: int = 0
    is_cut: bool = False


class Token(NamedTuple):
    """A tag or a stretch of text of cleaned HTML."""

    text: str
    tag: str = ""
    is_end: bool = False
    attributes: str = ""


def cleaned(source: str) -> Markup:
    """HTML without anything that acts; what is too long or nested too deeply becomes its plain text."""
    is_cut = len(source) > HTML_AT_MOST
    source = without_drawings(without_comments(source[:HTML_AT_MOST]))
    if is_hostile(source):
        return Markup(html=escaped(_stripped(source)), is_cut=True)
    safe = nh3.clean(
        source,
        tags=TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    held = 0

    def held_back(match: re.Match[str]) -> str:
        """An image: ours stays, one elsewhere keeps its address where no browser looks."""
        nonlocal held
        attributes = match[1]
        if re.search(r' src="(?!(?i:cid:))', attributes):
            held += 1
            attributes = attributes.replace(' src="', ' data-remote-src="', 1)
        return f"<img{attributes}>"

    return Markup(html=clean(IMAGE.sub(held_back, safe)), held_images=held, is_cut=is_cut)


def without_data_images(source: str, *, keep: Callable[[str], str]) -> str:
    """HTML whose pictures within addresses are kept apart; `keep` takes base64 and gives the content id."""
    return DATA_IMAGE.sub(lambda match: f"{match[1]}cid:{keep(match[2])}{match[1]}", source)


def escaped(text: str) -> str:
    """Plain text as HTML that keeps its lines."""
    return "<div>" + html.escape(text, quote=False).replace("\n", "<br>\n") + "</div>" if text else ""


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What may stay of one attribute."""
    if name == "style":
        return _style(value) or None
    if name == "class":
        if TIGHT_CLASS.search(value):
            return TIGHT
        return QUOTE if QUOTE_CLASS.search(value) else None
    if name == "id":
        return QUOTE if QUOTE_ID.match(value) else None
    if name == "src" and not SOURCE.match(value.strip()):
        return None
    if name == "href" and value.lower().startswith("cid:"):
        return None
    return value


def _style(value: str) -> str:
    """The declarations of a style that only change how text looks where it stands."""
    kept = []
    for declaration in re.sub(r"/\*.*?\*/", "", value[:5000]).split(";"):
        name, mark, content = declaration.partition(":")
        name, content = name.strip().lower(), content.strip()
        if mark and STYLES.fullmatch(name) and content and not UNSAFE_VALUE.search(content):
            kept.append(f"{name}:{content}")
    return ";".join(kept)


def _stripped(source: str) -> str:
    """The text of markup that is not worth building a tree of."""
    bare = re.sub(r"(?is)<(script|style|title)\b[^>]{0,1000}>[^<]*", " ", source)
    bare = re.sub(r"(?i)<(?:br|/p|/div|/tr|/li)\b[^>]{0,1000}>", "\n", bare)
    return clean(html.unescape(re.sub(r"<[^>]{0,5000}>?", " ", bare))).strip()


def tokens(safe: str) -> list[Token]:
    """The tags and texts of cleaned HTML."""
    return [
        Token(match[0], match[2], match[1] == "/", match[3]) if match[2] else Token(match[0])
        for match in TOKEN.finditer(safe)
    ]


def is_quote(token: Token) -> bool:
    """Whether a tag begins what is quoted from an earlier mail."""
    if not token.tag or token.is_end:
        return False
    return f'"{QUOTE}"' in token.attributes or (
        token.tag == "blockquote" and ' type="cite"' in token.attributes.lower()
    )


def plain_text(safe: str) -> str:
    """Cleaned HTML as text: lines as they are seen, quoted ones behind `>`; hidden ones where nothing else is."""
    found = tokens(safe)
    return _written(list(_shown(found))) or _written(found)


def _written(found: list[Token]) -> str:
    """These tokens as lines."""
    writer = _Writer()
    for token in found:
        writer.take(token)
    return writer.text()


def _shown(found: list[Token]) -> Iterator[Token]:
    """The tokens that a reader sees: advertisers hide words at the beginning for lists of mails."""
    hidden, depth = "", 0
    for token in found:
        if hidden:
            if token.tag == hidden:
                depth += -1 if token.is_end else 1
            hidden = hidden if depth else ""
        elif token.tag and token.tag not in VOID and not token.is_end and HIDDEN.search(token.attributes):
            hidden, depth = token.tag, 1
        else:
            yield token


class _Writer:
    """Lines of text that grow by tokens."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes: list[bool] = []
        self.is_preformatted = 0
        self.blank_due = False
        self.is_tight = False
        self.taking: dict[str, Callable[[Token], None]] = {
            "blockquote": self._blockquote,
            "pre": self._pre,
            "br": lambda _token: self._break(is_forced=True),
            "img": self._image,
            "td": self._cell,
            "th": self._cell,
        }

    def take(self, token: Token) -> None:
        """Add one token."""
        if not token.tag:
            self._words(html.unescape(token.text))
            return
        if token.tag in BLOCKS:
            self._break()
            is_spaced = token.tag in SPACED and f'"{TIGHT}"' not in token.attributes and not self.is_tight
            self.blank_due = self.blank_due or (is_spaced and bool(self.lines))
            if token.tag == "p":
                self.is_tight = not token.is_end and f'"{TIGHT}"' in token.attributes
        if (special := self.taking.get(token.tag)) is not None:
            special(token)
        elif token.tag == "li" and not token.is_end:
            self.line.append("- ")
        elif token.tag == "hr":
            self._break()
            self.line.append("-" * 20)
            self._break()

    def _words(self, text: str) -> None:
        """Text between tags."""
        text = text.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "")
        if self.is_preformatted:
            first, *rest = text.split("\n")
            self.line.append(first)
            for line in rest:
                self._break(is_forced=True)
                self.line.append(line)
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", text)
        if text == " " and (not self.line or self.line[-1].endswith(" ")):
            return
        self.line.append(text)

    def _break(self, *, is_forced: bool = False) -> None:
        """End the line; an empty one only where the mail wants it."""
        text = "".join(self.line)
        text = text.rstrip() if self.is_preformatted else text.strip()
        self.line = []
        if not text and not is_forced:
            return
        mark = ">" * min(9, sum(self.quotes))
        prefix = mark + " " if mark else ""
        if self.blank_due and self.lines and self.lines[-1].strip("> "):
            self.lines.append(mark)
        self.blank_due = False
        if text or (self.lines and self.lines[-1].strip("> ")):
            self.lines.append((prefix + text).rstrip())

    def _blockquote(self, token: Token) -> None:
        """A quotation of a mail, or only an indented paragraph."""
        if token.is_end:
            if self.quotes:
                self.quotes.pop()
        else:
            # Programs indent lists and signatures by blockquotes with a style; quoted mails are marked or bare.
            is_indent = ' style="' in token.attributes and not is_quote(token) and "border" not in token.attributes
            self.quotes.append(not is_indent)

    def _pre(self, token: Token) -> None:
        """Text whose white space counts."""
        self.is_preformatted = max(0, self.is_preformatted + (-1 if token.is_end else 1))

    def _image(self, token: Token) -> None:
        """A picture is its description."""
        found = dict(ATTRIBUTE.findall(token.attributes))
        if found.get("alt", "").strip():
            self.line.append(f"[{html.unescape(found['alt']).strip()}]")

    def _cell(self, token: Token) -> None:
        """Cells of a row stand beside one another."""
        if token.is_end:
            self.line.append("  ")

    def text(self) -> str:
        """Everything so far."""
        self._break()
        return "\n".join(self.lines).strip()
