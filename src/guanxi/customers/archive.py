"""The sections of the archives: six of a person, five of an organisation, one of an internal customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import CustomerKind
from guanxi.customers.models import InternalProfile, OrganisationProfile, PersonProfile


@dataclass(frozen=True)
class ArchiveSection:
    """One section of an archive: its fields in the order in which they are read and written."""

    key: str
    label: Promise | str
    fields: Sequence[str]


PERSON = (
    ArchiveSection(
        "basic",
        _("Basic file"),
        (
            "gender", "birth_on", "is_birthday_lunar", "lunar_birthday", "nickname", "english_name", "former_name",
            "birth_place", "native_place", "nationality", "ethnicity", "spoken_languages", "appearance",
            "best_time_to_reach",
        ),
    ),
    ArchiveSection(
        "education",
        _("Education"),
        (
            "degree", "school", "field_of_study", "graduated_year", "honours", "student_activities",
            "military_service", "feelings_on_education", "further_training",
        ),
    ),
    ArchiveSection(
        "family",
        _("Family"),
        (
            "marital_status", "spouse_name", "spouse_education", "spouse_occupation", "spouse_interests",
            "wedding_anniversary_on", "children", "children_education", "children_interests", "parents",
            "household_income",
        ),
    ),
    ArchiveSection(
        "business",
        _("Business background"),
        (
            "occupation", "employer", "job_title", "in_post_since", "work_history", "associations", "mentors",
            "contacts_with_us", "attitude_to_employer", "business_goal_long", "business_goal_near", "puts_first",
            "thinks_of",
        ),
    ),
    ArchiveSection(
        "interests",
        _("Special interests"),
        ("clubs", "civic_activity", "community", "religion", "avoid_subjects", "strong_views", "collections"),
    ),
    ArchiveSection(
        "lifestyle",
        _("Lifestyle"),
        (
            "health", "diet", "drinks", "drink_kinds", "minds_drinking", "smokes", "minds_smoking",
            "favourite_restaurants", "favourite_dishes", "minds_being_invited", "hobbies", "reading", "holidays",
            "sports", "car", "conversation", "wants_to_impress", "wants_to_be_seen_as", "proudest_achievement",
            "personal_goal_long", "personal_goal_near", "spending_habits",
        ),
    ),
)  # fmt: skip

ORGANISATION = (
    ArchiveSection(
        "company",
        _("The company itself"),
        (
            "short_name", "english_name", "former_name", "legal_representative", "industry", "business_scope",
            "founded_on", "registered_capital_minor", "registered_address", "website", "stock_code", "bank_name",
            "bank_account", "invoice_title", "started_trading_on",
        ),
    ),
    ArchiveSection(
        "data",
        _("Data file"),
        (
            "ownership", "owners", "owner_traits", "managers", "manager_traits", "employee_count",
            "sales_staff_count", "scale", "annual_revenue_minor", "sites", "facilities",
        ),
    ),
    ArchiveSection(
        "traits",
        _("Traits"),
        (
            "market_area", "customer_base", "sales_capability", "sales_capability_note", "growth_potential",
            "growth_potential_note", "philosophy", "direction", "policy", "buying_habits",
        ),
    ),
    ArchiveSection(
        "state",
        _("Business state"),
        (
            "performance_trend", "performance", "people_quality", "competitor_dealings", "our_share_ratio",
            "relation_to_us", "attitude", "attitude_note",
        ),
    ),
    ArchiveSection(
        "trading",
        _("State of trading"),
        (
            "trading_activity", "problems", "advantages", "measures", "reputation", "reputation_note",
            "credit_standing", "credit_reviewed_on", "credit_limit_minor", "payment_days", "settlement", "terms",
        ),
    ),
)  # fmt: skip

INTERNAL = (
    ArchiveSection(
        "internal",
        _("Internal customer file"),
        ("type", "department", "user", "serving_department", "receives", "requirements", "agreed_level"),
    ),
)

SECTIONS: dict[str, tuple[ArchiveSection, ...]] = {
    CustomerKind.PERSON: PERSON,
    CustomerKind.ORGANISATION: ORGANISATION,
    CustomerKind.INTERNAL: INTERNAL,
}
MODELS: dict[str, type[models.Model]] = {
    CustomerKind.PERSON: PersonProfile,
    CustomerKind.ORGANISATION: OrganisationProfile,
    CustomerKind.INTERNAL: InternalProfile,
}
# Sensitive under the law on personal information: shown to those who may change the customer.
SENSITIVE = frozenset({"religion", "health"})


def section_of(kind: str, key: str) -> ArchiveSection | None:
    """One section by its key."""
    return next((section for section in SECTIONS[kind] if section.key == key), None)


def is_money(name: str) -> bool:
    """Whether a field holds minor units of the company's currency."""
    return name.endswith("_minor")


def is_ratio(name: str) -> bool:
    """Whether a field holds a share from 0 to 1."""
    return name.endswith("_ratio")
