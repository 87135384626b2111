"""What answers to programs keep of a person for a day."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import ids
from guanxi.core.erasing import Eraser, Person, erasers
from guanxi.integration.models import KeptAnswer


def _answers(person: Person) -> list[int]:
    """Kept answers that speak of the person."""
    words = [word.encode() for word in (*(ids.public_id("cus", n) for n in person.customer_ids), *person.words())]
    rows = KeptAnswer.objects.values_list("pk", "body")
    return [number for number, body in rows.iterator() if any(word in bytes(body or b"") for word in words)]


def _erase_answers(person: Person) -> int:
    """Forget them; a request sent twice would then act twice, which the programs' own ids prevent."""
    rows = KeptAnswer.objects.filter(pk__in=_answers(person))
    return rows.delete()[0]  # house: writes: an erasure, journaled by its caller


erasers.add(
    "integration.answers", Eraser(_("Kept answers to programs"), lambda person: len(_answers(person)), _erase_answers)
)
