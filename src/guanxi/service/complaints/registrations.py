"""What complaints register on the floors below them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.core.api import add_router
from guanxi.core.references import Reference, register
from guanxi.customers import signs, timeline
from guanxi.customers.privacy import legal
from guanxi.importing.targets import targets
from guanxi.service import closing, queries
from guanxi.service.complaints import api as complaints_api
from guanxi.service.complaints import history, rule, rule_parts, silent, sorts, telling
from guanxi.service.complaints.api import promises
from guanxi.service.complaints.api import settings as settings_api
from guanxi.service.complaints.import_target import ComplaintsTarget
from guanxi.service.complaints.lists import promise_url
from guanxi.service.complaints.panels import chips, count_of_customer, ended_entries, promise_entries, promises_panel
from guanxi.service.complaints.queries import remedy_title, remedy_url
from guanxi.service.models import Promise
from guanxi.ui import menu, panels, settings_area
from guanxi.workflow.public import ApprovalSort, register_approval_sort

__all__ = ["history", "rule_parts", "silent", "sorts", "telling"]

legal.name_parameter("complaint.12315_days", _("Working days to answer 12315 (market supervision)"))
legal.name_parameter("complaint.12345_days", _("Working days to answer 12345 (city hotline)"))
legal.name_parameter("complaint.other_days", _("Working days to answer another authority"))
closing.demands.add("complaints", rule.missing)
records.register(
    records.RecordKind(
        kind="promise",
        model_label="service.Promise",
        prefix="prm",
        label=_("promise"),
        label_plural=_("promises"),
        title=str,
        url=promise_url,
        icon="calendar-event",
    )
)
records.register(
    records.RecordKind(
        kind="remedy",
        model_label="service.Remedy",
        prefix="rmd",
        label=_("remedy"),
        label_plural=_("remedies"),
        title=remedy_title,
        url=remedy_url,
        icon="heart-handshake",
    )
)
live.register("complaint", may_listen=queries.may_listen_to_case)
for _kind in ("responsibleunit", "cause", "remedykind", "steprule"):
    live.register(_kind, may_listen=lambda actor, _key: actor.can("service_setting", "view"), is_whole=True)
register_approval_sort(ApprovalSort("remedy", _("Remedy for a complaint"), "remedy", icon="heart-handshake"))
register(Reference("customer", "service.Promise", "customer_id"))
targets.add("complaints", ComplaintsTarget(), order=30)
signs.chips.add("promises", chips)
for _name in ("make_promise", "keep_promise", "release_promise", "break_promise"):
    timeline.shown_elsewhere.add(f"service.{_name}", f"service.{_name}")
timeline.register(
    timeline.TimelineKind(
        "promise",
        _("Promises"),
        "calendar-event",
        promise_entries,
        permission=("promise", "view"),
        rows=lambda customer: Promise.objects.filter(customer=customer),
    ),
    order=16,
)
timeline.register(
    timeline.TimelineKind(
        "promise_ended",
        _("Promises kept or broken"),
        "calendar-event",
        ended_entries,
        permission=("promise", "view"),
        rows=lambda customer: Promise.objects.filter(customer=customer, ended_at__isnull=False),
    ),
    order=17,
)
panels.register(
    "customer",
    panels.Panel(
        "promises",
        _("Promises"),
        promises_panel,
        order=17,
        icon="calendar-event",
        count=count_of_customer,
        add_url=lambda number: (
            f"{reverse('complaints:promise_new')}?customer={records.kinds['customer'].public_id(number)}"
        ),
        permission=("promise", "view"),
        add_permission=("promise", "create"),
    ),
)
settings_area.register(
    "complaints",
    _("Complaints"),
    "complaints:settings",
    icon="flag",
    group="workspace",
    order=60,
    permission=("service_setting", "change"),
)
add_router("complaints", complaints_api.router, area="cases", order=17)
add_router("promises", promises.router, area="cases", order=18)
add_router("units", settings_api.units_router, area="cases", order=19)
add_router("causes", settings_api.causes_router, area="cases", order=20)
add_router("remedy-kinds", settings_api.remedies_router, area="cases", order=21)
menu.register(
    "complaints",
    _("Complaints"),
    "complaints:list",
    icon="flag",
    section="service",
    order=20,
    permission=("case", "view"),
    pages=("complaints:complaint", "complaints:begin", "complaints:act"),
)
menu.register(
    "promises",
    _("Promises"),
    "complaints:promises",
    icon="calendar-event",
    section="service",
    order=30,
    permission=("promise", "view"),
)
menu.register(
    "pareto",
    _("Causes of complaints"),
    "complaints:pareto",
    icon="chart-bar",
    section="insight",
    order=40,
    permission=("case", "view"),
)
menu.register(
    "silent",
    _("Silent customers"),
    "complaints:silent",
    icon="phone",
    section="service",
    order=40,
    permission=("case", "view"),
)
