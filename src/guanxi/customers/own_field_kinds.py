"""The kinds of records to which a company can add fields of its own: customers; modules above add theirs."""

from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from guanxi.core.registry import Registry
from guanxi.customers.models import Customer
from guanxi.ui.charts import Words


@dataclass(frozen=True)
class FieldKind:
    """One kind: its model, what its page is called, who defines fields, names that are taken besides those of columns."""

    model: type[Model]
    label: Words
    title: Words
    intro: Words
    permission: tuple[str, str]
    taken: frozenset[str] = frozenset()

    def is_taken(self, key: str) -> bool:
        """Whether the kind has something of that name already."""
        return key in self.taken or key in {field.name for field in self.model._meta.get_fields()}


kinds: Registry[FieldKind] = Registry("kinds with fields of one's own")
kinds.add(
    "customer",
    FieldKind(
        model=Customer,
        label=_("Customers"),
        title=_("Custom fields of customers"),
        intro=_(
            "A field added here appears at once in the list, its filters, the forms, on every customer's page, in import and in export."
        ),
        permission=("customer", "manage"),
        taken=frozenset({"external_id", "phone", "email", "wechat", "address"}),
    ),
    order=10,
)
