"""Filters of the customer list that its columns alone do not give."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.core.models import Department, User
from guanxi.customers.models import ContactPoint, CoreCard, Customer, CustomerTag, Tag
from guanxi.search.public import search
from guanxi.ui import filters

OPTIONS = 200
SEARCH_LIMIT = 200


class WordChoice(filters.Choice):
    """A choice kept in a text column, where nothing chosen is an empty text."""

    def absent(self) -> Q:
        """The rows without a word."""
        return Q(**{self.field: ""})


class TagFilter(filters.Relation):
    """Customers with any of the tags; `-` for those without one."""

    def condition(self, text: str) -> Q:
        """Rows with any of them."""
        values = text.split(",")
        mine = CustomerTag.objects.filter(customer=OuterRef("pk"))
        numbers = [int(value) for value in values if value.isdecimal()]
        condition = Q(Exists(mine.filter(tag__in=numbers))) if numbers else Q()
        return condition | ~Q(Exists(mine)) if filters.base.EMPTY in values else condition


def owners(actor: Actor, text: str) -> list[tuple[int, str]]:
    """Colleagues who may own customers."""
    rows = User.objects.filter(is_active=True).order_by("name", "username")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return [(user.pk, user.display_name) for user in rows[:OPTIONS]]


def departments(actor: Actor, text: str) -> list[tuple[int, str]]:
    """The company's departments that are open, to be chosen."""
    return [(number, name) for number, name, is_closed in _departments(text) if not is_closed]


def every_department(actor: Actor, text: str) -> list[tuple[int, str]]:
    """Every department that records may have, closed ones marked."""
    return [
        (number, gettext("%(name)s (closed)") % {"name": name} if is_closed else name)
        for number, name, is_closed in _departments(text)
    ]


def _departments(text: str) -> list[tuple[int, str, bool]]:
    """Departments with this in their name, the open ones first."""
    found = Department.objects.filter(name__icontains=text).order_by("is_closed", "path")
    return list(found.values_list("pk", "name", "is_closed")[:OPTIONS])


def tags(actor: Actor, text: str) -> list[tuple[int, str]]:
    """Tags in use."""
    return list(Tag.objects.visible_to(actor).filter(name__icontains=text).values_list("pk", "name")[:OPTIONS])


def with_contact(kind: str) -> Any:
    """A function that keeps customers with, or without, a contact point of a kind."""

    def apply(queryset: QuerySet[Any], wanted: bool) -> QuerySet[Any]:
        """Narrow the rows."""
        there = Exists(ContactPoint.objects.filter(customer=OuterRef("pk"), kind=kind))
        return queryset.filter(there) if wanted else queryset.filter(~there)

    return apply


class CardFilter(filters.Choice):
    """Customers with a core-customer card, or with one whose review is due."""

    def __init__(self, key: str, label: Any) -> None:
        """The choices."""
        choices = (("any", _("any card")), ("due", _("review due")))
        super().__init__(key, label, choices=choices, has_empty=True)

    def condition(self, text: str) -> Q:
        """Rows with such a card; `-` for those without one."""
        cards = CoreCard.objects.filter(customer=OuterRef("pk"))
        wanted = text.split(",")
        condition = Q()
        if "any" in wanted:
            condition |= Q(Exists(cards))
        if "due" in wanted:
            # Review periods differ from card to card, so the few cards are looked at one by one.
            today = clock.today()
            kept = CoreCard.objects.values_list("customer_id", "reviewed_on", "review_days")
            condition |= Q(pk__in=[number for number, on, days in kept if on + timedelta(days=days) < today])
        if filters.base.EMPTY in wanted:
            condition |= ~Q(Exists(cards))
        return condition


def found_by(queryset: QuerySet[Customer], text: str, actor: Actor) -> QuerySet[Customer]:
    """The customers that the search over everything finds for a text."""
    hits = search(actor=actor, text=text, only=["customer"], limit=SEARCH_LIMIT)
    return queryset.filter(pk__in=[hit.record_id for hit in hits])
