"""What service registers on the floors below it."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.core.api import add_router
from guanxi.core.references import Reference, register
from guanxi.customers import own_field_kinds, timeline
from guanxi.files.public import file_holders
from guanxi.search.public import SearchKind, kinds
from guanxi.service import (
    api,
    desk_parts,  # noqa: F401 - what cases bring to the desk
    erasing,  # noqa: F401 - what an erasure takes besides rows
    history,  # noqa: F401 - what the journal calls our acts
    holding,  # noqa: F401 - in which order rows are locked
    queries,
    rule_parts,  # noqa: F401 - what rules can hear, ask and do
    telling,  # noqa: F401 - what other systems and followers are told
)
from guanxi.service.clocks import registrations as clock_registrations  # noqa: F401 - what clocks register
from guanxi.service.complaints import registrations  # noqa: F401 - what complaints register
from guanxi.service.day import ahead_panel, open_cases_tile
from guanxi.service.lists import case_url
from guanxi.service.models import Case
from guanxi.service.panels import about_panel, case_entries, cases_panel, count_of_customer, moments_panel
from guanxi.service.search_entries import ids_after, search_entries
from guanxi.service.services import following_conversations  # noqa: F401 - cases go with their conversations
from guanxi.tasks import panels as task_panels
from guanxi.ui import home, menu, palette, panels, settings_area

records.register(
    records.RecordKind(
        kind="case",
        model_label="service.Case",
        prefix="cas",
        label=_("case"),
        label_plural=_("cases"),
        title=str,
        url=case_url,
        icon="ticket",
    )
)
register(Reference("customer", "service.Case", "customer_id"))
register(Reference("customer", "service.OwnHours", "customer_id"))
file_holders.add("case", "case")
live.register("case", may_listen=queries.may_listen_to_case)
kinds.add(
    "case",
    SearchKind(key="case", label=_("Cases"), icon="ticket", entries=search_entries, ids=ids_after, url=case_url),
    order=15,
)
menu.register(
    "cases",
    _("Cases"),
    "service:cases",
    icon="ticket",
    section="service",
    order=10,
    permission=("case", "view"),
    shortcut="G W",
)
palette.register_action(
    "service.open",
    _("New case"),
    url_name="service:open",
    icon="ticket",
    permission=("case", "create"),
)
for _name in ("open_case", "note_heard", "note_answered"):
    timeline.shown_elsewhere.add(f"service.{_name}", f"service.{_name}")
timeline.register(
    timeline.TimelineKind("case", _("Cases"), "ticket", case_entries, permission=("case", "view")), order=15
)
panels.register(
    "customer",
    panels.Panel(
        "cases",
        _("Cases"),
        cases_panel,
        order=10,
        icon="ticket",
        count=count_of_customer,
        permission=("case", "view"),
        add_url=queries.open_url,
        add_permission=("case", "create"),
    ),
)
for _kind in ("order", "product"):
    panels.register(
        _kind,
        panels.Panel(
            "cases",
            _("Cases"),
            about_panel(_kind),
            order=60,
            icon="ticket",
            permission=("case", "view"),
            add_url=partial(queries.open_url_about, _kind),
            add_permission=("case", "create"),
        ),
    )
panels.register("case", panels.Panel("moments", _("Moments of truth"), moments_panel, order=15, icon="stars"))
task_panels.add_to("case")
home.register("service.open", open_cases_tile, order=15, permission=("case", "view"))
home.register_panel("service.ahead", ahead_panel, order=7, permission=("case", "view"))
settings_area.register(
    "cases",
    _("Cases"),
    "service:settings",
    icon="ticket",
    group="automation",
    order=10,
    permission=("service_setting", "view"),
)
own_field_kinds.kinds.add(
    "case",
    own_field_kinds.FieldKind(
        model=Case,
        label=_("Cases"),
        title=_("Custom fields of cases"),
        intro=_(
            "A field added here appears at once in the list of cases, its filters, on every case's page and in export."
        ),
        permission=("service_setting", "change"),
        taken=frozenset({"due", "due_at", "tags", "customer_tier"}),
    ),
)
live.register("casecategory", may_listen=lambda actor, _key: actor.can("service_setting", "view"), is_whole=True)
live.register("ownhours", may_listen=lambda actor, _key: actor.can("service_setting", "view"), is_whole=True)
live.register("checklist", may_listen=lambda actor, _key: actor.can("service_setting", "view"), is_whole=True)
live.register("momentcriterion", may_listen=lambda actor, _key: actor.can("service_setting", "view"), is_whole=True)
add_router("cases", api.router, order=15)
