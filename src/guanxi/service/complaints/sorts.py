"""The sorts of notification about complaints and promises."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.service.complaint_choices import Step
from guanxi.tasks.public import Sort, register_sort


def _broken(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A promise was not kept in time."""
    return _("A promise was broken: %(about)s") % {"about": about or _("a promise")}


def _late(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A step takes too long."""
    step = data.get("step")
    name = Step(step).label if step in Step.values else ""
    return _("A complaint is late at “%(step)s”: %(about)s") % {"step": name, "about": about or _("a complaint")}


def _step(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """Somebody was given a step."""
    step = data.get("step")
    name = Step(step).label if step in Step.values else ""
    words = {"who": who or _("Guanxi"), "step": name, "about": about or _("a complaint")}
    return _("%(who)s gave you the step “%(step)s”: %(about)s") % words


def _authority(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """An authority waits for its answer."""
    words = {"about": about or _("a complaint")}
    if data.get("over"):
        return _("The time to answer the authority is over: %(about)s") % words
    return _("The authority wants its answer within a day: %(about)s") % words


def _responsible(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """A department answers for a complaint."""
    words = {"about": about or _("a complaint")}
    if data.get("can_object"):
        return _("Your department answers for a complaint, and may object once: %(about)s") % words
    return _("Your department answers for a complaint: %(about)s") % words


def _recurred(who: str, about: str, data: Mapping[str, Any], count: int) -> str:
    """The like of a complaint came again."""
    return _("It happened again after the complaint was closed: %(about)s") % {"about": about or _("a complaint")}


register_sort(Sort("promise.broken", gettext_lazy("A promise is broken"), _broken, "alert-triangle"), 110)
register_sort(Sort("complaint.late", gettext_lazy("A complaint is late"), _late, "clock-exclamation"), 111)
register_sort(Sort("complaint.step", gettext_lazy("A step of a complaint is given to me"), _step, "flag"), 114)
register_sort(
    Sort("complaint.responsible", gettext_lazy("My department answers for a complaint"), _responsible, "building"), 115
)
register_sort(
    Sort("complaint.recurred", gettext_lazy("What was complained of came again"), _recurred, "refresh-cw"), 112
)
register_sort(
    Sort("complaint.authority", gettext_lazy("An authority waits for its answer"), _authority, "building-bank"), 113
)
