"""Invented customers, column by column: names with their readings, places, ways to reach them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from guanxi.customers import names
from guanxi.customers.choices import CustomerKind
from guanxi.demo.seeding import vocabulary as words

PERSON_SHARE = 0.72
CHINESE_SHARE = 0.8
SHORT_GIVEN_SHARE = 0.18
CHINA = "中国"

Chooser = np.random.Generator


@dataclass
class People:
    """Customers of one block, one list a column; `number` counts through the whole seed."""

    number: list[int] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    language: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    spoken: list[list[str]] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    city: list[str] = field(default_factory=list)
    country: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    email: list[str] = field(default_factory=list)
    wechat: list[str] = field(default_factory=list)
    address: list[str] = field(default_factory=list)

    @property
    def sort_keys(self) -> list[str]:
        """The keys by which lists sort them, as `names.sort_key` makes them."""
        return [_sort_key(name, forms[0]) for name, forms in zip(self.name, self.spoken, strict=True)]

    @property
    def initials(self) -> list[str]:
        """Their initials, as `names.initials` makes them."""
        return ["".join(w[0] for w in forms[0].split())[: names.INITIALS_LIMIT] for forms in self.spoken]


def _sort_key(name: str, spoken: str) -> str:
    """Return the key by which lists sort a name that is read so."""
    return f"{spoken} {name}"[: names.SORT_KEY_LIMIT].rstrip() if spoken != name else spoken[: names.SORT_KEY_LIMIT]


@cache
def _surname_forms(surname: str) -> list[str]:
    """Return the readings of a surname, its own first."""
    return names.spoken_forms(surname)


@cache
def _read(text: str) -> str:
    """Return how a word is read."""
    return names.spoken_forms(text, CustomerKind.ORGANISATION)[0]


def _weights(count: int) -> NDArray[np.float64]:
    """Return falling shares, as names have them."""
    shares = 1.0 / (np.arange(count) + 6.0)
    return np.asarray(shares / shares.sum())


def _pick(chooser: Chooser, items: Sequence[str], count: int, *, falling: bool = False) -> list[str]:
    """Return `count` items by lot."""
    chosen = chooser.choice(len(items), size=count, p=_weights(len(items)) if falling else None)
    return [items[index] for index in chosen.tolist()]


def choose_persons(chooser: Chooser, count: int) -> NDArray[np.bool_]:
    """Return which of the customers of a block are persons; the others are organisations."""
    return np.asarray(chooser.random(count) < PERSON_SHARE)


def make_people(chooser: Chooser, first_number: int, persons: NDArray[np.bool_]) -> People:
    """Return a block of invented customers."""
    count = persons.size
    people = People(number=list(range(first_number, first_number + count)))
    is_person = persons.tolist()
    is_chinese = (chooser.random(count) < CHINESE_SHARE).tolist()
    makers = {
        (True, True): _chinese_people,
        (False, True): _chinese_companies,
        (True, False): _latin_people,
        (False, False): _latin_companies,
    }
    ready = {
        key: iter(maker(chooser, sum(pair == key for pair in zip(is_person, is_chinese, strict=True))))
        for key, maker in makers.items()
    }
    titles = _pick(chooser, words.TITLES, count)
    cities = _pick(chooser, words.CITIES, count, falling=True)
    abroad = chooser.integers(len(words.LATIN_PLACES), size=count).tolist()
    for index, (person, chinese) in enumerate(zip(is_person, is_chinese, strict=True)):
        name, forms = next(ready[person, chinese])
        city, country = (cities[index], CHINA) if chinese else words.LATIN_PLACES[abroad[index]]
        people.kind.append(CustomerKind.PERSON.value if person else CustomerKind.ORGANISATION.value)
        people.language.append("zh-hans" if chinese else "en")
        people.name.append(name)
        people.spoken.append(forms)
        people.title.append(titles[index] if person and chinese else "")
        people.city.append(city)
        people.country.append(country)
    _add_contacts(chooser, people)
    return people


def _chinese_people(chooser: Chooser, count: int) -> list[tuple[str, list[str]]]:
    """Return (name, readings) of people with Chinese names."""
    surnames = _pick(chooser, words.SURNAMES, count, falling=True)
    compound = (chooser.random(count) < words.COMPOUND_SHARE).tolist()
    rare = _pick(chooser, words.COMPOUND_SURNAMES, count)
    first, second = _pick(chooser, words.GIVEN, count), _pick(chooser, words.GIVEN, count)
    is_short = (chooser.random(count) < SHORT_GIVEN_SHARE).tolist()
    made = []
    for index in range(count):
        surname = rare[index] if compound[index] else surnames[index]
        given = first[index] if is_short[index] else first[index] + second[index]
        made.append((surname + given, [f"{form} {_read(given)}" for form in _surname_forms(surname)]))
    return made


def _chinese_companies(chooser: Chooser, count: int) -> list[tuple[str, list[str]]]:
    """Return (name, readings) of companies with Chinese names."""
    parts = (
        _pick(chooser, words.CITIES, count, falling=True),
        _pick(chooser, words.COMPANY_HEADS, count),
        _pick(chooser, words.COMPANY_HEADS, count),
        _pick(chooser, words.COMPANY_FIELDS, count),
        _pick(chooser, words.COMPANY_FORMS, count),
    )
    made = []
    for city, head, second, line, form in zip(*parts, strict=True):
        spoken = f"{_read(city)} {_read(head)} {_read(second)} {_read(line)} {_read(form)}"
        made.append((city + head + second + line + form, [spoken]))
    return made


def _latin_people(chooser: Chooser, count: int) -> list[tuple[str, list[str]]]:
    """Return (name, readings) of people with Latin names."""
    first, last = _pick(chooser, words.FIRST_NAMES, count), _pick(chooser, words.LAST_NAMES, count, falling=True)
    return [(f"{a} {b}", [f"{a.lower()} {b.lower()}"]) for a, b in zip(first, last, strict=True)]


def _latin_companies(chooser: Chooser, count: int) -> list[tuple[str, list[str]]]:
    """Return (name, readings) of companies with Latin names."""
    parts = (
        _pick(chooser, words.LATIN_HEADS, count),
        _pick(chooser, words.LATIN_HEADS, count),
        _pick(chooser, words.LATIN_FIELDS, count),
        _pick(chooser, words.LATIN_FORMS, count),
    )
    made = []
    for head, second, line, form in zip(*parts, strict=True):
        name = f"{head}{second.lower()} {line} {form}"
        made.append((name, [name.lower()]))
    return made


def _add_contacts(chooser: Chooser, people: People) -> None:
    """Give most customers a telephone, half an e-mail address, some WeChat and an address; every number is new."""
    count = len(people.number)
    has = chooser.random((4, count)) < np.array([[0.9], [0.5], [0.2], [0.35]])
    streets = chooser.integers(1, 2000, size=count).tolist()
    for index, number in enumerate(people.number):
        is_chinese = people.language[index] != "en"
        phone, email, wechat, address = has[:, index].tolist()
        people.phone.append(_phone(number, is_chinese) if phone else "")
        people.email.append(f"c{number}@example.com" if email else "")
        people.wechat.append(f"wx_{number:07d}" if wechat and is_chinese else "")
        people.address.append(_address(people.city[index], streets[index], is_chinese) if address else "")


def _phone(number: int, is_chinese: bool) -> str:
    """Return a number of the right form that no other customer of the seed has."""
    spread = number * 7_368_787 % 100_000_000
    return f"+861{3 + number % 7}{number // 100_000_000 % 10}{spread:08d}" if is_chinese else f"+4479{spread:08d}"


def _address(city: str, number: int, is_chinese: bool) -> str:
    """Return an address in a city."""
    if is_chinese:
        return f"{city}市{words.STREETS[number % len(words.STREETS)]}{number}号"
    return f"{number} {words.LATIN_STREETS[number % len(words.LATIN_STREETS)]}, {city}"
