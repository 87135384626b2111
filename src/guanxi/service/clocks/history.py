"""The journal in words: what acts on service levels, their promises and steps are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from guanxi.service import queries
from guanxi.service.choices import CaseState
from guanxi.service.clocks import wording
from guanxi.ui import history
from guanxi.ui.history import Words
from guanxi.ui.html import escape

_ALONE = frozenset({"state", "facts", "what", "because", "due_before", "due_after", "done", "step_id", "step"})


def _asked(_reader: Any, column: Any, value: Any) -> str | None:
    """Whom a service level is for."""
    if getattr(column, "name", "") != "asks" or not isinstance(value, dict):
        return None
    names = {"category": dict(queries.categories()), "department": dict(queries.departments())}
    told = [f"{label}: {values}" for label, values in wording.asked_words(value, names)]
    return escape(pgettext("list", "; ").join(told) or str(_("every case")))


def _pauses(_reader: Any, column: Any, value: Any) -> str | None:
    """In which states a clock stands."""
    if getattr(column, "name", "") != "pauses" or not isinstance(value, list):
        return None
    labels = [str(CaseState(state).label) for state in value if state in CaseState.values]
    return escape(pgettext("list", ", ").join(labels) or "–")


history.operations(
    {
        "service.save_sla_policy": _("Service level saved"),
        "service.save_hours": _("Working calendar of a customer or department saved"),
    }
)
history.register(Words("ownhours", _("Working calendar of one's own")))
history.register(
    Words(
        "sla_policy",
        _("Service level"),
        {"asks": _("For which cases"), "position": _("Place in the order")},
        show=_asked,
    )
)
history.register(
    Words(
        "slatarget",
        _("One promise"),
        {
            "sort": pgettext_lazy("of a case", "Clock"), "priority": _("Priority"), "amount": _("How much"),
            "unit": _("Counted in"), "warn_percent": _("Amber at % of the time"), "pauses": _("Stands while the case"),
        },
        show=_pauses,
    )
)  # fmt: skip
history.register(
    Words(
        "escalationstep",
        _("Step of escalation"),
        {
            "sort": pgettext_lazy("of a case", "Clock"), "at_percent": _("At % of the time"),
            "offset_minutes": _("Minutes after it was due"), "act": _("What"), "whom": _("Whom"),
        },
    )
)  # fmt: skip
# Clocks follow from cases and have a history of their own; the journal never speaks of these.
history.register(Words("rulesstamp", _("A mark of the rules of clocks"), left_out=frozenset({"value"})))
history.register(Words("casemoment", _("State of a case"), left_out=_ALONE))
history.register(Words("clockevent", _("What happened to a clock"), left_out=_ALONE))
history.register(Words("escalation", _("Escalation"), left_out=_ALONE))
