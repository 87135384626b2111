"""What the customer archive registers on the floors below it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.core.actor import Actor
from guanxi.core.api import add_router
from guanxi.core.backup.hooks import after_restore
from guanxi.core.holding import HeldKind
from guanxi.core.holding import kinds as held_kinds
from guanxi.core.ids import public_id
from guanxi.customers import (
    api,
    editable,  # noqa: F401 - they register themselves
    guarded_fields,  # noqa: F401 - they register themselves
    own_acts,  # noqa: F401 - they register themselves
    references,  # noqa: F401 - they register themselves
    rule_parts,  # noqa: F401 - they register themselves
    telling,  # noqa: F401 - they register themselves
    timeline_kinds,  # noqa: F401 - they register themselves
)
from guanxi.customers.commands import subcommands
from guanxi.customers.duplicates.views import card as duplicates_card
from guanxi.customers.exporting import EXPORT
from guanxi.customers.import_target import CustomerTarget
from guanxi.customers.lists import customer_url
from guanxi.customers.models import Customer
from guanxi.customers.panels import core_card_panel, relation_count, relations_panel
from guanxi.customers.privacy import api as privacy_api
from guanxi.customers.privacy.commands import add_erasures, add_pack, erase_again
from guanxi.customers.privacy.erasing import returning  # noqa: F401 - how imports know of the erased
from guanxi.customers.privacy.register import api as register_api
from guanxi.customers.privacy.register import reminding  # noqa: F401 - its notifications register themselves
from guanxi.customers.privacy.retention import api as retention_api
from guanxi.customers.privacy.retention import telling as retention_telling  # noqa: F401 - registers itself
from guanxi.customers.privacy.retention.commands import add_retention
from guanxi.customers.privacy.views.consents import consent_panel
from guanxi.customers.search_entries import ids_after, ids_holding, search_entries
from guanxi.customers.tiles import count_tile
from guanxi.customers.views.merging import survivor_of_address
from guanxi.files.public import file_holders
from guanxi.importing.exporting import exports
from guanxi.importing.targets import targets
from guanxi.search.public import SearchKind, kinds
from guanxi.tasks.panels import add_to as show_tasks_on
from guanxi.ui import home, menu, palette, panels, settings_area
from guanxi.ui.together.kept import successors

held_kinds.add("customer", HeldKind("customers.Customer"), order=90)


def data_request_url(number: int) -> str:
    """The page of a request about personal data."""
    return reverse("customers:data_request", args=[public_id("req", number)])


def _may_listen(actor: Actor, key: str) -> bool:
    """Whoever sees a customer hears of it; that many customers changed is told to whoever sees any."""
    if not key:
        return actor.can("customer", "view")
    return key.isdigit() and Customer.objects.visible_to(actor).filter(pk=int(key)).exists()


records.register(
    records.RecordKind(
        kind="customer",
        model_label="customers.Customer",
        prefix="cus",
        label=_("customer"),
        label_plural=_("customers"),
        title=str,
        url=customer_url,
        icon="users",
    )
)
for _holder in ("customer", "consent", "pack"):
    file_holders.add(_holder, _holder)
live.register("customer", may_listen=_may_listen)
live.register("purpose", may_listen=lambda actor, _key: actor.can("privacy", "manage"))
for _kind in ("legalparameter", "data_request"):
    live.register(_kind, may_listen=lambda actor, _key: actor.can("privacy", "manage"), is_whole=True)
live.register("customfield", may_listen=lambda actor, _key: actor.can("customer", "manage"), is_whole=True)
live.register("custom_fields", may_listen=lambda actor, _key: actor.can("customer", "manage"))
kinds.add(
    "customer",
    SearchKind(
        key="customer",
        label=_("Customers"),
        icon="users",
        entries=search_entries,
        ids=ids_after,
        url=customer_url,
        seen_entries=search_entries,
        guarded_kinds=frozenset({"customer", "contactpoint", "personprofile", "organisationprofile"}),
        numbers=("contactpoint", "value"),
        holding=ids_holding,
    ),
    order=10,
)
add_router("customers", api.router, order=10)
add_router("merges", api.merges_router, area="customers", order=12)
add_router("consents", privacy_api.router, order=15)
add_router("requests", register_api.router, area="privacy", order=16)
add_router("retention", retention_api.router, area="privacy", order=17)
targets.add("customers", CustomerTarget(), order=20)
exports.add("customers", EXPORT, order=10)
menu.register(
    "customers",
    _("Customers"),
    "customers:list",
    icon="users",
    section="trade",
    order=10,
    permission=("customer", "view"),
    shortcut="G C",
)
settings_area.register(
    "customer_fields",
    _("Custom fields"),
    "customers:fields",
    icon="list-plus",
    group="data_model",
    order=10,
    permission=("customer", "manage"),
)
palette.register_action(
    "customers.create",
    _("New customer"),
    url_name="customers:create",
    icon="user-plus",
    shortcut="C",
    permission=("customer", "create"),
)
successors.add("customers", survivor_of_address)
subcommands.add("erasures", add_erasures)
subcommands.add("pack", add_pack)
subcommands.add("retention", add_retention)
after_restore.add("customers.erasures", erase_again)
home.register("customers.count", count_tile, order=10, permission=("customer", "view"))
panels.register(
    "customer",
    panels.Panel(
        "relations",
        _("Relations"),
        relations_panel,
        order=30,
        icon="affiliate",
        count=relation_count,
        add_url=lambda customer_id: reverse("customers:add_relation", args=[public_id("cus", customer_id)]),
        all_url=lambda customer_id: customer_url(customer_id) + "?tab=relations",
        permission=("customer", "view"),
        add_permission=("customer", "change"),
    ),
)
panels.register(
    "customer",
    panels.Panel(
        "core_card", _("Core-customer card"), core_card_panel, order=40, icon="id-card", permission=("customer", "view")
    ),
)
panels.register(
    "customer",
    panels.Panel(
        "consents",
        _("Consents"),
        consent_panel,
        order=50,
        icon="shield-check",
        add_url=lambda customer_id: reverse("customers:add_consent", args=[public_id("cus", customer_id)]),
        all_url=lambda customer_id: customer_url(customer_id) + "?tab=consents",
        permission=("customer", "view"),
        add_permission=("customer", "change"),
    ),
)
records.register(
    records.RecordKind(
        kind="consent",
        model_label="customers.Consent",
        prefix="con",
        label=_("consent"),
        label_plural=_("consents"),
        icon="shield-check",
    )
)

records.register(
    records.RecordKind(
        kind="data_request",
        model_label="customers.DataRequest",
        prefix="req",
        label=_("request about personal data"),
        label_plural=_("requests about personal data"),
        title=lambda row: f"{row} ({row.public_id})",
        url=data_request_url,
        icon="shield-check",
    )
)

show_tasks_on("customer")
settings_area.register(
    "privacy",
    _("Privacy"),
    "customers:privacy",
    icon="shield-check",
    group="workspace",
    order=60,
    permission=("privacy", "view"),
)
panels.register(
    "customer",
    panels.Panel(
        "duplicates", _("Possible duplicates"), duplicates_card, order=35, icon="copy", permission=("customer", "view")
    ),
)
menu.register(
    "duplicates",
    _("Duplicates"),
    "customers:duplicates",
    icon="copy",
    section="trade",
    order=12,
    permission=("customer", "view"),
)
live.register("duplicates", may_listen=lambda actor, _key: actor.can("customer", "view"))
