"""What personal data routing holds: figures and codes; whose work it was, never what it was about."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import nothing
from guanxi.routing import retention  # noqa: F401 - registers what ends after a period

nothing("routing.Queue", _("Where work waits and how it is given out"), "name code description strategy")
nothing("routing.QueueMember", _("Who gets work from which queue"))
nothing("routing.Turn", _("Who was given work of a queue in which turn"))
nothing("routing.PresenceReason", _("The company's reasons for being away"), "name_en name_zh")
nothing("routing.AgentPresence", _("Whether colleagues are there for work; codes and moments"))
nothing(
    "routing.PresenceSpan",
    _("When colleagues were in which state; codes and moments"),
    retention="presence_spans",
)
nothing("routing.Capacity", _("How much a colleague can have in hand"), "most")
nothing(
    "routing.WorkItem",
    _("Which record needed somebody, when; it holds no words of it"),
    "record_kind channel_kind language",
    retention="ended_work",
)
nothing(
    "routing.Assignment",
    _("Who had which work and why: ids, codes and figures"),
    "strategy why",
    retention="ended_work",
)
