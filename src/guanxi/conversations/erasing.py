"""What an erasure takes of conversations besides their rows: the words by which they are found."""

from django.utils.translation import gettext_lazy as _

from guanxi.conversations.models import Conversation
from guanxi.core.changes import OperationInHand
from guanxi.core.erasing import Eraser, Person, erasers
from guanxi.search.models import SearchEntry
from guanxi.search.public import remove

KIND = "conversation"


def _entries(person: Person) -> list[int]:
    """The conversations of the person that stand in the index."""
    numbers = Conversation.objects.filter(customer__in=person.customer_ids).values("pk")
    return list(SearchEntry.objects.filter(kind=KIND, record_id__in=numbers).values_list("record_id", flat=True))


def _erase(_op: OperationInHand, person: Person) -> int:
    """Take them out of the index; those of an erased customer are not put in again."""
    numbers = _entries(person)
    remove(KIND, numbers)
    return len(numbers)


erasers.add(
    "conversations.search",
    Eraser(_("words by which conversations are found"), count=lambda person: len(_entries(person)), erase=_erase),
)
