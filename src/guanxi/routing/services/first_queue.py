"""The queue that there is before anybody made one."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import pgettext

from guanxi.core import changes
from guanxi.core.actor import system_actor
from guanxi.routing.models import Queue

CODE = "general"


def first_queue() -> Queue:
    """The general queue, made where there is none at all, named in the company's language."""
    with translation.override(settings.LANGUAGE_CODE):
        name = pgettext("queue", "General")
    try:
        with changes.operation(actor=system_actor(), name="routing.make_first_queue") as op, transaction.atomic():
            made: Queue = op.create(Queue(name=name, code=CODE))
    except IntegrityError:
        # Somebody else made it in the same moment.
        return Queue.objects.get(code=CODE)
    return made
