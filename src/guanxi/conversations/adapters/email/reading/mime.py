"""A raw mail cut into its parts, in one pass and without recursion: thousands of nested parts cost what their bytes cost.

Boundaries that are open lie in a dictionary, so that a line is compared with all of them at once. A forwarded mail is
one part; what is inside it stays inside.
"""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass, field
from io import BytesIO

from guanxi.conversations.adapters.email.reading.charsets import decode
from guanxi.conversations.adapters.email.reading.words import header_text, parameters

HEADER_BYTES_AT_MOST = 1 << 20
HEADERS_AT_MOST = 2000
PARTS_AT_MOST = 20_000
DEPTH_AT_MOST = 10_000
FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
DASHES = re.compile(rb"(?m)^--[^\r\n]*")
BLANK = re.compile(rb"\n[ \t]*\r?\n")
LINE = re.compile(rb"[^\n]*\n?")
MBOX_LINE = re.compile(rb">?From [^\n]*\n")
# Base64 is taken off stretch by stretch, so that a large file lies in memory once beside the mail.
STRETCH_BYTES = 1 << 20
# Blank lines and a byte order mark that exporting programs leave before the header.
BEFORE_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n){0,50}(?=[!-9;-~]{1,100}:|>?From )")
# Fields that no mail lacks: where these follow, a line that is none is only damage.
AWAITED = re.compile(rb"(?im)^(from|to|subject|date|mime-version|content-type|message-id):")
AWAITED_WITHIN = 65_536
# A parameter that lost the space by which it goes on from the line above.
UNINDENTED = re.compile(rb"(?i)(?:boundary|charset|(?:file)?name|format|report-type)\s*=\s*\"[^\"]*\"\s*;?\s*$")
DAMAGED_LINES_AT_MOST = 200
FOLDED = re.compile(rb"[ \t]+[^ \t\r\n]")
LOST_BOUNDARY = re.compile(rb"(?im)^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-[a-z-]{1,40}:)")
NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


@dataclass(frozen=True)
class Headers:
    """Header fields in order: the name in small letters, and the value as it was sent, unfolded."""

    fields: tuple[tuple[str, bytes], ...] = ()
    hint: str = ""

    def raw(self, name: str) -> bytes:
        """The first value under this name."""
        return next((value for key, value in self.fields if key == name), b"")

    def all(self, name: str) -> list[bytes]:
        """Every value under this name."""
        return [value for key, value in self.fields if key == name]

    def text(self, name: str) -> str:
        """The first value as people read it."""
        return header_text(self.raw(name), hint=self.hint)

    def word(self, name: str) -> str:
        """The first value as programs compare it."""
        return self.text(name).lower()

    def has(self, name: str) -> bool:
        """Whether there is such a field."""
        return any(key == name for key, _value in self.fields)


@dataclass
class Part:
    """One leaf of a mail, or a container of leaves."""

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    depth: int
    # The outermost container of alternatives around it, and the kind of container it lies in.
    alternatives: int = 0
    container: str = ""
    start: int = 0
    end: int = 0
    is_container: bool = False
    disposition: str = ""
    disposition_parameters: dict[str, str] = field(default_factory=dict)

    def content(self, raw: bytes, *, at_most: int | None = None) -> bytes:
        """The bytes of the part, with its transfer encoding taken off; `at_most` so many of them as they were sent."""
        encoding = self.headers.word("content-transfer-encoding")
        end = self.end if at_most is None else min(self.end, self.start + at_most)
        if encoding.startswith("base64"):
            found = base64_decoded(raw, self.start, end)
        else:
            found = transfer_decoded(raw[self.start : end], encoding)
        # Cut at the end of a line: in the midst of a character the whole would be taken for another charset.
        return found if end == self.end else found[: found.rfind(b"\n") + 1] or found

    def text(self, raw: bytes, *, at_most: int | None = None) -> str:
        """The part as text, with plain line ends."""
        text = decode(self.content(raw, at_most=at_most), self.parameters.get("charset", ""), hint=self.headers.hint)
        return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class Parts:
    """The parts of a mail in order, containers included, and whether some were left in their raw form."""

    headers: Headers
    every: list[Part]
    is_cut: bool = False

    def leaves(self) -> list[Part]:
        """The parts with content."""
        return [part for part in self.every if not part.is_container]


def split(raw: bytes) -> Parts:
    """Cut a mail into its parts."""
    before = BEFORE_HEADER.match(raw)
    start = before.end() if before else 0
    begin = MBOX_LINE.match(raw, start)
    headers, at = read_headers(raw, begin.end() if begin else start)
    return _Splitter(raw, headers).run(at)


def read_headers(raw: bytes, at: int, *, boundaries: dict[bytes, list[int]] | None = None) -> tuple[Headers, int]:
    """The header fields from here on, and where the body begins. Past the limits the rest is skipped."""
    fields: list[tuple[str, bytes]] = []
    start, name, value, damaged = at, "", [b""], 0
    while at < len(raw):
        match = LINE.match(raw, at)
        line = match[0] if match else b""
        bare = line.rstrip(b"\r\n")
        if not bare.strip():
            at += len(line)
            if bare and name and FOLDED.match(raw, at):
                # White space alone on a line within a folded value.
                continue
            break
        if bare.startswith(b"--") and boundaries and _delimiter(bare, boundaries):
            break
        if at - start > HEADER_BYTES_AT_MOST or len(fields) > HEADERS_AT_MOST:
            blank = BLANK.search(raw, at)
            at = blank.end() if blank else len(raw)
            break
        if name and (bare[:1] in b" \t" or UNINDENTED.match(bare)):
            value.append(bare)
        elif found := FIELD.match(bare):
            if name:
                fields.append((name, b"".join(value)))
            name, value = found[1].decode("ascii").lower(), [bare[found.end() :]]
        elif MBOX_LINE.match(line) and not fields and not name:
            pass
        elif damaged < DAMAGED_LINES_AT_MOST and _is_damage(raw, at, fields):
            damaged += 1
        else:
            # No header at all: the blank line is missing and the body begins here.
            break
        at += len(line)
    if name:
        fields.append((name, b"".join(value)))
    return Headers(tuple(fields), hint=_charset_hint(fields)), at


def _is_damage(raw: bytes, at: int, fields: list[tuple[str, bytes]]) -> bool:
    """Whether a line that is no field stands amid a header: fields that are still missing follow before a blank line."""
    if not fields:
        return False
    blank = BLANK.search(raw, at, at + AWAITED_WITHIN)
    following = raw[at : blank.start() + 1 if blank else at + AWAITED_WITHIN]
    known = {name for name, _value in fields}
    return len({match[1].decode().lower() for match in AWAITED.finditer(following)} - known) >= 2


def _charset_hint(fields: list[tuple[str, bytes]]) -> str:
    """The charset that the body says it is in: the best guess for headers that say nothing."""
    value = next((value for key, value in fields if key == "content-type"), b"")
    return parameters(value.decode("latin-1"))[1].get("charset", "") if value else ""


def _delimiter(line: bytes, boundaries: dict[bytes, list[int]]) -> tuple[bytes, bool] | None:
    """The open boundary that a line stands for, and whether it closes it."""
    text = line[2:].rstrip()
    if text in boundaries:
        return text, False
    if text.endswith(b"--") and text[:-2] in boundaries:
        return text[:-2], True
    return None


class _Splitter:
    """The state of one pass: which containers are open, and which leaf is being read."""

    def __init__(self, raw: bytes, headers: Headers) -> None:
        """Begin with the whole mail as the only part."""
        self.raw = raw
        self.parts = Parts(headers=headers, every=[])
        self.open: list[tuple[bytes, Part]] = []
        self.boundaries: dict[bytes, list[int]] = {}
        self.leaf: Part | None = None

    def run(self, at: int) -> Parts:
        """Read everything; where the boundary that was named is nowhere, by the one that is there."""
        self._read(at)
        if not self.parts.leaves() and self.parts.every:
            lost = LOST_BOUNDARY.search(self.raw, at, at + AWAITED_WITHIN)
            if lost is not None and len(self.parts.every) == 1:
                self._read(at, boundary=lost[1].decode("utf-8", errors="replace"))
            if not self.parts.leaves():
                end = len(self.raw)
                self.parts.every.append(Part(self.parts.headers, "text/plain", {}, 1, start=at, end=end))
        return self.parts

    def _read(self, at: int, *, boundary: str = "") -> None:
        """Read all parts from here on."""
        self.parts = Parts(headers=self.parts.headers, every=[])
        self.open, self.boundaries = [], {}
        self._begin(self.parts.headers, at, boundary=boundary)
        begin = at
        while self.boundaries:
            match = DASHES.search(self.raw, begin)
            if match is None:
                break
            begin = match.end()
            found = _delimiter(match[0], self.boundaries)
            if found is None:
                continue
            self._end_leaf(match.start())
            delimiter, is_closing = found
            self._close_above(self.boundaries[delimiter][-1] + (0 if is_closing else 1))
            if is_closing:
                continue
            line_end = self.raw.find(b"\n", match.end())
            after = len(self.raw) if line_end < 0 else line_end + 1
            if len(self.parts.every) >= PARTS_AT_MOST:
                self.parts.is_cut = True
                break
            headers, begin = read_headers(self.raw, after, boundaries=self.boundaries)
            self._begin(headers, begin)
        self._end_leaf(len(self.raw), is_last=True)

    def _begin(self, headers: Headers, at: int, *, boundary: str = "") -> None:
        """A part begins here: a container is opened, a leaf is remembered; `boundary` instead of the one it names."""
        parent = self.open[-1][1] if self.open else None
        hint = headers.hint or self.parts.headers.hint
        headers = Headers(headers.fields, hint=hint)
        default = "message/rfc822" if parent and parent.media_type == "multipart/digest" else "text/plain"
        media_type, found = parameters(headers.raw("content-type").decode("latin-1"), hint=hint)
        found = _reread(headers, "content-type", found, hint)
        disposition = parameters(headers.raw("content-disposition").decode("latin-1"), hint=hint)
        part = Part(
            headers=headers,
            media_type=media_type if re.fullmatch(r"[\w.+-]{1,80}/[\w.+-]{1,80}", media_type) else default,
            parameters=found,
            depth=len(self.open),
            alternatives=parent.alternatives if parent else 0,
            container=parent.media_type if parent else "",
            start=at,
            end=at,
            disposition=disposition[0],
            disposition_parameters=_reread(headers, "content-disposition", disposition[1], hint),
        )
        self.parts.every.append(part)
        named = (boundary or part.parameters.get("boundary", "")).rstrip().encode("utf-8", errors="replace")
        if part.media_type.startswith("multipart/") and named and len(self.open) < DEPTH_AT_MOST:
            part.is_container = True
            if part.media_type == "multipart/alternative" and not part.alternatives:
                part.alternatives = len(self.parts.every)
            self.boundaries.setdefault(named, []).append(len(self.open))
            self.open.append((named, part))
            return
        if part.media_type.startswith("multipart/"):
            part.media_type = default if not named else "message/rfc822"
            self.parts.is_cut = self.parts.is_cut or bool(named)
        self.leaf = part

    def _end_leaf(self, at: int, *, is_last: bool = False) -> None:
        """The leaf ends before this delimiter; the line end before it belongs to the delimiter."""
        leaf, self.leaf = self.leaf, None
        if leaf is None:
            return
        if not is_last:
            at -= 2 if self.raw[at - 2 : at] == b"\r\n" else 1
        leaf.end = max(leaf.start, at)

    def _close_above(self, keep: int) -> None:
        """Close every container above this many."""
        while len(self.open) > keep:
            boundary, _part = self.open.pop()
            places = self.boundaries[boundary]
            places.pop()
            if not places:
                del self.boundaries[boundary]


def _reread(headers: Headers, name: str, found: dict[str, str], hint: str) -> dict[str, str]:
    """Parameters again from the decoded value when the raw one holds bytes of some charset."""
    raw = headers.raw(name)
    return found if raw.isascii() else parameters(decode(raw, "", hint=hint), hint=hint)[1]


def transfer_decoded(data: bytes, encoding: str) -> bytes:
    """The bytes with base64, quoted-printable or uuencode taken off; what is damaged is read as far as it goes."""
    if encoding.startswith("base64"):
        return base64_decoded(data)
    if encoding.startswith("quoted-printable"):
        return quopri.decodestring(data)
    if encoding in {"x-uuencode", "uuencode", "x-uue"}:
        return _uudecoded(data)
    return data


def base64_decoded(data: bytes, start: int = 0, end: int | None = None) -> bytes:
    """The bytes of base64 with stray characters, several padded stretches or a cut end."""
    done, rest, end = BytesIO(), b"", len(data) if end is None else end
    for at in range(start, end, STRETCH_BYTES):
        letters = rest + data[at : min(at + STRETCH_BYTES, end)].translate(None, NOT_BASE64)
        *ended, rest = re.split(rb"=+", letters)
        for stretch in ended:
            done.write(_stretch(stretch))
        whole = len(rest) // 4 * 4
        done.write(base64.b64decode(rest[:whole]))
        rest = rest[whole:]
    done.write(_stretch(rest))
    return done.getvalue()


def _stretch(letters: bytes) -> bytes:
    """One stretch of base64 without padding."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def _uudecoded(data: bytes) -> bytes:
    """The first uuencoded file in these bytes."""
    _before, mark, rest = data.partition(b"begin ")
    if not mark:
        return data
    done = []
    for line in rest.split(b"\n")[1:]:
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            # Spaces at the end of a line are lost on the way.
            needed = (((line[0] - 32) & 63) + 2) // 3 * 4 + 1
            done.append(binascii.a2b_uu(line.rstrip(b"\r").ljust(needed)))
        except binascii.Error:
            continue
    return b"".join(done)
