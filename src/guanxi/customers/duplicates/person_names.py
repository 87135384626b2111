"""Names of people taken apart for comparing, and how alike two of them are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from guanxi.customers import names
from guanxi.customers.duplicates import cantonese, given_names, organisation_names, romanisation
from guanxi.customers.duplicates.folding import (
    as_machines_read,
    can_be_read,
    has_han,
    latin_words,
    one_umlaut,
    plain,
    readings,
    sound,
)
from guanxi.customers.duplicates.look_alikes import differ_in_shape_alone, look_alike
from guanxi.customers.duplicates.romanisation import is_pinyin
from guanxi.customers.duplicates.vocabulary import GENERATIONS, NICKNAMES_OF
from guanxi.customers.surnames import ALTERNATIVES, COMPOUND, READINGS

_BRACKETS = re.compile(r"[(（\[【〔<《].*?[)）\]】〕>》]")
_LATIN_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|herr|frau|mme|m|sig|sra|srta)\.?\s+")
_LATIN_TITLE_BEHIND = re.compile(r"[\s,]+(?:mr|mrs|ms|phd|md|esq|mba)\.?$")
_HAN_TITLE = re.compile(f"(?:{'|'.join(title for title in names.TITLES if len(title) > 1)})$")
_DOUBLED = re.compile(r"(.)\1")
_M_BEFORE = re.compile(r"m\.?\s+[a-z]+\s+[a-z]")
_BETWEEN_PARTS = re.compile(r"[\s\-–—_/|,，、:：()（）\[\]【】]+")
_APOSTROPHES = re.compile(r"['’`´]")


@dataclass(frozen=True, slots=True)
class PersonName:
    """One name of a person: surname and given name as written (simplified, small) and as read in letters."""

    surname: str
    given: str
    spoken_surname: str
    spoken_given: str
    tokens: tuple[str, ...] = ()
    generation: str = ""

    @property
    def is_han(self) -> bool:
        """Whether it is written in Chinese characters."""
        return not self.tokens

    @property
    def written(self) -> str:
        """All of it as written."""
        return self.surname + self.given if self.is_han else " ".join(self.tokens)


@lru_cache(maxsize=50_000)
def parse(text: str) -> tuple[PersonName, ...]:
    """The names in a text: 王伟 (David Wang) holds two; titles are left out; () where there is none."""
    bare = plain(text)
    if has_han(bare):
        bare = beside_a_firm(bare) or bare
        inside = " ".join(_BRACKETS.findall(bare))
        latin = " ".join(word for word in re.findall(r"[a-z][a-z'.\- ]*[a-z]", bare) if len(word) > 1)
        outside = _BRACKETS.sub("", bare) if has_han(_BRACKETS.sub("", bare)) else inside
        han = _han_name("".join(char for char in outside if has_han(char) or char == "·"))
        found = [name for name in (han, _latin_name(latin) if latin else None) if name]
        return tuple(found)
    made = _latin_name(_BRACKETS.sub(" ", bare)) or _latin_name(bare)
    # M. Dupont is Monsieur Dupont, M. Mosquera Planas may be Mayte.
    initial = _latin_name(bare, is_titled=False) if _M_BEFORE.match(bare) else None
    return tuple(name for name in (made, initial) if name)


@lru_cache(maxsize=50_000)
def beside_a_firm(text: str) -> str:
    """The person's name where a text names a person and a firm, as contacts are noted: 恒通机械 王小明, 王小明-苏州恒通."""
    parts = [part for part in _BETWEEN_PARTS.split(text) if part]
    people = [part for part in parts if _is_whole_name(part)]
    if len(parts) < 2 or len(people) != 1:
        return ""
    return people[0] if all(part == people[0] or _names_a_firm(part) for part in parts) else ""


def _is_whole_name(text: str) -> bool:
    """Whether a text is a surname and a given name in Chinese, perhaps with a title."""
    bare = names.split_title(text)[0]
    surname = names.surname_of(bare)
    return bool(surname) and 1 <= len(bare) - len(surname) <= 2 and all(map(has_han, bare))


def _names_a_firm(text: str) -> bool:
    """Whether a text is a brand with something that firms have: a line of business, a place, a legal form."""
    firm = organisation_names.parse(text)
    is_one = firm.lines or firm.places or names.looks_like_organisation(text)
    return bool(firm.is_han and len(firm.brand) >= 2 and is_one)


def _han_name(text: str) -> PersonName | None:
    """A name in Chinese characters."""
    text = text.strip("·")
    if not text:
        return None
    bare, title = names.split_title(text)
    if not title and (found := _HAN_TITLE.search(text)) and found.start():
        bare = text[: found.start()]
    joined = "·" not in bare
    bare = bare.replace("·", "")
    surname = names.surname_of(bare) or (bare[:1] if joined and len(bare) <= 3 else "")
    given = bare[len(surname) :]
    spoken = READINGS.get(surname, "").replace(" ", "") or sound(surname)
    return PersonName(surname, given, one_umlaut(spoken), sound(given))


def _latin_name(text: str, *, is_titled: bool = True) -> PersonName | None:
    """A name in Latin letters; what could be a title before it is none where it `is_titled` not."""
    text = _LATIN_TITLE_BEHIND.sub("", _LATIN_TITLE.sub("", text.strip()) if is_titled else text.strip())
    text = romanisation.without_tones(_APOSTROPHES.sub("", text))
    family, comma, rest = text.partition(",")
    words = latin_words(f"{rest} {family}" if comma else text)
    generation = ""
    kept = []
    for place, word in enumerate(words):
        if word in GENERATIONS and (len(word) > 1 and (place > 0 or comma)):
            generation = GENERATIONS[word]
        elif word != "mr":
            kept.append(word)
    if not kept or all(word.isdigit() for word in kept):
        return None
    words = [one_umlaut(word) for word in kept]
    return PersonName(words[-1], " ".join(words[:-1]), words[-1], "".join(words[:-1]), tuple(words), generation)


def sound_keys(name: PersonName) -> list[str]:
    """Under which keys a name is sought: surname and given name as read, whichever comes first."""
    if name.is_han:
        if not name.given:
            return []
        found = ["|".join(sorted((name.spoken_surname, name.spoken_given)))]
        if not name.surname and len(name.given) in (2, 3):
            found.append("|".join(sorted((sound(name.given[-1]), sound(name.given[:-1])))))
        return found
    words = name.tokens
    if len(words) < 2:
        return []
    first, last = ("".join(words[1:]), words[0]), (words[-1], "".join(words[:-1]))
    return sorted({"|".join(sorted(first)), "|".join(sorted(last))})


@lru_cache(maxsize=20_000)
def mailbox_names(name: PersonName) -> frozenset[str]:
    """What people of this name call their mailboxes: first and last name or their initials, in either order."""
    given, family = name.spoken_given, name.spoken_surname
    if name.is_han:
        initials = "".join(sound(char)[:1] for char in name.given)
    else:
        initials = "".join(word[0] for word in name.tokens[:-1])
        given = name.tokens[0] if len(name.tokens) > 1 else given
    forms = {given, initials, initials[:1], family[:1], name.spoken_given} - {""}
    return frozenset(
        {family} | {a + b for part in forms for a, b in ((part, family), (family, part), (part, family[:1]))}
    )


def skeleton(name: PersonName) -> str:
    """The consonants of a Latin name in alphabetical order of its words: catches most slips of the pen."""
    if name.is_han or len(name.tokens) < 2:
        return ""
    bones = [re.sub(r"(.)\1+", r"\1", word[0] + re.sub(r"[aeiouyhw]", "", word[1:])) for word in name.tokens]
    return " ".join(sorted(bone[:4] for bone in bones if bone))


def likeness(one: PersonName, other: PersonName) -> str:
    """How alike two names are, in a word that the weights know."""
    # Senior is added by others; junior and the numbers belong to the name.
    if one.generation != other.generation and {one.generation, other.generation} != {"", "senior"}:
        return "other_generation"
    if one.is_han and other.is_han:
        return _both_han(one, other)
    if one.is_han != other.is_han:
        return _mixed(one, other) if one.is_han else _mixed(other, one)
    return _both_latin(one, other)


def _both_han(one: PersonName, other: PersonName) -> str:
    """Two names in Chinese characters."""
    if one.written == other.written:
        return "same" if one.given or not one.surname else "surname"
    if not one.given or not other.given:
        bare, whole = (one, other) if not one.given else (other, one)
        return "surname" if bare.surname and whole.written.startswith(bare.surname) else "different"
    if sorted(one.written) == sorted(other.written) and _is_turned(one.written, other.written):
        return "swapped"
    same_surname = one.surname == other.surname
    surname_sounds = same_surname or _surnames_sound_alike(one, other)
    if surname_sounds and one.spoken_given == other.spoken_given:
        return "same_sound"
    if not same_surname and one.given == other.given:
        return "similar_shape" if differ_in_shape_alone(one.surname, other.surname) else "other_surname"
    if same_surname:
        return _given_han(one, other)
    return "different"


def _given_han(one: PersonName, other: PersonName) -> str:
    """Two given names under one surname."""
    short, long = sorted((one.given, other.given), key=len)
    if len(short) < len(long) and short in long:
        return "part"
    if len(short) == len(long) == 2 and sum(a == b for a, b in zip(short, long, strict=True)) == 1:
        differing = next((a, b) for a, b in zip(short, long, strict=True) if a != b)
        if _nearly_sounds(*differing):
            return "similar"
        return "similar_shape" if look_alike(*differing) else "given_in_part"
    if len(short) == len(long) == 1 and _nearly_sounds(short, long):
        return "similar"
    if differ_in_shape_alone(short, long):
        return "similar_shape"
    return "other_given"


@lru_cache(maxsize=50_000)
def _nearly_sounds(one: str, other: str) -> bool:
    """Whether two characters sound alike up to what southern speech does not tell apart (zh/z, n/l, in/ing)."""
    return _blurred(sound(one)) == _blurred(sound(other))


def _blurred(syllable: str) -> str:
    """A syllable without what is often confused."""
    found = re.sub(r"^(zh|ch|sh)", lambda initial: initial[0][0], syllable)
    return re.sub(r"(in|en|an)g$", r"\1", found)


def _surnames_sound_alike(one: PersonName, other: PersonName) -> bool:
    """Whether two surnames have a reading in common."""
    mine = {one.spoken_surname, *ALTERNATIVES.get(one.surname, ())}
    return bool(mine & {other.spoken_surname, *ALTERNATIVES.get(other.surname, ())} - {""})


def _is_turned(one: str, other: str) -> bool:
    """Whether one text is the other begun at another place: 小明王, 王小明."""
    return len(one) == len(other) and one in other + other


def _mixed(han: PersonName, latin: PersonName) -> str:
    """A name in characters against one in letters."""
    spoken = {han.spoken_surname, *(word.replace(" ", "") for word in ALTERNATIVES.get(han.surname, ()))}
    spoken |= readings(han.surname) if len(han.surname) == 1 else {sound(han.surname)}
    words = latin.tokens
    if len(words) == 1:
        whole = {surname + han.spoken_given for surname in spoken} | {han.spoken_given + surname for surname in spoken}
        if words[0] in whole:
            return "pinyin"
        return "surname" if words[0] in spoken else "other_script"
    is_surname_there = False
    for surname, given in ((words[0], "".join(words[1:])), (words[-1], "".join(words[:-1]))):
        if surname in spoken:
            is_surname_there = True
            if given == han.spoken_given or (len(han.given) <= 3 and can_be_read(han.given, given)):
                return "pinyin"
            initials = "".join(sound(char)[:1] for char in han.given)
            if given == initials or (len(given) == 1 and han.spoken_given.startswith(given)):
                return "pinyin_initials"
    if han.surname in COMPOUND and "".join(words) == han.spoken_surname + han.spoken_given:
        return "pinyin"
    if found := _older_spelling(han, words, spoken):
        return found
    if not is_surname_there:
        return "different" if all(map(is_pinyin, words)) else "other_script"
    is_western = not all(map(is_pinyin, words)) or any(map(given_names.is_western, words))
    return "surname_other_script" if is_western else "other_given"


def _older_spelling(han: PersonName, words: tuple[str, ...], spoken: set[str]) -> str:
    """What an older or southern spelling makes of a name that pinyin does not explain; '' where it explains nothing."""
    is_surname_southern = False
    for family, given in _divisions(words):
        is_southern = romanisation.is_southern(han.surname, family)
        if not is_southern and romanisation.coarse(family) not in set(map(romanisation.coarse, spoken)):
            continue
        if romanisation.coarse(given) == romanisation.coarse(han.spoken_given) or cantonese.can_be_spelt(
            han.given, given
        ):
            return "romanised"
        is_surname_southern |= is_southern and family not in spoken
    return "surname_other_script" if is_surname_southern else ""


def _divisions(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The ways to divide a name in letters into family and given name, a Western name before or behind left out.

    Chan Tai Man, Tai Man Chan, Peter Chan Tai Man, Chan Tai Man Peter.
    """
    parts = [words]
    if len(words) > 2:
        parts += [part for part, left in ((words[1:], words[0]), (words[:-1], words[-1])) if not is_pinyin(left)]
    for part in parts:
        for take in range(1, min(3, len(part))):
            yield "".join(part[:take]), "".join(part[take:])
            yield "".join(part[-take:]), "".join(part[:-take])


def _both_latin(one: PersonName, other: PersonName) -> str:
    """Two names in letters."""
    mine, yours = one.tokens, other.tokens
    if mine == yours or "".join(mine) == "".join(yours):
        return "same" if len(mine) > 1 or len(mine[0]) > 7 else "surname"
    if sorted(mine) == sorted(yours) or set(sound_keys(one)) & set(sound_keys(other)):
        return "swapped"
    if min(len(mine), len(yours)) == 1:
        return "surname" if set(mine) & set(yours) else _as_one_word(mine, yours)
    found = _best_pairing(mine, yours)
    return _as_one_word(mine, yours) if found == "different" else found


def _as_one_word(mine: tuple[str, ...], yours: tuple[str, ...]) -> str:
    """Two names whose words do not match: one slip in all, such as a space at the wrong place, makes them similar."""
    one, other = "".join(mine), "".join(yours)
    is_long = min(len(one), len(other)) >= 8
    return "similar" if is_long and DamerauLevenshtein.distance(one, other, score_cutoff=1) == 1 else "different"


_RANK = ("same", "nickname", "initial", "similar", "near", "different")


def _best_pairing(mine: tuple[str, ...], yours: tuple[str, ...]) -> str:
    """How first and last words agree, in either order, middle names left out."""
    straight = (word_likeness(mine[0], yours[0]), word_likeness(mine[-1], yours[-1]))
    crossed = (word_likeness(mine[0], yours[-1]), word_likeness(mine[-1], yours[0]))
    given, family = min(straight, crossed, key=lambda pair: sum(map(_RANK.index, pair)))
    if straight != crossed and (given, family) == crossed and "different" in (given, family):
        given, family = straight
    pair = {given, family}
    if pair == {"same"}:
        return _middles(mine, yours)
    if "different" not in pair:
        if "same" in pair and _are_two_people(mine, yours, (given, family) == straight):
            return "given_in_part"
        if "near" in pair:
            return "given_in_part" if family == "same" else "different"
        if "nickname" in pair:
            return "nickname"
        return "initial" if "initial" in pair else "similar"
    if family == "same":
        return "other_given"
    return "other_surname" if given == "same" else "different"


def _are_two_people(mine: tuple[str, ...], yours: tuple[str, ...], is_straight: bool) -> bool:
    """Whether first or last words that are nearly alike are two given names; the given name stands first or last."""
    first, last = (yours[0], yours[-1]) if is_straight else (yours[-1], yours[0])
    for place, (one, other) in enumerate(((mine[0], first), (mine[-1], last))):
        if word_likeness(one, other) != "similar":
            continue
        if given_names.are_two(one, other) and (not place or {one, other} <= given_names.COMMON):
            return True
    return False


def _middles(mine: tuple[str, ...], yours: tuple[str, ...]) -> str:
    """First and last name agree: what the names between say."""
    one, other = mine[1:-1], yours[1:-1]
    if one and other and not any(word_likeness(a, b) != "different" for a in one for b in other):
        return "other_middle"
    return "without_middle"


@lru_cache(maxsize=200_000)
def word_likeness(one: str, other: str) -> str:
    """How alike two words of a Latin name are."""
    if one == other:
        return "same"
    if len(one) == 1 or len(other) == 1:
        return "initial" if one[0] == other[0] else "different"
    if other in NICKNAMES_OF.get(one, ()):
        return "nickname"
    shorter, longer = min(len(one), len(other)), max(len(one), len(other))
    if shorter >= 3 and _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", other):
        return "similar"
    if as_machines_read(one) == as_machines_read(other):
        return "similar"
    slips = DamerauLevenshtein.distance(one, other, score_cutoff=2)
    if slips == 1 and longer >= 4 and not (shorter <= 4 and is_pinyin(one) and is_pinyin(other)):
        return "similar"
    if slips == 2 and shorter >= 7:
        return "similar"
    if shorter >= 5 and JaroWinkler.similarity(one, other) >= 0.94:
        return "similar"
    is_long = shorter >= 4 or not (is_pinyin(one) and is_pinyin(other))
    return "near" if slips == 1 and shorter >= 3 and is_long else "different"
