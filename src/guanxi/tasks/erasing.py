"""What tasks keep of a person: the words of tasks about them go, the tasks stay; others that name them are told of."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import changes, clock
from guanxi.core.erasing import Eraser, Mention, Person, erasers, mentions
from guanxi.core.models import Change
from guanxi.core.personal_data import rows_of, statements
from guanxi.tasks.lists import task_url
from guanxi.tasks.models import Task

ERASED = "已抹除 Erased"
SHOWN, BATCH = 50, 500


def _about(person: Person) -> QuerySet[Task]:
    """The tasks about the person, or about a record of theirs, whose words still stand."""
    mine = rows_of(statements["tasks.Task"], person.customer_ids)
    return mine.exclude(title=ERASED, note="")


def _erase(op: changes.OperationInHand, person: Person) -> int:
    """Take away what the tasks say, and what the journal says of them; who did what when stays."""
    numbers = list(_about(person).values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        rows = Change.objects.filter(kind="task", record_id__in=some, erased_at__isnull=True)
        told = rows.exclude(act=changes.ERASE).values_list("pk", flat=True)
        changes.erase_values(op=op, change_ids=list(told))
        emptied = {"title": ERASED, "note": "", "updated_at": clock.now()}
        Task.objects.filter(pk__in=some).update(**emptied)  # house: writes: an erasure
    return len(numbers)


def _naming(person: Person) -> list[Mention]:
    """Tasks about something else whose words name the person."""
    condition = Q()
    for word in person.words():
        condition |= Q(title__contains=word) | Q(note__contains=word)
    if not condition:
        return []
    rows = Task.objects.filter(condition).exclude(about_kind="customer", about_id__in=person.customer_ids)
    return [Mention(_("A task"), row.public_id, task_url(row.pk)) for row in rows[:SHOWN]]


erasers.add("tasks.about", Eraser(gettext_lazy("Words of tasks about the person"), lambda p: _about(p).count(), _erase))
mentions.add("tasks.naming", _naming)
