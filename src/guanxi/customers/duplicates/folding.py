"""One form for texts that mean the same: widths, cases, accents, traditional and simplified characters, sounds."""

import re
import unicodedata
from functools import cache, lru_cache

from guanxi.customers.names import fold

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef\U00030000-\U000323af]")
_LATIN_WORD = re.compile(r"[a-z0-9]+")
_READ_ALIKE = str.maketrans("01i58", "ollsb")
# The letter ü is written v, yu or u; one of them is enough for comparing.
_UMLAUT = re.compile(r"(?<![a-z])([ln])(?:v|yu)(?=$|[^a-z]|e)")


@cache
def _to_simplified() -> dict[int, str]:
    """Each traditional character with its simplified one, by OpenCC's tables."""
    from opencc import OpenCC  # loads its dictionaries

    convert = OpenCC("t2s").convert
    found: dict[int, str] = {}
    for first, last in ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00)):
        for code in range(first, last):
            simple = convert(chr(code))
            if len(simple) == 1 and simple != chr(code):
                found[code] = simple
    return found


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, one by one: enough for comparing, the same for both sides."""
    return text.translate(_to_simplified())


def plain(text: str) -> str:
    """The text in ordinary width, simplified characters and small letters without accents."""
    text = unicodedata.normalize("NFKC", text)
    if text.isascii():
        return text.lower()
    return simplified(fold(text))


def has_han(text: str) -> bool:
    """Whether there is a Chinese character."""
    return not text.isascii() and bool(HAN.search(text))


def latin_words(text: str) -> list[str]:
    """The words of letters and digits in a plain text."""
    return _LATIN_WORD.findall(text)


@lru_cache(maxsize=50_000)
def as_machines_read(word: str) -> str:
    """A word of Latin letters in one form for what a machine that reads takes for one another: rn and m, 0 and o."""
    return word.replace("rn", "m").replace("vv", "w").translate(_READ_ALIKE) if not word.isdigit() else word


def one_umlaut(syllable: str) -> str:
    """A syllable with ü written as u."""
    return _UMLAUT.sub(r"\1u", syllable)


@lru_cache(maxsize=200_000)
def sound(text: str) -> str:
    """The letters of a text as it is read, without spaces: 华信 -> huaxin."""
    from pypinyin import lazy_pinyin  # takes 0.2 s to load

    if text.isascii():
        return "".join(latin_words(text))
    return "".join(one_umlaut(word) for word in lazy_pinyin(text.replace("〇", "零")))


@lru_cache(maxsize=20_000)
def readings(char: str) -> frozenset[str]:
    """Every reading of one character."""
    from pypinyin import Style, pinyin  # takes 0.2 s to load

    return frozenset(one_umlaut(word) for word in pinyin(char, style=Style.NORMAL, heteronym=True)[0])


def can_be_read(text: str, letters: str) -> bool:
    """Whether Chinese characters can be read as these letters, each character in any of its readings."""
    if not text:
        return not letters
    return any(
        letters.startswith(reading) and can_be_read(text[1:], letters[len(reading) :]) for reading in readings(text[0])
    )
