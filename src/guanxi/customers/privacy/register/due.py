"""By when a request must be answered: by the numbers of the law that was in force when it came."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidInput
from guanxi.customers.choices import RequestLaw
from guanxi.customers.privacy import legal


@dataclass(frozen=True)
class Periods:
    """The legal parameters of one law: the period, whether it counts months, and by how many months it is put off."""

    period: str
    in_months: bool = False
    extension: str = ""


PERIODS = {
    # The law says "in time" (及时); how many days that is the company settles.
    RequestLaw.CN: Periods("request.due_days"),
    RequestLaw.EU: Periods("request.eu_months", in_months=True, extension="request.eu_extension_months"),
}


def due_on(law: str, received_on: date) -> date:
    """The last day for an answer."""
    periods = PERIODS[RequestLaw(law)]
    number = legal.number(periods.period, received_on)
    return months_after(received_on, number) if periods.in_months else received_on + timedelta(days=number)


def extended_to(law: str, received_on: date) -> date:
    """The last day once the request was put off; InvalidInput where the law knows no such thing."""
    periods = PERIODS[RequestLaw(law)]
    if not periods.extension:
        raise InvalidInput(_("This law does not let a request be put off."))
    months = legal.number(periods.period, received_on) + legal.number(periods.extension, received_on)
    return months_after(received_on, months)


def can_be_put_off(law: str) -> bool:
    """Whether a law lets a request be put off."""
    return bool(PERIODS[RequestLaw(law)].extension)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
