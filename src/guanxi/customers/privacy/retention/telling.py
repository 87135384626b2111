"""What people are told of automatic runs."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import live, records
from guanxi.core.actor import Actor
from guanxi.core.retention import kinds
from guanxi.customers.models import RetentionRun
from guanxi.tasks.public import Sort, register_sort


def _words(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A run is announced."""
    kind = kinds.get(str(data.get("kind", "")))
    told = {"kind": kind.label if kind else "", "count": data.get("count", 0), "day": data.get("day", "")}
    return _("%(kind)s: %(count)s rows are past their period and end on %(day)s, unless somebody stops it") % told


def _may_listen(actor: Actor, key: str) -> bool:
    """Whoever sees a run sees how far it has come."""
    return key.isdecimal() and RetentionRun.objects.visible_to(actor).filter(pk=int(key)).exists()


def _title(run: RetentionRun) -> str:
    """A run by its kind."""
    kind = kinds.get(run.kind)
    return str(kind.label) if kind else run.kind


records.register(
    records.RecordKind(
        kind="retentionrun",
        model_label="customers.RetentionRun",
        prefix="rtn",
        label=gettext_lazy("run of retention"),
        label_plural=gettext_lazy("runs of retention"),
        title=_title,
        url=lambda number: reverse("customers:retention_run", args=[number]),
        icon="clock",
    )
)
register_sort(
    Sort("privacy.retention", gettext_lazy("Data is about to end after its period"), _words, "clock"), order=70
)
live.register("retention", may_listen=_may_listen)
