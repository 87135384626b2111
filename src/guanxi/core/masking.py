"""Fields that a role may see masked or not at all: which there are, and what their values look like then.

A module registers what it holds of people: `guard("contactpoint", "value", _("Contact point"), contact_point)`. What is
shown, listed, exported or told anywhere goes through `shown(actor, kind, field, value)`: the value, its masked form, or
None for a field that is hidden. A list neither sorts nor filters by a field that `sees` does not call "shown".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from guanxi.core.actor import HIDDEN, MASKED, SHOWN, Act, Actor
from guanxi.core.registry import Registry

Mask = Callable[[str, str], str]
DOTS = "•••"
# Fields that a company added are guarded as `custom.<key>`; a record holds them all in `custom`.
OWN, ALL_OWN = "custom.", "custom"


@dataclass(frozen=True)
class GuardedField:
    """One field whose sight a role may lose; the fields in `companions` hold the same and go along with it."""

    kind: str
    field: str
    label: Promise | str
    mask: Mask
    companions: tuple[str, ...] = ()


guarded: Registry[GuardedField] = Registry("guarded fields")
_by_any_name: dict[Act, GuardedField] = {}
_in_files: dict[Act, Mask] = {}
_leaders: dict[Act, Act] = {}


def guard(
    kind: str, field: str, label: Promise | str, mask: Mask, *, companions: tuple[str, ...] = (), order: int = 100
) -> GuardedField:
    """Let roles hide or mask a field; `mask(text, of)` gets the value as text and what sort it is (a contact kind)."""
    found = guarded.add(f"{kind}.{field}", GuardedField(kind, field, label, mask, companions), order=order)
    for name in (field, *companions):
        _by_any_name[(kind, name)] = found
    return found


def follow(kind: str, *fields: str, leader: Act) -> None:
    """Let fields of another kind hold what a guarded field holds: a role sees them as it sees that one."""
    _leaders.update({(kind, field): leader for field in fields})


def guard_in_files(kind: str, field: str, mask: Mask) -> None:
    """Let a file that is to be masked mask a field that roles see in full: names, free texts."""
    _in_files[(kind, field)] = mask


def for_masked_file(actor: Actor) -> Actor:
    """The actor as one who sees everything masked that tells of people; what is hidden from them stays hidden."""
    seen = dict.fromkeys((*_by_any_name, *_in_files, *_leaders), MASKED)
    return actor.with_fields(seen | {key: how for key, how in actor.fields.items() if how == HIDDEN})


def with_companions(fields: Mapping[Act, str]) -> dict[Act, str]:
    """What a role's rows say, said of the fields that go along with theirs too."""
    found = dict(fields)
    for (kind, field), visibility in fields.items():
        one = guarded.get(f"{kind}.{field}")
        for name in one.companions if one else ():
            found[(kind, name)] = visibility
    return found | {name: fields[leader] for name, leader in _leaders.items() if leader in fields}


def shown(actor: Actor, kind: str, field: str, value: Any, of: str = "") -> Any:
    """A value as the actor may see it: whole, masked, or None; `of` says what sort it is where the field holds several."""
    how = actor.sees(kind, field)
    if actor.fields and field == ALL_OWN and how == SHOWN and isinstance(value, dict):
        return {
            key: shown(actor, kind, OWN + key, item)
            for key, item in value.items()
            if sees_own(actor, kind, key) != HIDDEN
        }
    if how == SHOWN or value is None or value == "":
        return value
    return masked(kind, field, value, of) if how == MASKED else None


def sees_own(actor: Actor, kind: str, key: str) -> str:
    """How the actor sees a field that the company added."""
    return actor.sees(kind, OWN + key)


def masked(kind: str, field: str, value: Any, of: str = "") -> str:
    """A value in its masked form, whoever asks."""
    found = _by_any_name.get(_leaders.get((kind, field), (kind, field)))
    mask = found.mask if found else _in_files.get((kind, field), words)
    return mask(str(value), of)


def shown_row(actor: Actor, kind: str, row: Mapping[str, Any], of: str = "") -> dict[str, Any]:
    """A whole row of a kind, by field, as the actor may see it; hidden fields are left out."""
    if not actor.fields:
        return dict(row)
    return {
        name: shown(actor, kind, name, value, of) for name, value in row.items() if actor.sees(kind, name) != HIDDEN
    }


def number(text: str, of: str = "") -> str:
    """An identity, tax or other number: the first three and the last four characters."""
    if len(text) <= 7:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"


def bank_account(text: str, of: str = "") -> str:
    """An account or a card: the last four characters."""
    plain = re.sub(r"\s", "", text)
    return f"{'*' * max(4, len(plain) - 4)}{plain[-4:]}" if len(plain) > 7 else "*" * len(plain)


def name(text: str, of: str = "") -> str:
    """A name: its first character (王**), of a Latin one the first letter of each word (A*** L***)."""
    if text.isascii():
        return " ".join(f"{word[0]}***" for word in text.split())
    return text[:1] + "*" * max(1, min(len(text) - 1, 4))


def address(text: str, of: str = "") -> str:
    """An address: its beginning, which is the province or the town; never more than half of it."""
    return f"{text[: min(6, len(text) // 2)]}***"


def date_of_birth(text: str, of: str = "") -> str:
    """A date: its year."""
    return f"{text[:4]}-**-**"


def words(text: str, of: str = "") -> str:
    """Free text: that there is some."""
    return DOTS


@cache
def _phones() -> ModuleType:
    """The telephone library."""
    import phonenumbers  # takes 0.2 s to load

    return phonenumbers


def phone(text: str, of: str = "") -> str:
    """A telephone number in E.164 or as written: 138****1234, 010-****5678, +44 20****6789."""
    base = text.partition(";ext=")[0]
    library = _phones()
    try:
        parsed = library.parse(base, settings.CONFIG.phone_region)
    except library.NumberParseException:
        return number(text)
    digits = str(parsed.national_number)
    home = parsed.country_code == library.country_code_for_region(settings.CONFIG.phone_region)
    if len(digits) < 7:
        return "*" * len(digits)
    if home and parsed.country_code == 86 and len(digits) == 11 and digits[0] == "1":
        return f"{digits[:3]}****{digits[-4:]}"
    if home:
        area = library.length_of_geographical_area_code(parsed)
        lead = f"0{digits[:area]}-" if area and parsed.country_code == 86 else digits[: max(area, 2)]
        return f"{lead}****{digits[-4:]}"
    return f"+{parsed.country_code} {digits[:2]}****{digits[-4:]}"


def email(text: str, of: str = "") -> str:
    """An e-mail address: its first letter and its domain."""
    local, _at, domain = text.partition("@")
    return f"{local[:1]}***@{domain}"
