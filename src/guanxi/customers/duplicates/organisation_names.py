"""Names of organisations taken apart for comparing: place, brand, line of business, branch, numbers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from guanxi.customers.duplicates.folding import as_machines_read, has_han, latin_words, plain, sound
from guanxi.customers.duplicates.look_alikes import differ_in_shape_alone
from guanxi.customers.duplicates.places import city_called, place_at_end, place_at_head
from guanxi.customers.duplicates.romanisation import is_pinyin
from guanxi.customers.duplicates.vocabulary import (
    AFTER_FIRM,
    BRANCH_HAN,
    BRANCH_LATIN,
    COUNTRIES,
    COUNTRIES_OF_FORM,
    COUNTRIES_OF_LOOSE_FORM,
    LEGAL_HAN,
    LEGAL_LATIN,
    LEGAL_PHRASES,
    LINE_OF,
    LINES_HAN,
)

_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
# 公司(武汉)分公司 is 公司武汉分公司.
_BRACKETS_BEFORE_BRANCH = re.compile(rf"[(（\[【]([^)）\]】]*)[)）\]】](?={BRANCH_HAN.pattern})")
_LEGAL_ENDS = re.compile(f"(?:{LEGAL_HAN.pattern.removesuffix('$')})+$")
_ARTICLES = frozenset({"the", "le", "la", "el", "die", "der", "das"})
# In brackets behind a name these say which part of it is meant.
_PART_OF_FIRM = re.compile(r"(?:店|部|处|厅|厂区|校区|院区|园区|branch|store|office)$")
_NOISE = re.compile(r"[^\w]+|_")
_DIGITS = re.compile(r"\d+")
_HAN_NUMBER = re.compile(
    r"第?([0-9一二三四五六七八九十百零〇两]+)(?:号|分)?(?=店|厂|分店|分公司|小学|中学|医院|支行|$)"
)
_GENERIC = re.compile(
    r"银行|大学|学院|医院|中学|小学|幼儿园|饭店|宾馆|酒店|超市|商场|电视台|图书馆|博物馆|电信|移动|联通|石油|石化|电力|铁路|邮政|人民政府|人民医院|"
    r"第?[一二三四五六七八九十]+(?:中学|小学|医院|人民医院)"
)
_POINTS_OR_COUNTS = re.compile(r"[东西南北中上下前后左右大小新老旧第零〇一二三四五六七八九十百千两甲乙丙丁\da-z]")
_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"〇": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """An organisation's name in parts; `brand` is what tells it from others, `spoken` its letters."""

    brand: str
    spoken: str
    lines: frozenset[str]
    places: frozenset[str]
    branch: str
    numbers: frozenset[str]
    is_han: bool
    # All of it but place, branch and legal form, as it is read and as it is written.
    letters: str = ""
    body: str = ""
    # The country in the name (Bauer France), and the codes of those whose legal form it bears (GmbH).
    country: str = ""
    codes: frozenset[str] = frozenset()
    loose_codes: frozenset[str] = frozenset()

    @property
    def core(self) -> str:
        """Brand and lines of business as one text."""
        return f"{self.spoken}|{'+'.join(sorted(self.lines))}"

    @property
    def whole(self) -> str:
        """Place, brand and lines as one text."""
        return f"{self.core}|{'+'.join(sorted(self.places))}"


@lru_cache(maxsize=50_000)
def parse(text: str) -> OrganisationName:
    """Take the name of an organisation apart."""
    bare = plain(text)
    if not has_han(bare):
        return _latin(bare)
    latin = " ".join(re.findall(r"[a-z][a-z0-9&.\- ]*", bare))
    return _han(bare) if len(re.sub(r"[^\u3400-\u9fff]", "", bare)) >= 2 else _latin(latin or bare)


def _number(text: str) -> str:
    """A number in Chinese or ordinary digits: 十二 -> 12."""
    if text.isdigit() and text.isascii():
        return str(int(text))
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        return str(_VALUES.get(tens, 1 if not tens else 0) * 10 + (_VALUES.get(ones, 0) if ones else 0))
    return "".join(str(_VALUES.get(char, char)) for char in text)


def _han(text: str) -> OrganisationName:
    """A name in Chinese characters."""
    places: set[str] = set()
    branch = ""
    kept = text = _BRACKETS_BEFORE_BRANCH.sub(r"\1", text)
    country = ""
    for inside in _BRACKETS.findall(text):
        country = country or COUNTRIES.get(inside.strip(), "")
        place, what = _place_or_branch(_NOISE.sub("", inside))
        places |= place
        branch = branch or what
        kept = kept.replace(inside, "")
    name = _NOISE.sub("", kept)
    name, tail = _without_branch(name)
    branch = branch or tail
    numbers = {_number(found) for found in _HAN_NUMBER.findall(text)} | {str(int(d)) for d in _DIGITS.findall(text)}
    province, city, rest = place_at_head(name)
    places |= {place for place in (province, city) if place}
    brand, lines = _stripped(rest)
    if len(brand) < 2 or _GENERIC.fullmatch(brand):
        # 北京大学, 中国银行: the place is the name.
        brand, lines = _stripped(name)
        brand = name if _GENERIC.fullmatch(brand) or len(brand) < 2 else brand
    for suffix in ("国际", "全球"):
        if brand.endswith(suffix) and len(brand) >= 4:
            brand = brand.removesuffix(suffix)
    if city and not lines and brand in LINE_OF:
        # 金华化工: the city is the brand.
        brand, lines = _stripped(name)
        places.discard(city)
    inner, brand = _place_inside(brand)
    return OrganisationName(
        brand, sound(brand), frozenset(lines), frozenset(places | inner), branch, frozenset(numbers - {""}), True,
        sound(_LEGAL_ENDS.sub("", rest)), _LEGAL_ENDS.sub("", rest), country,
    )  # fmt: skip


def _place_or_branch(inside: str) -> tuple[set[str], str]:
    """What stands in brackets: a place, a branch, or neither."""
    if BRANCH_HAN.search(inside) or _PART_OF_FIRM.search(inside):
        return set(), inside
    province, city, rest = place_at_head(inside + "。")
    if rest == "。" and (province or city):
        return {place for place in (province, city) if place}, ""
    return set(), ""


def _without_branch(name: str) -> tuple[str, str]:
    """A name without the branch at its end, and that branch: what follows the firm, or the words before 分店."""
    found = BRANCH_HAN.search(name)
    if not found:
        return name, ""
    ends = [firm.end() for firm in AFTER_FIRM.finditer(name, 0, found.start())]
    if ends:
        return name[: ends[-1]], name[ends[-1] :]
    before = name[: found.start()]
    firm, place = place_at_end(before)
    if place and len(_stripped(place_at_head(firm)[2])[0]) >= 2:
        return firm, place + found[0]
    brand, _lines = _stripped(place_at_head(before)[2])
    if len(before) <= 2 or len(brand) < 2:
        return before or name, found[0]
    return before, found[0]


def _stripped(name: str) -> tuple[str, set[str]]:
    """A name without legal form and line of business, and the codes of those lines; never empty."""
    lines: set[str] = set()
    while True:
        shorter = LEGAL_HAN.sub("", name)
        if shorter and shorter != name:
            name = shorter
            continue
        found = LINES_HAN.search(name)
        if not found or found.start() < 1 or (found.start() < 2 and len(name) <= 3 and lines):
            return name, lines
        lines.add(LINE_OF[found[0]])
        name = name[: found.start()]


def _place_inside(brand: str) -> tuple[set[str], str]:
    """A place at the end of a brand (华信上海) is a place."""
    if len(brand) >= 4 and (place := city_called(brand[-2:])):
        return {place}, brand[:-2]
    return set(), brand


@cache
def _lines_by_sound() -> dict[str, str]:
    """Chinese words for lines of business in letters, with their codes: keji -> tech."""
    return {sound(word): code for word, code in LINE_OF.items() if not word.isascii() and len(word) > 1}


def line_called(word: str) -> str:
    """The code of the line of business that a Latin word names, '' where it names none."""
    return LINE_OF.get(word) or (_lines_by_sound().get(word, "") if len(word) > 3 else "")


def _latin(text: str) -> OrganisationName:
    """A name in Latin letters."""
    text = LEGAL_PHRASES.sub("", re.sub(r"['’`]", "", text))
    text = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", text).replace("s.a", "sa").replace("b.v", "bv")
    text = re.sub(r"\bsp\.?\s*z\s*o\.?\s*o\b", "spzoo", text)
    places: set[str] = set()
    lines: set[str] = set()
    brand: list[str] = []
    spelt: list[str] = []
    branch = country = ""
    codes: set[str] = set()
    loose: set[str] = set()
    words = latin_words(text)
    numbers = {str(int(word)) for word in words if word.isdigit()} | {
        str(int(digits)) for digits in re.findall(r"#\s*(\d+)", text)
    }
    for place, word in enumerate(words):
        if word in BRANCH_LATIN and place:
            before = brand.pop() if len(brand) > 1 and word in {"branch", "store", "office"} else ""
            branch = f"{before or ' '.join(sorted(places))} {word}".strip()
        elif word in LEGAL_LATIN and (place or (word in _ARTICLES and len(words) > 1)):
            codes.update(COUNTRIES_OF_FORM.get(word, "").split())
            loose.update(COUNTRIES_OF_LOOSE_FORM.get(word, "").split())
        elif brand and word in COUNTRIES:
            country = COUNTRIES[word]
        elif (known := city_called(word)) and place + 1 <= len(words) and len(words) > 1:
            places.add(known)
        elif (line := line_called(word)) and brand:
            lines.add(line)
            spelt.append(word)
        elif not word.isdigit() or not place:
            brand.append(word)
            spelt.append(word)
    joined = "".join(brand) or "".join(words)
    return OrganisationName(
        " ".join(brand) or joined, joined, frozenset(lines), frozenset(places), branch, frozenset(numbers), False,
        "".join(spelt), " ".join(spelt), country, frozenset(codes), frozenset(loose),
    )  # fmt: skip


def brand_likeness(one: OrganisationName, other: OrganisationName) -> str:
    """How alike the brands are, in a word that the weights know."""
    if one.brand == other.brand:
        return "same"
    if one.spoken == other.spoken:
        return "same_sound" if one.is_han == other.is_han else "pinyin"
    if one.is_han != other.is_han:
        return _mixed_likeness(*((one, other) if one.is_han else (other, one)))
    if _is_slip(one.body, other.body) and (one.lines & other.lines or min(len(one.body), len(other.body)) >= 5):
        return "similar"
    short, long = sorted((one.spoken, other.spoken), key=len)
    if one.is_han:
        if len(one.brand) > 1 and one.lines == other.lines and differ_in_shape_alone(one.brand, other.brand):
            return "similar"
        return _han_likeness(*sorted((one.brand, other.brand), key=len))
    if len(short) >= 4 and long.startswith(short):
        return "part"
    if as_machines_read(short) == as_machines_read(long):
        return "similar"
    slips = DamerauLevenshtein.distance(short, long, score_cutoff=2)
    if (slips == 1 and len(short) >= 5) or (slips == 2 and len(short) >= 9):
        return "similar"
    if slips == 1 and len(short) >= 4 and not one.numbers | other.numbers:
        return "similar" if one.lines and one.lines == other.lines else "near"
    if len(short) >= 8 and JaroWinkler.similarity(short, long) >= 0.95:
        return "similar"
    return "part" if _shares_words(one.brand.split(), other.brand.split()) else "different"


def _is_slip(one: str, other: str) -> bool:
    """Whether two Chinese names differ by one character left out, doubled or turned round.

    One written for another is a slip only where it sounds the same: 远大 and 远旺 are two firms. Nor is one that
    counts or points: 华东, 华南.
    """
    shortest = 3 if len(one) != len(other) else 5
    if min(len(one), len(other)) < shortest or not has_han(one) or not has_han(other):
        return False
    if DamerauLevenshtein.distance(one, other, score_cutoff=1) != 1:
        return False
    if _POINTS_OR_COUNTS.search(_differing(one, other)):
        return False
    return len(one) != len(other) or sorted(one) == sorted(other) or sound(one) == sound(other)


def _differing(one: str, other: str) -> str:
    """The characters that only one of two texts has."""
    return "".join(sorted((Counter(one) - Counter(other)) + (Counter(other) - Counter(one))))


def _mixed_likeness(han: OrganisationName, latin: OrganisationName) -> str:
    """A name in characters against one in letters whose other words are translated: 顺泰人力资源, Shuntai Human Resources."""
    if _is_spelling(han, latin):
        return "pinyin"
    words = latin.body.split()
    for count in (1, 2, 3):
        head = "".join(words[:count])
        if len(head) >= 4 and any(sound(han.body[:chars]) == head for chars in range(2, len(head))):
            return "pinyin_head"
    if words and len(words[0]) >= 5 and is_pinyin(words[0]):
        return "different"
    return "other_script"


def lines_likeness(one: OrganisationName, other: OrganisationName) -> str:
    """How alike the lines of business are; what no vocabulary knows is told by what stands behind the common brand.

    银辉塑料制品 and 银辉建材 differ though 塑料制品 may be no word of ours; 环保 and 环保科技 do not.
    """
    if one.is_han != other.is_han:
        return "same" if one.lines & other.lines else "unclear"
    if one.lines & other.lines:
        return "same" if one.lines == other.lines else "some"
    mine, yours = _behind_brand(one, other)
    if not mine and not yours:
        return "none"
    if not mine or not yours:
        return "one_missing"
    short, long = sorted((mine, yours), key=len)
    if short in long or DamerauLevenshtein.distance(short, long, score_cutoff=1) <= 1:
        return "some"
    if one.lines and other.lines:
        return "different"
    if one.is_han:
        is_akin = any(short[place : place + 2] in long for place in range(len(short) - 1))
    else:
        is_akin = bool({word[:3] for word in short.split()} & {word[:3] for word in long.split()})
    return "unclear" if is_akin or min(len(short), len(long)) < 2 else "different"


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many words or characters alike two names begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _behind_brand(one: OrganisationName, other: OrganisationName) -> tuple[str, str]:
    """What each name says behind the brand that both begin with."""
    mine, yours = one.body, other.body
    if not one.is_han:
        first, second = mine.split(), yours.split()
        shared = _shared(first, second)
        return " ".join(first[shared:]), " ".join(second[shared:])
    shared = _shared(mine, yours)
    for name in (one, other):
        # A line of business that begins with the same character as the other's is not part of the brand: 电子, 电气.
        if name.lines and len(name.brand) >= 2 and name.body.startswith(name.brand):
            shared = min(shared, len(name.brand))
    return (mine[shared:], yours[shared:]) if shared >= 2 else ("", "")


def _is_spelling(han: OrganisationName, latin: OrganisationName) -> bool:
    """Whether a Latin name spells a Chinese one, its lines of business too: Zuoanwenhua Printing, 左岸文化印刷."""
    if len(han.letters) >= 4 and han.letters == latin.letters:
        return True
    return len(han.spoken) >= 4 and latin.spoken.startswith(han.spoken) and han.letters.startswith(latin.spoken)


def _han_likeness(short: str, long: str) -> str:
    """Two brands in characters, the shorter first."""
    if len(short) >= 2 and short in long:
        return "part"
    if len(short) >= 4 and DamerauLevenshtein.distance(short, long, score_cutoff=1) == 1:
        return "near" if len(short) == len(long) and _POINTS_OR_COUNTS.search(_differing(short, long)) else "similar"
    if len(short) == len(long) == 3 and sum(a == b for a, b in zip(short, long, strict=True)) == 2:
        return "near"
    return "different"


def _shares_words(one: list[str], other: list[str]) -> bool:
    """Whether the shorter brand's words all stand in the longer one, in any order."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 2 and set(short) <= set(long)
