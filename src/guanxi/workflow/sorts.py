"""The sorts of notification about approvals and by rules."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.tasks.public import Sort, register_sort
from guanxi.workflow.choices import ApprovalState
from guanxi.workflow.registries.approvals import approval_sorts


def sort_label(key: object) -> str:
    """What a sort of approval is called."""
    found = approval_sorts.get(str(key))
    return str(found.label) if found is not None else _("something")


def _asked(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """One's word is asked for."""
    return _("%(who)s asks for an approval: %(what)s") % {"who": who, "what": sort_label(data.get("of"))}


def _decided(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """What one asked for was decided."""
    state, what = data.get("state"), sort_label(data.get("of"))
    if state == ApprovalState.APPROVED:
        return _("%(who)s has approved: %(what)s") % {"who": who, "what": what}
    if state == ApprovalState.REFUSED:
        return _("%(who)s has refused: %(what)s") % {"who": who, "what": what}
    return _("Nobody decided in time, the request lapsed: %(what)s") % {"what": what}


def _told_by_rule(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A rule was to tell."""
    rule = str(data.get("rule", ""))[:120]
    return _("Rule “%(rule)s”: %(about)s") % {"rule": rule, "about": about or _("a record")}


register_sort(
    Sort("approval.asked", gettext_lazy("My approval is asked for"), _asked, "checklist", page="workflow:approvals"), 70
)
register_sort(
    Sort("approval.decided", gettext_lazy("What I asked to be approved is decided"), _decided, "checklist", page="workflow:approvals"),
    80,
)  # fmt: skip
register_sort(Sort("rule", gettext_lazy("A rule is to tell me something"), _told_by_rule, "bolt"), 90)
