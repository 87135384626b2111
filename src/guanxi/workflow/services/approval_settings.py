"""Setting who approves what: policies, limits of roles, heads of departments."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Department, Role, User
from guanxi.core.money import check_currency
from guanxi.core.sentences import gettext as _
from guanxi.workflow.choices import Approver
from guanxi.workflow.models import ApprovalLimit, ApprovalPolicy, DepartmentHead
from guanxi.workflow.registries.approvals import approval_sorts

FIELDS = frozenset({
    "sort", "from_minor", "to_minor", "currency", "approver", "role", "user", "needs_second", "order", "hours",
    "escalates_to", "is_active",
})  # fmt: skip
MOST_MINOR = 10**15
MOST_HOURS = 24 * 365


def create_policy(*, actor: Actor, values: Mapping[str, Any]) -> ApprovalPolicy:
    """Say who approves a sort of thing between two amounts."""
    access.require(actor, "approval", "manage")
    clean = _cleaned(values, None)
    with changes.operation(actor=actor, name="workflow.create_approval_policy") as op:
        made: ApprovalPolicy = op.create(ApprovalPolicy(**clean, created_at=clock.now()))
    return made


def update_policy(*, actor: Actor, policy_id: int, values: Mapping[str, Any]) -> int | None:
    """Change a policy; approvals that wait already stay as they were asked. The operation, None when nothing differs."""
    with transaction.atomic():
        row = _locked(actor, policy_id)
        clean = _cleaned(values, row)
        with changes.operation(actor=actor, name="workflow.update_approval_policy") as op:
            if not op.update(row, **clean):
                op.row.delete()
                return None
        return op.id


def remove_policy(*, actor: Actor, policy_id: int) -> int:
    """Take a policy away; what was decided by it stays."""
    with transaction.atomic():
        row = _locked(actor, policy_id)
        with changes.operation(actor=actor, name="workflow.remove_approval_policy") as op:
            op.delete(row)
        return op.id


def set_limit(*, actor: Actor, role: Any, sort: str, currency: str, most_minor: Any) -> ApprovalLimit:
    """Say up to which amount people with a role approve a sort of thing ('' for every sort)."""
    access.require(actor, "approval", "manage")
    if sort and sort not in approval_sorts:
        raise InvalidInput(_("There is no sort of approval “%(sort)s”.") % {"sort": sort[:60]}, column="sort")
    found = _row(Role, role, "role", is_required=True)
    values = {"currency": _currency(currency), "most_minor": _minor(most_minor, "most_minor")}
    if values["most_minor"] is None:
        raise InvalidInput(_("Say up to which amount."), column="most_minor")
    with changes.operation(actor=actor, name="workflow.set_approval_limit") as op:
        standing = ApprovalLimit.objects.filter(role=found, sort=sort, currency=values["currency"]).first()
        if standing is None:
            standing = op.create(ApprovalLimit(role=found, sort=sort, **values))
        else:
            op.update(standing, **values)
    return standing


def remove_limit(*, actor: Actor, limit_id: int) -> int:
    """Take a limit away."""
    row = ApprovalLimit.objects.get_visible(actor, "change", pk=limit_id)
    with changes.operation(actor=actor, name="workflow.remove_approval_limit") as op:
        op.delete(row)
    return op.id


def set_head(*, actor: Actor, department: Any, user: Any) -> None:
    """Say who heads a department, None for nobody."""
    access.require(actor, "approval", "manage")
    found = _row(Department, department, "department", is_required=True)
    head = _row(User, user, "user")
    with changes.operation(actor=actor, name="workflow.set_department_head") as op:
        standing = DepartmentHead.objects.filter(department=found).first()
        if head is None and standing is not None:
            op.delete(standing)
        elif head is not None and standing is None:
            op.create(DepartmentHead(department=found, user=head))
        elif head is not None and standing is not None:
            op.update(standing, user=head)


def _cleaned(values: Mapping[str, Any], standing: ApprovalPolicy | None) -> dict[str, Any]:
    """Values as they are stored; InvalidInput names the field that cannot be used."""
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        raise InvalidInput(_("A policy has no field “%(field)s”.") % {"field": unknown[0][:40]}, column=unknown[0])
    kept = {name: getattr(standing, name) for name in FIELDS} if standing is not None else {"is_active": True}
    given = {**kept, **values}
    declared = approval_sorts.get(str(given.get("sort", "")))
    if declared is None:
        raise InvalidInput(_("Choose what is to be approved."), column="sort")
    if given.get("approver") not in Approver.values:
        raise InvalidInput(_("Choose who decides."), column="approver")
    clean: dict[str, Any] = {
        "sort": declared.key,
        "approver": str(given["approver"]),
        "role": None,
        "user": None,
        "needs_second": bool(given.get("needs_second")),
        "is_active": bool(given.get("is_active")),
        "order": _whole(given.get("order") if given.get("order") not in (None, "") else 100, "order", 1_000_000),
        "hours": _whole(given["hours"], "hours", MOST_HOURS) if given.get("hours") not in (None, "") else None,
        "escalates_to": _row(Role, given.get("escalates_to"), "escalates_to"),
    }
    if clean["approver"] == Approver.ROLE:
        clean["role"] = _row(Role, given.get("role"), "role", is_required=True)
    if clean["approver"] == Approver.USER:
        clean["user"] = _row(User, given.get("user"), "user", is_required=True)
    return clean | _amounts(given, has_amount=declared.has_amount) | _checked_together(clean)


def _amounts(given: Mapping[str, Any], *, has_amount: bool) -> dict[str, Any]:
    """The amounts between which a policy holds, with their currency."""
    from_minor, to_minor = _minor(given.get("from_minor"), "from_minor"), _minor(given.get("to_minor"), "to_minor")
    if not has_amount or (from_minor is None and to_minor is None):
        return {"from_minor": None, "to_minor": None, "currency": ""}
    if from_minor is not None and to_minor is not None and to_minor < from_minor:
        raise InvalidInput(_("The upper amount lies below the lower one."), column="to_minor")
    return {"from_minor": from_minor, "to_minor": to_minor, "currency": _currency(given.get("currency"))}


def _checked_together(clean: Mapping[str, Any]) -> dict[str, Any]:
    """What only goes together: handing on needs hours and a role; a second word beside a single person needs a role."""
    if (clean["hours"] is None) != (clean["escalates_to"] is None) and not clean["needs_second"]:
        raise InvalidInput(_("Handing on in time needs both: hours, and who decides then."), column="hours")
    if clean["needs_second"] and clean["approver"] != Approver.ROLE and clean["escalates_to"] is None:
        raise InvalidInput(_("Say which role gives the second word: it is chosen at “then also”."),
                           column="escalates_to")  # fmt: skip
    return {}


def _locked(actor: Actor, policy_id: int) -> ApprovalPolicy:
    """The policy, locked against other writers."""
    found = ApprovalPolicy.objects.get_visible(actor, "change", pk=policy_id)
    return ApprovalPolicy.objects.select_for_update().get(pk=found.pk)


def _row(model: Any, given: Any, column: str, *, is_required: bool = False) -> Any:
    """A role, user or department by row or number."""
    key = getattr(given, "pk", given)
    if key in (None, "") and not is_required:
        return None
    rows = model.objects.filter(is_active=True) if model is User else model.objects.all()
    found = rows.filter(pk=int(key)).first() if str(key).isdecimal() and len(str(key)) < 19 else None
    if found is None:
        raise InvalidInput(_("Choose one of those offered."), column=column)
    return found


def _currency(given: Any) -> str:
    """A currency that exists."""
    try:
        return check_currency(str(given or ""))
    except InvalidInput as error:
        raise InvalidInput(error.message, column="currency") from None


def _minor(given: Any, column: str) -> int | None:
    """An amount in minor units, not negative."""
    if given in (None, ""):
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < MOST_MINOR:
        raise InvalidInput(_("This amount cannot be used."), column=column)
    return given


def _whole(given: Any, column: str, most: int) -> int:
    """A whole number that is not negative."""
    try:
        number = int(given)
    except (TypeError, ValueError):
        number = -1
    if isinstance(given, bool) or not 0 <= number <= most:
        raise InvalidInput(_("Give a whole number from 0 to %(most)s.") % {"most": most}, column=column)
    return number
