"""Header values to text: encoded words, however badly they were cut, and parameters in all their forms."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from guanxi.conversations.adapters.email.reading.charsets import clean, decode, known_charset

# White space inside the text of a word is what bad folding left there.
ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9_.:+*-]{1,40})\?([bBqQ])\?([^?]{0,20000})\?=")
BETWEEN_WORDS = re.compile(r"[ \t\r\n]*")
WHITE = re.compile(r"[ \t\r\n]+")
# One parameter: its name, then a quoted value or one up to the next semicolon.
PARAMETER = re.compile(r';[\s;]*([A-Za-z0-9_.+-]+)(\*\d{1,3})?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
VALUE_AT_MOST = 65_536


@dataclass
class _Run:
    """Neighbouring words of one charset: their bytes belong together, for a cut may go through a character."""

    charset: str
    data: bytes
    rest: str = ""  # base64 that does not fill four letters: the word was cut inside


def header_text(raw: bytes, *, hint: str = "") -> str:
    """The text of a header value, on one line."""
    return words(decode(raw[:VALUE_AT_MOST], "", hint=hint), hint=hint)


def words(value: str, *, hint: str = "") -> str:
    """The value with every encoded word read."""
    return WHITE.sub(" ", clean("".join(_pieces(value, hint)))).strip()


def _pieces(value: str, hint: str) -> Iterator[str]:
    """Plain text and the text of runs of words, in order."""
    at, run = 0, None
    for match in ENCODED_WORD.finditer(value):
        between = value[at : match.start()]
        charset = match[1].split("*")[0]
        if run and (between.strip() or known_charset(run.charset) != known_charset(charset)):
            yield decode(_ended(run), run.charset, hint=hint)
            run = None
            between = between if between.strip() else ""
        elif run:
            between = ""
        yield between
        run = _longer(run or _Run(charset, b""), match[2].lower(), match[3])
        at = match.end()
    if run:
        yield decode(_ended(run), run.charset, hint=hint)
    yield value[at:]


def _longer(run: _Run, encoding: str, payload: str) -> _Run:
    """The run with one more word."""
    if encoding == "q":
        return _Run(run.charset, _ended(run) + _quoted(payload))
    letters = run.rest + WHITE.sub("", payload)
    if "=" in letters:
        return _Run(run.charset, run.data + _base64(letters))
    whole = len(letters) // 4 * 4
    return _Run(run.charset, run.data + _base64(letters[:whole]), letters[whole:])


def _ended(run: _Run) -> bytes:
    """The bytes of a run; what is left of a cut word is read as far as it goes."""
    return run.data + (_base64(run.rest) if run.rest else b"")


def _base64(letters: str) -> bytes:
    """Bytes of base64 that may lack its padding."""
    kept = re.sub(r"[^A-Za-z0-9+/]", "", letters)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    try:
        return base64.b64decode(kept + "=" * (-len(kept) % 4))
    except binascii.Error:
        return b""


def _quoted(payload: str) -> bytes:
    """Bytes of the Q encoding."""
    data = payload.replace("_", " ").encode("utf-8", errors="replace")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), data)


def parameters(value: str, *, hint: str = "") -> tuple[str, dict[str, str]]:
    """A value such as `text/plain; charset=x` as its first word and its parameters; names in small letters."""
    first, _mark, rest = value[:VALUE_AT_MOST].partition(";")
    parts: dict[str, list[tuple[int, bool, str]]] = {}
    for match in PARAMETER.finditer(";" + rest):
        text = re.sub(r"\\(.)", r"\1", match[4]) if match[4] is not None else (match[5] or "").strip()
        number = int(match[2][1:]) if match[2] else 0
        if len(parts) < 100 or match[1].lower() in parts:
            parts.setdefault(match[1].lower(), []).append((number, bool(match[3]), text))
    return first.strip().lower(), {name: _joined(pieces, hint) for name, pieces in parts.items()}


def _joined(pieces: list[tuple[int, bool, str]], hint: str) -> str:
    """One parameter from its pieces, percent signs and encoded words read; the extended form wins."""
    if any(is_coded for _number, is_coded, _text in pieces) and len({number for number, *_ in pieces}) < len(pieces):
        pieces = [piece for piece in pieces if piece[1]]
    pieces = sorted(pieces, key=lambda piece: piece[0])
    if not any(is_coded for _number, is_coded, _text in pieces):
        return words("".join(text for _number, _coded, text in pieces), hint=hint)
    charset, data, coded = "", b"", ""
    for index, (_number, is_coded, text) in enumerate(pieces):
        if index == 0 and is_coded and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        if is_coded:
            # A cut may go through what stands for one byte.
            coded += text
        else:
            data, coded = data + unquote_to_bytes(coded) + text.encode("utf-8", errors="replace"), ""
    data += unquote_to_bytes(coded)
    return WHITE.sub(" ", decode(data, charset, hint=hint)).strip()
