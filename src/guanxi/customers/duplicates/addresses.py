"""Postal addresses taken apart for comparing: parts may be left out, numbers must agree exactly."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from guanxi.customers.duplicates.folding import has_han, latin_words, plain, sound
from guanxi.customers.duplicates.places import city_called, place_at_head
from guanxi.customers.duplicates.romanisation import is_pinyin
from guanxi.customers.duplicates.vocabulary import STREET_KINDS, STREET_KINDS_BEFORE, STREET_WORDS

_DISTRICT = re.compile(r"^([^\d路街道巷弄号]{1,6}?(?:新区|开发区|区|县|旗|市))(?=.)")
_TOWN = re.compile(r"^([^\d路街号]{1,6}?(?:街道|镇|乡|(?<!新)村))(?=.)")
_ROAD = re.compile(
    r"^(.{1,12}?(?:大道|大街|公路|路|街|巷|弄|胡同|里|道)(?:[东西南北中](?=\d))?)(?=[\d一二三四五六七八九十]|$|[东西南北中]?段|甲|乙|[^\d路街巷弄道]{0,4}\d)"
)
# 忠孝东路四段: a section counts its houses anew.
_SECTION = re.compile(r"^([一二三四五六七八九十]|\d{1,2})段(?=\d)")
_NUMBER = re.compile(r"^(?:[东西南北中]段)?([甲乙丙]?\d+(?:[-~之]\d+)?)(?:号院|弄|号|$|(?=[^\d栋幢座楼室]))")
_NUMBERED = re.compile(r"([a-z]?\d+(?:[-~]\d+)*[a-z]?)(号楼|栋|幢|座|单元|层|楼|室|房|号|弄|f)?|([a-z])(座|栋|幢|区)")
_DIRECTIONS = {"east": "dong", "west": "xi", "south": "nan", "north": "bei", "middle": "zhong", "central": "zhong"}
_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_UNIT = re.compile(r"\bunit (\w+)|\broom (\w+)|\bfloor (\w+)")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts; what is not written is ''."""

    city: str
    district: str
    road: str
    number: str
    rest: tuple[str, ...]
    building: str
    postcode: str

    @property
    def near_key(self) -> str:
        """City, end of the road's name and number: the same where a district without its 区 stands before the road."""
        return f"{self.city}~{self.road[-5:]}#{self.number}" if self.city and self.road and self.number else ""

    @property
    def place_key(self) -> str:
        """Road and number, or the building's name: what two writings of one address share."""
        if self.road and self.number:
            return f"{self.road}#{self.number}"
        if self.building and self.rest:
            return f"{self.building}#{self.rest[-1]}"
        return ""


@lru_cache(maxsize=50_000)
def parse(text: str) -> Address:
    """Take an address apart."""
    bare = plain(text)
    return _han(re.sub(r"[\s,，.。、;；()（）]+", "", bare)) if has_han(bare) else _latin(bare)


def _han(text: str) -> Address:
    """An address in Chinese characters, from the largest part to the smallest."""
    postcode = ""
    if found := re.search(r"(?<!\d)[1-8]\d{5}(?!\d)(?=$|邮)|^[1-8]\d{5}(?=\D)", text):
        postcode, text = found[0], text.replace(found[0], "", 1)
    province, city, rest = place_at_head(text)
    district = ""
    for pattern in (_DISTRICT, _DISTRICT, _TOWN):
        if found := pattern.match(rest):
            district = district or found[1].removesuffix("区").removesuffix("县").removesuffix("新")
            rest = rest[found.end() :]
    road = number = ""
    rest = rest.translate(_HAN_DIGITS) if re.search(r"[一二三四五六七八九]+[号室楼]", rest) else rest
    if found := _ROAD.match(rest):
        road, rest = sound(re.sub(r"(大道|大街|公路|路|街|道)$", "", found[1])) or sound(found[1]), rest[found.end() :]
        section = ""
        if found := _SECTION.match(rest):
            section, rest = f"{found[1].translate(_HAN_DIGITS)}段", rest[found.end() :]
        if found := _NUMBER.match(rest):
            number, rest = section + found[1], rest[found.end() :]
    rest = re.sub(r"(\d)f(?![a-z])", r"\1楼", rest)  # 12F is 12楼
    numbers = tuple(
        part for one, _unit, letter, _kind in _NUMBERED.findall(rest) for part in re.split(r"[-~]", one or letter)
    )
    building = re.sub(r"[\da-z\-~]+|号楼|栋|幢|座|单元|层|楼|室|房|号|弄", "", rest)
    return Address(city or province, district, road, number, numbers, sound(building[:12]), postcode)


def _latin(text: str) -> Address:
    """An address in Latin letters."""
    text = re.sub(r"\bp\.?\s?o\.?\s?box\b", "pobox", re.sub(r"['’.]", "", text))
    text = re.sub(r"(?<=[a-z]{3})str(?:asse|aße)?\b(?=\s*\d)", " street", text)  # Goethestr. 37
    text = re.sub(r"\bc/\s*", "calle ", text)
    text = re.sub(r"#\s*(?=\d)", " unit ", text)
    postcode = ""
    if found := re.search(r"\b([a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}|\d{4,6})\s*(?:,[a-z ]+)?$", text):
        postcode, text = found[1].replace(" ", ""), text[: found.start()] + text[found.end(1) :]
    city = ""
    for part in text.split(","):
        city = city or city_called(part.strip())
    words = _street_words(text)
    rest = tuple(next(filter(None, found)) for found in _UNIT.findall(" ".join(words)))
    words = _UNIT.sub(" ", " ".join(words)).split()
    kind = next((place for place, word in enumerate(words) if word in STREET_KINDS and place), None)
    while kind is not None and kind + 1 < len(words) and words[kind + 1] in STREET_KINDS:
        kind += 1  # Park Avenue: the avenue is the street
    number = next((word for word in words[: (kind or len(words)) + 3] if word[0].isdigit()), "")
    begin = 0
    if kind is None:
        road = " ".join(word for word in words if not word[0].isdigit())[:40]
    else:
        before = [place for place, word in enumerate(words[:kind]) if word[0].isdigit()]
        begin = before[-1] + 1 if before else max(0, kind - 2)
        number = words[before[-1]] if before else number
        road = "".join(_as_in_china(words[begin:kind]))
    if kind is None or words[kind] in STREET_KINDS_BEFORE:
        road = _named_behind(text) or (_beside_number(text) if kind is None else "") or road
    tail = " ".join(word for word in words[(kind or 0) + 1 :] if not word[0].isdigit()) if kind is not None else ""
    return Address(city or tail, "", road, number, rest, "", postcode)


def _as_in_china(words: list[str]) -> list[str]:
    """The words of a road's name; of a Chinese one with its direction behind, as it is read: Yan'an East, yanandong."""
    name = [word for word in words if word not in _DIRECTIONS]
    if len(name) == len(words) or not name or not all(map(is_pinyin, name)):
        return words
    return name + [_DIRECTIONS[word] for word in words if word in _DIRECTIONS]


def _beside_number(text: str) -> str:
    """The road where no kind of street tells it: the words that stand with a number between commas; else ''."""
    for part in text.split(","):
        words = _UNIT.sub(" ", " ".join(_street_words(part))).split()
        name = [word for word in words if not word[0].isdigit()]
        if len(words) > len(name) and len("".join(name)) >= 4:
            return "".join(name)[:40]
    return ""


def _street_words(text: str) -> list[str]:
    """The words of an address in their usual form, without those that say nothing (No.)."""
    return [word for word in (STREET_WORDS.get(word, word) for word in latin_words(text)) if word]


def _named_behind(text: str) -> str:
    """The road where its kind stands before it: 18, rue Victor Hugo; '' where it does not."""
    for part in text.split(","):
        words = [word for word in _street_words(part) if not word[0].isdigit()]
        if len(words) > 1 and words[0] in STREET_KINDS_BEFORE:
            return "".join(words[1:])
    return ""


def likeness(one: Address, other: Address) -> str:
    """How alike two addresses are, in a word that the weights know."""
    if _differ(one.city, other.city) and not (one.postcode and one.postcode == other.postcode):
        return "different"
    if one.road and other.road:
        return _by_road(one, other)
    if one.building and one.building == other.building:
        return _by_rooms(one, other, "same_building")
    if one.building and other.building:
        short, long = sorted((one.building, other.building), key=len)
        if len(short) >= 6 and short in long:
            return _by_rooms(one, other, "same_building")
    return "unclear"


def _by_road(one: Address, other: Address) -> str:
    """Both name a road."""
    # 厦门 湖里 天山街: a district without its 区 is read as part of the road.
    is_same = one.road == other.road or one.road in _with_district(other) or other.road in _with_district(one)
    if not is_same:
        short, long = sorted((one.road, other.road), key=len)
        is_near = len(short) >= 5 and (
            DamerauLevenshtein.distance(short, long, score_cutoff=2) <= (1 if len(short) < 9 else 2)
            or long.endswith(short)
            or long.startswith(short)
        )
        if not is_near or one.number != other.number or not one.number:
            return "different"
    if _differ(one.district, other.district):
        return "different"
    if one.number and other.number:
        if one.number != other.number:
            return "other_number"
        return _by_rooms(one, other, "same" if is_same else "similar")
    return "same_road"


def _with_district(of: Address) -> tuple[str, ...]:
    """The road with its district before it, as it is read."""
    return (sound(of.district) + of.road,) if of.district else ()


def _by_rooms(one: Address, other: Address, agreed: str) -> str:
    """The same house: what rooms and floors say."""
    if not one.rest or not other.rest:
        return f"{agreed}_without_room" if one.rest or other.rest else agreed
    short, long = sorted((one.rest, other.rest), key=len)
    return agreed if set(short) <= set(long) else "other_room"


def _differ(one: str, other: str) -> bool:
    """Whether both are written and neither holds the other."""
    return bool(one and other and one not in other and other not in one)
