"""What personal data every model holds, of whom, how it is masked, erased and kept: one statement for each model.

A module states its models in its own `personal_data.py`, loaded with its registrations. A test fails on a model, or a
column of text or JSON, that no statement names. The pack about one person, the erasure, the periods of retention and
masked copies are driven by these statements.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from guanxi.core import records, references
from guanxi.core.pseudonyms import Pseudonyms
from guanxi.core.references import Reference, Treatment
from guanxi.core.registry import Registry


class Whose(StrEnum):
    """Of whom a column speaks."""

    CUSTOMER = "customer"
    USER = "user"
    OTHERS = "others"  # people around a customer who never dealt with us: relatives, managers, people met


class Category(StrEnum):
    """What kind of personal data a column holds."""

    IDENTITY = "identity"
    CONTACT = "contact"
    FINANCIAL = "financial"
    SENSITIVE = "sensitive"  # what the law on personal information names so: health, belief, minors, accounts ...
    BEHAVIOUR = "behaviour"
    CONTENT = "content"  # free text that may hold anything


class Erasing(StrEnum):
    """What an erasure does to a row or a column."""

    DELETE = "delete"  # the row goes
    BLANK = "blank"  # the row stays, its columns are emptied
    PSEUDONYM = "pseudonym"  # the row stays and no longer tells whose it is
    KEEP = "keep"  # it stays as it is, for the reason that the statement names


class Form(StrEnum):
    """How a copy for testing writes a value instead."""

    NAME = "name"
    ORGANISATION = "organisation"
    PHONE = "phone"
    EMAIL = "email"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    JSON = "json"
    EMPTY = "empty"
    SAME = "same"


@dataclass(frozen=True)
class Held:
    """Some columns of a model that hold personal data alike."""

    fields: tuple[str, ...]
    of: Whose
    category: Category
    form: Form


@dataclass(frozen=True)
class Statement:
    """What one model holds."""

    label: str
    why: str | Promise
    held: tuple[Held, ...] = ()
    plain: frozenset[str] = frozenset()
    # The look-ups from a row to its customer, separated by spaces: "customer", "order__customer", "pk"; '' for none.
    customer: str = ""
    erasing: Erasing = Erasing.KEEP
    # Why rows stay after an erasure, as the preview and the certificate tell it.
    kept_because: str | Promise = ""
    # The kinds of retention that end its rows, separated by spaces; '' for as long as what they belong to.
    retention: str = ""
    in_copies: bool = True
    in_pack: bool = True
    mask: Callable[[dict[str, Any], Pseudonyms], dict[str, Any] | None] | None = None

    @property
    def model(self) -> type[models.Model]:
        """The model that is spoken of."""
        return apps.get_model(self.label)

    def holding(self, name: str) -> Held | None:
        """What a column holds, None for nothing personal."""
        return next((held for held in self.held if name in held.fields), None)

    @property
    def is_personal(self) -> bool:
        """Whether the model holds personal data at all."""
        return bool(self.held)


statements: Registry[Statement] = Registry("statements of personal data")


def held(
    fields: str,
    of: Whose = Whose.CUSTOMER,
    category: Category = Category.CONTENT,
    form: Form = Form.TEXT,
) -> Held:
    """Columns, separated by spaces, that hold personal data alike."""
    return Held(tuple(fields.split()), of, category, form)


def user_names(fields: str) -> Held:
    """Columns with the name of a colleague as it was when something happened."""
    return Held(tuple(fields.split()), Whose.USER, Category.IDENTITY, Form.NAME)


def state(
    label: str,
    why: str | Promise,
    *holdings: Held,
    plain: str = "",
    customer: str = "",
    erasing: Erasing = Erasing.KEEP,
    kept_because: str | Promise = "",
    retention: str = "",
    in_copies: bool = True,
    in_pack: bool = True,
    mask: Callable[[dict[str, Any], Pseudonyms], dict[str, Any] | None] | None = None,
) -> Statement:
    """State what a model holds; `plain` names the columns of text that hold nothing about a person."""
    statement = Statement(
        label,
        why,
        holdings,
        frozenset(plain.split()),
        customer,
        erasing,
        kept_because,
        retention,
        in_copies,
        in_pack,
        mask,
    )
    return statements.add(label, statement)


def nothing(
    label: str, why: str | Promise, plain: str = "", *, retention: str = "", in_copies: bool = True
) -> Statement:
    """State that a model holds no personal data; `plain` names its columns of text."""
    statement = Statement(label, why, plain=frozenset(plain.split()), retention=retention, in_copies=in_copies)
    return statements.add(label, statement)


TEXTUAL = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)


def textual_fields(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The columns of a model that could hold anything: texts without fixed choices, and JSON."""
    for field in model._meta.concrete_fields:
        if isinstance(field, TEXTUAL) and not field.choices and not field.is_relation:
            yield field


def stated_models() -> list[type[models.Model]]:
    """Every model that needs a statement: ours, and those of the sign-in that keep something about users."""
    left_out = {"auth", "contenttypes"}
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in left_out and not model.__module__.startswith(("guanxi.core.tests", "tests."))
    ]


def gaps() -> list[str]:
    """What is not stated, or stated of columns that are not there: empty when all is well."""
    found = []
    known = set()
    for model in stated_models():
        label = model._meta.label
        known.add(label)
        statement = statements.get(label)
        if statement is None:
            if list(textual_fields(model)) or not model._meta.auto_created:
                found.append(f"{label}: no statement of personal data")
            continue
        names = {field.name for field in model._meta.concrete_fields}
        told = statement.plain | {name for holding in statement.held for name in holding.fields}
        found += [f"{label}.{name}: stated, but there is no such column" for name in sorted(told - names)]
        missing = sorted(field.name for field in textual_fields(model) if field.name not in told)
        found += [f"{label}.{name}: holds text and is not stated" for name in missing]
    found += [f"{one.label}: stated, but there is no such model" for one in statements if one.label not in known]
    return found


def statement_of(model: type[models.Model]) -> Statement | None:
    """What is stated of a model."""
    return statements.get(model._meta.label)


def about_customers() -> list[Statement]:
    """The statements of models whose rows belong to a customer."""
    return [statement for statement in statements if statement.customer]


def naming_records() -> dict[str, Reference]:
    """Models with personal data that say by kind and number which record they are about (tasks, files), by label."""
    pointing = [one for one in references.of("customer", Treatment.MOVES) if one.kind_column]
    found = {one.model._meta.label: one for one in pointing}
    return {label: one for label, one in found.items() if label in statements and statements[label].is_personal}


def rows_of(statement: Statement, customer_ids: Sequence[int]) -> QuerySet[Any]:
    """All rows of a model that belong to these customers, in force or not: by key, or about a record of theirs."""
    rows: QuerySet[Any] = statement.model._base_manager.all()
    if statement.customer:
        condition = Q()
        for path in statement.customer.split():
            condition |= Q(**{f"{path}__in": list(customer_ids)})
        return rows.filter(condition)
    reference = naming_records().get(statement.label)
    if reference is None:
        return rows.none()
    # One look-up in the index for each kind; joined by "or" they would read the whole table.
    about = [
        rows.filter(
            **{
                reference.kind_column: records.kind_of(other.model),
                f"{reference.column}__in": rows_of(other, customer_ids).order_by().values("pk"),
            }
        ).values("pk")
        for other in about_customers()
    ]
    return rows.filter(pk__in=[row["pk"] for row in about[0].union(*about[1:], all=True)]) if about else rows.none()


_copy = Pseudonyms()


def masked_row(
    model: type[models.Model], row: Mapping[str, Any], pseudonyms: Pseudonyms | None = None
) -> dict[str, Any] | None:
    """A row (by column names) as a copy for testing may hold it; None when the copy goes without the row.

    The same value becomes the same pseudonym all over one copy (one process, or one `Pseudonyms`), so that what belongs
    together still does, and forms are kept, so that the copy works. Columns that nobody stated are emptied.
    """
    writer = pseudonyms or _copy
    statement = statement_of(model)
    if statement is None:
        return None if list(textual_fields(model)) else dict(row)
    if not statement.in_copies:
        return None
    masked: dict[str, Any] | None = dict(row)
    for holding in statement.held:
        for name in holding.fields:
            if name in row:
                masked[name] = writer.write(holding.form, row[name])  # type: ignore[index]
    if statement.mask is not None and masked is not None:
        masked = statement.mask({**masked, "_row": row}, writer)
        if masked is not None:
            masked.pop("_row", None)
    return masked


def masked_value(kind: str, field: str, value: Any, pseudonyms: Pseudonyms | None = None) -> Any:
    """A value of a journal (the whole row for a record that came or went) as a copy for testing may hold it."""
    if value is None:
        return None
    model = records.model_of(kind)
    statement = statement_of(model) if model is not None else None
    if model is None or statement is None:
        return None
    if not field:
        return masked_row(model, value, pseudonyms) if isinstance(value, Mapping) else None
    name = field.partition(".")[0].removesuffix("_id") if field not in _attnames(model) else field
    masked = masked_row(model, {name: value}, pseudonyms)
    return None if masked is None else masked.get(name)


def _attnames(model: type[models.Model]) -> set[str]:
    """The names under which the journal writes a model's columns."""
    return {field.attname for field in model._meta.concrete_fields}
