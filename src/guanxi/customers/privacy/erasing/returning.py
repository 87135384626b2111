"""People who were erased and come back in a file: how imports ask for them, and who is told when nobody was asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core.records import RecordRef
from guanxi.customers.privacy.erasing import digests
from guanxi.customers.privacy.register.reading import people_in_charge
from guanxi.importing import erased
from guanxi.importing.choices import ErasedRows
from guanxi.importing.models import Import
from guanxi.tasks import public as tasks

SORT = "privacy.erased_returned"
MOST_TOLD = 100


def tell_of(import_id: int) -> int:
    """Tell those who keep the register of an import that brought erased people back unasked; how many were told."""
    run = Import.objects.filter(pk=import_id, erased_choice=ErasedRows.UNSEEN).first()
    if run is None or not run.erased_rows:
        return 0
    people = list(people_in_charge().values_list("pk", flat=True)[:MOST_TOLD])
    about = RecordRef("import", run.pk)
    tasks.notify(user_ids=people, sort=SORT, by=None, about=about, data={"rows": len(run.erased_rows)})
    return len(people)


def _words(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """An import brought somebody back."""
    rows = int(data.get("rows", 0))
    text = ngettext(
        "%(about)s brought back somebody who was erased (%(rows)d row)",
        "%(about)s brought back people who were erased (%(rows)d rows)",
        rows,
    )
    return text % {"about": about or _("An import"), "rows": rows}


erased.lists.add(
    "customers", erased.ErasedList(digests.is_any_kept, digests.among, permission=("privacy", "view")), order=10
)
tasks.register_sort(
    tasks.Sort(SORT, gettext_lazy("An import brought back somebody who was erased"), _words, "user-off"), 65
)
