"""Reading complaints: always as far as the actor may see their case."""

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.core import ids, money
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Department
from guanxi.service.complaint_choices import PromiseState, UsualCause, UsualRemedy
from guanxi.service.complaints.services.units import ensure_units
from guanxi.service.models import (
    Case,
    CaseCategory,
    Cause,
    Complaint,
    Promise,
    Remedy,
    RemedyKind,
    ResponsibleUnit,
    StepRule,
)

CHOICES = 3_000
EMPTY = "-"


def complaint_of(actor: Actor, public_id: str, action: str = "view") -> Complaint:
    """The complaint of the case with this public id."""
    rows = Complaint.objects.visible_to(actor, action).select_related(
        "case__customer", "case__category__parent", "case__owner", "case__product", "unit__department", "cause__parent"
    )
    found: Complaint | None = rows.filter(pk=ids.parse("cas", public_id) or 0).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def is_complaint(case_id: int) -> bool:
    """Whether a case is handled as a complaint."""
    return Complaint.objects.filter(pk=case_id).exists()


def unit_choices() -> list[tuple[int, str]]:
    """Units in use, our departments first."""
    if Department.objects.filter(is_closed=False).exclude(pk__in=_departments_with_units()).exists():
        ensure_units(actor=system_actor(means="service"))
    rows = ResponsibleUnit.objects.filter(is_active=True).select_related("department")
    found = [(row.pk, str(row), row.is_outside) for row in rows[:CHOICES]]
    return [
        (number, f"{name} ({_('outside')})" if is_outside else name)
        for number, name, is_outside in sorted(found, key=lambda one: (one[2], one[1].casefold()))
    ]


def _departments_with_units() -> QuerySet[ResponsibleUnit, Any]:
    """The departments that are units."""
    return ResponsibleUnit.objects.filter(department__isnull=False).values("department")


def cause_choices() -> list[tuple[int | str, str]]:
    """Causes in use, each with the branch it stands on."""
    rows = list(Cause.objects.filter(is_active=True).select_related("parent"))
    names = {row.pk: str(row) for row in rows}
    told = [
        (row, " › ".join(names[int(part)] for part in row.path.strip("/").split("/") if part and int(part) in names))
        for row in rows
    ]
    order = {row.pk: row.position for row in rows}
    told.sort(key=lambda pair: [order.get(int(part), 0) for part in pair[0].path.strip("/").split("/") if part])
    return [("", "–"), *((row.pk, words) for row, words in told)]


def cause_name(key: str | None, name: str | None) -> str:
    """A cause in words: the company's, else ours in the reader's language."""
    return name or (str(UsualCause(key).label) if key in UsualCause.values else "")


def cause_filter_choices() -> list[tuple[int, str]]:
    """Causes to narrow a list by."""
    return [(int(number), words) for number, words in cause_choices() if number]


def branch_choices() -> list[tuple[int, str]]:
    """The first branches of the tree of categories."""
    return list(CaseCategory.objects.filter(parent=None).values_list("pk", "name")[:CHOICES])


def article_choices() -> list[tuple[int, str]]:
    """The products of the catalogue that complaints are about."""
    used = Case.objects.filter(complaint__isnull=False, product__isnull=False).order_by().values("product")
    return [(row.pk, str(row)) for row in Product.objects.filter(pk__in=used).order_by("name", "pk")[:CHOICES]]


def in_branches(rows: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    """Cases in a category anywhere below one of these branches."""
    asked = Q(pk__in=[])
    for value in values:
        asked |= Q(category__path__startswith=f"/{value}/") if value != EMPTY else Q(category__isnull=True)
    return rows.filter(asked)


def complaints(actor: Actor) -> QuerySet[Any]:
    """The cases that are handled as complaints, as far as the actor may see them."""
    return Case.objects.visible_to(actor).filter(complaint__isnull=False)


def remedy_choices() -> list[tuple[int, str]]:
    """Kinds of remedy in use."""
    return [(row.pk, str(row)) for row in RemedyKind.objects.filter(is_active=True)]


def remedy_words(remedy: Remedy) -> str:
    """A remedy in a few words, with its amount."""
    amount = money.format_money(remedy.amount_minor, remedy.currency) if remedy.amount_minor else ""
    return " ".join(part for part in (str(remedy.kind), amount, remedy.text[:60]) if part)


def promises_of_customer(actor: Actor, customer_id: int) -> QuerySet[Promise]:
    """A customer's promises, those still open or broken first by their date."""
    return Promise.objects.visible_to(actor).filter(customer=customer_id).order_by("-due_at", "-pk")


def standing_promises(customer_id: int) -> dict[str, int]:
    """How many promises to a customer are open, and how many broken and not made good."""
    states = Promise.objects.filter(
        customer=customer_id, state__in=(PromiseState.OPEN, PromiseState.BROKEN)
    ).values_list("state", flat=True)
    found = list(states)
    return {state: found.count(state) for state in (PromiseState.OPEN, PromiseState.BROKEN)}


def promise_of(actor: Actor, public_id: str, action: str = "view") -> Promise:
    """The promise with this public id."""
    rows = Promise.objects.visible_to(actor, action).select_related("case", "customer", "owner", "author", "remedy")
    found: Promise | None = rows.filter(pk=ids.parse("prm", public_id) or 0).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def may_change_promise(actor: Actor, promise: Promise) -> bool:
    """Whether the actor may say what came of a promise."""
    return Promise.objects.visible_to(actor, "change").filter(pk=promise.pk).exists()


def units(actor: Actor) -> list[ResponsibleUnit]:
    """All units, those in use first."""
    rows = ResponsibleUnit.objects.visible_to(actor).select_related("department")
    return sorted(rows[:CHOICES], key=lambda row: (not row.is_active, row.is_outside, str(row).casefold()))


def unit_of(actor: Actor, number: int) -> ResponsibleUnit:
    """One unit."""
    found: ResponsibleUnit = ResponsibleUnit.objects.get_visible(actor, "change", pk=number)
    return found


def causes(actor: Actor) -> list[tuple[Cause, int]]:
    """All causes in the order of the tree, each with its depth."""
    rows = list(Cause.objects.visible_to(actor).order_by("path")[:CHOICES])
    order = {row.pk: (row.position, row.pk) for row in rows}
    key = {row.pk: [order.get(int(part), (0, 0)) for part in row.path.split("/") if part] for row in rows}
    return [(row, len(key[row.pk])) for row in sorted(rows, key=lambda row: key[row.pk])]


def cause_of(actor: Actor, number: int) -> Cause:
    """One cause."""
    found: Cause = Cause.objects.get_visible(actor, "change", pk=number)
    return found


def remedies_with_limits(actor: Actor) -> list[dict[str, Any]]:
    """Kinds of remedy with what each role may grant by itself."""
    rows = RemedyKind.objects.visible_to(actor).prefetch_related("limits__role")
    return [{"kind": row, "limits": list(row.limits.all())} for row in rows]


def remedy_kind_of(actor: Actor, number: int) -> RemedyKind:
    """One kind of remedy."""
    found: RemedyKind = RemedyKind.objects.get_visible(actor, "change", pk=number)
    return found


def remedy_name(key: str) -> str:
    """Our own name of a kind of remedy."""
    return str(UsualRemedy(key).label) if key in UsualRemedy.values else ""


def limits_of(kind: RemedyKind) -> dict[int, Decimal]:
    """The limit of each role in the reporting currency."""
    currency = money.reporting_currency()
    rows = kind.limits.filter(currency=currency)
    return {row.role_id: money.from_minor(row.limit_minor, currency) for row in rows}


def rule_of_all_grades(actor: Actor, step: str) -> StepRule | None:
    """The rule that the company has set for a step, whatever the grade."""
    found: StepRule | None = StepRule.objects.visible_to(actor).filter(step=step, grade="").first()
    return found


def step_rules(actor: Actor) -> list[StepRule]:
    """The rules that the company has set for single grades."""
    return list(StepRule.objects.visible_to(actor).exclude(grade="").order_by("step", "grade"))
