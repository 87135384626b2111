"""Bytes to text when what a mail says of its charset is missing, wrong or only nearly right."""

import re
from collections.abc import Iterator

# What mails call a charset, and the superset that reads it in practice. Nothing outside this list is ever looked up:
# Python's codecs include ones that unpack or evaluate.
CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-7": "utf-7",
    "unicode-1-1-utf-7": "utf-7",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb2312-80": "gb18030",
    "gb": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "gb18030": "gb18030",
    "euc-cn": "gb18030",
    "chinese": "gb18030",
    "hz-gb-2312": "hz",
    "hz": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso-2022-jp": "iso-2022-jp",
    "iso-2022-jp-1": "iso-2022-jp",
    "iso-2022-jp-2": "iso-2022-jp",
    "iso-2022-jp-ms": "iso-2022-jp",
    "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "cp932": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "cp949": "cp949",
    "iso-2022-kr": "iso2022_kr",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"windows-{n}": f"cp{n}" for n in range(1250, 1259)},
    **{f"cp{n}": f"cp{n}" for n in range(1250, 1259)},
    "windows-874": "cp874",
}
# A guess looks at this much: enough to tell, and quick for a body of any length.
GUESSED_BYTES = 20_000
HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
# Accents stand among the plain letters of their word.
WITHIN_WORDS = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]{1,3}(?=[A-Za-z])")
ESCAPE = re.compile(rb"\x1b(\([BJI]|\$[@B]|\$\([D])")
# Characters that mean nothing but by agreement; bytes of another charset read as GB are full of them.
PRIVATE = re.compile("[\ue000-\uf8ff]")
ASIAN = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
# How much of a text must be in daily use for a guess, and for one against what the mail says.
LIKELY = 0.5
SURELY = 0.75
# The letters that make up most of any Russian text; letters of Western Europe are none of these in its charset.
RUSSIAN = frozenset("оеаинтсрвлкмд")
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# What nobody sees, and what turns the direction of what stands beside it: in a name or a subject it only deceives.
UNSEEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)


def known_charset(name: str) -> str:
    """The codec for what a mail calls a charset; empty when nobody knows it."""
    return CODECS.get(name.strip().strip("\"'").lower().rstrip(";").replace(" ", ""), "")


def decode(data: bytes, charset: str = "", *, hint: str = "") -> str:
    """The text of these bytes: by the charset that is named where that fits, else by what the bytes look like."""
    codec = known_charset(charset)
    return clean("".join(_decoded(data, codec, known_charset(hint))).removeprefix("\ufeff"))


def clean(text: str) -> str:
    """Text that a database and a page can hold: no NUL, no control character, no half of a pair."""
    return UNWANTED.sub("", text)


def seen(text: str) -> str:
    """A name or a subject without what is not seen and what turns writing round."""
    return UNSEEN.sub("", text)


def _decoded(data: bytes, codec: str, hint: str) -> Iterator[str]:
    """Try what was named, then UTF-8, then the hint, then a guess."""
    is_escaped = codec in {"", "ascii", "utf-8"} and b"\x1b$" in data[:GUESSED_BYTES] and data.isascii()
    if codec == "iso-2022-jp" or is_escaped:
        yield from _iso_2022_jp(data)
        return
    for tried in (codec if codec != "ascii" else "", "utf-8", hint):
        if not tried:
            continue
        try:
            # Every byte is some letter of these, so a text in UTF-8 or GB under such a name would never be seen.
            if tried in {"cp1252", "mac_roman"} and _looks_wide(data):
                continue
            if tried == "gb18030" and _is_rather_big5(data):
                continue
            yield data.decode(tried)
        except (UnicodeError, ValueError):
            continue
        return
    yield data.decode(_nearest(data, codec), errors="replace")


def _looks_wide(data: bytes) -> bool:
    """Whether the bytes are rather UTF-8 or an Asian charset than letters of Western Europe."""
    head = data[:GUESSED_BYTES]
    runs = HIGH_RUNS.findall(head)
    if not runs:
        return False
    try:
        _without_cut_end(head, "utf-8").decode("utf-8")
    except UnicodeError:
        return _is_asian(head, runs)
    return True


def _is_rather_big5(data: bytes) -> bool:
    """Whether bytes that are called GB, in which nearly every pair is a character, are an everyday text of Taiwan."""
    head = data[:GUESSED_BYTES]
    private = len(PRIVATE.findall(head.decode("gb18030", errors="replace")))
    return private * 20 > len(head) and _fit(head, "big5hkscs") >= max(SURELY, _fit(head, "gb18030"))


def _is_asian(head: bytes, runs: list[bytes]) -> bool:
    """Whether nearly everything beyond ASCII is characters in daily use, as in no text of Western Europe."""
    length = sum(map(len, runs))
    if length < 4 or 2 * len(WITHIN_WORDS.findall(head)) > len(runs):
        return False
    cyrillic = ("cp1251",) if length >= 12 and len(runs) > 1 else ()
    return max(_fit(head, each) for each in (*ASIAN, *cyrillic)) >= SURELY


def _without_cut_end(head: bytes, codec: str) -> bytes:
    """The head without the bytes of a character that the cut went through."""
    if len(head) < GUESSED_BYTES:
        return head
    return head[: len(head) - 3] if codec != "utf-8" else head.decode("utf-8", errors="ignore").encode()[:-4]


def _nearest(data: bytes, codec: str) -> str:
    """The codec that damaged or unnamed bytes fit best."""
    head = data[:GUESSED_BYTES]
    runs = HIGH_RUNS.findall(head)
    if not runs:
        return "ascii"
    if _is_damaged_utf8(head):
        return "utf-8"
    candidates = [codec] if codec not in {"", "ascii", "cp1252"} else []
    # Letters with accents stand alone between plain ones; characters of Asia come in rows of bytes.
    is_alone = sum(len(run) == 1 for run in runs) * 2 > len(runs)
    if (is_alone or 2 * len(WITHIN_WORDS.findall(head)) > len(runs)) and "cp932" not in candidates:
        return candidates[0] if candidates else "cp1252"
    candidates += [each for each in ("utf-8", *ASIAN, "cp1251") if each != codec]
    best = max(candidates, key=lambda each: _fit(head, each))
    return best if candidates[0] == codec or _fit(head, best) >= LIKELY else "cp1252"


def _is_damaged_utf8(head: bytes) -> bool:
    """Whether these are whole characters of UTF-8 but for a few bytes."""
    text = head.decode("utf-8", errors="replace")
    whole = sum(letter > "\x7f" for letter in text) - (broken := text.count("\ufffd"))
    return whole >= 2 * broken


def _fit(head: bytes, codec: str) -> float:
    """How much the text that comes out looks like one that people write."""
    text = head.decode(codec, errors="replace")
    wide = [letter for letter in text if letter > "\x7f"]
    if not wide:
        return -1.0
    common: float = sum(map(_is_common, wide, [codec] * len(wide)))
    if codec in {"cp932", "euc_jp"}:
        # Kana make up half of a Japanese text; without any, Chinese characters prove nothing.
        characters = sum("一" <= letter <= "龥" for letter in wide)
        common += characters * 0.75 if common * 5 >= characters else 0
    if codec == "cp1251" and sum(letter in RUSSIAN for letter in wide) * 5 < len(wide) * 2:
        return 0.0
    return (common - 4 * text.count("\ufffd")) / len(wide)


def _is_common(letter: str, codec: str) -> bool:
    """Whether a character is among those in daily use where this codec is at home."""
    if "　" <= letter <= "〗" or "！" <= letter <= "～":
        return True
    if codec in {"cp932", "euc_jp"}:
        return "぀" <= letter <= "ヿ"
    if codec == "cp949":
        return "가" <= letter <= "힣" and len(letter.encode("euc_kr", errors="ignore")) == 2
    if codec == "cp1251":
        return "А" <= letter <= "я" or letter in "Ёё№"
    if codec == "utf-8":
        return letter != "�"
    try:
        coded = letter.encode("gb2312" if codec == "gb18030" else "big5")
    except UnicodeError:
        return False
    return 0xB0 <= coded[0] <= 0xD7 if codec == "gb18030" else 0xA4 <= coded[0] <= 0xC6


def _iso_2022_jp(data: bytes) -> Iterator[str]:
    """Japanese mail as it is really sent: vendor characters and half-width kana included."""
    at, mode = 0, b"(B"
    for match in ESCAPE.finditer(data):
        yield _japanese(data[at : match.start()], mode)
        at, mode = match.end(), match[1]
    yield _japanese(data[at:], mode)


def _japanese(data: bytes, mode: bytes) -> str:
    """One stretch of ISO-2022-JP between two escapes."""
    if mode == b"(I":
        return bytes(byte | 0x80 for byte in data).decode("cp932", errors="replace")
    if mode in {b"$@", b"$B"}:
        return b"".join(map(_shifted, data[::2], data[1::2])).decode("cp932", errors="replace")
    if mode == b"$(D":
        return b"".join(
            b"\x8f" + bytes((a | 0x80, b | 0x80)) for a, b in zip(data[::2], data[1::2], strict=False)
        ).decode("euc_jp", errors="replace")
    return data.decode("utf-8", errors="replace")


def _shifted(row: int, cell: int) -> bytes:
    """A character of JIS as Shift-JIS, whose codec knows the vendors' rows too."""
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return bytes((row & 0x7F, cell & 0x7F))
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = (cell + 0x1F + (cell >= 0x60)) if row % 2 else cell + 0x7E
    return bytes((lead, trail))
