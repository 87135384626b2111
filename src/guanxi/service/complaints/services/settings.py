"""What complaints are arranged by: units, causes, kinds of remedy with limits, rules of the steps."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes, money
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Role
from guanxi.service.complaint_choices import STEPS, EvidenceSort, Grade
from guanxi.service.complaints.services import pacing, words
from guanxi.service.models import Cause, RemedyKind, RemedyLimit, ResponsibleUnit, StepRule

DEEPEST = 4
LONGEST_MINUTES = 60 * 24 * 365


def _name(value: Any, limit: int, *, may_be_empty: bool = False) -> str:
    """A name on one line."""
    plain = " ".join(str(value or "").replace("\x00", "").split())
    if (not plain and not may_be_empty) or len(plain) > limit:
        raise InvalidInput(_("A name has between 1 and %(limit)s characters.") % {"limit": limit}, column="name")
    return plain


def save_unit(*, actor: Actor, name: str, is_active: bool = True, unit_id: int | None = None) -> ResponsibleUnit:
    """Make a unit outside the company, or rename or retire one; a department keeps the name it has."""
    access.require(actor, "service_setting", "change")
    with transaction.atomic():
        row = ResponsibleUnit.objects.select_for_update().get_visible(actor, "change", pk=unit_id) if unit_id else None
        is_department = row is not None and row.department_id is not None
        plain = _name(name, 200, may_be_empty=is_department)
        values = {"is_active": is_active, **({} if is_department else {"name": plain})}
        return _written(actor, "service.save_unit", ResponsibleUnit, row, values, {"is_outside": True})


def save_cause(
    *, actor: Actor, name: str, parent_id: int | None = None, is_active: bool = True, cause_id: int | None = None
) -> Cause:
    """Make a cause, or rename or retire one; without a name one of ours is called as before."""
    access.require(actor, "service_setting", "change")
    with transaction.atomic():
        row = Cause.objects.select_for_update().get_visible(actor, "change", pk=cause_id) if cause_id else None
        plain = _name(name, 120, may_be_empty=row is not None and bool(row.key))
        if row is not None:
            made: Cause = _written(actor, "service.save_cause", Cause, row, {"name": plain, "is_active": is_active}, {})
            return made
        parent = words.row(Cause, parent_id, "parent")
        if parent is not None and parent.path.count("/") - 1 >= DEEPEST:
            raise InvalidInput(_("Causes lie at most %(limit)s deep.") % {"limit": DEEPEST}, column="parent")
        try:
            with transaction.atomic(), changes.operation(actor=actor, name="service.save_cause") as op:
                made = op.create(Cause(name=plain, parent=parent, is_active=is_active, position=Cause.objects.count()))
                op.update(made, path=f"{parent.path if parent is not None else '/'}{made.pk}/")
                return made
        except IntegrityError:
            raise Conflict(_("There is one of this name here already."), column="name") from None


def save_remedy_kind(
    *, actor: Actor, name: str, has_amount: bool = True, is_active: bool = True, kind_id: int | None = None
) -> RemedyKind:
    """Make a kind of remedy, or rename or retire one."""
    access.require(actor, "service_setting", "change")
    with transaction.atomic():
        row = RemedyKind.objects.select_for_update().get_visible(actor, "change", pk=kind_id) if kind_id else None
        plain = _name(name, 80, may_be_empty=row is not None and bool(row.key))
        values = {"name": plain, "has_amount": has_amount, "is_active": is_active}
        return _written(
            actor, "service.save_remedy_kind", RemedyKind, row, values, {"position": RemedyKind.objects.count()}
        )


def save_limit(*, actor: Actor, kind_id: int, role_id: int, limit_minor: int | None, currency: str = "") -> int | None:
    """Say up to which amount a role may grant a kind of remedy by itself; None takes the limit away."""
    access.require(actor, "service_setting", "change")
    used = money.check_currency(currency) if currency else money.reporting_currency()
    with transaction.atomic():
        kind = words.row(RemedyKind, kind_id, "kind")
        role = Role.objects.filter(pk=role_id).first()
        if kind is None or role is None or not kind.has_amount:
            raise InvalidInput(_("A limit is for a role and a kind of remedy that costs money."), column="kind")
        if limit_minor is not None and not 0 <= limit_minor <= 10**13:
            raise InvalidInput(_("A limit is an amount of nothing or more."), column="limit")
        row = RemedyLimit.objects.select_for_update().filter(kind=kind, role=role, currency=used).first()
        with changes.operation(actor=actor, name="service.save_remedy_limit") as op:
            if row is None and limit_minor is not None:
                op.create(RemedyLimit(kind=kind, role=role, currency=used, limit_minor=limit_minor))
            elif row is not None and limit_minor is None:
                op.delete(row)
            elif row is None or not op.update(row, limit_minor=limit_minor):
                op.row.delete()
                return None
            op.touch(kind)
            return op.id


def save_step_rule(
    *, actor: Actor, step: str, working_minutes: int, evidence: Sequence[str] = (), grade: str = ""
) -> StepRule:
    """Say how long a step may take and which evidence it needs, for a grade or for all others."""
    access.require(actor, "service_setting", "change")
    words.choice(step, [str(one) for one in STEPS], "step")
    words.choice(grade, ["", *Grade.values], "grade")
    if not 0 < working_minutes <= LONGEST_MINUTES:
        raise InvalidInput(_("A step takes at least a minute and at most a year."), column="working_minutes")
    sorts = [words.choice(sort, EvidenceSort.values, "evidence") for sort in evidence]
    with transaction.atomic():
        row = StepRule.objects.select_for_update().filter(step=step, grade=grade).first()
        values = {"working_minutes": working_minutes, "evidence": sorts}
        made: StepRule = _written(
            actor, "service.save_step_rule", StepRule, row, values, {"step": step, "grade": grade}
        )
        pacing.reckon_anew(pacing.under_way().filter(step=step))
        return made


def remove_step_rule(*, actor: Actor, rule_id: int) -> int:
    """Take the rule of a single grade away: what holds for every other one holds for it again. The operation's number."""
    access.require(actor, "service_setting", "change")
    with transaction.atomic():
        rows = StepRule.objects.select_for_update().exclude(grade="")
        row: StepRule = rows.get_visible(actor, "change", pk=rule_id)
        with changes.operation(actor=actor, name="service.remove_step_rule") as op:
            op.delete(row)
        pacing.reckon_anew(pacing.under_way().filter(step=row.step))
        return op.id


def _written(actor: Actor, name: str, model: Any, row: Any, values: dict[str, Any], fresh: dict[str, Any]) -> Any:
    """Write a row of settings, made where it is not there; Conflict where its name is taken."""
    try:
        with transaction.atomic(), changes.operation(actor=actor, name=name) as op:
            if row is None:
                return op.create(model(**values, **fresh))
            if not op.update(row, **values):
                op.row.delete()
            return row
    except IntegrityError:
        raise Conflict(_("There is one of this name here already."), column="name") from None
