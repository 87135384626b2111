"""Evidence in words: which field, and what was found in it."""

from collections.abc import Callable, Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.customers.duplicates.comparing import Evidence

# (field, bits for it, what was found, bits) as the journal of a pair keeps it.
Finding = Sequence[object]
# Shows a value of a field as the reader may see it; None where they may not.
Shown = Callable[[str, str], str | None]
LISTED = 6

FIELDS: dict[str, Promise] = {
    "name": pgettext_lazy("duplicates", "Name"),
    "line": pgettext_lazy("duplicates", "Line of business"),
    "home": pgettext_lazy("duplicates", "Place in the name"),
    "branch": pgettext_lazy("duplicates", "Branch"),
    "numbers": pgettext_lazy("duplicates", "Numbers in the name"),
    "kind": pgettext_lazy("duplicates", "Kind"),
    "phone": pgettext_lazy("duplicates", "Telephone"),
    "email": pgettext_lazy("duplicates", "E-mail"),
    "wechat": pgettext_lazy("duplicates", "WeChat"),
    "address": pgettext_lazy("duplicates", "Address"),
    "tax_id": pgettext_lazy("duplicates", "Tax or identity number"),
    "birth_on": pgettext_lazy("duplicates", "Date of birth"),
    "city": pgettext_lazy("duplicates", "City"),
}
_SAME = gettext_lazy("the same")
_DIFFERENT = gettext_lazy("different")
WORDS: dict[tuple[str, str], Promise] = {
    ("name", "swapped"): gettext_lazy("the same with family and given name swapped"),
    ("name", "pinyin"): gettext_lazy("the same in Chinese and in letters"),
    ("name", "pinyin_head"): gettext_lazy("the same brand in Chinese and in letters"),
    ("name", "romanised"): gettext_lazy("the same in Chinese and in an older or southern spelling"),
    ("name", "same_sound"): gettext_lazy("other characters of the same sound"),
    ("name", "without_middle"): gettext_lazy("the same without the middle name"),
    ("name", "nickname"): gettext_lazy("a short form of the same first name"),
    ("name", "similar"): gettext_lazy("nearly the same, perhaps a slip"),
    ("name", "similar_shape"): gettext_lazy("nearly the same, perhaps a slip"),
    ("name", "near"): gettext_lazy("nearly the same, one character differs"),
    ("name", "initial"): gettext_lazy("the initial agrees"),
    ("name", "pinyin_initials"): gettext_lazy("the initials agree with the Chinese name"),
    ("name", "part"): gettext_lazy("one is a part of the other"),
    ("name", "other_middle"): gettext_lazy("the same but for the middle name"),
    ("name", "surname"): gettext_lazy("the same surname, one without a given name"),
    ("name", "surname_other_script"): gettext_lazy("the same surname, a given name in another language"),
    ("name", "other_script"): gettext_lazy("written in another script, cannot be compared"),
    ("name", "other_surname"): gettext_lazy("the same given name, another surname"),
    ("name", "given_in_part"): gettext_lazy("the same surname, the given name agrees only in part"),
    ("name", "other_given"): gettext_lazy("the same surname, another given name"),
    ("name", "other_generation"): gettext_lazy("senior and junior"),
    ("line", "some"): gettext_lazy("the same in part"),
    ("line", "one_missing"): gettext_lazy("named by one only"),
    ("home", "one_abroad"): gettext_lazy("named by one only"),
    ("branch", "one_only"): gettext_lazy("one is a branch"),
    ("branch", "different"): gettext_lazy("two branches"),
    ("numbers", "one_missing"): gettext_lazy("in one only"),
    ("kind", "different"): gettext_lazy("a person and an organisation"),
    ("phone", "same_line"): gettext_lazy("the same line, one with an extension"),
    ("phone", "other_extension"): gettext_lazy("the same line, other extensions"),
    ("phone", "tail"): gettext_lazy("the same but for the area code"),
    ("phone", "similar"): gettext_lazy("one digit off or two swapped"),
    ("email", "same_account"): gettext_lazy("the same mailbox, written otherwise"),
    ("email", "similar"): gettext_lazy("nearly the same, perhaps a slip"),
    ("email", "same_local_part"): gettext_lazy("the same before the @"),
    ("email", "same_domain"): gettext_lazy("the same domain"),
    ("address", "same_without_room"): gettext_lazy("the same house, one without floor or room"),
    ("address", "similar"): gettext_lazy("nearly the same, perhaps a slip"),
    ("address", "similar_without_room"): gettext_lazy("nearly the same, one without floor or room"),
    ("address", "same_building"): gettext_lazy("the same building"),
    ("address", "same_building_without_room"): gettext_lazy("the same building, one without a room"),
    ("address", "same_road"): gettext_lazy("the same road, a number is missing"),
    ("address", "other_room"): gettext_lazy("the same house, another room"),
    ("address", "other_number"): gettext_lazy("the same road, another number"),
    ("address", "unclear"): gettext_lazy("cannot be compared"),
    ("tax_id", "similar"): gettext_lazy("one character off or two swapped"),
    ("birth_on", "similar"): gettext_lazy("nearly the same, perhaps a slip"),
}
# Fields of which the reason says which values it was found in; those of others are in the name.
_WITH_VALUES = frozenset({"name", "phone", "email", "wechat", "address", "tax_id", "birth_on", "city"})


def words(field: str, found: str) -> str:
    """What was found in a field: "the same but for the area code"."""
    told = WORDS.get((field, found))
    return str(told if told is not None else _SAME if found == "same" else _DIFFERENT)


def sentence(field: str, found: str, values: tuple[str, str] = ("", "")) -> str:
    """Field and finding, with the values where they may be told: Telephone: the same (138****1234)."""
    told = _("%(field)s: %(found)s") % {"field": FIELDS.get(field, field), "found": words(field, found)}
    one, other = values
    if not one or not other or field not in _WITH_VALUES:
        return told
    return f"{told} ({one})" if one == other else f"{told} ({one} / {other})"


def for_and_against(findings: Iterable[Finding]) -> tuple[list[str], list[str]]:
    """What speaks for one customer and what for two, without values, the strongest first."""
    speaks: tuple[list[str], list[str]] = ([], [])
    for field, found, bits in findings:
        if bits:
            speaks[float(bits) < 0].append(sentence(str(field), str(found)))  # type: ignore[arg-type]
    return speaks


def with_values(evidence: Iterable[Evidence], shown: Shown) -> list[str]:
    """Every reason with the values it was found in, as the reader may see them."""
    told = []
    for one in evidence:
        if one.bits:
            a, b = (shown(one.field, value) for value in one.values)
            told.append(sentence(one.field, one.found, (a or "", b or "")))
    return told[:LISTED]
