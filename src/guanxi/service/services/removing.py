"""Taking rows of the settings away that nothing uses; what was ever used goes out of use and stays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, NotFound
from guanxi.service.clocks.services.promising import rules_changed
from guanxi.service.models import (
    Case,
    CaseCategory,
    CaseClock,
    CaseStep,
    Cause,
    Checklist,
    Complaint,
    MomentCriterion,
    MomentMark,
    Remedy,
    RemedyKind,
    ResponsibleUnit,
    SlaPolicy,
)
from guanxi.service.moments.sheet import OWN
from guanxi.workflow.models import Rule


@dataclass(frozen=True)
class Removable:
    """One sort of row: what the journal calls its removal, what uses a row, what goes along with one."""

    model: type[Model]
    operation: str
    is_used: Callable[[Any], bool]
    parts: tuple[str, ...] = ()


def _category_is_used(row: CaseCategory) -> bool:
    """By a case, a category below it, a checklist, a service level, a rule."""
    if Case.everything.filter(category=row).exists() or row.children.exists():
        return True
    if Checklist.objects.filter(category=row).exists():
        return True
    if any(row.pk in asks.get("category", ()) for asks in SlaPolicy.objects.values_list("asks", flat=True)):
        return True
    rules = Rule.objects.values_list("conditions", "actions")
    return any(row.pk in named for told in rules for named in _categories_in(list(told)))


def _categories_in(told: Any) -> Iterator[list[int]]:
    """The numbers of categories that the JSON of a rule names: as the value of a question, as a parameter of an act."""
    if isinstance(told, dict):
        is_asked = str(told.get("fact", "")).endswith("case.category")
        for value in (told.get("value") if is_asked else None, told.get("category")):
            texts = [str(one) for one in (value if isinstance(value, list) else [value])]
            yield [int(text) for text in texts if text.isdecimal()]
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    for part in parts:
        yield from _categories_in(part)


def _unit_is_used(row: ResponsibleUnit) -> bool:
    """By a complaint, or by a remedy whose cost it bears."""
    return Complaint.objects.filter(unit=row).exists() or Remedy.objects.filter(unit=row).exists()


REMOVABLE = {
    "category": Removable(CaseCategory, "service.remove_category", _category_is_used),
    "checklist": Removable(
        Checklist, "service.remove_checklist", lambda row: CaseStep.objects.filter(checklist=row).exists()
    ),
    "criterion": Removable(
        MomentCriterion,
        "service.remove_criterion",
        lambda row: bool(row.key) or MomentMark.objects.filter(criterion=f"{OWN}{row.pk}").exists(),
    ),
    "level": Removable(
        SlaPolicy,
        "service.remove_sla_policy",
        lambda row: CaseClock.objects.filter(policy=row).exists(),
        parts=("steps", "targets"),
    ),
    # A department is a unit for as long as it stands; what Guanxi brings along is named by its key.
    "unit": Removable(
        ResponsibleUnit, "service.remove_unit", lambda row: row.department_id is not None or _unit_is_used(row)
    ),
    "cause": Removable(
        Cause,
        "service.remove_cause",
        lambda row: bool(row.key) or row.children.exists() or Complaint.objects.filter(cause=row).exists(),
    ),
    "remedy": Removable(
        RemedyKind,
        "service.remove_remedy_kind",
        lambda row: bool(row.key) or Remedy.objects.filter(kind=row).exists(),
        parts=("limits",),
    ),
}


def remove_setting(*, actor: Actor, what: str, number: int) -> int:
    """Remove a row that nothing uses, of one of the sorts above; the operation's number."""
    access.require(actor, "service_setting", "change")
    sort = REMOVABLE.get(what)
    if sort is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    with transaction.atomic():
        rows: Any = sort.model._default_manager
        row = rows.select_for_update(of=("self",)).get_visible(actor, "change", pk=number)
        if sort.is_used(row):
            raise Conflict(_("“%(name)s” is in use, or was. Take it out of use; it cannot be removed.") % {"name": row})
        try:
            with transaction.atomic(), changes.operation(actor=actor, name=sort.operation) as op:
                for name in sort.parts:
                    for part in getattr(row, name).all():
                        op.delete(part)
                op.delete(row)
        except ProtectedError:
            raise Conflict(
                _("“%(name)s” is in use, or was. Take it out of use; it cannot be removed.") % {"name": row}
            ) from None
        if what == "level":
            rules_changed(because={"event": "rules"})
    return op.id
