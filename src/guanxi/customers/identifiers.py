"""Numbers by which the state, the telephone and the post know a customer: checked, normalised, masked.

Sources: GB 32100-2015 (统一社会信用代码), GB 11643-1999 (居民身份证), E.164 through `phonenumbers`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType

from django.conf import settings

from guanxi.core import clock, masking
from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.customers.choices import ContactKind, CustomerKind

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(3**i % 31 for i in range(17))
_RESIDENT_WEIGHTS = tuple(2 ** (17 - i) % 11 for i in range(17))
_RESIDENT_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905
)
_FOREIGN_TAX = re.compile(r"^[A-Z]{2}[0-9A-Z]{6,18}$")
_EMAIL = re.compile(r"^[^\s@<>()\[\],;:\"\\]{1,64}@([^\s@<>()\[\],;:\"\\]{1,190})$")
_DOMAIN = re.compile(r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$")
# Words that stand in front of a number or of its extension; digits may touch them: 62345678x12.
_PHONE_WORDS = re.compile(
    r"(?i)(?<![^\W\d_])(?:telephone|tel|extension|extn|ext|x|phone|mobile|cell)(?![^\W\d_])\.?:?|;ext="
)
# A line of China with its area code, and what a dash adds to it: the extension.
_CHINESE_LINE = re.compile(
    r"^((?:(?:\+|00)86[\s-]*|86[\s-]+)?\(?0?(?:10|2\d|[3-9]\d{2})\)?[\s-]*\d{3,4}[\s-]?\d{4}|[2-9]\d{6,7})\s*[-–—#*]\s*(\d{1,6})$"
)
# 1-512-957-2098: grouped so only in North America, though its digits could be those of a Chinese mobile telephone.
_NORTH_AMERICAN = re.compile(r"^1[-. ]\(?[2-9]\d{2}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)")
# +34 (0)914 02 39 16: dialled at home only.
_TRUNK_ZERO = re.compile(r"^((?:\+|00)\d{1,3}[\s).-]*)\(0\)\s*")
# +886 2 2948 0623-849, where the whole is no number.
_FOREIGN_EXTENSION = re.compile(r"^((?:\+|\(\+|00)[\d\s().-]{7,}\d)\s*[-–—#]\s*(\d{1,5})$")
_WECHAT = re.compile(r"^[A-Za-z][A-Za-z0-9_-]{5,19}$")
_WECHAT_OPEN_ID = re.compile(r"^o[A-Za-z0-9_-]{27}$")


def _plain(text: str) -> str:
    """Full-width characters as ordinary ones, without space at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def check_credit_code(text: str) -> str:
    """A unified social credit code in its 18 characters, or InvalidInput saying what is wrong with it."""
    code = re.sub(r"[\s-]", "", _plain(text)).upper()
    if len(code) != 18:
        raise InvalidInput(_("A unified social credit code has 18 characters, this one has %(n)s.") % {"n": len(code)})
    wrong = next((c for c in code if c not in _CREDIT_ALPHABET), None)
    if wrong:
        raise InvalidInput(
            _("The character %(char)s does not occur in a unified social credit code.") % {"char": wrong}
        )
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(code, _CREDIT_WEIGHTS, strict=False))
    if _CREDIT_ALPHABET[(31 - total % 31) % 31] != code[17]:
        raise InvalidInput(
            _("The check character of the unified social credit code is wrong: a character is mistyped.")
        )
    return code


@dataclass(frozen=True)
class ResidentId:
    """A resident identity number and what it says."""

    number: str
    born_on: date
    is_male: bool
    province: str


def check_resident_id(text: str, *, today: date | None = None) -> ResidentId:
    """A resident identity number (18 digits, the last may be X), or InvalidInput saying what is wrong with it."""
    number = re.sub(r"[\s-]", "", _plain(text)).upper()
    if len(number) != 18:
        raise InvalidInput(_("A resident identity number has 18 characters, this one has %(n)s.") % {"n": len(number)})
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise InvalidInput(_("A resident identity number consists of digits; only the last may be X."))
    if number[:2] not in _PROVINCES and number[0] != "9":
        raise InvalidInput(_("No province has the number %(code)s.") % {"code": number[:2]})
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidInput(_("The date of birth in the identity number is no date.")) from None
    if not date(1850, 1, 1) <= born_on <= (today or clock.today()):
        raise InvalidInput(_("The date of birth in the identity number cannot be right."))
    total = sum(int(c) * w for c, w in zip(number, _RESIDENT_WEIGHTS, strict=False))
    if _RESIDENT_CHECKS[total % 11] != number[17]:
        raise InvalidInput(_("The check digit of the identity number is wrong: a digit is mistyped."))
    return ResidentId(number, born_on, int(number[16]) % 2 == 1, number[:2])


def check_tax_id(text: str, kind: str) -> str:
    """The tax or identity number of a customer of this kind, normalised; '' stays ''."""
    number = re.sub(r"[\s-]", "", _plain(text)).upper()
    if not number:
        return ""
    try:
        if _FOREIGN_TAX.match(number) and len(number) != 18:
            return number
        if kind == CustomerKind.PERSON:
            return check_resident_id(number).number
        if len(number) == 15 and number.isdigit():
            raise InvalidInput(
                _("15-digit registration numbers were replaced by the unified social credit code of 18 characters.")
            )
        return check_credit_code(number)
    except InvalidInput as error:
        raise InvalidInput(error.message, column="tax_id") from None


def mask_number(number: str) -> str:
    """An identity or tax number as screens show it: the first three and the last four characters."""
    return masking.number(number)


@cache
def _phones() -> ModuleType:
    """The telephone library."""
    import phonenumbers  # takes 0.2 s to load

    return phonenumbers


def normalise_phone(text: str, region: str | None = None) -> str:
    """A telephone number in E.164 (an extension behind `;ext=`), or InvalidInput."""
    library = _phones()
    plain = _with_extension(_plain(text))
    plain = f"+{plain}" if _NORTH_AMERICAN.match(plain) else plain
    plain = _TRUNK_ZERO.sub(r"\1", plain)
    if re.search(r"[^\W\d_]", _PHONE_WORDS.sub("", plain)):
        raise InvalidInput(_("A telephone number consists of digits, this one contains letters."), column="phone")
    try:
        number = library.parse(plain, region or settings.CONFIG.phone_region)
    except library.NumberParseException:
        raise InvalidInput(
            _("“%(value)s” is not a telephone number.") % {"value": plain[:40]}, column="phone"
        ) from None
    if not library.is_possible_number(number) or not library.is_valid_number(number):
        if found := _FOREIGN_EXTENSION.match(plain):
            return normalise_phone(f"{found[1]} ext. {found[2]}", region)
        raise InvalidInput(
            _("“%(value)s” is not a number that exists in the numbering plan.") % {"value": plain[:40]}, column="phone"
        )
    e164 = library.format_number(number, library.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else str(e164)


def _with_extension(plain: str) -> str:
    """A telephone number with its extension marked as the library knows it: 转 8012, 分机8012, and -8012 behind a line."""
    marked = re.sub(
        r"(?i)(?<![^\W\d_])\s*(?:转|轉|分机|分機|extension|extn|ext|x)\.?\s*:?\s*(?=\d{1,6}$)", " ext. ", plain
    )
    return _CHINESE_LINE.sub(r"\1 ext. \2", marked)


def phone_as_told(text: str) -> str:
    """A telephone number of a file: in E.164 where it can be, else its digits, if there are enough to be one.

    Numbering plans grow, and files hold numbers without an area code: what cannot be called yet may still be compared.
    """
    try:
        return normalise_phone(text)
    except InvalidInput:
        plain, _mark, extension = _with_extension(_plain(text)).partition(" ext. ")
        if extension.isdigit() and len(extension) <= 6:
            return f"{phone_as_told(plain)};ext={extension}"
        digits = re.sub(r"\D", "", plain)
        if re.search(r"[^\W\d_]", plain) or not 5 <= len(digits) <= 15 or len(set(digits)) < 2:
            raise
        return f"+{digits}" if plain.startswith("+") else digits


def tax_id_as_told(text: str, kind: str) -> str:
    """A tax or identity number of a file: checked, or as written where it has the length of one and fails its check.

    Numbers of 15 digits were in use before those of 18; a mistyped one still tells customers apart.
    """
    try:
        return check_tax_id(text, kind)
    except InvalidInput:
        number = re.sub(r"[\s-]", "", _plain(text)).upper()
        if not re.fullmatch(r"[0-9A-Z]{15}|[0-9A-Z]{18}", number) or sum(map(str.isdigit, number)) < 8:
            raise
        return number


def show_phone(normalised: str) -> str:
    """A telephone number as people write it: national form at home, international form abroad."""
    library = _phones()
    base, _sep, extension = normalised.partition(";ext=")
    try:
        number = library.parse(base, None)
    except library.NumberParseException:
        return normalised
    home = number.country_code == library.country_code_for_region(settings.CONFIG.phone_region)
    if home and number.country_code == 86 and len(str(number.national_number)) == 11:
        digits = str(number.national_number)
        shown = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    else:
        form = library.PhoneNumberFormat.NATIONAL if home else library.PhoneNumberFormat.INTERNATIONAL
        shown = str(library.format_number(number, form))
    return f"{shown} x{extension}" if extension else shown


def mask_phone(normalised: str) -> str:
    """A telephone number as lists show it: 138****1234, 010-****5678, +44 20****6789."""
    return masking.phone(normalised)


def normalise_email(text: str) -> str:
    """An e-mail address in lower case, its domain in ASCII, or InvalidInput."""
    plain = _plain(text).removeprefix("mailto:").strip("<> ").lower()
    match = _EMAIL.match(plain)
    wrong = InvalidInput(_("“%(value)s” is not an e-mail address.") % {"value": plain[:60]}, column="email")
    if not match or len(plain) > 254 or plain.startswith(".") or ".@" in plain or ".." in plain:
        raise wrong
    try:
        domain = match[1].encode("idna").decode("ascii")
    except UnicodeError:
        raise wrong from None
    if not _DOMAIN.match(domain):
        raise wrong
    return f"{plain.partition('@')[0]}@{domain}"


def mask_email(normalised: str) -> str:
    """An e-mail address as lists show it."""
    return masking.email(normalised)


def normalise_wechat(text: str) -> str:
    """A WeChat id (6 to 20 letters, digits, _ and -, a letter first; case does not matter) or an OpenID."""
    plain = _plain(text)
    if _WECHAT_OPEN_ID.match(plain):
        return plain
    if not _WECHAT.match(plain):
        raise InvalidInput(
            _("A WeChat id has 6 to 20 letters, digits, _ or - and begins with a letter; “%(value)s” does not.")
            % {"value": plain[:40]},
            column="wechat",
        )
    return plain.lower()


def normalise_address(text: str) -> str:
    """An address for comparing: without spaces and punctuation, in lower case, at most 200 characters."""
    plain = re.sub(r"[\s,，.。、;；]+", "", _plain(text)).lower()[:200]
    if not plain:
        raise InvalidInput(_("The address is empty."), column="address")
    return plain


_NORMALISERS = {
    ContactKind.PHONE: normalise_phone,
    ContactKind.EMAIL: normalise_email,
    ContactKind.WECHAT: normalise_wechat,
    ContactKind.ADDRESS: normalise_address,
}


def normalise(kind: str, value: str) -> str:
    """The form of a contact point that is compared and looked up."""
    if "\x00" in value:
        raise InvalidInput(_("The value contains a character that cannot be stored."), column=kind)
    return _NORMALISERS[ContactKind(kind)](value)


def masked(kind: str, normalised: str, value: str) -> str:
    """A contact point as lists show it; addresses show their beginning."""
    return masking.masked(
        "contactpoint", "value", normalised if kind in {ContactKind.PHONE, ContactKind.EMAIL} else value, kind
    )
