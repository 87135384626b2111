"""Money: whole minor units with a currency; never a float."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel.core import get_global
from babel.numbers import format_currency as babel_format
from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guanxi.core.errors import InvalidInput

if TYPE_CHECKING:
    from django.db.models import QuerySet

_PARAMETER = "reporting_currency"


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """How many decimals the currency's minor unit has (CNY 2, JPY 0, KWD 3)."""
    fractions = get_global("currency_fractions")
    return fractions.get(currency, fractions["DEFAULT"])[0]


@lru_cache(maxsize=512)
def _quantum(currency: str) -> Decimal:
    """The minor unit as a Decimal."""
    return Decimal(1).scaleb(-exponent(currency))


def check_currency(code: str) -> str:
    """The code in upper case, or InvalidInput when no such currency exists."""
    upper = code.strip().upper()
    if upper not in get_global("all_currencies"):
        raise InvalidInput(gettext("There is no currency “%(code)s”.") % {"code": code[:12]})
    return upper


def to_minor(amount: Decimal, currency: str) -> int:
    """Whole minor units, rounded half up (away from zero at the half)."""
    return int(amount.quantize(_quantum(currency), rounding=ROUND_HALF_UP).scaleb(exponent(currency)))


def from_minor(minor: int, currency: str) -> Decimal:
    """The exact amount."""
    return Decimal(minor).scaleb(-exponent(currency))


def plain(minor: int, currency: str) -> str:
    """The amount as a plain decimal string, such as 279489.02."""
    return f"{from_minor(minor, currency):f}"


def format_money(minor: int | None, currency: str, language: str | None = None) -> str:
    """The amount as the reader writes it, such as £279,489.02; an em dash for nothing known."""
    if minor is None:
        return "—"
    locale = "zh_Hans_CN" if (language or get_language() or "en").startswith("zh") else "en_GB"
    return babel_format(from_minor(minor, currency), currency or "XXX", locale=locale)


@dataclass(frozen=True)
class Money:
    """An amount of one currency."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """The sum; only within one currency."""
        if other.currency != self.currency:
            raise InvalidInput(_("Amounts of different currencies cannot be added."))
        return Money(self.minor + other.minor, self.currency)

    def __str__(self) -> str:
        """As the reader writes it."""
        return format_money(self.minor, self.currency)


def reporting_currency() -> str:
    """The currency in which the company adds up: as set, else that of the first orders, else CNY."""
    from guanxi.core import parameters  # models load after this module

    return settings.CONFIG.currency or told_in(parameters.get(_PARAMETER))


def settled_currency() -> str | None:
    """The reporting currency once it is settled, by the environment or by the first orders; None before."""
    from guanxi.core import parameters  # models load after this module

    found = settings.CONFIG.currency or parameters.get(_PARAMETER)
    return str(found) if found else None


def reporting_currency_rows() -> "QuerySet[Any, Any]":
    """The currency of the first orders as a sub-query, for `told_in`: read along with what is told in it."""
    from guanxi.core.models import Parameter  # models load after this module

    return Parameter.objects.filter(key=_PARAMETER).values("value")


def told_in(found: object) -> str:
    """The reporting currency, given that of the first orders (None before there are any)."""
    return settings.CONFIG.currency or str(found or "CNY")
