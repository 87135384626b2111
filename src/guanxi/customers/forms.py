"""Forms of the customer archive."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.core import clock
from guanxi.core.actor import SHOWN, Actor
from guanxi.core.masking import sees_own
from guanxi.customers import archive, editable, filters, identifiers
from guanxi.customers.choices import (
    Attitude,
    BuyingRole,
    ContactKind,
    CustomerKind,
    CustomerStatus,
    Grade,
    Position,
    RelationKind,
    VisitKind,
)
from guanxi.customers.models import CoreCard, Customer, VisitRecord
from guanxi.customers.models.customer import NAME_LENGTH
from guanxi.customers.privacy import separate
from guanxi.ui import forms as ui_forms

Section = ui_forms.Section
STRENGTHS = (("", "–"), *((str(n), str(n)) for n in range(1, 6)))


def _words(choices: Any) -> list[tuple[str, Any]]:
    """Choices with a first one for nothing."""
    return [("", "–"), *choices]


def split_tags(text: str) -> list[str]:
    """Tags out of a line, separated by any comma."""
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    return [word.strip() for word in text.split(",") if word.strip()]


def _departments_for(actor: Actor, customer: Customer | None) -> list[tuple[int, str]]:
    """Open departments, and the customer's own where it is closed by now."""
    own = customer.department_id if customer is not None else None
    found = filters.departments(actor, "")
    if own is None or own in dict(found):
        return found
    return [*found, *(item for item in filters.every_department(actor, "") if item[0] == own)]


class CustomerForm(ui_forms.RecordForm):
    """A new customer, or the main fields of one on record."""

    sections = (
        Section("who", _("Who"), ("kind", "name", "title", "position", "tax_id", "tags")),
        Section("reach", _("How to reach"), ("phone", "email", "wechat", "address", "city", "country", "language")),
        Section("care", _("Who answers"), ("owner", "department", "status")),
        Section("note", pgettext_lazy("customer", "Note"), ("note",)),
    )

    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind.choices)
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    title = forms.CharField(label=_("Title"), max_length=60, required=False, help_text=_("先生, 女士, Dr, 经理 …"))
    position = forms.ChoiceField(label=_("Place in the chain"), choices=_words(Position.choices), required=False)
    tax_id = forms.CharField(
        label=_("Identity or tax number"),
        max_length=30,
        required=False,
        help_text=_("Unified social credit code, resident identity number or foreign VAT number; it is checked."),
    )
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Several tags separated by commas."))
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    wechat = forms.CharField(label=_("WeChat id"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=500, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=_words(editable.LANGUAGES), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=CustomerStatus.choices)
    note = forms.CharField(
        label=pgettext_lazy("customer", "Note"), required=False, widget=forms.Textarea, max_length=20_000
    )

    POINTS = ("phone", "email", "wechat", "address")

    def __init__(self, *args: Any, actor: Actor, customer: Customer | None = None, **kwargs: Any) -> None:
        """For a customer on record its values; contact points have their own place there."""
        if customer is not None:
            kwargs.setdefault("initial", _initial(customer))
        else:
            kwargs.setdefault("initial", {})
            kwargs["initial"] = {
                "kind": CustomerKind.PERSON,
                "status": CustomerStatus.ACTIVE,
                "owner": actor.user_id,
            } | kwargs["initial"]
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = _words(filters.owners(actor, ""))  # type: ignore[attr-defined]
        self.fields["department"].choices = _words(_departments_for(actor, customer))  # type: ignore[attr-defined]
        if customer is not None:
            unseen = [name for name in ("tax_id", "note") if actor.sees("customer", name) != SHOWN]
            for name in (*self.POINTS, *unseen):
                del self.fields[name]
        for key, field in ui_forms.custom_form_fields("customer", customer.custom if customer else None).items():
            if customer is not None and sees_own(actor, "customer", key.removeprefix("custom_")) != SHOWN:
                continue
            self.fields[key] = field
            ui_forms.dress(field)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = dict(self.cleaned_data)
        for name in (*self.POINTS, "tags"):
            given.pop(name, None)
        if given.get("tax_id") and given["tax_id"] == self.initial.get("tax_id"):
            # Shown masked and left alone.
            del given["tax_id"]
        return given

    def contact_points(self) -> list[dict[str, Any]]:
        """The contact points that were filled in."""
        return [{"kind": name, "value": self.cleaned_data[name]} for name in self.POINTS if self.cleaned_data.get(name)]


def _initial(customer: Customer) -> dict[str, Any]:
    """The values of a customer on record."""
    names = ("kind", "name", "title", "position", "tax_id", "city", "country", "language", "status", "note")
    return {
        **{name: getattr(customer, name) for name in names},
        "tax_id": identifiers.mask_number(customer.tax_id),
        "owner": customer.owner_id,
        "department": customer.department_id,
        "tags": ", ".join(editable.read_tags(customer)),
    }


class ArchiveForm(ui_forms.RecordForm):
    """The sections of a customer's archive."""

    def __init__(self, *args: Any, actor: Actor, customer: Customer, profile: models.Model, **kwargs: Any) -> None:
        """A field for each column, by its type."""
        parts = archive.SECTIONS[customer.kind]
        self.sections = [Section(part.key, part.label, part.fields) for part in parts]  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        kind = profile._meta.model_name or ""
        withheld = separate.withheld_fields(customer, profile)
        self.is_withheld = any(name in withheld for part in parts for name in part.fields)
        for part in parts:
            for name in part.fields:
                if actor.sees(kind, name) != SHOWN or name in withheld:
                    continue  # what a person does not see they cannot write over either
                field = _archive_field(profile, name, actor)
                self.fields[name] = field
                ui_forms.dress(field)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: editable.stored(name, value) for name, value in self.cleaned_data.items()}


def _archive_field(profile: models.Model, name: str, actor: Actor) -> forms.Field:
    """The form field of one column of an archive."""
    column: Any = profile._meta.get_field(name)
    value = editable.written(name, getattr(profile, column.attname))
    common: dict[str, Any] = {"label": capfirst(column.verbose_name), "required": False, "initial": value}
    if column.is_relation:
        options = filters.owners(actor, "") if name == "user" else filters.departments(actor, "")
        return forms.ChoiceField(choices=_words(options), **common)
    if archive.is_money(name):
        return forms.DecimalField(max_digits=18, min_value=Decimal(0), **common)
    if archive.is_ratio(name):
        return forms.DecimalField(min_value=0, max_value=100, help_text=_("percent"), **common)
    if isinstance(column, models.URLField):
        return forms.URLField(max_length=200, assume_scheme="https", **common)
    if column.choices:
        return forms.ChoiceField(choices=_words(column.choices), **common)
    found: forms.Field = column.formfield()
    found.label, found.required, found.initial = capfirst(column.verbose_name), False, value
    if isinstance(column, models.DateField):
        found.widget = forms.DateInput()
    return found


class ContactPointForm(ui_forms.RecordForm):
    """A contact point."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices)
    value = forms.CharField(label=_("Number or address"), max_length=500)
    label = forms.CharField(label=_("Label"), max_length=60, required=False, help_text=_("Office, home, assistant …"))
    is_primary = forms.BooleanField(label=_("Primary of its kind"), required=False)


class ExternalIdForm(ui_forms.RecordForm):
    """An id under which a source knows the customer."""

    source = forms.CharField(label=_("Source"), max_length=60)
    value = forms.CharField(label=_("External id"), max_length=200, strip=False)


class RelationForm(ui_forms.RecordForm):
    """What two customers are to one another."""

    sections = (
        Section("relation", "", ("direction", "other", "role", "since_on", "until_on")),
        Section("buying", _("Part in buying"), ("buying_role", "attitude", "strength")),
        Section("more", "", ("share", "note")),
    )

    direction = forms.ChoiceField(label=_("Relation"))
    other = forms.CharField(label=_("Other customer"), widget=forms.HiddenInput)
    role = forms.CharField(
        label=_("Role"), max_length=80, required=False, help_text=_("Post, kinship, line of supply …")
    )
    since_on = forms.DateField(label=_("Valid from"), required=False, widget=forms.DateInput)
    until_on = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput)
    buying_role = forms.ChoiceField(label=_("Buying-centre role"), choices=_words(BuyingRole.choices), required=False)
    attitude = forms.ChoiceField(label=_("Attitude to us"), choices=_words(Attitude.choices), required=False)
    strength = forms.ChoiceField(label=_("Strength (1 to 5)"), choices=STRENGTHS, required=False)
    share = forms.DecimalField(label=_("Share held (%)"), min_value=0, max_value=100, required=False)
    note = forms.CharField(label=pgettext_lazy("customer", "Note"), max_length=300, required=False)

    def __init__(self, *args: Any, kind: str = "", is_new: bool = True, **kwargs: Any) -> None:
        """Offer the relations that fit the customer's kind; of one on record only its properties."""
        super().__init__(*args, **kwargs)
        if is_new:
            self.fields["direction"].choices = directions(kind)  # type: ignore[attr-defined]
        else:
            del self.fields["direction"], self.fields["other"]

    def values(self) -> dict[str, Any]:
        """The properties of the relation as the service takes them."""
        names = ("role", "since_on", "until_on", "buying_role", "attitude", "strength", "note")
        share = self.cleaned_data["share"]
        return {name: self.cleaned_data[name] for name in names} | {
            "share_ratio": None if share is None else share / 100
        }


# Read from the object's side.
BACKWARDS = {
    RelationKind.WORKS_FOR: _("employs"),
    RelationKind.PARENT: _("has as a part"),
    RelationKind.OWNS: _("is owned by"),
    RelationKind.SUPPLIES: _("is supplied by"),
    RelationKind.CUSTOMER_OF: _("has as a customer"),
    RelationKind.REFERS: _("was referred by"),
    RelationKind.HOUSEHOLD: RelationKind.HOUSEHOLD.label,
    RelationKind.KNOWS: RelationKind.KNOWS.label,
}
SYMMETRIC = frozenset({RelationKind.HOUSEHOLD, RelationKind.KNOWS})


def directions(kind: str) -> list[tuple[str, Any]]:
    """The relations that a customer of a kind can have, from its side: `out:kind` or `in:kind`."""
    from guanxi.customers.services.relations import FITS  # the service knows what fits

    found: list[tuple[str, Any]] = []
    for relation in RelationKind:
        subjects, targets = FITS[relation]
        if kind in subjects:
            found.append((f"out:{relation}", relation.label))
        if kind in targets and relation not in SYMMETRIC:
            found.append((f"in:{relation}", BACKWARDS[relation]))
    return found


class VisitForm(ui_forms.RecordForm):
    """A visit record."""

    sections = (
        Section(
            "when",
            _("When and who"),
            ("kind", "visited_at", "duration_minutes", "place", "visitor", "companions", "met"),
        ),
        Section("what", _("What happened"), ("purpose", "content", "signs", "competitors_seen", "outcome")),
        Section("next", _("What follows"), ("next_step", "next_on")),
    )

    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind.choices)
    visited_at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=300)
    next_on = forms.DateField(label=_("Next step on"), required=False, widget=forms.DateInput)
    visitor = forms.ChoiceField(label=_("Our person"), required=False)

    PLAIN = (
        "duration_minutes",
        "place",
        "companions",
        "met",
        "content",
        "signs",
        "competitors_seen",
        "outcome",
        "next_step",
    )

    def __init__(self, *args: Any, actor: Actor, visit: VisitRecord | None = None, **kwargs: Any) -> None:
        """The remaining fields follow from the model."""
        names = ("kind", "visited_at", "purpose", "next_on", *self.PLAIN)
        initial = (
            {name: getattr(visit, name) for name in names}
            if visit
            else {"visited_at": clock.now(), "kind": VisitKind.OUT}
        )
        initial["visitor"] = visit.visitor_id if visit else actor.user_id
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for name in self.PLAIN:
            column: Any = VisitRecord._meta.get_field(name)
            self.fields[name] = column.formfield()
            self.fields[name].label = capfirst(column.verbose_name)
            ui_forms.dress(self.fields[name])
        self.fields["visitor"].choices = _words(filters.owners(actor, ""))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = dict(self.cleaned_data)
        visitor = given.pop("visitor")
        return {**given, "visitor_id": int(visitor) if visitor else None}


class NoteForm(ui_forms.RecordForm):
    """A note."""

    text = forms.CharField(label=pgettext_lazy("customer", "Note"), widget=forms.Textarea, max_length=10_000)
    is_pinned = forms.BooleanField(label=_("Keep at the top"), required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        """People who may see the customer are offered while one types @."""
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["data-mentions"] = customer.public_id


class CoreCardForm(ui_forms.RecordForm):
    """A core-customer card."""

    TEXTS = ("importance", "decision_process", "needs", "our_position", "agreements", "risks", "next_steps")
    sections = (
        Section("charge", _("In charge"), ("keeper", "review_days", "is_restricted", "relationship")),
        Section("card", _("What stands out"), TEXTS),
    )

    keeper = forms.ChoiceField(label=_("Person in charge"))
    review_days = forms.IntegerField(label=_("Review every (days)"), min_value=1, max_value=366, initial=30)
    is_restricted = forms.BooleanField(
        label=_("Only for the person in charge and those who see all"), required=False, initial=True
    )
    relationship = forms.ChoiceField(
        label=_("Quality of the relationship"), choices=_words(Grade.choices), required=False
    )

    def __init__(
        self, *args: Any, actor: Actor, customer: Customer, card: CoreCard | None = None, **kwargs: Any
    ) -> None:
        """The texts follow from the model."""
        names = ("review_days", "is_restricted", "relationship", *self.TEXTS)
        initial = {name: getattr(card, name) for name in names} if card else {}
        initial["keeper"] = card.keeper_id if card else customer.owner_id or actor.user_id
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for name in self.TEXTS:
            column: Any = CoreCard._meta.get_field(name)
            self.fields[name] = forms.CharField(
                label=capfirst(column.verbose_name),
                required=False,
                widget=forms.Textarea({"rows": 3}),
                max_length=2_000,
            )
            ui_forms.dress(self.fields[name])
        self.fields["keeper"].choices = filters.owners(actor, "")  # type: ignore[attr-defined]
