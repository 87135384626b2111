"""How much each agreement or difference says, in bits: log2(m / u).

m is the probability of what is seen when two records are of the same customer, u when they are of two different ones
(Fellegi & Sunter 1969). Agreement on a value is weighed by how many hold it (Winkler 2000): u comes from the base
itself, smoothed towards what is known of names in general, so that 张伟 counts less than a rare name and a telephone of
forty people less than one of two.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from guanxi.customers.duplicates.organisation_names import OrganisationName
from guanxi.customers.duplicates.person_names import PersonName
from guanxi.customers.duplicates.vocabulary import SURNAME_PER_MILLE

# The share of customers that are on record twice, before anything is known.
DUPLICATE_SHARE = 0.05
# As many customers the knowledge from outside counts for.
SMOOTHING = 20_000.0
SMALLEST_BASE = 1_000
# Evidence leans on other evidence, so that sums overstate: bits are divided by this before they become a probability.
TEMPER = 1.6

# Each word of a comparison: its fixed weight, or its most where the frequency of the value decides.
PERSON_NAME = {
    "same": 17.0, "swapped": 15.0, "pinyin": 14.0, "same_sound": 12.0, "without_middle": 15.0, "nickname": 7.0,
    "similar": 6.5, "similar_shape": 5.0, "romanised": 9.0, "initial": 4.0, "pinyin_initials": 4.5, "part": 1.0, "other_middle": 1.0, "surname": 2.0,
    "surname_other_script": 2.0, "other_script": -1.5, "other_surname": -4.0, "given_in_part": -7.0, "other_given": -15.0,
    "different": -15.0, "other_generation": -18.0,
}  # fmt: skip
# What is taken off where a name agrees less than to the letter.
NAME_DISCOUNT = {"same": 0.0, "swapped": 1.5, "pinyin": 1.5, "same_sound": 4.0, "without_middle": 1.0}
# Names of two people, whatever they share; a given name that agrees in part may be a slip where nothing else differs.
CLEARLY_DIFFERENT = frozenset({"other_given", "different", "other_generation"})
# So many bits of what belongs to one person alone: two of telephone, mailbox, WeChat.
OWN_ENOUGH = 30.0
PARTLY_DIFFERENT = frozenset({"given_in_part"})
# 王宁 and 王宇: one written for the other, or brother and sister at one address; one thing of one's own decides.
SEEN_ALIKE = frozenset({"similar_shape"})
ONE_OF_OWN = 15.0
BRAND = {
    "same": 15.0, "same_sound": 12.0, "pinyin": 12.0, "pinyin_head": 7.0, "similar": 6.0, "part": 3.5, "near": -4.0,
    "other_script": -3.0, "different": -13.0,
}  # fmt: skip
BRAND_DISCOUNT = {"same": 0.0, "same_sound": 3.0, "pinyin": 2.0}
LINES = {"same": 3.0, "some": 1.0, "one_missing": -0.5, "none": 0.0, "unclear": 0.0, "different": -9.0}
HOME = {"same": 1.5, "unknown": 0.0, "one_abroad": -5.0, "different": -8.0}
BRANCH = {"none": 0.0, "same": 3.0, "one_only": -16.0, "different": -18.0}
NUMBERS = {"none": 0.0, "same": 2.0, "one_missing": -4.0, "different": -16.0}
# A file often does not say what a row is, and a firm without its legal form passes for a person.
KIND = {"same": 0.0, "different": -8.0, "different_of_one_name": -2.5}
PHONE = {
    "same": 20.0, "same_line": 12.0, "other_extension": 6.0, "tail": 12.0, "similar": 9.0, "different": -1.5,
}  # fmt: skip
EMAIL = {
    "same": 20.0, "same_account": 18.0, "similar": 10.0, "same_local_part": 6.0, "same_domain": 5.0, "different": -1.2,
}  # fmt: skip
OFFICE_MAILBOX = 8.0
# Of two firms: at a domain of its own the office's mailbox is the firm's.
OFFICE_MAILBOX_OF_FIRM = 14.0
# A namesake's mailbox elsewhere, called as the name is.
LOCAL_PART_OF_NAME = 1.5
WECHAT = {"same": 20.0, "different": -1.5}
TAX = {"same": 24.0, "similar": 6.0, "different": -14.0}
ADDRESS = {
    "same": 15.0, "same_without_room": 13.0, "similar": 9.0, "similar_without_room": 8.0, "same_building": 11.0,
    "same_building_without_room": 8.0, "same_road": 1.5, "other_room": 1.0, "unclear": 0.0, "other_number": -3.5,
    "different": -3.0,
}  # fmt: skip
CITY = {"same": 1.5, "different": -2.5}
BORN = {"same": 12.0, "similar": 3.0, "different": -10.0}

# The probability that two different customers agree on a value by chance, before the base is asked.
CHANCE = {"phone": 5e-7, "email": 5e-7, "address": 2e-6, "wechat": 2e-7, "domain": 2e-3}
# Places that a household or an office shares: of several such agreements the second says half, the third a quarter.
SHARED_FADING = (1.0, 0.5, 0.25)


@dataclass(frozen=True)
class Frequencies:
    """How many customers there are and how many of them hold a value (by its key); one or two are left out."""

    customers: int
    held_by: Mapping[int, int] = field(default_factory=dict)

    def of(self, kind: str, value: str) -> int:
        """How many customers hold a value."""
        return self.held_by.get(key_of(kind, value), 2) if self.held_by else 2

    @property
    def prior(self) -> float:
        """The log-odds, in bits, that two customers taken by lot are one: expected pairs over possible pairs."""
        return math.log2(2 * DUPLICATE_SHARE / max(self.customers, SMALLEST_BASE))

    def weight(self, kind: str, value: str, most: float, chance: float) -> float:
        """The weight of agreeing on a value, at most `most`."""
        return self.weight_of(self.of(kind, value), most, chance)

    def weight_of(self, holders: int, most: float, chance: float) -> float:
        """The weight of agreeing on a value that so many hold."""
        others = max(holders - 2, 0)
        likely = (others + SMOOTHING * chance) / (max(self.customers, 1) + SMOOTHING)
        return max(0.5, min(most, math.log2(0.9 / max(likely, 1e-9))))


def key_of(kind: str, value: str) -> int:
    """The number under which a value is counted and its holders are brought together."""
    return int.from_bytes(blake2b(f"{kind}:{value}".encode(), digest_size=8).digest(), "little")


def person_chance(name: PersonName) -> float:
    """How likely two people bear this name, as far as names in general tell."""
    if not name.is_han:
        return 1e-4 if len(name.tokens) > 1 else 1e-3
    surname = SURNAME_PER_MILLE.get(name.surname, 1) / 1000
    return max(surname * (8e-3 if len(name.given) < 2 else 3e-4), 1e-7)


def surname_weight(name: PersonName) -> float:
    """What agreeing on the surname alone says."""
    share = SURNAME_PER_MILLE.get(name.surname, 1) / 1000 if name.is_han else 3e-3
    return min(7.0, math.log2(0.25 / share))


def brand_chance(name: OrganisationName) -> float:
    """How likely two firms bear this brand, as far as its length tells."""
    if name.is_han:
        return {0: 1e-2, 1: 1e-2, 2: 4e-4, 3: 4e-5}.get(len(name.brand), 5e-6)
    length = len(name.spoken)
    return 1e-3 if length <= 4 else 1e-4 if length <= 7 else 1e-5


def probability(bits: float) -> float:
    """Bits as a probability."""
    return 1.0 / (1.0 + 2.0 ** (-max(-60.0, min(60.0, bits / TEMPER))))
