"""Narrowing the customer list by what customers allow."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.customers.choices import ConsentState
from guanxi.customers.models import Consent, Purpose
from guanxi.ui import filters


class ConsentFilter(filters.Choice):
    """Customers who allow a purpose by at least one channel, who said no to it, or of whom nothing is on record."""

    def __init__(self, key: str, label: object) -> None:
        """The purposes are rows, so the choices are asked for when needed."""
        super().__init__(key, label, choices=self._choices, has_empty=False)  # type: ignore[arg-type]

    @staticmethod
    def _choices() -> list[tuple[str, str]]:
        """For each purpose: given, said no, nothing said."""
        words = {"given": _("given"), "stopped": _("refused or withdrawn"), "none": _("nothing said")}
        return [
            (f"{purpose.key}.{state}", f"{purpose}: {told}")
            for purpose in Purpose.objects.all()
            for state, told in words.items()
        ]

    def condition(self, text: str) -> Q:
        """Rows with any of the chosen."""
        condition = Q(pk__in=())
        keys = dict(Purpose.objects.values_list("key", "pk"))
        for part in text.split(","):
            key, _dot, state = part.partition(".")
            if key in keys:
                condition |= self._one(keys[key], state)
        return condition

    @staticmethod
    def _one(purpose: int, state: str) -> Q:
        """Rows of one purpose and state."""
        mine = Consent.objects.filter(customer=OuterRef("pk"), purpose=purpose)
        if state == "none":
            return ~Q(Exists(mine))
        later = Consent.objects.filter(customer=OuterRef("customer"), purpose=purpose).filter(
            Q(channel=OuterRef("channel")) | Q(channel=""),
            Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        )
        last = mine.annotate(_later=Exists(later)).filter(_later=False, at__lte=clock.now())
        if state == "given":
            lasting = Q(expires_on__isnull=True) | Q(expires_on__gte=clock.today())
            return Q(Exists(last.filter(lasting, state=ConsentState.GIVEN)))
        return Q(Exists(last.exclude(state=ConsentState.GIVEN)))
