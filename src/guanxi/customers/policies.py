"""Who may see and do what in the customer archive; everything that belongs to a customer follows the customer."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.core import access
from guanxi.core.actor import Actor
from guanxi.customers.models import (
    Consent,
    ContactPoint,
    CoreCard,
    Customer,
    DataRequest,
    DuplicateDecision,
    DuplicatePair,
    Erasure,
    ExternalId,
    Hold,
    InternalProfile,
    LegalParameter,
    Note,
    Notice,
    OrganisationProfile,
    Pack,
    PersonProfile,
    Purpose,
    Relation,
    RetentionRule,
    RetentionRun,
    Standing,
    StandingChange,
    Tag,
    VisitRecord,
)

READING = frozenset({"view", "export"})


class CustomerPolicy(access.Policy):
    """Customers by owner and department."""

    kind = "customer"
    owner = "owner"
    department = "department"
    has_long_lists = True

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """An erased customer is an empty record: seen and counted, never changed again."""
        found = super().filter(queryset, actor, action)
        return found if action in READING else found.filter(erased_at__isnull=True)


class PartPolicy(access.Policy):
    """What belongs to one customer is open as that customer is."""

    kind = "customer"
    owner = "customer__owner"
    department = "customer__department"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """What is left of an erased customer is not changed again."""
        found = super().filter(queryset, actor, action)
        return found if action in READING else found.filter(customer__erased_at__isnull=True)


class RelationPolicy(access.Policy):
    """A relation is seen from the side of its subject."""

    kind = "customer"
    owner = "subject__owner"
    department = "subject__department"


class PairPolicy(access.Policy):
    """What concerns two customers is open to those who may do the same with both."""

    kind = "customer"

    def __init__(self, one: str, other: str) -> None:
        """Name the columns that hold the two."""
        self.columns = (one, other)

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Only the rows of which both sides are open."""
        if actor.scope(self.kind, action) is None:
            return queryset.none()
        seen = Customer.objects.visible_to(actor, action)
        return queryset.filter(*(Exists(seen.filter(pk=OuterRef(column))) for column in self.columns))


class CoreCardPolicy(access.Policy):
    """A restricted card is for the person in charge, the customer's owner, and those who see all cards."""

    kind = "core_card"
    owner = "keeper"
    owned = _("cards in one's charge and of one's own customers; open ones of customers that one sees")

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Cards in the actor's charge, open ones on customers they see, or all."""
        if actor.scope("core_card", action) == "all":
            return queryset
        if actor.user_id is None or actor.scope("customer", "view") is None:
            return queryset.none()
        mine = Q(keeper=actor.user_id) | Q(customer__owner=actor.user_id)
        if action == "view":
            seen = Customer.objects.visible_to(actor).values("pk")
            mine |= Q(is_restricted=False, customer__in=seen)
        return queryset.filter(mine)


class TagPolicy(access.Policy):
    """Whoever sees customers sees the tags."""

    kind = "customer"

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """All or none."""
        return queryset if actor.scope("customer", action) else queryset.none()


class PackPolicy(PartPolicy):
    """Packs are for those who may make them, whatever else they see; their files have no other address."""

    def filter(self, queryset: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
        """Packs of the customers that the actor may put together."""
        return super().filter(queryset, actor, "pack") if action == "pack" else queryset.none()


class PrivacyPolicy(access.Policy):
    """What the company settles about personal data is seen and changed as a whole."""

    kind = "privacy"


access.register(Customer, CustomerPolicy())
access.register(Pack, PackPolicy())
for _rule in (DataRequest, Erasure, LegalParameter, Notice, Purpose, RetentionRule, RetentionRun):
    access.register(_rule, PrivacyPolicy())
for _part in (
    Consent,
    ContactPoint,
    ExternalId,
    Hold,
    InternalProfile,
    Note,
    OrganisationProfile,
    PersonProfile,
    Standing,
    StandingChange,
    VisitRecord,
):
    access.register(_part, PartPolicy())
access.register(Relation, RelationPolicy())
access.register(DuplicatePair, PairPolicy("first_id", "second_id"))
access.register(DuplicateDecision, PairPolicy("customer_id", "other_id"))
access.register(CoreCard, CoreCardPolicy())
access.register(Tag, TagPolicy())
