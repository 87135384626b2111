"""Which encoding a text file is in; where one file mixes several, each line is read by itself."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guanxi.core.sentences import gettext as _
from guanxi.importing.readers.table import UnreadableFile

CHUNK = 1 << 20
BROKEN = re.compile("[\ud800-\udfff]")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Two bytes with the high bit set each: how GB2312, the everyday part of GB 18030, writes every character.
_CHINESE_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_LATIN = re.compile(rb"(?<![\x80-\xff])[\xa0-\xff](?![\x80-\xff])")


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file become text."""

    name: str
    is_mixed: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the file decodes without a fault from end to end."""
        return not self.is_mixed


def find_encoding(path: Path) -> Encoding:
    """Look at the whole file: a mark, else UTF-8, else GB 18030 or Western, else mixed."""
    with path.open("rb") as file:
        head = file.read(4096)
        for mark, name in _MARKS:
            if head.startswith(mark):
                _check_marked(path, name)
                return Encoding(name)
        wide = _unmarked_utf16(head)
        if wide:
            return Encoding(wide)
    if _decodes(path, "utf-8"):
        return Encoding("utf-8")
    return _eight_bit(path)


def _check_marked(path: Path, name: str) -> None:
    """UTF-16 and UTF-32 cannot be read line by line, so a fault in them ends it."""
    if name != "utf-8-sig" and not _decodes(path, name):
        raise UnreadableFile(
            _("The file says it is %(encoding)s, but it holds bytes that are not.") % {"encoding": name.upper()}
        )


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its Latin part is zero."""
    if len(head) < 4:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def _decodes(path: Path, name: str) -> bool:
    """Whether the whole file is valid in this encoding."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while block := file.read(CHUNK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _eight_bit(path: Path) -> Encoding:
    """Not UTF-8 throughout: what the lines that hold more than ASCII look like decides."""
    utf8 = chinese = latin = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            if _is_valid(line, "utf-8"):
                utf8 += 1
            elif _looks_chinese(line):
                chinese += 1
            elif _LATIN.search(line):
                latin += 1
    if utf8 and not (chinese or latin) and _is_valid_but_for_faults(path):
        return Encoding("utf-8", is_mixed=True)
    if utf8:
        return Encoding("utf-8", is_mixed=True)
    if chinese >= latin and _decodes(path, "gb18030"):
        return Encoding("gb18030")
    if latin > chinese:
        return Encoding("cp1252", is_mixed=True)
    return Encoding("gb18030", is_mixed=True)


def _is_valid_but_for_faults(path: Path) -> bool:
    """Whether there is anything to read at all (a file of nothing but faults is no text)."""
    return path.stat().st_size > 0


def _is_valid(line: bytes, name: str) -> bool:
    """Whether a line decodes."""
    try:
        line.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(line: bytes) -> bool:
    """Whether nearly all bytes beyond ASCII come in the pairs of Chinese text, and the line decodes."""
    high = sum(byte >= 0x80 for byte in line)
    paired = 2 * len(_CHINESE_PAIR.findall(line))
    return paired >= 0.8 * high and _is_valid(line, "gb18030")


def decoded_lines(lines: Iterable[bytes], encoding: Encoding) -> Iterator[str]:
    """Lines as text; in a mixed file each is read by itself, bytes that mean nothing become lone surrogates."""
    for line in lines:
        yield line.decode("ascii") if line.isascii() else _decode(line, encoding.name)


def _decode(line: bytes, main: str) -> str:
    """One line of a mixed file: UTF-8, else what it looks like, else marked as broken."""
    candidates = ["utf-8"]
    if _looks_chinese(line):
        candidates.append("gb18030")
    if main == "cp1252":
        candidates.append("cp1252")
    if main == "gb18030" and "gb18030" not in candidates:
        candidates.append("gb18030")
    for name in candidates:
        try:
            return line.decode(name)
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", errors="surrogateescape")
