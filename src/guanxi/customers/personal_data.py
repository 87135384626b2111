"""What personal data the customer archive holds, and how copies for testing write it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Erasing, Form, Whose, held, nothing, state, user_names
from guanxi.core.pseudonyms import Pseudonyms
from guanxi.customers import names
from guanxi.customers.choices import ContactKind, CustomerKind
from guanxi.customers.privacy.erasing import tags  # noqa: F401 - registers what goes with a person
from guanxi.customers.privacy.retention import customer_kinds  # noqa: F401 - registers what ends after a period

FORMS = {ContactKind.PHONE: Form.PHONE, ContactKind.EMAIL: Form.EMAIL, ContactKind.WECHAT: Form.NUMBER}


def _mask_customer(row: dict[str, Any], writer: Pseudonyms) -> dict[str, Any]:
    """A customer: a name of its kind, and the keys that follow from it."""
    source = row["_row"]
    if "name" not in source:
        return row
    kind = source.get("kind", CustomerKind.PERSON)
    form = Form.NAME if kind == CustomerKind.PERSON else Form.ORGANISATION
    row["name"] = writer.write(form, source["name"])
    for key, value in names.derived_keys(row["name"], kind).items():
        if key in source:
            row[key] = value
    return row


def _mask_point(row: dict[str, Any], writer: Pseudonyms) -> dict[str, Any]:
    """A contact point: as its kind is written; without a kind as free text."""
    source = row["_row"]
    form = FORMS.get(source.get("kind", ""), Form.TEXT)
    for name in ("value", "normalised"):
        if name in source:
            row[name] = writer.write(form, source[name])
    if form == Form.EMAIL and "value" in source:
        row["value"] = writer.write(form, source.get("normalised") or source["value"])
    return row


state(
    "customers.Customer",
    _("Who the customer is"),
    held("name sort_key initials stroke_key title", category=Category.IDENTITY, form=Form.NAME),
    held("tax_id", category=Category.SENSITIVE, form=Form.NUMBER),
    held("city country language", category=Category.CONTACT, form=Form.SAME),
    held("note"),
    held("custom", form=Form.JSON),
    customer="pk",
    erasing=Erasing.BLANK,
    kept_because=_("An empty record stays, so that orders keep counting; it says that and when it was erased."),
    retention="inactive_people inactive_organisations",
    mask=_mask_customer,
)
state(
    "customers.ExternalId",
    _("Under which ids other systems know the customer"),
    held("value", category=Category.IDENTITY, form=Form.NUMBER),
    plain="source",
    customer="customer",
    erasing=Erasing.DELETE,
)
state(
    "customers.ContactPoint",
    _("How the customer is reached"),
    held("value normalised", category=Category.CONTACT),
    held("label", form=Form.TEXT),
    customer="customer",
    erasing=Erasing.DELETE,
    mask=_mask_point,
)
state(
    "customers.CustomerTag",
    _("Which words colleagues put on the customer"),
    held("tag", category=Category.BEHAVIOUR, form=Form.SAME),
    customer="customer",
    erasing=Erasing.DELETE,
)
nothing("customers.Tag", _("Words that may be put on customers"), "name colour")
state(
    "customers.PersonProfile",
    _("What is known of a person, for service and dealings"),
    held("nickname english_name former_name", category=Category.IDENTITY, form=Form.NAME),
    held("birth_on lunar_birthday wedding_anniversary_on in_post_since", category=Category.IDENTITY, form=Form.DATE),
    held("gender birth_place native_place nationality spoken_languages appearance", category=Category.IDENTITY),
    held("religion health ethnicity", category=Category.SENSITIVE, form=Form.EMPTY),
    held("household_income car", category=Category.FINANCIAL, form=Form.EMPTY),
    held("best_time_to_reach", category=Category.CONTACT),
    held("degree school field_of_study honours student_activities military_service feelings_on_education"),
    held("further_training"),
    held("marital_status", form=Form.SAME),
    held("spouse_name", Whose.OTHERS, Category.IDENTITY, Form.NAME),
    held("spouse_education spouse_occupation spouse_interests parents mentors", Whose.OTHERS),
    held("children children_education children_interests", Whose.OTHERS, Category.SENSITIVE, Form.EMPTY),
    held("occupation employer job_title work_history associations contacts_with_us attitude_to_employer"),
    held("business_goal_long business_goal_near clubs civic_activity community avoid_subjects strong_views"),
    held("collections diet drink_kinds favourite_restaurants favourite_dishes hobbies reading holidays sports"),
    held("conversation wants_to_impress wants_to_be_seen_as proudest_achievement", category=Category.BEHAVIOUR),
    held("personal_goal_long personal_goal_near spending_habits", category=Category.BEHAVIOUR),
    held("drinks smokes puts_first thinks_of", category=Category.BEHAVIOUR, form=Form.SAME),
    customer="customer",
    erasing=Erasing.DELETE,
)
state(
    "customers.OrganisationProfile",
    _("What is known of an organisation; some of it speaks of people in it"),
    held("legal_representative", Whose.OTHERS, Category.IDENTITY, Form.NAME),
    held("owners owner_traits managers manager_traits people_quality", Whose.OTHERS),
    held("bank_name bank_account", category=Category.FINANCIAL, form=Form.NUMBER),
    held("invoice_title short_name english_name former_name", category=Category.IDENTITY, form=Form.ORGANISATION),
    held("registered_address website stock_code", category=Category.CONTACT),
    held("industry business_scope sites facilities market_area customer_base sales_capability_note"),
    held("growth_potential_note philosophy direction policy buying_habits performance competitor_dealings"),
    held("relation_to_us attitude_note trading_activity problems advantages measures reputation_note terms"),
    customer="customer",
    erasing=Erasing.DELETE,
)
state(
    "customers.InternalProfile",
    _("What a next step in our own line is promised"),
    held("user", Whose.USER, Category.IDENTITY, Form.SAME),
    held("receives requirements agreed_level"),
    customer="customer",
    erasing=Erasing.DELETE,
)
state(
    "customers.Relation",
    _("How customers belong together"),
    held("role note"),
    customer="subject object",
    erasing=Erasing.DELETE,
)
nothing("customers.MergedRow", _("Which rows changed hands when customers were merged"), "reference")
state(
    "customers.Merge",
    _("Which customers turned out to be one"),
    user_names("by_name undone_by_name"),
    plain="counts",
    customer="keep",
    kept_because=_("Which records belong together; it names no customer."),
)
state(
    "customers.Standing",
    _("What the customer is worth to the company"),
    held("net_revenue_minor margin_minor tier abc level", category=Category.BEHAVIOUR, form=Form.SAME),
    plain="currency method",
    customer="customer",
    kept_because=_("Figures stay right; they belong to the erased record and no longer name the person."),
)
state(
    "customers.StandingChange",
    _("How the customer's worth moved"),
    held("from_tier to_tier from_level to_level", category=Category.BEHAVIOUR, form=Form.SAME),
    plain="from_abc to_abc",
    customer="customer",
    kept_because=_("Figures stay right; they belong to the erased record and no longer name the person."),
)
state(
    "customers.VisitRecord",
    _("Who visited whom, and what was said"),
    held("place purpose content signs competitors_seen outcome next_step"),
    held("companions met", Whose.OTHERS),
    customer="customer",
    erasing=Erasing.DELETE,
    retention="visits",
)
state(
    "customers.Note",
    _("What colleagues wrote down about the customer"),
    held("text"),
    user_names("author_name"),
    customer="customer",
    erasing=Erasing.DELETE,
    retention="notes",
)
state(
    "customers.CoreCard",
    _("What makes a core customer important"),
    held("importance decision_process needs our_position agreements risks next_steps"),
    customer="customer",
    erasing=Erasing.DELETE,
)
state(
    "customers.CoreCardReading",
    _("Who read a core-customer card"),
    user_names("user_name"),
    plain="means",
    customer="card__customer",
    erasing=Erasing.DELETE,
    retention="access_log",
)
nothing("customers.Purpose", _("What personal data is used for"), "key name_en name_zh")
nothing("customers.Notice", _("Which texts people are shown"), "text_en text_zh")
state(
    "customers.Consent",
    _("What the customer said about the use of their data, with proof"),
    held("evidence source", category=Category.CONTENT),
    held("state channel at expires_on is_separate", category=Category.BEHAVIOUR, form=Form.SAME),
    user_names("by_name"),
    plain="means",
    customer="customer",
    erasing=Erasing.DELETE,
)
nothing("customers.LegalParameter", _("What the law sets"), "key value jurisdiction source note")
state(
    "customers.RetentionRule",
    _("How long data is kept"),
    user_names("set_by_name"),
    plain="kind basis",
)
state(
    "customers.RetentionRun",
    _("When data past its period was ended"),
    user_names("by_name confirmed_by_name"),
    plain="kind error parts sample legal counts left",
)
state(
    "customers.Hold",
    _("Why the customer's data may not be erased for now"),
    held("reason"),
    user_names("set_by_name released_by_name"),
    customer="customer",
    erasing=Erasing.DELETE,
)
state(
    "customers.Pack",
    _("Who had a pack of the customer's data made"),
    user_names("by_name"),
    plain="error",
    customer="customer",
    erasing=Erasing.DELETE,
    retention="packs",
    in_copies=False,
)
state(
    "customers.Erasure",
    _("Proof that the customer was erased; identifiers only as keyed digests"),
    held("reason", category=Category.CONTENT),
    user_names("by_name"),
    plain="digest_key requested_by means counts kept mentions error",
    customer="customer_id",
    kept_because=_("That and when it was erased stays as proof, and so that a restored backup is erased again."),
)
nothing("customers.ErasedIdentifier", _("Keyed digests by which a return is noticed"), "kind digest", in_copies=False)
state(
    "customers.DataRequest",
    _("What a person asked about their data"),
    held("asked_by", category=Category.IDENTITY, form=Form.NAME),
    held("note answer extension_reason"),
    user_names("recorded_by_name closed_by_name"),
    customer="customer",
    erasing=Erasing.BLANK,
    kept_because=_("That a request was answered in time stays as proof; what it said goes."),
    retention="data_requests",
)
state(
    "customers.DuplicateScan",
    _("When the base was searched for duplicates"),
    user_names("by_name"),
    plain="phase error",
)
nothing(
    "customers.DuplicatePair",
    _("Which customers may be one, by which fields; without any value of theirs"),
    plain="findings",
    in_copies=False,
)
state(
    "customers.DuplicateDecision",
    _("Which customers were found not to be the same"),
    held("reason"),
    user_names("by_name"),
    customer="customer",
    erasing=Erasing.DELETE,
)
