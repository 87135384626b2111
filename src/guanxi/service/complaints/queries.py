"""Reading complaints: always as far as the actor may see their case."""

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.conversations.choices import Direction, MessageKind
from guanxi.conversations.models import Message
from guanxi.core import ids, money
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.people.queries import role_name
from guanxi.service import queries as case_queries
from guanxi.service.complaint_choices import PromiseState, UsualCause, UsualRemedy
from guanxi.service.models import (
    Case,
    CaseCategory,
    Cause,
    Complaint,
    PastObjection,
    Promise,
    Remedy,
    RemedyKind,
    ResponsibleUnit,
    StepRule,
)

CHOICES = 3_000
EMPTY = "-"
# Before the number of a department that is no unit yet.
DEPARTMENT = "department-"


def complaint_of(actor: Actor, public_id: str, action: str = "view") -> Complaint:
    """The complaint of the case with this public id."""
    rows = Complaint.objects.visible_to(actor, action).select_related(
        "case__customer",
        "case__conversation__customer",
        "case__category__parent",
        "case__owner",
        "case__product",
        "unit__department",
        "cause__parent",
        "objected_by",
    )
    found: Complaint | None = rows.filter(pk=ids.parse("cas", public_id) or 0).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def may_object(complaint: Complaint) -> bool:
    """Whether the responsible unit has not objected yet, neither now nor when it was responsible before."""
    if complaint.unit_id is None or complaint.objected_at is not None:
        return False
    return not PastObjection.objects.filter(complaint=complaint, unit=complaint.unit_id).exists()


def objections_of(complaint: Complaint) -> list[PastObjection]:
    """Every objection of a complaint, that of the unit which is responsible now last."""
    found = list(complaint.past_objections.select_related("unit__department", "by"))
    if complaint.objected_at is not None:
        now = PastObjection(
            complaint=complaint, unit=complaint.unit, reasons=complaint.objection, at=complaint.objected_at,
            by=complaint.objected_by, answer=complaint.objection_answer, settled_at=complaint.objection_settled_at,
        )  # fmt: skip
        found.append(now)
    return found


def is_complaint(case_id: int) -> bool:
    """Whether a case is handled as a complaint."""
    return Complaint.objects.filter(pk=case_id).exists()


def last_said(complaint: Complaint) -> Message | None:
    """What the customer said last in the conversation of a complaint, if nobody has answered it since."""
    rows = Message.objects.filter(conversation=complaint.case.conversation_id, kind=MessageKind.MESSAGE)
    last = rows.order_by("-at", "-id").first() if complaint.case.conversation_id is not None else None
    return last if last is not None and last.direction == Direction.IN and last.needs_answer else None


def unit_choices() -> list[tuple[int, str]]:
    """Units in use, our departments first."""
    rows = ResponsibleUnit.objects.filter(is_active=True).select_related("department")
    found = [(row.pk, str(row), row.is_outside) for row in rows[:CHOICES]]
    return [
        (number, f"{name} ({_('outside')})" if is_outside else name)
        for number, name, is_outside in sorted(found, key=lambda one: (one[2], one[1].casefold()))
    ]


def who_answers_choices() -> list[tuple[str, str]]:
    """Who can be responsible: our departments, those that never were so far too, then firms outside."""
    fresh = [(f"{DEPARTMENT}{number}", name) for number, name in departments_without_unit()]
    return [*fresh, *((str(number), name) for number, name in unit_choices())]


def departments_without_unit() -> list[tuple[int, str]]:
    """Departments that have answered for no complaint so far; each becomes a unit with its first."""
    known = set(ResponsibleUnit.objects.filter(department__isnull=False).values_list("department_id", flat=True))
    return [(number, name) for number, name in case_queries.departments() if number not in known]


def chosen_unit(value: str) -> dict[str, int]:
    """What such a choice names, as the services take it."""
    is_department = value.startswith(DEPARTMENT)
    return {"department_id" if is_department else "unit_id": int(value.removeprefix(DEPARTMENT))}


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


def remedy_title(remedy: Remedy) -> str:
    """A remedy by its kind and the complaint that it is for, as whoever approves it must know it."""
    return f"{remedy.kind} · {remedy.complaint.case}"


def remedy_url(remedy_id: int) -> str:
    """The page of the complaint that a remedy is for."""
    number = Remedy.objects.values_list("complaint_id", flat=True).filter(pk=remedy_id).first()
    return reverse("complaints:complaint", args=[ids.public_id("cas", number)]) if number is not None else ""


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


def promises(actor: Actor) -> QuerySet[Promise]:
    """The promises that the actor may see, with who keeps and who made them."""
    rows: QuerySet[Promise] = Promise.objects.visible_to(actor).select_related("owner", "author")
    return rows


def remedy_of(complaint: Complaint, number: int) -> Remedy | None:
    """A remedy of a complaint, None for any other."""
    return complaint.remedies.filter(pk=number).first()


def units_in_order(*, with_retired: bool) -> list[ResponsibleUnit]:
    """Units in use, or all: our departments, then firms outside."""
    rows = ResponsibleUnit.objects.select_related("department")
    rows = rows if with_retired else rows.filter(is_active=True)
    return sorted(rows[:CHOICES], key=lambda row: (row.is_outside, str(row).casefold()))


def causes_in_order(*, with_retired: bool) -> list[tuple[Cause, list[str]]]:
    """Causes in use, or all, in the order of the tree, each with the names from the root down."""
    rows = list(Cause.objects.order_by("path")[:CHOICES])
    known = {row.pk: row for row in rows}
    above = {row.pk: [known[int(part)] for part in row.path.split("/") if part and int(part) in known] for row in rows}
    rows.sort(key=lambda row: [(one.position, one.pk) for one in above[row.pk]])
    return [(row, [str(one) for one in above[row.pk]]) for row in rows if with_retired or row.is_active]


def names_above(cause: Cause) -> list[str]:
    """The names from the root of the tree down to a cause."""
    numbers = [int(part) for part in cause.path.split("/") if part]
    rows = Cause.objects.in_bulk(numbers)
    return [str(rows[number]) for number in numbers if number in rows]


def remedy_kinds(*, with_retired: bool) -> list[RemedyKind]:
    """Kinds of remedy in use, or all, in their order."""
    rows = RemedyKind.objects.all() if with_retired else RemedyKind.objects.filter(is_active=True)
    return list(rows[:CHOICES])


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
    return [{"kind": row, "limits": [(role_name(one.role), one) for one in row.limits.all()]} for row in rows]


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


def step_rule_of(actor: Actor, number: int) -> StepRule:
    """A rule that was set for a single grade, to be changed."""
    found: StepRule = StepRule.objects.exclude(grade="").get_visible(actor, "change", pk=number)
    return found


def step_rules(actor: Actor) -> list[StepRule]:
    """The rules that the company has set for single grades."""
    return list(StepRule.objects.visible_to(actor).exclude(grade="").order_by("step", "grade"))
