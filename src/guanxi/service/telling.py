"""What other systems, and those who follow a case, may be told of cases: ids, and details for those who may see them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.core import outbound
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.core.models import Change
from guanxi.core.outbound import OutboundEvent, Told
from guanxi.service.api import case_data
from guanxi.service.events import CaseChanged, CaseOpened, CasesChanged, CaseStateChanged
from guanxi.service.models import Case

TOGETHER = 500
SEE = ("case", "view")


def case_details(actor: Actor, number: int) -> Mapping[str, Any] | None:
    """A case as one look-up gives it, if the actor may see it."""
    rows = Case.objects.visible_to(actor).select_related("owner").prefetch_related("case_tags__tag")
    found = rows.filter(pk=number).first()
    return case_data(found) if found is not None else None


def _one(case_id: int, more: Mapping[str, Any]) -> Iterator[Told]:
    """One case."""
    yield Told({"id": public_id("cas", case_id), **more}, kind="case", record_id=case_id)


def _opened(event: CaseOpened) -> Iterator[Told]:
    """The new case."""
    return _one(event.case_id, {})


def _changed(event: CaseChanged) -> Iterator[Told]:
    """The case, and which fields differ."""
    return _one(event.case_id, {"fields": list(event.fields)})


def _moved(event: CaseStateChanged) -> Iterator[Told]:
    """The case, and its states before and after."""
    return _one(event.case_id, {"before": event.before, "after": event.after})


def _changed_together(event: CasesChanged) -> Iterator[Told]:
    """Many cases, some hundreds in a message."""
    rows = Change.objects.filter(operation=event.operation_id, kind="case").order_by("record_id")
    numbers = list(rows.values_list("record_id", flat=True).distinct())
    for start in range(0, len(numbers), TOGETHER):
        ids = [public_id("cas", number) for number in numbers[start : start + TOGETHER]]
        yield Told({"ids": ids}, operation_id=event.operation_id, many_of="case")


for _event in (
    OutboundEvent("case.opened", _("A case was opened"), CaseOpened, _opened, SEE),
    OutboundEvent("case.changed", _("A case was changed"), CaseChanged, _changed, SEE),
    OutboundEvent("case.moved", _("A case moved to another state"), CaseStateChanged, _moved, SEE),
    OutboundEvent("cases.changed", _("Many cases were changed"), CasesChanged, _changed_together, SEE),
):
    outbound.register(_event)
outbound.details.add("case", case_details)
