"""What cases are arranged by: the tree of categories, the checklists."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.service.choices import CaseType
from guanxi.service.clocks.services.promising import rules_changed
from guanxi.service.models import CaseCategory, Checklist

DEEPEST = 6
ITEMS_AT_MOST = 60


def save_category(
    *,
    actor: Actor,
    name: str,
    parent_id: int | None = None,
    category_id: int | None = None,
    is_active: bool = True,
    position: int = 0,
) -> CaseCategory:
    """Make a category, or rename, move or retire one; what lies below it moves with it."""
    access.require(actor, "service_setting", "change")
    plain = " ".join(str(name or "").replace("\x00", "").split())
    if not plain or len(plain) > 200:
        raise InvalidInput(_("A name has between 1 and 200 characters."), column="name")
    with transaction.atomic():
        parent = CaseCategory.objects.select_for_update().filter(pk=parent_id or 0).first()
        if parent_id is not None and parent is None:
            raise InvalidInput(_("There is no such category."), column="parent")
        row = (
            CaseCategory.objects.select_for_update().get_visible(actor, "change", pk=category_id)
            if category_id
            else None
        )
        if row is not None and parent is not None and f"/{row.pk}/" in parent.path:
            raise InvalidInput(_("A category cannot lie below itself."), column="parent")
        if parent is not None and parent.path.count("/") - 1 >= DEEPEST:
            raise InvalidInput(_("Categories lie at most %(limit)s deep.") % {"limit": DEEPEST}, column="parent")
        try:
            with transaction.atomic(), changes.operation(actor=actor, name="service.save_category") as op:
                return _write_category(op, row, plain, parent, is_active=is_active, position=position)
        except IntegrityError:
            raise Conflict(_("There is a category of this name here already."), column="name") from None


def _write_category(
    op: changes.OperationInHand,
    row: CaseCategory | None,
    name: str,
    parent: CaseCategory | None,
    *,
    is_active: bool,
    position: int,
) -> CaseCategory:
    """Write a category, its path and the paths below it."""
    above = parent.path if parent is not None else "/"
    if row is None:
        made: CaseCategory = op.create(CaseCategory(name=name, parent=parent, is_active=is_active, position=position))
        op.update(made, path=f"{above}{made.pk}/")
        return made
    before = row.path
    op.update(row, name=name, parent=parent, is_active=is_active, position=position, path=f"{above}{row.pk}/")
    if row.path != before:
        rules_changed(because={"event": "moved"})
        for below in CaseCategory.objects.select_for_update().filter(path__startswith=before).exclude(pk=row.pk):
            op.update(below, path=row.path + below.path.removeprefix(before))
    return row


def save_checklist(
    *,
    actor: Actor,
    name: str,
    case_type: str,
    items: Sequence[str],
    category_id: int | None = None,
    is_active: bool = True,
    checklist_id: int | None = None,
) -> Checklist:
    """Make a checklist or change one; cases that are open keep the items that they got."""
    access.require(actor, "service_setting", "change")
    plain = " ".join(str(name or "").replace("\x00", "").split())
    if not plain or len(plain) > 120:
        raise InvalidInput(_("A name has between 1 and 120 characters."), column="name")
    if case_type not in CaseType.values:
        raise InvalidInput(
            _("“%(value)s” is not one of the choices.") % {"value": str(case_type)[:40]}, column="case_type"
        )
    wanted = [line for line in (" ".join(str(item).replace("\x00", "").split()) for item in items) if line]
    if not wanted or len(wanted) > ITEMS_AT_MOST or any(len(line) > 300 for line in wanted):
        raise InvalidInput(
            _("A checklist has between 1 and %(limit)s items of at most 300 characters.") % {"limit": ITEMS_AT_MOST},
            column="items",
        )
    category = CaseCategory.objects.filter(pk=category_id or 0).first()
    if category_id is not None and category is None:
        raise InvalidInput(_("There is no such category."), column="category")
    values = {"name": plain, "case_type": case_type, "items": wanted, "category": category, "is_active": is_active}
    with changes.operation(actor=actor, name="service.save_checklist") as op:
        if checklist_id is None:
            made: Checklist = op.create(Checklist(**values))
            return made
        row: Checklist = Checklist.objects.select_for_update().get_visible(actor, "change", pk=checklist_id)
        op.update(row, **values)
        return row
