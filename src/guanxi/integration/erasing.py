"""What answers to programs, and of programs, keep of a person for a while."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import ids
from guanxi.core.changes import OperationInHand
from guanxi.core.erasing import Eraser, Person, erasers
from guanxi.integration.models import KeptAnswer, WebhookAttempt


def _answers(person: Person) -> list[int]:
    """Kept answers that speak of the person."""
    words = [word.encode() for word in (*(ids.public_id("cus", n) for n in person.customer_ids), *person.words())]
    rows = KeptAnswer.objects.values_list("pk", "body")
    return [number for number, body in rows.iterator() if any(word in bytes(body or b"") for word in words)]


def _erase_answers(op: OperationInHand, person: Person) -> int:
    """Forget them; a request sent twice would then act twice, which the programs' own ids prevent."""
    rows = KeptAnswer.objects.filter(pk__in=_answers(person))
    return rows.delete()[0]  # house: writes: an erasure, journaled by its caller


erasers.add(
    "integration.answers", Eraser(_("Kept answers to programs"), lambda person: len(_answers(person)), _erase_answers)
)


def _echoes(person: Person) -> list[int]:
    """Answers of receivers of webhooks that speak of the person."""
    words = (*(ids.public_id("cus", number) for number in person.customer_ids), *person.words())
    rows = WebhookAttempt.objects.exclude(answer="").values_list("pk", "answer")
    return [number for number, answer in rows.iterator() if any(word in answer for word in words)]


def _erase_echoes(op: OperationInHand, person: Person) -> int:
    """Forget what came back; that something did stays."""
    rows = WebhookAttempt.objects.filter(pk__in=_echoes(person))
    return rows.update(answer="")  # house: writes: an erasure, journaled by its caller


erasers.add(
    "integration.echoes",
    Eraser(_("Answers of receivers of webhooks"), lambda person: len(_echoes(person)), _erase_echoes),
)
