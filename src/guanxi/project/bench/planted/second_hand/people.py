"""Who is on record in the second set: people and firms of the mainland, Hong Kong, Taiwan and the West."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

import phonenumbers
from opencc import OpenCC

from guanxi.project.bench.planted.people import CREDIT_ALPHABET, Entity
from guanxi.project.bench.planted.second_hand import words
from guanxi.project.bench.planted.second_hand.slips import syllables, wade_giles

Item = TypeVar("Item")
REGIONS = ("mainland", "hongkong", "taiwan", "west")
CONVERSIONS = {region: OpenCC(which) for region, which in (("hongkong", "s2hk"), ("taiwan", "s2tw"), ("plain", "t2s"))}


def plain(text: str) -> str:
    """Letters without marks, small, and nothing else: what a mailbox is made of."""
    spelt = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "O"))
    return "".join(char for char in spelt.lower() if char.isascii() and char.isalnum())


class Maker:
    """Makes people and firms by lot. `parts` of a person: region, surname, given name, English name; of a firm: region,
    city, brand, business, form. Chinese parts are simplified."""

    def __init__(self, seed: int, *, is_large: bool = False) -> None:
        """Begin; for a large set names of firms are longer, so that they do not run out."""
        self._is_large = is_large
        self.lot = random.Random(f"second hand {seed}")
        self._used: set[str] = set()

    def pick(self, items: Sequence[Item]) -> Item:
        """One by lot."""
        return self.lot.choice(items)

    def chance(self, share: float) -> bool:
        """Whether it happens."""
        return self.lot.random() < share

    def pattern(self, text: str) -> str:
        """A digit for each #."""
        return "".join(self.pick("0123456789") if char == "#" else char for char in text)

    def new(self, make: Callable[[], str]) -> str:
        """A text that nobody else has."""
        while (text := make()) in self._used:
            pass
        self._used.add(text)
        return text

    # Ways to reach them --------------------------------------------------------------------------------------------
    def number(self, shape: Callable[[], str]) -> str:
        """A telephone number that nobody else has and that its country's plan allows."""
        while True:
            number = self.new(lambda: self.pattern(shape()))
            if phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")):
                return number

    def mobile(self, region: str, city: str = "") -> str:
        """A mobile number, as it stands where it was first written down."""
        heads = {
            "mainland": ("131", "152", "159", "178", "189", "199"),
            "hongkong": ("+852 9", "+852 6"),
            "taiwan": ("+886 9",),
        }
        if region == "west":
            return self.line(region, city)
        tails = {"mainland": "########", "hongkong": "### ####", "taiwan": "## ### ###"}
        return self.number(lambda: self.pick(heads[region]) + tails[region])

    def line(self, region: str, city: str) -> str:
        """A fixed line."""
        if region == "mainland":
            code, digits = words.MAINLAND[city][0], "2######" if city == "厦门" else "8#######"
            if city in words.MOVED_CODES:
                _old, code, digit = words.MOVED_CODES[city]
                digits = f"{digit}2######"
            return self.number(lambda: f"{code}-{digits}")
        if region == "hongkong":
            return self.number(lambda: self.pick(("+852 2", "+852 3")) + "### ####")
        if region == "taiwan":
            code = next(row[3] for row in words.TAIWAN if row[0] == city)
            digits = "2### ####" if code in "24" else "2## ####"
            return self.number(lambda: f"+886 {code} {digits}")
        code = next(row[1] for row in words.WEST if row[0] == city)
        digits = {"+1": f" {self.pick('23456789')}## ####", "+33": " 72 ## ## ##", "+34": " 4## ## ##"}.get(
            code.split()[0], " 4## ####"
        )
        return self.number(lambda: code + digits)

    def mailbox(self, stem: str) -> str:
        """A personal mailbox."""
        stem = stem or "me"
        return self.new(
            lambda: self.pattern(
                f"{stem}{self.pick(('', '_', '-'))}{self.pick(('##', '###', '19##'))}@{self.pick(words.PERSONAL_MAIL)}"
            )
        )

    def address(self, region: str, city: str, *, home: bool) -> str:
        """An address in full."""
        return {"mainland": self._mainland, "hongkong": self._hong_kong, "taiwan": self._taiwan, "west": self._western}[
            region
        ](city, home=home)

    def _mainland(self, city: str, *, home: bool) -> str:
        """An address of the mainland."""
        head = f"{words.PROVINCES.get(city, '')}{city}市{self.pick(words.MAINLAND[city][2].split())}{self.pick(words.ROADS)}{self.lot.randint(1, 900)}号"
        if home:
            return f"{head}{self.pick(words.ESTATES)}{self.lot.randint(1, 40)}栋{self.lot.randint(1, 4)}单元{self.lot.randint(1, 32)}0{self.lot.randint(1, 4)}"
        return f"{head}{self.pick(words.TOWERS)}{self.pick('ABC')}座{self.lot.randint(3, 38)}层{self.lot.randint(1, 20):02d}号"

    def _hong_kong(self, city: str, *, home: bool) -> str:
        """An address of Hong Kong, in characters."""
        district, road, house, *_letters = next(row for row in words.HONG_KONG if row[0] == city)
        flat = f"{self.lot.randint(1, 40)}樓{self.pick('ABCDEFGH') if home else self.lot.randint(1, 18)}室"
        return f"香港{district}{road}{self.lot.randint(1, 400)}號{house}{flat}"

    def _taiwan(self, city: str, *, home: bool) -> str:
        """An address of Taiwan."""
        _city, district, road, _code = self.lot.choice([row for row in words.TAIWAN if row[0] == city])
        lane = f"{self.lot.randint(2, 300)}巷" if home else ""
        return f"{city}{district}{road}{lane}{self.lot.randint(1, 500)}號{self.lot.randint(2, 20)}樓{'之' + self.pick('123456') if self.chance(0.6) else ''}"

    def _western(self, city: str, *, home: bool) -> str:
        """An address of Europe or America."""
        town, code, post, streets = next(row for row in words.WEST if row[0] == city)
        street, post = self.pick(streets.split()).replace("_", " "), self.pattern(post).replace("_", " ")
        number, suite = (
            self.lot.randint(1, 480),
            f"{self.pick(('Apt', 'Unit') if home else ('Suite', 'Floor'))} {self.lot.randint(1, 60)}",
        )
        if code.startswith("+49"):
            return f"{street} {number}, {post} {town}"
        if code.startswith("+34"):
            return f"{street}, {number}, {post} {town}"
        return f"{number} {street}, {suite}, {town} {post}"

    # Numbers of the state ------------------------------------------------------------------------------------------
    def resident_id(self, city: str, born: str = "") -> str:
        """An identity number of the mainland, with its check digit."""
        born = born or f"{self.lot.randint(1948, 2006)}{self.lot.randint(1, 12):02d}{self.lot.randint(1, 28):02d}"
        body = self.new(lambda: self.pattern(f"{words.MAINLAND[city][1]}{born}###"))
        return body + "10X98765432"[sum(int(char) * (2 ** (17 - place) % 11) for place, char in enumerate(body)) % 11]

    def number_of(self, region: str, city: str, *, is_firm: bool) -> str:
        """The number that the state gave."""
        if region == "mainland" and not is_firm:
            return self.resident_id(city)
        if region == "mainland":
            body = self.new(
                lambda: f"91{words.MAINLAND[city][1]}MA" + "".join(self.pick(CREDIT_ALPHABET) for _place in range(7))
            )
            return (
                body
                + CREDIT_ALPHABET[
                    -sum(CREDIT_ALPHABET.index(char) * (3**place % 31) for place, char in enumerate(body)) % 31
                ]
            )
        if not is_firm:
            return ""
        country = {"hongkong": "HK", "taiwan": "TW"}.get(region) or self.pick(("DE", "FR", "ES", "US"))
        return self.new(lambda: self.pattern(f"{country}{'########' if region != 'west' else '#########'}"))

    # Who they are --------------------------------------------------------------------------------------------------
    def city(self, region: str) -> str:
        """A city of a region; in Hong Kong, a district."""
        return self.pick({
            "mainland": list(words.MAINLAND), "hongkong": [row[0] for row in words.HONG_KONG], "taiwan": [row[0] for row in words.TAIWAN],
            "west": [row[0] for row in words.WEST],
        }[region])  # fmt: skip

    def person(self, region: str) -> Entity:
        """Somebody."""
        city = self.city(region)
        if region == "west":
            first, last = self.pick(list(words.WEST_FIRST)), self.pick(words.WEST_LAST).replace("_", " ")
            parts, stem = (region, last, first, self.pick("ABCDEFGHJKLMNPRSTW")), f"{plain(first)}.{plain(last)}"
        else:
            surname = self.pick(list(words.SURNAMES))
            given = "".join(self.pick(list(words.GIVEN)) for _sign in range(1 if self.chance(0.15) else 2))
            parts = (region, surname, given, self.pick(words.ENGLISH_NAMES))
            stem = self.pick(
                (
                    parts[3].lower(),
                    "".join(syllables(surname + given)),
                    "".join(part[0] for part in syllables(surname + given)) + "qq",
                )
            )
        return Entity(
            "person", person_name(parts), self.mobile(region, city), self.mailbox(stem), self.number_of(region, city, is_firm=False),
            self.address(region, city, home=True), "香港" if region == "hongkong" else city, region != "west", parts,
        )  # fmt: skip

    def firm(self, region: str) -> Entity:
        """A company."""
        city = self.city(region)
        if region == "west":
            business = self.pick(words.WEST_BUSINESS)
            brand = self.new(
                lambda: " ".join(
                    [self.pick(words.WEST_BRANDS), *self._last_names(2 if self._is_large else 1), business]
                )
            ).removesuffix(f" {business}")
            form, stem = self.pick(list(words.WEST_FORMS)), plain(brand)
        else:
            business = self.pick(list(words.BUSINESS))
            brand = self.new(
                lambda: "".join(self.pick(words.BRAND_CHARACTERS) for _sign in range(self._length())) + business
            ).removesuffix(business)
            form = {
                "mainland": self.pick(("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")),
                "hongkong": "有限公司",
                "taiwan": "股份有限公司",
            }[region]
            stem = "".join(syllables(brand))
        parts = (region, city, brand, business, form)
        domain = self.new(
            lambda: self.pattern(
                f"{stem}{self.pick(('', '-group', '#', '##', '-###'))}.{self.pick(('com', 'net', 'com.cn', 'biz', 'com.hk'))}"
            )
        )
        return Entity(
            "organisation", firm_name(parts), self.line(region, city), f"{self.pick(('mail', 'service', 'admin', 'office', 'hello'))}@{domain}",
            self.number_of(region, city, is_firm=True), self.address(region, city, home=False), "香港" if region == "hongkong" else city, region != "west", parts,
        )  # fmt: skip

    def _last_names(self, count: int) -> list[str]:
        """Some Western surnames."""
        return [self.pick(words.WEST_LAST).replace("_", " ") for _one in range(count)]

    def _length(self) -> int:
        """Of how many characters a brand is."""
        return self.lot.choice((3, 3, 4) if self._is_large else (2, 2, 3))

    def anybody(self) -> Entity:
        """Somebody or some firm, of anywhere, with some fields empty; at least one way to reach them stays."""
        region = self.lot.choices(REGIONS, (55, 12, 12, 21))[0]
        one = self.person(region) if self.chance(0.6) else self.firm(region)
        return self.without(one, [name for name in ("phone", "email", "tax_id", "address") if self.chance(0.3)])

    def without(self, one: Entity, empty: Sequence[str]) -> Entity:
        """The same with some fields empty, but the telephone or the mailbox."""
        empty = [name for name in empty if name != "phone"] if {"phone", "email"} <= set(empty) else empty
        return one.but(**dict.fromkeys(empty, ""))


def person_name(parts: tuple[str, ...]) -> str:
    """The name as its owner writes it."""
    region, surname, given, _english = parts
    if region == "west":
        return f"{given} {surname}"
    return surname + given if region == "mainland" else CONVERSIONS[region].convert(surname + given)


def firm_name(parts: tuple[str, ...]) -> str:
    """The name as it is registered."""
    region, city, brand, business, form = parts
    if region == "west":
        return f"{brand} {business} {form}"
    if region == "mainland":
        return f"{city}{brand}{business}{form}"
    return CONVERSIONS[region].convert(f"{brand}{business}{form}")


def in_cantonese(parts: tuple[str, ...]) -> tuple[str, str]:
    """Surname and given name as papers of Hong Kong spell them."""
    return words.SURNAMES[parts[1]], " ".join(words.GIVEN[char] for char in parts[2])


def in_wade_giles(parts: tuple[str, ...]) -> tuple[str, str]:
    """Surname and given name as passports of Taiwan spell them."""
    surname = "-".join(wade_giles(part) for part in syllables(parts[1]))
    return surname.title(), "-".join(wade_giles(part) for part in syllables(parts[2])).capitalize()
