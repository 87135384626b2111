"""What the archive knows of a customer, for its first page."""

from dataclasses import dataclass

from guanxi.customers import archive, editable
from guanxi.customers.models import Customer
from guanxi.customers.privacy import separate
from guanxi.customers.services.profiles import profile_of
from guanxi.ui.cells import Context


@dataclass(frozen=True)
class ShownField:
    """One field of the archive as it is shown, with the key to change it by."""

    key: str
    label: str
    html: str
    is_empty: bool
    # The guarded field (kind, name) where only a part is seen: it is not changed in place, but may be shown in full.
    masked: tuple[str, str] | None = None


@dataclass(frozen=True)
class ShownSection:
    """One section of the archive as it is shown."""

    key: str
    label: str
    fields: list[ShownField]
    filled_count: int
    # Sensitive fields are left out until the person has consented separately.
    is_withheld: bool = False


def sections(customer: Customer, context: Context) -> list[ShownSection]:
    """Every section of the customer's archive, drawn."""
    customer.cached_profile = profile_of(customer)  # type: ignore[attr-defined]
    may_see_all = context.actor is not None and context.actor.scope("customer", "change") is not None
    withheld = separate.withheld_fields(customer, customer.cached_profile)  # type: ignore[attr-defined]
    found = []
    for section in archive.SECTIONS[customer.kind]:
        rows = []
        for name in section.fields:
            if name in withheld or (name in archive.SENSITIVE and not may_see_all):
                continue
            field = editable.EDITABLE.field(editable.field_key(customer.kind, name))
            if field is None:
                continue
            if context.actor is not None and field.is_hidden(context.actor):
                continue
            masked = field.guard if context.actor is not None and field.is_masked(customer, context.actor) else None
            is_empty = field.value(customer) in (None, "", False)
            rows.append(ShownField(field.key, str(field.label), field.draw(customer, context), is_empty, masked))
        withheld_here = any(name in withheld for name in section.fields)
        filled = sum(not row.is_empty for row in rows)
        found.append(ShownSection(section.key, str(section.label), rows, filled, withheld_here))
    return found


def filled_facts(customer: Customer, context: Context, limit: int = 12) -> list[ShownField]:
    """The first filled fields of the archive."""
    rows = [row for section in sections(customer, context) for row in section.fields if not row.is_empty]
    return rows[:limit]
