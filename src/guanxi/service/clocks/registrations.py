"""What clocks register on the floors below."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.core import live, records
from guanxi.core.api import add_router
from guanxi.service.clocks import history  # noqa: F401 - what the journal calls acts on service levels
from guanxi.service.clocks.api import clocks, hours
from guanxi.service.clocks.choices import Sort
from guanxi.service.clocks.panels import clocks_panel, clocks_tab
from guanxi.service.clocks.presenting import title_of
from guanxi.tasks.public import Sort as Told
from guanxi.tasks.public import register_sort
from guanxi.ui import panels, settings_area
from guanxi.ui.records import common_tabs


def _escalated(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A clock needs eyes."""
    words = {"what": _sort(data), "about": about or _("a case")}
    if data.get("broken"):
        return _("%(what)s is overdue: %(about)s") % words
    return _("%(what)s is soon due: %(about)s") % words


def _handed_over(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A case was handed over because of its clock."""
    return _("The case %(about)s was handed over to you, because of its clock for: %(what)s") % {
        "what": _sort(data),
        "about": about or _("a case"),
    }


def _sort(data: Mapping[str, Any]) -> str:
    """What the clock waits for."""
    value = data.get("sort")
    return str(Sort(value).label) if value in Sort.values else str(value or "")


register_sort(
    Told(
        "case.escalated",
        gettext_lazy("A case of mine, or one that I look after, is soon due or overdue"),
        _escalated,
        "alarm",
    ),
    70,
)
register_sort(
    Told("case.handed_over", gettext_lazy("A case is handed over to me by its clock"), _handed_over, "transfer"), 71
)
records.register(
    records.RecordKind(
        kind="sla_policy",
        model_label="service.SlaPolicy",
        prefix="sla",
        label=gettext_lazy("service level"),
        label_plural=gettext_lazy("service levels"),
        title=str,
        icon="alarm",
    )
)
records.register(
    records.RecordKind(
        kind="case_clock",
        model_label="service.CaseClock",
        prefix="clk",
        label=pgettext_lazy("of a case", "clock"),
        label_plural=pgettext_lazy("of a case", "clocks"),
        title=title_of,
        icon="alarm",
    )
)
live.register("sla_policy", may_listen=lambda actor, _key: actor.can("service_setting", "view"), is_whole=True)
add_router("clocks", clocks.router, area="cases", order=16)
add_router("own-hours", hours.router, area="cases", order=17)
common_tabs.add("clocks", clocks_tab, order=10)
panels.register(
    "case", panels.Panel("clocks", gettext_lazy("Clocks"), render=clocks_panel, order=5, icon="alarm", is_eager=True)
)
settings_area.register(
    "service_levels",
    gettext_lazy("Service levels"),
    "service:service_levels",
    icon="alarm",
    group="automation",
    order=20,
    permission=("service_setting", "view"),
)
