"""What an erasure takes of cases besides their rows: the words by which they are found."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.changes import OperationInHand
from guanxi.core.erasing import Eraser, Person, erasers
from guanxi.search.models import SearchEntry
from guanxi.search.public import remove
from guanxi.service.models import Case

KIND = "case"


def _entries(person: Person) -> list[int]:
    """The cases of the person that stand in the index."""
    numbers = Case.everything.filter(customer__in=person.customer_ids).values("pk")
    return list(SearchEntry.objects.filter(kind=KIND, record_id__in=numbers).values_list("record_id", flat=True))


def _erase(_op: OperationInHand, person: Person) -> int:
    """Take them out of the index; those of an erased customer are not put in again."""
    numbers = _entries(person)
    remove(KIND, numbers)
    return len(numbers)


erasers.add(
    "service.search",
    Eraser(_("words by which cases are found"), count=lambda person: len(_entries(person)), erase=_erase),
)
