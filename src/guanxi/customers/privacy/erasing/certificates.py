"""What the proof of an erasure says."""

from django.utils.text import capfirst

from guanxi.core import ids, personal_data
from guanxi.core.actor import Actor
from guanxi.core.erasing import erasers
from guanxi.customers.models import Erasure

LISTED = 500


def erasure_open(actor: Actor, erasure_id: int) -> Erasure:
    """One erasure, for those who see what is done about personal data."""
    found: Erasure = Erasure.objects.get_visible(actor, pk=erasure_id)
    return found


def erasures_open(actor: Actor) -> list[Erasure]:
    """The latest erasures."""
    return list(Erasure.objects.visible_to(actor)[:LISTED])


def number(erasure: Erasure) -> str:
    """The number of the empty record."""
    return ids.public_id("cus", erasure.customer_id)


def lines(erasure: Erasure) -> list[tuple[str, int]]:
    """What went or was emptied, with counts."""
    found = []
    for key, count in erasure.counts.items():
        statement = personal_data.statements.get(key)
        eraser = erasers.get(key)
        name = str(statement.model._meta.verbose_name_plural) if statement else str(eraser.label) if eraser else key
        found.append((capfirst(name), count))
    return found
