"""Reading cases: always as far as the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.conversations.models import Conversation
from guanxi.core import access, ids, records
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Department
from guanxi.service.choices import LIVE_STATES
from guanxi.service.models import Case, CaseCategory, CaseLink, CaseStep


def case_of(actor: Actor, public_id: str, action: str = "view") -> Case:
    """The case with this public id."""
    found: Case = Case.objects.get_visible(actor, action, pk=ids.parse("cas", public_id) or 0)
    return found


def cases_of_customer(actor: Actor, customer_id: int) -> QuerySet[Case]:
    """A customer's cases, the newest first."""
    return Case.objects.visible_to(actor).filter(customer=customer_id).order_by("-opened_at", "-pk")


def departments() -> list[tuple[int, str]]:
    """Departments that are not closed, each with the names of those above it: the one list to choose from."""
    return _with_those_above(Department.objects.filter(is_closed=False).values_list("pk", "name", "path"))


def categories() -> list[tuple[int, str]]:
    """Categories in use, each with the names of those above it: the one list to choose from."""
    return _with_those_above(CaseCategory.objects.filter(is_active=True).values_list("pk", "name", "path"))


def _with_those_above(rows: Iterable[tuple[int, str, str]]) -> list[tuple[int, str]]:
    """Nodes of a tree with their whole path as words, in the order of these."""
    known = {number: (name, path) for number, name, path in rows}
    found = []
    for number, (_name, path) in known.items():
        above = [int(part) for part in path.split("/") if part] or [number]
        found.append((number, " › ".join(known[one][0] for one in above if one in known)))
    return sorted(found, key=lambda one: one[1])


def may_listen_to_case(actor: Actor, key: str) -> bool:
    """Whether the actor may hear that something happened to a case."""
    if not key.isdecimal():
        return False
    try:
        Case.objects.get_visible(actor, pk=int(key))
    except NotFound:
        return False
    return True


@dataclass(frozen=True)
class Linked:
    """A record that a case concerns, as far as the reader may see it."""

    title: str
    url: str
    icon: str
    # What is taken away with it: the link by its number, or the product that the case is about.
    what: str = ""


def links_of(actor: Actor, case: Case) -> list[CaseLink]:
    """The links of a case to records that are open to the reader."""
    rows = CaseLink.objects.filter(case=case).order_by("pk")
    known = [link for link in rows if link.about_kind in records.kinds]
    return [link for link in known if access.may_see(actor, link.about_kind, link.about_id)]


def linked_records(actor: Actor, case: Case) -> list[Linked]:
    """What a case concerns, the product that it is about among it, without what is not open to the reader."""
    found, links = [], links_of(actor, case)
    about = ("product", case.product_id or 0)
    if case.product is not None and about not in {(link.about_kind, link.about_id) for link in links}:
        kind = records.kinds["product"]
        if access.may_see(actor, *about):
            found.append(Linked(str(case.product), kind.url(case.product.pk) if kind.url else "", kind.icon, "product"))
    for link in links:
        kind = records.kinds[link.about_kind]
        row = kind.model._default_manager.filter(pk=link.about_id).first()
        if row is not None:
            found.append(Linked(kind.title(row), kind.url(link.about_id) if kind.url else "", kind.icon, str(link.pk)))
    return found


def link_of(case: Case, number: str) -> CaseLink:
    """A link of a case; NotFound for anything else."""
    found = case.links.filter(pk=int(number) if number.isdecimal() else 0).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def part_of(actor: Actor, case: Case, public_id: str) -> Case:
    """A part of a case that the actor may change."""
    rows = Case.objects.filter(parent=case)
    found: Case = rows.get_visible(actor, "change", pk=ids.parse("cas", public_id) or 0)
    return found


def parent_of(actor: Actor, case: Case) -> Case | None:
    """What a case is part of, as far as the actor may see it."""
    found: Case | None = Case.objects.visible_to(actor).filter(pk=case.parent_id or 0).first()
    return found


def cases_about(actor: Actor, kind: str, record_id: int) -> QuerySet[Case]:
    """The cases that concern a record, the newest first."""
    linked = CaseLink.objects.filter(about_kind=kind, about_id=record_id)
    rows = Case.objects.visible_to(actor)
    concerned = Q(pk__in=linked.values("case"))
    if kind == "product":
        concerned |= Q(product=record_id)
    return rows.filter(concerned).order_by("-opened_at", "-pk")


def conversations_for(actor: Actor, case: Case, limit: int = 30) -> list[Conversation]:
    """The conversations in which a case can be settled: of its customer, without another live case; its own among them."""
    rows = Conversation.objects.visible_to(actor, "change").filter(merged_into__isnull=True)
    taken = Case.objects.filter(state__in=LIVE_STATES, conversation__isnull=False).exclude(pk=case.pk)
    free = Q(customer=case.customer_id) & ~Q(pk__in=taken.filter(customer=case.customer_id).values("conversation"))
    mine = Q(pk=case.conversation_id or 0)
    return list(rows.filter(mine | free if case.customer_id else mine).order_by("-last_message_at")[:limit])


def open_url(customer_id: int) -> str:
    """Where a case is opened for a customer."""
    return f"{reverse('service:open')}?customer={ids.public_id('cus', customer_id)}"


def open_url_about(kind: str, record_id: int) -> str:
    """Where a case is opened that concerns a record."""
    return f"{reverse('service:open')}?about={kind}:{records.kinds[kind].public_id(record_id)}"


def step_of(case: Case, number: str) -> CaseStep:
    """An item of a case's checklist; NotFound for anything else."""
    found = case.steps.filter(pk=int(number) if number.isdecimal() else 0).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


@dataclass(frozen=True)
class Branch:
    """One category and how deep it lies."""

    category: CaseCategory
    depth: int


def category_tree(actor: Actor) -> list[Branch]:
    """All categories, each below the one that it is part of, beside one another in their order."""
    rows = list(CaseCategory.objects.visible_to(actor))
    below: dict[int | None, list[CaseCategory]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[Branch] = []
    waiting = [Branch(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        waiting += [Branch(row, branch.depth + 1) for row in reversed(below.get(branch.category.pk, []))]
    return found
