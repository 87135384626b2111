"""Telephone numbers, e-mail addresses and official numbers as they are compared."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from guanxi.customers.duplicates.vocabulary import FREE_MAIL, ROLE_MAILBOXES

_MOBILE = re.compile(r"^\+861[3-9]\d{9}$")
_COUNTRY_CODE = re.compile(r"^\+(86|1|7|44|49|33|34|39|61|81|82|65|852|853|886)")
# 86 before a mobile number, or before an area code and seven or eight digits.
_CHINA_WITHOUT_PLUS = re.compile(r"^86(?=1[3-9]\d{9}$|(?:10|2\d)\d{8}$|[3-9]\d{2}\d{7,8}$)")
_RESIDENT_WEIGHTS = tuple(2 ** (17 - i) % 11 for i in range(17))
_RESIDENT_CHECKS = "10X98765432"


def phone_parts(normalised: str) -> tuple[str, str]:
    """A telephone number and its extension."""
    base, _mark, extension = normalised.partition(";ext=")
    return base, extension


def phone_tail(base: str) -> str:
    """The last eight digits: what two writings of one number share, area code or not."""
    return base[-8:]


def is_mobile(base: str) -> bool:
    """Whether a number belongs to one person's telephone, as far as its form tells."""
    return bool(_MOBILE.match(base)) or base.startswith(("+447", "+336", "+337", "+4915", "+4916", "+4917", "+614"))


@lru_cache(maxsize=100_000)
def national(base: str) -> str:
    """The digits without the country's, whether it is written +49, 0049 or, of China, 86."""
    base = _CHINA_WITHOUT_PLUS.sub("+86", re.sub(r"^00(?=[1-9])", "+", base))
    return _COUNTRY_CODE.sub("", base).lstrip("+0")


def phone_likeness(one: str, other: str) -> str:
    """How alike two normalised numbers are, in a word that the weights know."""
    (base, extension), (base_2, extension_2) = phone_parts(one), phone_parts(other)
    if base == base_2:
        if extension == extension_2:
            return "same"
        return "other_extension" if extension and extension_2 else "same_line"
    mine, yours = national(base), national(base_2)
    if mine == yours:
        return "same"
    if min(len(mine), len(yours)) >= 7 and len(mine) != len(yours) and (mine.endswith(yours) or yours.endswith(mine)):
        return "tail"
    if len(mine) == len(yours) >= 8 and OSA.distance(mine, yours, score_cutoff=1) == 1:
        return "similar"
    return "different"


@lru_cache(maxsize=50_000)
def account(email: str) -> str:
    """The mailbox behind an address: without +tags, without the dots that Gmail does not read."""
    local, _at, domain = email.partition("@")
    domain = "gmail.com" if domain == "googlemail.com" else domain
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain == 'gmail.com' else local}@{domain}"


def is_office_mailbox(email: str) -> bool:
    """Whether an address is one that an office reads, not a person."""
    local, _at, domain = email.partition("@")
    return re.sub(r"\d+$", "", local) in ROLE_MAILBOXES and domain not in FREE_MAIL - {"example.com"}


def own_domain(email: str) -> str:
    """The domain of an address where it belongs to one firm, else ''."""
    domain = email.partition("@")[2]
    return "" if domain in FREE_MAIL else domain


def email_likeness(one: str, other: str) -> str:
    """How alike two addresses are, in a word that the weights know."""
    if one == other:
        return "same"
    mine, yours = account(one), account(other)
    if mine == yours:
        return "same_account"
    local, _at, domain = mine.partition("@")
    local_2, _at, domain_2 = yours.partition("@")
    if local == local_2 and len(local) >= 5 and local not in ROLE_MAILBOXES:
        # 163.com is no slip for 126.com: anybody may have the name there.
        are_known = domain in FREE_MAIL and domain_2 in FREE_MAIL
        is_slip = not are_known and OSA.distance(domain, domain_2, score_cutoff=2) <= 2
        return "similar" if is_slip else "same_local_part"
    if domain == domain_2 and len(local) == len(local_2) >= 7 and _is_slip(local, local_2):
        return "similar"
    if (
        domain == domain_2
        and min(len(local), len(local_2)) >= 8
        and abs(len(local) - len(local_2)) == 1
        and _is_slip(local, local_2)
    ):
        return "similar"
    if domain == domain_2 and domain not in FREE_MAIL:
        return "same_domain"
    return "different"


def _is_slip(one: str, other: str) -> bool:
    """Whether two texts differ by one letter written wrongly; a digit that differs is another mailbox."""
    if OSA.distance(one, other, score_cutoff=1) != 1:
        return False
    return re.sub(r"\d", "#", one) != re.sub(r"\d", "#", other) or sorted(one) == sorted(other)


@lru_cache(maxsize=50_000)
def official_number(number: str, is_person: bool) -> str:
    """An official number in the form that old and new writings share; '' stays ''.

    The 15-digit identity number lacks the century and the check digit; the 15-digit tax number is six digits of the
    place and the nine of the organisation, which stand in the unified code of 18 from its ninth.
    """
    text = re.sub(r"[\s\-./]", "", number).upper()
    if is_person and len(text) == 15 and text.isdigit():
        long = f"{text[:6]}19{text[6:]}"
        total = sum(int(char) * weight for char, weight in zip(long, _RESIDENT_WEIGHTS, strict=True))
        return long + _RESIDENT_CHECKS[total % 11]
    if not is_person and len(text) == 18:
        return f"ORG{text[8:17]}"
    if not is_person and len(text) == 15 and not text[:2].isalpha():
        return f"ORG{text[6:15]}"
    if not is_person and len(text) == 9:
        return f"ORG{text}"
    return re.sub(r"^[A-Z]{2}(?=\d)", "", text)


def number_likeness(one: str, other: str) -> str:
    """How alike two official numbers (as compared) are."""
    if one == other:
        return "same"
    if len(one) == len(other) and OSA.distance(one, other, score_cutoff=1) == 1:
        return "similar"
    return "different"
