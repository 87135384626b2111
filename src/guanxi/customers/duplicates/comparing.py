"""Two customers compared: what agrees, what differs, how much each says, and how likely they are one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guanxi.customers.duplicates import addresses, contacts, organisation_names, person_names, weights
from guanxi.customers.duplicates.organisation_names import OrganisationName
from guanxi.customers.duplicates.places import CITIES, city_called, place_at_head
from guanxi.customers.duplicates.records import Features
from guanxi.customers.duplicates.vocabulary import COUNTRY_CODES
from guanxi.customers.duplicates.weights import Frequencies

# What cannot be outweighed by any number of shared places.
_VETO = -8.0
_ABROAD = re.compile(r"(?:\+|00)([1-9]\d{0,2})")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against: field, what was found, its bits, and the two values it was found in."""

    field: str
    found: str
    bits: float
    values: tuple[str, str] = ("", "")
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """How likely two customers are one, and why; the strongest evidence first."""

    score: float
    bits: float
    evidence: tuple[Evidence, ...]


def compare(one: Features, other: Features, known: Frequencies) -> Comparison:
    """Compare two customers."""
    found = list(_names(one, other, known))
    found += _contacts(one, other, known)
    found += _facts(one, other)
    bits = known.prior + _sum(found)
    if _is_vetoed(found):
        bits = min(bits, _VETO)
    found.sort(key=lambda evidence: -abs(evidence.bits))
    return Comparison(round(weights.probability(bits), 4), bits, tuple(found))


def _sum(found: Iterable[Evidence]) -> float:
    """All bits together; what places share fades with each that says the same."""
    total = 0.0
    shared = []
    for evidence in found:
        if evidence.is_shared and evidence.bits > 0:
            shared.append(evidence.bits)
        else:
            total += evidence.bits
    shared.sort(reverse=True)
    fading = weights.SHARED_FADING
    return total + sum(bits * fading[min(place, len(fading) - 1)] for place, bits in enumerate(shared))


def _is_vetoed(found: Sequence[Evidence]) -> bool:
    """Whether something says that they are two, whatever else they share."""
    says = {evidence.field: evidence.found for evidence in found}
    if says.get("branch") in {"one_only", "different"} or says.get("numbers") == "different":
        return True
    if says.get("tax_id") == "same":
        return False
    if says.get("line") == "different" or says.get("home") == "different":
        # Sister firms and those of other cities are told apart by just that, whatever they share.
        return True
    if says.get("tax_id") == "different" or says.get("birth_on") == "different":
        return True
    own = sum(e.bits for e in found if e.bits > 0 and not e.is_shared and e.field in {"phone", "email", "wechat"})
    name = says.get("name")
    return (
        name in weights.CLEARLY_DIFFERENT
        or (name in weights.PARTLY_DIFFERENT and own < weights.OWN_ENOUGH)
        or (name in weights.SEEN_ALIKE and own < weights.ONE_OF_OWN)
    )


# Names ---------------------------------------------------------------------------------------------------------------
def _names(one: Features, other: Features, known: Frequencies) -> list[Evidence]:
    """What the names say."""
    if one.is_organisation or other.is_organisation:
        return _firms(one, other, known)
    best: Evidence | None = None
    for mine in one.people:
        for yours in other.people:
            word = person_names.likeness(mine, yours)
            evidence = Evidence("name", word, _person_bits(word, mine, yours, known), _texts(one, other))
            if best is None or evidence.bits > best.bits:
                best = evidence
    return [best] if best else []


def _person_bits(word: str, mine: person_names.PersonName, yours: person_names.PersonName, known: Frequencies) -> float:
    """The weight of two people's names."""
    most = weights.PERSON_NAME[word]
    if word == "surname":
        return max(most, weights.surname_weight(mine if mine.is_han else yours))
    if word not in weights.NAME_DISCOUNT:
        return most
    common = set(person_names.sound_keys(mine)) & set(person_names.sound_keys(yours))
    key = max(common, key=lambda text: known.of("name", text), default="")
    chance = weights.person_chance(mine if mine.is_han else yours)
    if word == "same":
        return known.weight("written", mine.written, most, chance)
    return known.weight("name", key, most, chance * 3) - weights.NAME_DISCOUNT[word]


def _texts(one: Features, other: Features) -> tuple[str, str]:
    """Both names as written."""
    return one.record.name, other.record.name


def _firms(one: Features, other: Features, known: Frequencies) -> list[Evidence]:
    """What the names of two organisations say, or of one and a person."""
    mine_all = one.firms or tuple(organisation_names.parse(name.written) for name in one.people[:1])
    yours_all = other.firms or tuple(organisation_names.parse(name.written) for name in other.people[:1])
    best: list[Evidence] = []
    for mine in mine_all:
        for yours in yours_all:
            found = _firm(mine, yours, one, other, known)
            if not best or sum(e.bits for e in found) > sum(e.bits for e in best):
                best = found
    if one.is_organisation != other.is_organisation:
        is_same_name = any(e.field == "name" and e.found in weights.BRAND_DISCOUNT for e in best)
        bits = weights.KIND["different_of_one_name" if is_same_name else "different"]
        best.append(Evidence("kind", "different", bits, (one.record.kind, other.record.kind)))
    return best


def _firm(
    mine: OrganisationName, yours: OrganisationName, one: Features, other: Features, known: Frequencies
) -> list[Evidence]:
    """One pair of names."""
    texts = _texts(one, other)
    brand = organisation_names.brand_likeness(mine, yours)
    bits = weights.BRAND[brand]
    if brand in weights.BRAND_DISCOUNT:
        chance = max(weights.brand_chance(mine), weights.brand_chance(yours))
        bits = known.weight("name", mine.spoken, bits, chance) - weights.BRAND_DISCOUNT[brand]
        if brand == "same" and mine.core == yours.core and mine.places == yours.places:
            bits = max(bits, known.weight("written", mine.whole, weights.BRAND["same"], chance))
    found = [Evidence("name", brand, bits, texts)]
    for field, word, table in (
        ("line", organisation_names.lines_likeness(mine, yours), weights.LINES),
        ("home", _homes(mine, yours, one, other), weights.HOME),
        ("branch", _branches(mine.branch, yours.branch, one, other), weights.BRANCH),
        ("numbers", _of_sets(mine.numbers, yours.numbers), weights.NUMBERS),
    ):
        if word in table and table[word] and (brand != "different" or table[word] < 0):
            found.append(Evidence(field, word, table[word], texts))
    return found


def _of_sets(one: frozenset[str], other: frozenset[str]) -> str:
    """How two sets of words agree."""
    if not one and not other:
        return "none"
    if one == other:
        return "same"
    if not one or not other:
        return "one_missing"
    return "some" if one & other else "different"


def _homes(mine: OrganisationName, yours: OrganisationName, one: Features, other: Features) -> str:
    """Whether two names put their firms in the same place."""
    if _are_of_two_countries(mine, yours, one, other):
        return "different"
    if mine.places & yours.places:
        return "same"
    for level in (CITIES.__contains__, lambda place: place not in CITIES):
        first, second = set(filter(level, mine.places)), set(filter(level, yours.places))
        if first and second:
            return "different"
    return "unknown" if mine.country == yours.country else "one_abroad"


def _are_of_two_countries(mine: OrganisationName, yours: OrganisationName, one: Features, other: Features) -> bool:
    """Whether two names say that one is the other's firm in another country: Bauer GmbH, Bauer France.

    Of one that names no country its legal form and its telephones tell.
    """
    if mine.country == yours.country:
        return bool(mine.codes and yours.codes) and not mine.codes & yours.codes
    if mine.country and yours.country:
        return True
    named, bare, whose = (mine, yours, other) if mine.country else (yours, mine, one)
    code = COUNTRY_CODES[named.country]
    called = {match[1] for phone in whose.record.phones if (match := _ABROAD.match(phone))}
    told = [codes for codes in (bare.codes or bare.loose_codes, called) if codes]
    return bool(told) and not any(code in codes or any(text.startswith(code) for text in codes) for codes in told)


def _branches(mine: str, yours: str, one: Features, other: Features) -> str:
    """What branches say; two shops on roads of one name in two cities are two."""
    if not mine and not yours:
        return "none"
    if mine == yours:
        here, there = _cities(one), _cities(other)
        is_named_for_city = place_at_head(mine)[1] or any(map(city_called, mine.split()))
        return "different" if here and there and not here & there and not is_named_for_city else "same"
    return "different" if mine and yours else "one_only"


def _cities(of: Features) -> set[str]:
    """The cities that a record and its addresses name, as far as they are ours."""
    return {city for city in (of.city, *(place.city for place in of.places)) if city in CITIES}


# Ways to reach them --------------------------------------------------------------------------------------------------
def _contacts(one: Features, other: Features, known: Frequencies) -> list[Evidence]:
    """What telephones, mailboxes, WeChat ids and addresses say."""
    mine, yours = one.record, other.record
    found = []
    if mine.phones and yours.phones:
        found.append(max((_phone(a, b, known) for a in mine.phones for b in yours.phones), key=_bits))
    if mine.emails and yours.emails:
        found.append(max((_email(a, b, one, other, known) for a in mine.emails for b in yours.emails), key=_bits))
    if mine.wechats and yours.wechats:
        shared = sorted(set(mine.wechats) & set(yours.wechats))
        word = "same" if shared else "different"
        bits = known.weight("wechat", shared[0], 20.0, weights.CHANCE["wechat"]) if shared else weights.WECHAT[word]
        found.append(Evidence("wechat", word, bits, (mine.wechats[0], yours.wechats[0])))
    if one.places and other.places:
        found.append(max((_address(one, other, i, j, known) for i in range(len(one.places)) for j in range(len(other.places))), key=_bits))  # fmt: skip
    return found


def _is_made_of_name(email: str, of: Features) -> bool:
    """Whether a mailbox is called as its holder is, in words or initials, without a number of its own."""
    local = contacts.account(email).partition("@")[0]
    letters = re.sub(r"[^a-z]", "", local)
    return not re.search(r"\d", local) and any(letters in person_names.mailbox_names(name) for name in of.people)


def _bits(evidence: Evidence) -> float:
    """By what the best of several is chosen."""
    return evidence.bits


def _phone(one: str, other: str, known: Frequencies) -> Evidence:
    """Two telephone numbers."""
    word = contacts.phone_likeness(one, other)
    bits = weights.PHONE[word]
    base = contacts.phone_parts(one)[0]
    holders = known.of("phone", contacts.phone_tail(base))
    if word in {"same", "same_line", "other_extension", "tail"}:
        bits = known.weight("phone", contacts.phone_tail(base), bits, weights.CHANCE["phone"])
    is_shared = word != "different" and (not contacts.is_mobile(base) or holders > 3)
    return Evidence("phone", word, bits, (one, other), is_shared)


def _email(one: str, other: str, mine: Features, yours: Features, known: Frequencies) -> Evidence:
    """Two e-mail addresses; of a namesake's mailbox the letters that make up the name are no surprise."""
    word = contacts.email_likeness(one, other)
    bits = weights.EMAIL[word]
    account = contacts.account(one)
    is_office = contacts.is_office_mailbox(one) or known.of("email", account) > 3
    if word in {"same", "same_account"}:
        bits = known.weight("email", account, bits, weights.CHANCE["email"])
        are_firms = mine.is_organisation or yours.is_organisation
        most = weights.OFFICE_MAILBOX_OF_FIRM if are_firms and contacts.own_domain(one) else weights.OFFICE_MAILBOX
        bits = min(bits, most) if contacts.is_office_mailbox(one) else bits
    elif word == "same_domain":
        bits = known.weight("domain", contacts.own_domain(one), bits, weights.CHANCE["domain"])
    elif word == "same_local_part" and _is_made_of_name(one, mine):
        bits = weights.LOCAL_PART_OF_NAME
    return Evidence("email", word, bits, (one, other), word == "same_domain" or (is_office and bits > 0))


def _address(one: Features, other: Features, mine: int, yours: int, known: Frequencies) -> Evidence:
    """Two addresses."""
    place = one.places[mine]
    word = addresses.likeness(place, other.places[yours])
    bits = weights.ADDRESS[word]
    if bits > 5 and place.place_key:
        bits = known.weight("address", place.place_key, bits, weights.CHANCE["address"])
    texts = one.record.addresses[mine], other.record.addresses[yours]
    return Evidence("address", word, bits, texts, bits > 0)


# Facts ---------------------------------------------------------------------------------------------------------------
def _facts(one: Features, other: Features) -> list[Evidence]:
    """What numbers of the state, dates of birth and cities say."""
    found = []
    if one.tax and other.tax:
        word = contacts.number_likeness(one.tax, other.tax)
        found.append(Evidence("tax_id", word, weights.TAX[word], (one.record.tax_id, other.record.tax_id)))
    born, born_2 = one.record.born_on, other.record.born_on
    if born and born_2 and not one.is_organisation:
        word = "same" if born == born_2 else "similar" if _is_slip_of_dates(born, born_2) else "different"
        found.append(Evidence("birth_on", word, weights.BORN[word], (born, born_2)))
    if one.city and other.city and not (one.places and other.places):
        word = "same" if one.city == other.city else "different"
        found.append(Evidence("city", word, weights.CITY[word], (one.record.city, other.record.city), True))
    return found


def _is_slip_of_dates(one: str, other: str) -> bool:
    """Whether two dates differ by day and month swapped or by one digit."""
    if one[:4] == other[:4] and (one[5:7], one[8:10]) == (other[8:10], other[5:7]):
        return True
    return sum(a != b for a, b in zip(one, other, strict=False)) == 1
