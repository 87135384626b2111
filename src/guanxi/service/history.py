"""The journal in words: what acts on cases are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.service.moments.criteria import criteria
from guanxi.ui import history
from guanxi.ui.history import Words
from guanxi.ui.html import escape


def _asked_by_us(_reader: Any, column: Any, value: Any) -> str | None:
    """What Guanxi asks under a key."""
    known = criteria.get(value) if getattr(column, "name", "") == "key" and value else None
    return escape(str(known.label)) if known is not None else None


history.operations(
    {
        "service.open_case": _("Case opened"),
        "service.update_case": _("Case changed"),
        "service.bulk_update": _("Cases changed together"),
        "service.follow_tier": _("Tier and priority follow the customer"),
        "service.set_case_state": _("Case moved on"),
        "service.solve_case": _("Case solved"),
        "service.close_case": _("Case closed"),
        "service.reopen_case": _("Case opened again"),
        "service.note_heard": _("The customer spoke"),
        "service.note_answered": _("The customer was answered"),
        "service.note_unsaid": _("An answer reached nobody"),
        "service.tick_step": _("Checklist item ticked"),
        "service.add_step": _("Checklist item added"),
        "service.remove_step": _("Checklist item removed"),
        "service.settle_in": _("Conversation of a case settled"),
        "service.link_record": _("Record linked to the case"),
        "service.unlink_record": _("Record no longer linked"),
        "service.save_category": _("Category of cases saved"),
        "service.remove_category": _("Category of cases removed"),
        "service.remove_checklist": _("Checklist removed"),
        "service.switch_criterion": _("Criterion of a moment of truth asked, or no more"),
        "service.remove_criterion": _("Criterion of a moment of truth removed"),
        "service.remove_sla_policy": _("Service level removed"),
        "service.remove_unit": _("Responsible unit removed"),
        "service.remove_cause": _("Cause removed"),
        "service.remove_remedy_kind": _("Kind of remedy removed"),
        "service.save_checklist": _("Checklist saved"),
        "service.mark_moment": _("Handling judged"),
        "service.save_criterion": _("Criterion of a moment of truth saved"),
    }
)
history.register(
    Words(
        "case",
        _("Case"),
        {
            "custom": _("Own fields"),
            "closed_at": pgettext_lazy("case", "Closed on"),
            "came_back_count": _("How often the customer spoke again"),
        },
        left_out=frozenset({"is_priority_fixed"}),
    )
)
history.register(Words("casestep", _("Checklist item"), {"done_at": _("Done on")}))
history.register(Words("caselink", _("Linked record"), {"about_kind": _("Kind of record"), "about_id": _("Record")}))
history.register(Words("casetag", pgettext_lazy("history", "Tag on a case")))
history.register(Words("casecategory", _("Category of cases"), left_out=frozenset({"path"})))
history.register(Words("checklist", _("Checklist")))
history.register(
    Words(
        "momentcriterion",
        _("Criterion of a moment of truth"),
        {"text": pgettext_lazy("moment of truth", "What is asked"), "key": _("Criterion")},
        show=_asked_by_us,
    )
)
history.register(
    Words("momentmark", _("Judgement of the handling"), {"is_met": _("Is met"), "criterion": _("Criterion")})
)
