"""The words and the attachments of a mail, told from its parts."""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import unquote

from guanxi.conversations.adapters.email.reading import markup
from guanxi.conversations.adapters.email.reading.charsets import clean, seen
from guanxi.conversations.adapters.email.reading.mime import Part, Parts, base64_decoded, transfer_decoded
from guanxi.conversations.adapters.email.reading.words import header_text
from guanxi.files.content import media_type_of

TEXT_AT_MOST = 2_000_000
# As many bytes of a text are read: enough for so many letters however they are coded, and for pictures within HTML.
TEXT_BYTES = 24_000_000
HTML_BYTES = 60_000_000
BODIES_AT_MOST = 200
ATTACHMENTS_AT_MOST = 300
NAME_LETTERS = 150
# Names that Windows takes for devices, and what no disk or page should meet in a name.
UNWANTED = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
ENDINGS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/zip": ".zip",
    "application/ms-tnef": ".dat",
}
PERCENT_SIGNS = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
UUENCODED = re.compile(
    r"(?m)^begin [0-7]{3,4} ([^\n]{1,200})\n(?:[!-`][ -`]{4,90}\n){1,100000}(?:[` ]?\n)?end[ \t]*$\n?"
)
MARKED_FROM = re.compile(r"(?m)^>From (?=\S)")
STATUS_TYPES = {"message/delivery-status", "message/disposition-notification", "message/feedback-report"}
SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail; its type is what its bytes say, the claimed one is only told."""

    name: str
    content: bytes = field(repr=False)
    media_type: str
    claimed_type: str
    content_id: str = ""
    is_inline: bool = False

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)


@dataclass
class Body:
    """The words of a mail and its files."""

    text: str = ""
    html: str = ""
    held_images: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    is_cut: bool = False


@dataclass
class _Group:
    """Bodies that say the same in two forms."""

    plain: list[str] = field(default_factory=list)
    rich: list[str] = field(default_factory=list)


def read_body(raw: bytes, parts: Parts) -> Body:
    """The words and files of a mail."""
    body = Body(is_cut=parts.is_cut)
    groups: dict[int, _Group] = {}
    letters = bodies = 0
    for number, part in enumerate(parts.leaves()):
        if is_words(part) and bodies < BODIES_AT_MOST and letters < TEXT_AT_MOST:
            is_html = part.media_type == "text/html"
            limit = HTML_BYTES if is_html else TEXT_BYTES
            text, is_long = part.text(raw, at_most=limit), part.end - part.start > limit
            body.is_cut = body.is_cut or is_long
            if not is_html and (is_long or len(text) > TEXT_AT_MOST):
                _attach(body, part, raw)
                text, body.is_cut = text[:TEXT_AT_MOST], True
            letters, bodies = letters + len(text), bodies + 1
            group = groups.setdefault(part.alternatives or -number - 1, _Group())
            _add_words(group, part, text, body)
        elif _is_status(part) or part.media_type in SIGNATURES:
            continue
        else:
            _attach(body, part, raw)
    body.attachments = _without_twins(body.attachments)
    _put_together(body, list(groups.values()))
    return body


def _without_twins(attachments: list[Attachment]) -> list[Attachment]:
    """The files without the nameless form of a calendar's message that lies there as a file too."""
    nameless = file_name("", "text/calendar")
    named = [each for each in attachments if each.name.endswith(".ics") and each.name != nameless]
    if not named:
        return attachments
    known = {_lines_digest(each) for each in named}
    return [
        each
        for each in attachments
        if each.name != nameless or each.claimed_type != "text/calendar" or _lines_digest(each) not in known
    ]


def _lines_digest(attachment: Attachment) -> bytes:
    """The same for texts that differ in their line ends."""
    return hashlib.sha256(attachment.content.replace(b"\r\n", b"\n").strip()).digest()


def is_words(part: Part) -> bool:
    """Whether a part is what is read, not a file."""
    if part.media_type not in {"text/plain", "text/html", "text/enriched"} or part.disposition == "attachment":
        return False
    named = part.disposition_parameters.get("filename") or part.parameters.get("name")
    # Apple sends texts between pictures inline and without a name; a name makes it a file.
    return not named or (part.media_type == "text/html" and bool(part.alternatives))


def _is_status(part: Part) -> bool:
    """Whether a part is the machine's half of a report."""
    return part.media_type in STATUS_TYPES and part.container == "multipart/report"


def _add_words(group: _Group, part: Part, text: str, body: Body) -> None:
    """One body into its group."""
    if part.media_type != "text/html":
        text = UUENCODED.sub(lambda match: _coded_file(match, body), text)
        is_flowed = part.parameters.get("format", "").lower() == "flowed"
        group.plain.append(_unflowed(text, part.parameters.get("delsp", "").lower() == "yes") if is_flowed else text)
        return

    def keep(coded: str) -> str:
        """A picture inside an address becomes an inline file."""
        if len(body.attachments) >= ATTACHMENTS_AT_MOST:
            body.is_cut = True
            return ""
        name = f"inline-{len(body.attachments) + 1}"
        content = base64_decoded(coded.encode("ascii", errors="ignore"))
        body.attachments.append(_file(name, content, "", f"{name}@inline", is_inline=True))
        return f"{name}@inline"

    done = markup.cleaned(markup.without_data_images(text, keep=keep))
    group.rich.append(done.html)
    body.held_images += done.held_images
    body.is_cut = body.is_cut or done.is_cut


def _coded_file(match: re.Match[str], body: Body) -> str:
    """A file that stands amid the words in the form from before MIME becomes one beside them."""
    if len(body.attachments) >= ATTACHMENTS_AT_MOST:
        return match[0]
    content = transfer_decoded(match[0].encode("ascii", errors="replace"), "x-uuencode")
    body.attachments.append(_file(match[1].strip(), content, "", ""))
    return ""


def _put_together(body: Body, groups: list[_Group]) -> None:
    """Text and HTML of the whole mail, each complete by itself."""
    texts = ["\n".join(group.plain) if _has_words(group.plain) else _text_of(group.rich) for group in groups]
    joined = clean("\n".join(text.strip("\n") for text in texts if text.strip())).strip("\n")
    # Mailboxes in files mark a line that begins with "From ", and some programs never take the mark off.
    body.text = MARKED_FROM.sub("From ", joined)
    if any(group.rich for group in groups):
        rich = ["\n".join(group.rich) or markup.escaped("\n".join(group.plain).strip()) for group in groups]
        body.html = "\n".join(each for each in rich if each)


def _has_words(texts: list[str]) -> bool:
    """Whether a plain form says anything; some programs send an empty one or only a notice."""
    joined = " ".join(texts).strip()
    return bool(joined) and not re.fullmatch(
        r"(?i)(?:this (?:is a |e?-?mail|message) .{0,80}html.{0,80}|您的邮件客户端不支持.{0,40})", joined
    )


def _text_of(rich: list[str]) -> str:
    """HTML as text."""
    return "\n".join(markup.plain_text(each) for each in rich)


def _unflowed(text: str, delete_space: bool) -> str:
    """Lines that were broken for the way joined again (RFC 3676)."""
    lines: list[str] = []
    joined: list[str] = []
    depth = -1
    for line in text.split("\n"):
        marks = len(line) - len(line.lstrip(">"))
        content = line[marks:]
        content = content[1:] if content.startswith(" ") else content
        if joined and (marks != depth or content == "-- "):
            lines.append("".join(joined))
            joined = []
        is_soft = content.endswith(" ") and content != "-- "
        if not joined and marks:
            joined.append(">" * marks + " ")
        joined.append(content[:-1] if is_soft and delete_space else content)
        depth = marks
        if not is_soft:
            lines.append("".join(joined))
            joined = []
    return "\n".join([*lines, "".join(joined)] if joined else lines)


def _attach(body: Body, part: Part, raw: bytes) -> None:
    """A part as a file."""
    content = part.content(raw)
    name = part.disposition_parameters.get("filename") or part.parameters.get("name", "") or _located(part)
    if not content and not name:
        return
    if len(body.attachments) >= ATTACHMENTS_AT_MOST:
        body.is_cut = True
        return
    content_id = header_text(part.headers.raw("content-id")).strip("<> ")[:200]
    is_inline = bool(content_id) and part.disposition != "attachment" and _is_picture(part.media_type)
    body.attachments.append(_file(name, content, part.media_type, content_id, is_inline=is_inline))


def _located(part: Part) -> str:
    """The name at the end of the address that a part says it comes from."""
    location = header_text(part.headers.raw("content-location"))
    name = unquote(location.split("?")[0].rstrip("/").rsplit("/", 1)[-1])
    return name if re.search(r"\.[A-Za-z0-9]{1,5}$", name) else ""


def _is_picture(claimed: str) -> bool:
    """Whether a part may stand inside the words."""
    return claimed.startswith("image/") or claimed == "application/octet-stream"


def _file(name: str, content: bytes, claimed: str, content_id: str, *, is_inline: bool = False) -> Attachment:
    """A file with a name that disks and people can live with."""
    found = "message/rfc822" if claimed == "message/rfc822" else media_type_of(BytesIO(content))
    if claimed == "message/rfc822" and not name:
        name = _subject_of(content)
    return Attachment(
        name=file_name(name, found),
        content=content,
        media_type=found,
        claimed_type=claimed,
        content_id=content_id,
        is_inline=is_inline,
    )


def _subject_of(content: bytes) -> str:
    """The name of a forwarded mail is its subject."""
    match = re.search(rb"(?im)^subject:[ \t]*([^\r\n]{0,900})", content[:50_000])
    return f"{header_text(match[1])[:100] or 'mail'}.eml" if match else "mail.eml"


def _from_address(name: str) -> str:
    """The name that its percent signs stand for, as far as they stand for letters."""
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return name


def file_name(raw: str, found: str) -> str:
    """A name without folders, control characters, tricks of writing direction and devices; never empty."""
    name = html.unescape(raw) if "&#" in raw else raw
    if name.isascii() and len(PERCENT_SIGNS.findall(name)) > 1:
        # Some programs write a name as in an address of the web.
        name = _from_address(name)
    name = unicodedata.normalize("NFC", UNWANTED.sub("", seen(clean(name)).replace("\\", "/").rsplit("/", 1)[-1]))
    name = re.sub(r"\s+", " ", name).strip(" .")
    if re.fullmatch(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", name):
        name = f"_{name}"
    if len(name) > NAME_LETTERS:
        stem, dot, ending = name.rpartition(".")
        keeps = dot and len(ending) <= 10
        name = f"{stem[: NAME_LETTERS - 11]}.{ending}" if keeps else name[:NAME_LETTERS]
    return name or f"file{ENDINGS.get(found, '')}"
