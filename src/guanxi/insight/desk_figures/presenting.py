"""Figures of service as the page shows them: each with its definition, its interval, and the way to its cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.core.models import User
from guanxi.customers.choices import Tier
from guanxi.insight.desk_figures.measuring import ALL, Duration, Figures, Share
from guanxi.service.choices import OPEN_STATES, CaseState, CaseType
from guanxi.service.facts import DIMENSIONS
from guanxi.service.lists import queue_choices
from guanxi.service.public import CHANNEL_LABELS

# All but cases that were closed elsewhere.
OWN_STATES = ",".join(state for state in CaseState if state != CaseState.CLOSED_ELSEWHERE)
BY = {
    "owner": gettext_lazy("Who answers for it"),
    "queue": gettext_lazy("Queue"),
    "tier": gettext_lazy("Tier"),
    "channel": gettext_lazy("Channel"),
    "type": gettext_lazy("Type"),
}
PLACES = dict(zip(BY, range(len(DIMENSIONS)), strict=True))
DEFINITIONS: dict[str, str | Promise] = {
    "opened": gettext_lazy("Cases opened in the period; cases that were closed elsewhere count nowhere on this page."),
    "first_answer": gettext_lazy(
        "From the customer's first word to our first answer by a person, around the clock, of cases opened in the "
        "period. The middle value; below it where nine of ten are answered, and the 95 % interval of the middle by "
        "order statistics."
    ),
    "solution": gettext_lazy(
        "From the opening to the last solution, around the clock, of cases solved in the period. The middle value, nine "
        "of ten, and the 95 % interval of the middle by order statistics."
    ),
    "kept": gettext_lazy(
        "Of the cases of which a clock ended in the period, those of which every such clock was kept. 95 % interval: "
        "Wilson."
    ),
    "at_once": gettext_lazy(
        "Of the cases solved in the period that we answered, those in which the customer did not speak again after our "
        "first answer and that were not opened again. 95 % interval: Wilson."
    ),
    "reopened": gettext_lazy(
        "Of the cases solved in the period, those that had been opened again. 95 % interval: Wilson."
    ),
    "backlog": gettext_lazy(
        "Cases in which something is still to be done now, whatever the period; middle age and oldest."
    ),
}
HEADS: tuple[tuple[str, str | Promise], ...] = (
    ("opened", pgettext_lazy("figures", "Opened")),
    ("first_answer", gettext_lazy("First answer")),
    ("solution", gettext_lazy("Solution time")),
    ("kept", gettext_lazy("Promises of time kept")),
    ("at_once", gettext_lazy("Settled by one answer")),
    ("reopened", gettext_lazy("Opened again")),
    ("backlog", gettext_lazy("Still to be done")),
)


@dataclass(frozen=True)
class Cell:
    """One figure: what stands, what stands below it, and where its cases are listed."""

    text: str
    below: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One group."""

    label: str
    cells: tuple[Cell, ...]
    is_all: bool = False


def rows_of(figures: Mapping[Any, Figures], *, by: str, since: date, until: date) -> list[Row]:
    """All first, then each group, the one with most cases first."""
    labels = _labels(by, figures)
    found = [_row(figures[ALL], _("All"), "", since, until, by, is_all=True)]
    others = [(key, one) for key, one in figures.items() if key is not ALL]
    others.sort(key=lambda pair: (-pair[1].opened, -pair[1].backlog.count, str(labels.get(pair[0], ""))))
    for key, one in others:
        known = "-" if key in (None, "") else str(key)
        found.append(_row(one, labels.get(key, _("none")), known, since, until, by))
    return found


def _row(one: Figures, label: str, key: str, since: date, until: date, by: str, *, is_all: bool = False) -> Row:
    """The cells of one group."""
    period = f"{since.isoformat()}..{until.isoformat()}"
    own = {} if is_all else {by: key}

    def listed(**asked: str) -> str:
        """Where these cases are listed."""
        return f"{reverse('service:cases')}?{urlencode({**own, 'state': OWN_STATES, **asked})}"

    waits = one.backlog
    return Row(
        label,
        (
            Cell(str(one.opened), "", listed(opened=period) if one.opened else ""),
            Cell(*_duration(one.first_answer), listed(opened=period, answered="yes") if one.answered else ""),
            Cell(*_duration(one.solution), listed(solved=period) if one.solved else ""),
            Cell(
                *_share(one.kept),
                listed(broken=period) if one.kept.of > one.kept.count else listed(kept=period) if one.kept.of else "",
            ),
            Cell(*_share(one.at_once), listed(solved=period, one_contact="yes") if one.at_once.of else ""),
            Cell(*_share(one.reopened), listed(solved=period, reopened="yes") if one.reopened.of else ""),
            Cell(
                str(waits.count),
                f"{span(waits.median)} · {span(waits.oldest)}"
                if waits.median is not None and waits.oldest is not None
                else "",
                listed(state=",".join(OPEN_STATES)) if waits.count else "",
            ),
        ),
        is_all,
    )


def _duration(one: Duration | None) -> tuple[str, str]:
    """The middle, and what stands below it."""
    if one is None:
        return "–", ""
    below = _("9 of 10: %(p90)s") % {"p90": span(one.p90)}
    if one.low is not None and one.high is not None:
        below = f"{span(one.low)} – {span(one.high)} · {below}"
    return span(one.median), below


def _share(one: Share) -> tuple[str, str]:
    """The share in per cent, how many of how many, and its interval."""
    if one.ratio is None:
        return "–", ""
    return f"{one.ratio:.1%}", f"{one.count}/{one.of} · {one.low:.0%} – {one.high:.0%}"


def span(seconds: float | None) -> str:
    """A span of time in words short enough for a table."""
    if seconds is None:
        return "–"
    minutes = seconds / 60
    if minutes < 1:
        return _("%(count)s s") % {"count": round(seconds)}
    if minutes < 60:
        return _("%(count)s min") % {"count": round(minutes)}
    if minutes < 48 * 60:
        return _("%(hours)s h %(minutes)s min") % {"hours": int(minutes // 60), "minutes": round(minutes % 60)}
    return _("%(count)s days") % {"count": f"{minutes / 1440:.1f}"}


def _labels(by: str, figures: Mapping[Any, Figures]) -> dict[Any, str]:
    """What the groups are called."""
    if by == "owner":
        numbers = [key for key in figures if isinstance(key, int)]
        return {user.pk: user.display_name for user in User.objects.filter(pk__in=numbers)}
    if by == "queue":
        return dict(queue_choices())
    known = {"tier": Tier.choices, "channel": CHANNEL_LABELS, "type": CaseType.choices}[by]
    return {key: str(label) for key, label in known}
