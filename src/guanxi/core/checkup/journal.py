"""The history: is it sealed in time, and is it as it was sealed."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core import clock, jobs
from guanxi.core.checkup.findings import Finding, Level
from guanxi.core.checkup.registry import Check, Facts, register
from guanxi.core.models import Operation
from guanxi.core.models.seals import Seal

LATE_MINUTES = 60
NAMED = 5


def look_at_seals() -> Facts:
    """How long the oldest entry without a seal has waited."""
    last = Seal.objects.order_by("-number").first()
    above = last.operations_to if last is not None else 0
    oldest = Operation.objects.filter(pk__gt=above).order_by("pk").values_list("at", flat=True).first()
    waited = (clock.now() - oldest).total_seconds() if oldest is not None else 0.0
    return {"minutes": int(max(waited, 0.0) // 60), "is_any": last is not None}


def tell_of_seals(facts: Facts) -> Iterator[Finding]:
    """Is the history sealed in time?"""
    if facts["minutes"] < LATE_MINUTES:
        yield Finding("seals", Level.OK, _("The history is sealed as it is written."))
        return
    text = ngettext(
        "The history has not been sealed for %(count)d minute.",
        "The history has not been sealed for %(count)d minutes.",
        facts["minutes"],
    )
    why = _("What is not sealed can be changed in the database without a trace.")
    remedy = _("The worker does it every minute: see that it runs. By hand: guanxi check --seal")
    yield Finding("seals", Level.WARNING, text % {"count": facts["minutes"]}, why, remedy)


def look_at_history() -> Facts:
    """Everything that was sealed, read again."""
    from guanxi.core.sealing import anchors, verifying  # only jobs and commands need it

    def go_on(_done: int, _total: int) -> None:
        jobs.check()

    report = verifying.verify(anchors=anchors.kept_here(), progress=go_on)
    rows = [[one.fault, one.table, one.id, one.about] for one in report.findings[:NAMED]]
    return {"found": report.found, "rows": rows, "operations": report.operations, "jumps": report.jumps}


def tell_of_history(facts: Facts) -> Iterator[Finding]:
    """Is the history as it was written?"""
    from guanxi.core.sealing.findings import Fault
    from guanxi.core.sealing.findings import Finding as Sealed

    if not facts["found"]:
        text = _("The history is as it was written.")
        yield Finding("history", Level.OK, text)
        return
    words = " ".join(str(Sealed(Fault(fault), table, number, about)) for fault, table, number, about in facts["rows"])
    text = ngettext(
        "%(count)d entry of the history is not as it was sealed. %(words)s",
        "%(count)d entries of the history are not as they were sealed. %(words)s",
        facts["found"],
    ) % {"count": facts["found"], "words": words}
    why = _("Somebody wrote to the database past Guanxi, or it was restored from elsewhere.")
    yield Finding("history", Level.PROBLEM, text, why, "guanxi check --history", "people:history")


register(Check("seals", gettext_lazy("Seals of the history"), look_at_seals, tell_of_seals), order=100)
register(
    Check(
        "history",
        gettext_lazy("History untouched"),
        look_at_history,
        tell_of_history,
        queue="long",
        every=timedelta(days=7),
    ),
    order=101,
)
