"""How text becomes tokens: the one place that both writing and searching the index go through.

A token is a mark and encoded text. The marks: none for a character, bigram or word; `^` the beginning of the title;
`=` a whole text; `<` the first letters of a word; `#` a number from its start and `%` the same number reversed, so
that its last digits are a prefix too; `+` the kind; `@` an access key. `/1` to `/3` after a token repeat it for
better ranks, so that the best of a hundred thousand hits are found without reading the others.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

MAX_TEXT = 120
MAX_TOKENS = 240
BEGINNING = 2
LETTERS = 4
RANKED = (1, 2, 3)
PHONE_START_DIGITS = 5
PHONE_END_DIGITS = 4
PERSON_SYLLABLES = 4

_RUNS = re.compile(r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+)|(?P<word>[^\W_]+)")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")
_PLAIN = re.compile(r"[a-z0-9\u4e00-\u9fcc]*")


def normalise(text: str) -> str:
    """Return text as it is compared: compatible forms joined, case folded, white space single, length bounded."""
    return " ".join(unicodedata.normalize("NFKC", text[: MAX_TEXT * 4]).casefold().split())[:MAX_TEXT]


def encode(text: str) -> str:
    """Return text in characters that both databases take as one word."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_encode_character(character) for character in text)


@cache
def _encode_character(character: str) -> str:
    """Return one character itself, or its number where an older tokenizer might split at it."""
    number = ord(character)
    if character.isalnum() and (number < 0x3000 or 0x3041 <= number <= 0x4DB5 or 0x4E00 <= number <= 0x9FCC):
        return character
    if 0xAC00 <= number <= 0xD7A3:
        return character
    return f"_{number:x}"


def runs(normalised: str) -> Iterator[tuple[str, str]]:
    """Yield ("han", characters) and ("word", letters and digits) in order."""
    for match in _RUNS.finditer(normalised):
        text = match.group()
        if match.lastgroup == "han":
            yield "han", text
        elif _HAN.search(text):
            for part in re.split(f"({_HAN.pattern}+)", text):
                if part:
                    yield ("han" if _HAN.match(part) else "word"), part
        else:
            yield "word", text


def bigrams(characters: str) -> Iterator[str]:
    """Yield each pair of neighbouring characters."""
    for index in range(len(characters) - 1):
        yield characters[index : index + 2]


@cache
def reading(character: str) -> str:
    """Return the usual reading of one Chinese character without tone, or nothing."""
    # Takes 0.3 s to load, and most commands never meet a name.
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PINYIN_DICT

    return lazy_pinyin(character, style=Style.NORMAL)[0] if ord(character) in PINYIN_DICT else ""


def spoken_form(normalised: str) -> str:
    """Return the syllables of the Chinese parts of a text, character by character."""
    return " ".join(filter(None, (reading(c) for sort, run in runs(normalised) if sort == "han" for c in run)))


def beginning(normalised: str) -> str:
    """Return the token for how a title begins, spaces left out; queries use the same cut."""
    return "^" + encode(normalised.replace(" ", "")[:BEGINNING])


def beginnings(normalised: str) -> Iterator[str]:
    """Yield the token of every length of beginning."""
    start = normalised.replace(" ", "")[:BEGINNING]
    for length in range(1, len(start) + 1):
        yield "^" + encode(start[:length])


def whole(text: str) -> str:
    """Return the token for one whole text."""
    return "=" + encode(normalise(text).replace(" ", ""))


def content_tokens(normalised: str, *, with_characters: bool = True) -> Iterator[str]:
    """Yield bigrams, words and first letters of words, and single characters where asked for or alone."""
    for sort, text in runs(normalised):
        if sort == "han":
            if with_characters or len(text) == 1:
                yield from map(encode, text)
            yield from map(encode, bigrams(text))
        else:
            yield encode(text)
            for length in range(1, min(LETTERS, len(text)) + 1):
                yield "<" + encode(text[:length])


def pinyin_tokens(spoken: str) -> Iterator[str]:
    """Yield a name's pinyin in one word and its initials, and for a person's name the same of what follows too."""
    syllables = spoken.split()
    for start in range(len(syllables) if len(syllables) <= PERSON_SYLLABLES else 1):
        rest = syllables[start:]
        yield encode("".join(rest)[:40])
        if len(rest) > 1:
            yield encode("".join(syllable[0] for syllable in rest)[:20])


def name_tokens(name: str, spoken: Sequence[str] = ()) -> Iterator[str]:
    """Yield every token by which a title or another name is found; `spoken` are its readings, syllables apart."""
    normalised = normalise(name)
    if not normalised:
        return
    yield whole(name)
    yield from beginnings(normalised)
    yield from content_tokens(normalised)
    for form in spoken or [spoken_form(normalised)]:
        for index, text in enumerate(pinyin_tokens(form)):
            yield text
            # The name itself and its initials come first; of the initials two letters are enough.
            for length in range(1, (LETTERS, BEGINNING)[index] + 1 if index < 2 else 0):
                yield "<" + text[:length]


def phone_tokens(phone: str) -> Iterator[str]:
    """Yield the number, its form without China's country code, and both reversed."""
    digits = "".join(character for character in phone if character.isdecimal() and character.isascii())[:20]
    if len(digits) < PHONE_END_DIGITS:
        return
    yield "#" + digits
    yield "%" + digits[::-1]
    if digits.startswith("86") and len(digits) > 10:
        yield "#" + digits[2:]


def ranked(tokens: Iterable[str], rank: int) -> Iterator[str]:
    """Yield tokens, and again with the rank's mark those by which masses of records are found."""
    for token in tokens:
        yield token
        if rank in RANKED and token[0] not in "=#%+@":
            yield f"{token}/{rank}"
