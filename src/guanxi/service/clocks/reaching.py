"""Whom a step of escalation reaches: people by what they are to the case, and the deputies of those who are absent."""

from collections.abc import Iterable

from guanxi.core import deputising
from guanxi.core.models import Department, User
from guanxi.service.clocks.choices import Whom
from guanxi.service.models import Case, EscalationStep
from guanxi.workflow.models import DepartmentHead

# Of a large role so many are told, the longest-standing first.
MOST = 200


class People:
    """Who is who for some cases and steps; what is asked again is not read again."""

    def __init__(self, steps: Iterable[EscalationStep]) -> None:
        """Read the roles that the steps name; departments are read when first asked for."""
        roles = {step.role_id for step in steps if step.whom == Whom.ROLE and step.role_id}
        self._by_role: dict[int, list[int]] = {role: _active(role=role) for role in roles}
        self._heads: dict[int | None, list[int]] = {}
        self._present: dict[int, tuple[int, ...]] = {}

    def reached(self, step: EscalationStep, case: Case) -> list[int]:
        """The users whom a step reaches for a case; nobody for none."""
        return self._here(self._named(step, case))

    def heads(self, departments: Iterable[Department | None]) -> list[int]:
        """Who heads these departments, as escalation finds them: the nearest above, else managers, else owners."""
        return self._here(number for one in departments for number in self._heads_of(one))

    def _named(self, step: EscalationStep, case: Case) -> list[int]:
        """Who is named, absent or not. A case without an owner is a matter of the head of its department."""
        if step.whom == Whom.OWNER and case.owner_id is not None:
            return [case.owner_id]
        if step.whom == Whom.ROLE and step.role_id is not None:
            return self._by_role.get(step.role_id, [])
        if step.whom == Whom.USER and step.user_id is not None:
            return [step.user_id]
        return self._heads_of(case.department)

    def _heads_of(self, department: Department | None) -> list[int]:
        """The head of a department, or of the nearest one above that has one; where none has, managers, or owners."""
        key = department.pk if department is not None else None
        if key not in self._heads:
            path = [int(part) for part in department.path.split("/") if part] if department is not None else []
            rows = DepartmentHead.objects.filter(department__in=path, user__is_active=True)
            heads = dict(rows.values_list("department_id", "user_id"))
            found = [heads[number] for number in reversed(path) if number in heads][:1]
            self._heads[key] = found or _active(role__key="manager") or _active(role__key="owner")
        return self._heads[key]

    def _here(self, user_ids: Iterable[int]) -> list[int]:
        """Those who are here, or stand in for those who are not; each once, in order."""
        wanted = list(user_ids)
        unknown = [number for number in wanted if number not in self._present]
        if unknown:
            self._present |= deputising.present_for(unknown)
        return list(dict.fromkeys(one for number in wanted for one in self._present[number]))


def _active(**lookup: object) -> list[int]:
    """Users of some kind who can sign in."""
    return list(User.objects.filter(is_active=True, **lookup).order_by("pk").values_list("pk", flat=True)[:MOST])
